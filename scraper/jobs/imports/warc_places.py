"""Where the captures of WARC files stand, host by host and on disk, and where the payload of a revisit is.

A file of any size costs little memory.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.asking import Asked, asked_in, links_of
from scraper.archive.compose import ForeignRecord, Reference
from scraper.archive.foreign import read_foreign, read_heads
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.replay import capture_time
from scraper.archive.unpacked import Position
from scraper.archive.warc import WarcRecord, unbracketed
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.model.closable import Closable
from scraper.model.url import host_of, parse_url

# Some tools refer to a revisit, which WARC 1.1 section 6.7.3 has no words for; a circle of them ends here.
_LONGEST_CHAIN: Final = 5
# After so many hosts asked for one by one, one more reading of the files takes in all the others.
_HOSTS_ONE_BY_ONE: Final = 8
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)
# An empty name is a private database on disk that goes when it is closed (https://sqlite.org/inmemorydb.html).
_TABLE: Final = """
PRAGMA journal_mode = OFF;
CREATE TABLE places (key TEXT, file INTEGER, member INTEGER, within INTEGER, at REAL) STRICT;
CREATE INDEX places_by_key ON places (key, at);
CREATE TABLE heads (record_id TEXT, key TEXT, at REAL, digest TEXT, type TEXT, file INTEGER, member INTEGER, within INTEGER) STRICT;
"""
_REQUESTS: Final = """
CREATE TABLE requests (number INTEGER PRIMARY KEY, type TEXT, key TEXT, at REAL, method TEXT, personal TEXT) STRICT;
CREATE TABLE links (id TEXT, request INTEGER) STRICT;
"""
_REQUEST_INDEXES: Final = """
CREATE INDEX requests_by_key ON requests (key, at);
CREATE INDEX links_by_id ON links (id);
CREATE INDEX links_by_request ON links (request);
"""
_LINKED: Final = "SELECT method, personal FROM links JOIN requests ON request = number WHERE id = ?"
# A request that nothing ties to an answer belongs to the one of its URL that was made nearest to it, if within the hour. Of
# several made in one moment that which is least like anybody's is believed.
_UNTIED: Final = (
    "SELECT method, personal FROM requests WHERE key = :key AND type = 'request' AND (abs(at - :at) <= 3600 OR 0 IN (at, :at)) AND NOT EXISTS "
    "(SELECT 1 FROM links JOIN heads ON heads.record_id = links.id WHERE links.request = requests.number) "
    "ORDER BY abs(at - :at), personal = '', method = 'GET', number LIMIT 1"
)
# Made once the table is full, which is much quicker.
_HEAD_INDEXES: Final = """
CREATE INDEX heads_by_id ON heads (record_id);
CREATE INDEX heads_by_key ON heads (key, at);
CREATE INDEX heads_by_digest ON heads (digest);
"""
# A condition without a value, where a revisit does not say it, holds for nothing.
_WAYS_TO_AN_ORIGINAL: Final = (
    "record_id = :record_id",
    "key = :named AND at = :at",
    "digest = :digest AND type = 'response'",
)
_ORIGINAL: Final = (
    "SELECT file, member, within FROM heads WHERE {} AND (digest IS NULL OR :digest IS NULL OR digest = :digest) "
    "ORDER BY type = 'revisit', key IS NOT :own, at, file, member, within LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """Where a record stands in a file."""

    path: Path
    position: Position

    def read(self) -> ForeignRecord:
        """The record itself.

        Raises:
            SkippableError: it is no longer there.
        """
        record = next(read_foreign(WarcFile.at(self.path), start=self.position))
        if isinstance(record, ForeignProblem):
            raise SkippableError(record.what)
        return record


class WarcPlaces(Closable):
    """The captures in the files, by URL. The files are read again for each host that is asked for."""

    def __init__(self, warcs: Sequence[Path]) -> None:
        self._warcs = tuple(warcs)
        self._hosts: set[str] = set()
        self._has_all = False
        self._has_heads = False
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLE + _REQUESTS)

    def read(self, place: ForeignPlace) -> ForeignRecord:
        """The record at a place, with how it was asked for.

        Raises:
            SkippableError: it is no longer there.
        """
        return self.as_asked(place.read())

    def as_asked(self, record: ForeignRecord) -> ForeignRecord:
        """The record with what its request in any of the files says, wherever that stands."""
        self._index_heads()
        asked = Asked(record.method, record.asked_with)
        told = [row for link in record.links for row in self._database.execute(_LINKED, (link,))]
        if not told:
            own = {"key": _key(record.url), "at": _seconds(record.time.at)}
            told = list(self._database.execute(_UNTIED, own))
        for method, personal in told:
            asked = asked.joined(Asked(method, tuple(personal.split())))
        return replace(record, method=asked.method, asked_with=asked.personal)

    def nearest(self, url: str, at: datetime | None) -> ForeignPlace | None:
        """The capture of ``url`` that was made nearest to ``at``, the earlier of two; None where there is none."""
        parsed = parse_url(url)
        if parsed is None:
            return None
        self._index(parsed.host)
        query = "SELECT file, member, within FROM places WHERE key = ? ORDER BY abs(at - ?), at, file, member, within LIMIT 1"
        with closing(self._database.execute(query, (parsed.href, _seconds(at)))) as rows:
            row = rows.fetchone()
        return ForeignPlace(self._warcs[row[0]], Position(row[1], row[2])) if row else None

    def original(self, refers: Reference, url: str) -> ForeignPlace | None:
        """What a revisit of ``url`` refers to, a response or another revisit; None where no file has it.

        By its record id, else by its URI and date, else by its payload digest, of which one of the same URL is taken
        first (WARC 1.1 section 6.7). One whose digest is stated and another is not the one.
        """
        self._index_heads()
        asked = {
            "record_id": refers.record_id,
            "named": _key(refers.url or url),
            "at": _seconds(refers.date) if refers.date else None,
            "digest": _digest(refers.digest),
            "own": _key(url),
        }
        for condition in _WAYS_TO_AN_ORIGINAL:
            with closing(self._database.execute(_ORIGINAL.format(condition), asked)) as rows:
                row = rows.fetchone()
            if row:
                return ForeignPlace(self._warcs[row[0]], Position(row[1], row[2]))
        return None

    def close(self) -> None:
        """Let go of the places."""
        self._database.close()

    def _index(self, host: str) -> None:
        if self._has_all or host in self._hosts:
            return
        self._has_all = len(self._hosts) >= _HOSTS_ONE_BY_ONE
        wanted = self._is_new if self._has_all else _on(host)
        self._index_heads()
        self._database.execute("BEGIN")
        for number, path in enumerate(self._warcs):
            # A file that cannot be used at all is said where it is imported.
            with suppress(SkippableError):
                for record in read_foreign(WarcFile.at(path), wanted=wanted):
                    if isinstance(record, ForeignRecord) and self._is_capture(record):
                        position = record.position
                        row = (
                            _key(record.url),
                            number,
                            position.member,
                            position.within,
                            _seconds(record.time.at),
                        )
                        self._database.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?)", row)
        self._database.execute("COMMIT")
        self._hosts.add(host)

    def _index_heads(self) -> None:
        if self._has_heads:
            return
        self._has_heads = True
        self._database.execute("BEGIN")
        for number, path in enumerate(self._warcs):
            for placed in read_heads(WarcFile.at(path)):
                head = placed.record
                if head.type in {"request", "metadata"}:
                    self._note_request(head)
                    continue
                url = unbracketed(head.get("WARC-Target-URI") or "")
                row = (
                    head.record_id,
                    _key(url),
                    _seconds(capture_time(head).at),
                    _digest(head.get("WARC-Payload-Digest")),
                    head.type,
                    number,
                    placed.position.member,
                    placed.position.within,
                )
                self._database.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._database.execute("COMMIT")
        self._database.executescript(_HEAD_INDEXES + _REQUEST_INDEXES)

    def _is_capture(self, record: ForeignRecord) -> bool:
        asked = self.as_asked(record)
        return Asked(asked.method).is_get

    def _note_request(self, record: WarcRecord) -> None:
        asked = asked_in(record)
        row = (
            record.type,
            _key(unbracketed(record.get("WARC-Target-URI") or "")),
            _seconds(capture_time(record).at),
            asked.method,
            " ".join(asked.personal),
        )
        cursor = self._database.execute("INSERT INTO requests VALUES (NULL, ?, ?, ?, ?, ?)", row)
        links = ((link, cursor.lastrowid) for link in links_of(record))
        self._database.executemany("INSERT INTO links VALUES (?, ?)", links)

    def _is_new(self, url: str) -> bool:
        return host_of(url) not in self._hosts


@dataclass(frozen=True, slots=True)
class ResolvedRevisit:
    """A revisit with the digest of its payload, and the id of the record of the archive that has the payload."""

    record: ForeignRecord
    original_id: str


class Originals:
    """Finds originals, and keeps those that the archive lacks as captures of no visit."""

    def __init__(self, archive: Archive, places: WarcPlaces) -> None:
        self._archive = archive
        self._places = places

    def resolve(self, revisit: ForeignRecord) -> ResolvedRevisit:
        """The revisit with what it refers to.

        Raises:
            SkippableError: what it refers to is neither in the files nor in the archive.
        """
        if revisit.refers is None:
            raise ValueError(f"{revisit.url} is no revisit.")
        original_id = self._from_files(revisit) or self._from_archive(revisit.refers, revisit.url)
        if original_id is None:
            raise SkippableError(
                f"{revisit.origin.file if revisit.origin else revisit.url}: the revisit at {revisit.position} of "
                f"{revisit.url} refers to {revisit.refers}, which is in none of the files and not in the archive. "
                "Import it together with the file that holds that capture."
            )
        digest = self._archive.capture(original_id).payload_digest
        return ResolvedRevisit(replace(revisit, payload_digest=digest), original_id)

    def _from_files(self, revisit: ForeignRecord) -> str | None:
        record = revisit
        for _ in range(_LONGEST_CHAIN):
            if record.refers is None:
                break
            place = self._places.original(record.refers, record.url)
            if place is None:
                return None
            record = self._places.read(place)
        if record.refers is not None:
            return None
        kept = self._archive.find(record.url, record.time.at, record.payload_digest)
        return (
            self._archive.with_payload(kept) if kept else self._archive.keep_foreign(None, record).record_id
        )

    def _from_archive(self, refers: Reference, url: str) -> str | None:
        kept = self._archive.find_at(refers.url or url, refers.date) if refers.date else None
        return self._archive.with_payload(kept) if kept else None


def _on(host: str) -> Callable[[str], bool]:
    return lambda url: host_of(url) == host


def _key(url: str) -> str:
    parsed = parse_url(url)
    return parsed.href if parsed else url


def _digest(stated: str | None) -> str | None:
    """A digest in one spelling: some write the algorithm, and base 32, in small letters."""
    algorithm, _, value = (stated or "").partition(":")
    return f"{algorithm.lower()}:{value.upper()}" if value else None


def _seconds(at: datetime | None) -> float:
    return ((at or _UNDATED) - _UNDATED).total_seconds()
