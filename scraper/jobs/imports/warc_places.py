"""Where the captures of WARC files stand, and where the payload of a revisit is: asked of the files' heads, on disk."""

import heapq
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from math import floor
from pathlib import Path
from typing import Final, Self

from scraper.archive.asking import Asked
from scraper.archive.compose import ForeignRecord, Reference
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.unpacked import Position
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError, UnreadableError
from scraper.jobs.imports.intake import WarcIntake
from scraper.jobs.imports.warc_heads import digest_key, make_indexes, make_tables, note_file, seconds, url_key
from scraper.model.closable import Closable
from scraper.model.url import parse_url

# Some tools refer to a revisit, which WARC 1.1 section 6.7.3 has no words for; circles of them, and what they fan out to, end here.
_LONGEST_CHAIN: Final = 5
_MOST_READ: Final = 16
_LINKED: Final = "SELECT method, personal FROM asked WHERE id = ?"
# A request that nothing ties to an answer belongs to the one of its URL that was made nearest to it, if within the hour, or if one of the
# two has no time.
_UNTIED: Final = (
    "SELECT method, personal FROM ("
    "SELECT * FROM (SELECT * FROM untied WHERE key = :key AND at >= :at ORDER BY at LIMIT 1) WHERE at <= :at + 3600 OR :at = 0 UNION ALL "
    "SELECT * FROM (SELECT * FROM untied WHERE key = :key AND at < :at ORDER BY at DESC LIMIT 1) WHERE at >= :at - 3600 UNION ALL "
    "SELECT * FROM untied WHERE key = :key AND at = 0"
    ") ORDER BY abs(at - :at), personal = '', method = 'GET', number LIMIT 1"
)
_PLACE: Final = "file, member, within"
_BEFORE: Final = f"SELECT at, {_PLACE}, asked_member, asked_within FROM heads WHERE key = ? AND at < ? ORDER BY at DESC, {_PLACE}"  # noqa: S608 - our names
_AFTER: Final = f"SELECT at, {_PLACE}, asked_member, asked_within FROM heads WHERE key = ? AND at >= ? ORDER BY at, {_PLACE}"  # noqa: S608 - our names
# A condition without a value, where a revisit does not say it, holds for nothing.
_WAYS_TO_AN_ORIGINAL: Final = (
    ("heads_by_id", "record_id = :record_id AND type = 'response' AND key = :own"),
    ("heads_by_id", "record_id = :record_id AND type = 'response'"),
    ("heads_by_id", "record_id = :record_id AND type = 'revisit' AND key = :own"),
    ("heads_by_id", "record_id = :record_id AND type = 'revisit'"),
    ("heads_by_key", "key = :named AND at = :at AND type = 'response'"),
    # Many state whole seconds in a reference, and fractions of them in a record (WARC 1.1 section 5.4).
    ("heads_by_key", "key = :named AND at >= :second AND at < :second + 1 AND type = 'response'"),
    ("heads_by_key", "key = :named AND at = :at AND type = 'revisit'"),
    ("heads_by_key", "key = :named AND at >= :second AND at < :second + 1 AND type = 'revisit'"),
    ("heads_by_digest_of_key", "digest = :digest AND type = 'response' AND key = :own"),
    ("heads_by_digest", "digest = :digest AND type = 'response'"),
)
# The index is named: without figures of the tables a URL passes for rarer than a digest, and there may be many captures of it.
_ORIGINAL: Final = (
    f"SELECT {_PLACE} FROM heads INDEXED BY {{}} WHERE {{}} AND (digest IS NULL OR :digest IS NULL OR digest = :digest) "  # noqa: S608 - our names
    f"ORDER BY at, {_PLACE} LIMIT 1"
)

_ANSWER_AT: Final = "SELECT 1 FROM heads WHERE key = ? AND at >= ? AND at < ? AND type = 'response' LIMIT 1"


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """Where a record stands in a file."""

    warc: WarcFile
    position: Position

    def read(self) -> ForeignRecord:
        """The record itself.

        Raises:
            SkippableError: it is no longer there.
        """
        record = next(read_foreign(self.warc, start=self.position))
        if isinstance(record, ForeignProblem):
            raise SkippableError(record.what)
        return record


class WarcPlaces(Closable):
    """The captures of the files, by URL; the heads of the files are read when they are first asked for.

    ``was_asked``: somebody has asked for a capture, which another file may have had or will have. ``was_unreadable``: a file did not
    give one that it has.
    """

    def __init__(self, warcs: Sequence[WarcFile], database: sqlite3.Connection | None = None) -> None:
        self.was_asked = False
        self.was_unreadable = False
        self._warcs = tuple(warcs)
        self._has_heads = database is not None
        # An empty name is a private database on disk that goes when it is closed (https://sqlite.org/inmemorydb.html).
        self._database = database or sqlite3.connect("", isolation_level=None)

    @classmethod
    def opened(cls, path: Path, warcs: Sequence[WarcFile]) -> Self:
        """The captures whose heads the tables at ``path`` have, under the numbers that the files have in ``warcs``."""
        return cls(warcs, sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))

    def read(self, place: ForeignPlace) -> ForeignRecord:
        """The record at a place, with how it was asked for.

        Raises:
            SkippableError: it is no longer there.
        """
        try:
            return self.as_asked(place.read())
        except UnreadableError:
            self.was_unreadable = True
            raise

    def as_asked(self, record: ForeignRecord) -> ForeignRecord:
        """The record with what its request in any of the files says, wherever that stands."""
        asked = Asked(record.method, record.asked_with)
        requests = [row for link in record.links for row in self._heads.execute(_LINKED, (link,))]
        if not requests:
            own = {"key": url_key(record.url), "at": seconds(record.time.at)}
            requests = list(self._heads.execute(_UNTIED, own))
        for method, personal in requests:
            asked = asked.joined(Asked(method, tuple(personal.split())))
        return replace(record, method=asked.method, asked_with=asked.personal)

    def nearest(self, url: str, at: datetime | None) -> Iterator[ForeignRecord]:
        """The captures of ``url``, that made nearest to ``at`` first, the earlier of two; those that cannot be read are passed over."""
        self.was_asked = True
        if parse_url(url) is None:
            return
        asked = url_key(url), seconds(at)
        with (
            closing(self._heads.execute(_BEFORE, asked)) as before,
            closing(self._heads.execute(_AFTER, asked)) as after,
        ):
            for _, file, _, _, member, within in heapq.merge(before, after, key=_distance_from(asked[1])):
                try:
                    record = self.read(ForeignPlace(self._warcs[file], Position(member, within)))
                except SkippableError:
                    continue
                if Asked(record.method).is_get:
                    yield record

    def originals(self, refers: Reference, url: str) -> Iterator[ForeignPlace]:
        """What a revisit of ``url`` may refer to, responses and other revisits, the likeliest first.

        By its record id, else by its URI and date, to the second where no moment is the same, else by its payload digest, of which
        one of the same URL is taken first (WARC 1.1 section 6.7). One whose digest is stated and another is not the one.
        """
        self.was_asked = True
        at = seconds(refers.date) if refers.date else None
        asked = {
            "record_id": refers.record_id or None,
            "named": url_key(refers.url or url),
            "at": at,
            "second": None if at is None else floor(at),
            "digest": digest_key(refers.digest),
            "own": url_key(url),
        }
        for index, condition in _WAYS_TO_AN_ORIGINAL:
            with closing(self._heads.execute(_ORIGINAL.format(index, condition), asked)) as rows:
                row = rows.fetchone()
            if row:
                yield ForeignPlace(self._warcs[row[0]], Position(row[1], row[2]))

    def has_answer_at(self, url: str, at: datetime | None) -> bool:
        """Whether the files have an answer of ``url`` within the second of ``at``, whatever its digest."""
        if at is None:
            return False
        second = floor(seconds(at))
        with closing(self._heads.execute(_ANSWER_AT, (url_key(url), second, second + 1))) as rows:
            return rows.fetchone() is not None

    def payload_of(self, revisit: ForeignRecord) -> ForeignRecord | None:
        """The record with the payload that a revisit stands for, through revisits of revisits; None where no file has it.

        Raises:
            SkippableError: what it refers to is no longer there, and nothing else is that it may stand for.
        """
        trouble: list[SkippableError] = []
        payload = self._behind(revisit, _LONGEST_CHAIN, set(), trouble)
        if payload is None and trouble:
            raise trouble[0]
        return payload

    def _behind(
        self,
        record: ForeignRecord,
        longest: int,
        looked_at: set[ForeignPlace],
        trouble: list[SkippableError],
    ) -> ForeignRecord | None:
        """The payload at the end of a chain of at most so many revisits, whichever way leads to one; what cannot be read is ``trouble``."""
        if record.refers is None:
            return record
        if not longest:
            return None
        for place in self.originals(record.refers, record.url):
            if place in looked_at or len(looked_at) >= _MOST_READ:
                continue
            looked_at.add(place)
            try:
                original = self.read(place)
            except SkippableError as error:
                trouble.append(error)
                continue
            payload = self._behind(original, longest - 1, looked_at, trouble)
            if payload is not None:
                return payload
        return None

    def close(self) -> None:
        """Let go of the places."""
        self._database.close()

    @property
    def _heads(self) -> sqlite3.Connection:
        if not self._has_heads:
            self._has_heads = True
            make_tables(self._database)
            for number, warc in enumerate(self._warcs):
                # What cannot be read is said where it is read.
                with suppress(UnreadableError):
                    note_file(self._database, number, warc)
            make_indexes(self._database)
        return self._database


def _distance_from(at: float) -> Callable[[tuple[float, int, int, int, int, int]], tuple[float, ...]]:
    """The order of heads by how near in time they are, the earlier of two first."""
    return lambda head: (abs(head[0] - at), *head[:4])


@dataclass(frozen=True, slots=True)
class ResolvedRevisit:
    """A revisit with the digest of its payload, and the id of the capture that has the payload."""

    record: ForeignRecord
    original_id: str


class Originals:
    """Finds originals in the files, or among the captures that there are; the intake keeps those that it lacks."""

    def __init__(self, intake: WarcIntake, places: WarcPlaces) -> None:
        self._intake = intake
        self._places = places

    def resolve(self, revisit: ForeignRecord) -> ResolvedRevisit:
        """The revisit with what it refers to.

        Raises:
            SkippableError: what it refers to is neither in the files nor among the captures.
        """
        if revisit.refers is None:
            raise ValueError(f"{revisit.url} is no revisit.")
        original = self._places.payload_of(revisit)
        original_id = (
            self._intake.keep_original(original)
            if original
            else self.kept_before(revisit.refers, revisit.url)
        )
        if original_id is None:
            raise SkippableError(
                f"{revisit.origin.file if revisit.origin else revisit.url}: the revisit at {revisit.position} of "
                f"{revisit.url} refers to {revisit.refers}, which {self._lack(revisit.refers, revisit.url)}"
            )
        digest = self._intake.capture(original_id).payload_digest
        return ResolvedRevisit(replace(revisit, payload_digest=digest), original_id)

    def kept_before(self, refers: Reference, url: str) -> str | None:
        """The id of the capture with the payload of a revisit of ``url``, of another import; None where there is none.

        What the files themselves have at that moment was kept from them, and is not the one: its digest is another.
        """
        named = refers.url or url
        if self._places.has_answer_at(named, refers.date):
            return None
        return self._intake.original_at(named, refers.date)

    def _lack(self, refers: Reference, url: str) -> str:
        """Why there is no payload behind a revisit, as the end of a sentence, and what to do."""
        if next(self._places.originals(refers, url), None):
            return "is a revisit too, and leads to no capture with a payload of its own."
        return "is in none of the files that are at hand. Name the file that holds that capture together with this one."
