"""The reading face of an archive: its visits and captures. Reading needs no lock and changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from scraper.archive.compose import REFERS_TO, VisitRow, printable_url
from scraper.archive.decisions import read_decisions
from scraper.archive.disk import Disk
from scraper.archive.files import closed_path, is_used, present_path, require_archive
from scraper.archive.index import Index, RecordPlace, visit_row
from scraper.archive.members import read_at
from scraper.archive.migrate import open_state_to_read, upgrade
from scraper.archive.replay import BODY_LIMIT, capture_of
from scraper.archive.state import State
from scraper.archive.swap import finish
from scraper.archive.warc import WarcRecord, parse_member, payload_digest, unbracketed
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.model.capture import Capture, Visit
from scraper.model.closable import Closable

_LAST_SECOND: Final = datetime.max.replace(microsecond=0, tzinfo=UTC) - timedelta(seconds=1)

# The least integer of SQLite.
_FIRST_SEQUENCE: Final = -(1 << 63)
_VISITS_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class LatestCapture:
    """The last capture of a URL: its record id, HTTP status (None for a file), and time in UTC."""

    record_id: str
    status: int | None
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class LastVisit:
    """The last visit to a URL: when it began, and when the ``oldest`` of its captures was made, in UTC."""

    visit_id: str
    begun_at: datetime
    oldest: datetime


@dataclass(frozen=True, slots=True)
class VisitCost:
    """What a visit took: its URL, when it began, its captures without site files, and their bytes on disk."""

    url: str
    begun_at: datetime
    captures: int
    bytes: int


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit to go on with: it is not ``ended``, or it is and only its target waits to be settled."""

    visit_id: str
    begun_at: datetime
    ended: bool


class ArchiveReader(Closable):
    """Visits and captures of one archive, each read from the WARC files when asked for."""

    def __init__(self, archive: Path, state: State, body_limit: int = BODY_LIMIT) -> None:
        self.folder = archive
        self._state = state
        self._index = Index(state)
        self._body_limit = body_limit
        self._public: set[str] | None = None

    def visits(self) -> Iterator[Visit]:
        """Every ended visit in sequence order, loaded one at a time. Visits still open are left out: what they
        have is not all that their post needs.

        Raises:
            ArchiveDamagedError: a capture cannot be read. To go on behind it, ask for the ``visit_ids`` one by one.
        """
        return map(self.visit, self.visit_ids())

    def visit_ids(self) -> Iterator[str]:
        """The ids of the ended visits, in sequence order."""
        sql = (
            "SELECT sequence, visit_id FROM visits WHERE (sequence, visit_id) > (?, ?) AND ended_at IS NOT NULL "
            "ORDER BY sequence, visit_id LIMIT ?"
        )
        last = (_FIRST_SEQUENCE, "")
        while rows := self._state.rows(sql, *last, _VISITS_AT_ONCE):
            yield from (row["visit_id"] for row in rows)
            last = (rows[-1]["sequence"], rows[-1]["visit_id"])

    def visit_urls(self) -> list[tuple[str, str]]:
        """The id and the URL of every visit, open or ended, in sequence order."""
        rows = self._state.rows("SELECT visit_id, url FROM visits ORDER BY sequence, visit_id")
        return [(row["visit_id"], row["url"]) for row in rows]

    def captures_with_visits(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """The id and the URL of every capture, with the ids of the visits that have it."""
        rows = self._state.rows(
            "SELECT captures.record_id, url, visit_id FROM captures LEFT JOIN visit_captures USING (record_id) "
            "ORDER BY captures.record_id"
        )
        for (record_id, url), group in groupby(rows, key=itemgetter(0, 1)):
            yield record_id, url, frozenset(row["visit_id"] for row in group if row["visit_id"])

    def visit(self, visit_id: str, capture: Callable[[str], Capture] | None = None) -> Visit:
        """One visit with the captures it has so far, whether it is still open or has ended.

        ``capture`` gives a capture by its record id where not each is to be read from its file.

        Raises:
            ArchiveDamagedError: a capture cannot be read; the message names the file and the place.
            UsageError: the archive has no such visit.
        """
        row = self._visit_row(visit_id)
        if row is None:
            raise UsageError(f"{self.folder} has no visit {visit_id}.")
        places = self._index.captures_of(visit_id)
        captures = tuple(capture(place.record_id) if capture else self._read(place) for place in places)
        return Visit(visit_id, row.stamp.sequence, row.stamp.url, captures, row.whole, row.run)

    def has_visited(self, url: str) -> bool:
        """Whether a visit to ``url`` had all that it needed, whatever it turned out to be."""
        sql = "SELECT 1 FROM visits WHERE url = ? AND whole"
        return self._state.row(sql, printable_url(url)) is not None

    def last_visit_of(self, url: str) -> LastVisit | None:
        """The last visit of ours to ``url`` that had all that it needed; None where there is none."""
        row = self._state.row(
            "SELECT visit_id, begun_at, (SELECT min(captured_at) FROM visit_captures JOIN captures USING (record_id) "
            "WHERE visit_captures.visit_id = visits.visit_id AND captures.url NOT LIKE '%/robots.txt' "
            "AND captures.url NOT LIKE '%/tdmrep.json') AS oldest "
            "FROM visits WHERE url = ? AND whole AND run IS NOT NULL ORDER BY sequence DESC LIMIT 1",
            printable_url(url),
        )
        if row is None:
            return None
        begun_at = datetime.fromisoformat(row["begun_at"])
        oldest = datetime.fromisoformat(row["oldest"]) if row["oldest"] else begun_at
        return LastVisit(row["visit_id"], begun_at, oldest)

    def visit_cost(self, visit_id: str) -> VisitCost | None:
        """What one visit took, from the index alone; None where there is no such visit."""
        row = self._state.row(
            "SELECT visits.url AS url, begun_at, count(captures.record_id) AS captures, ifnull(sum(length), 0) AS bytes "
            "FROM visits LEFT JOIN visit_captures USING (visit_id) LEFT JOIN records USING (record_id) "
            "LEFT JOIN captures ON captures.record_id = visit_captures.record_id "
            "AND captures.url NOT LIKE '%/robots.txt' AND captures.url NOT LIKE '%/tdmrep.json' "
            "WHERE visit_id = ? GROUP BY visit_id",
            visit_id,
        )
        if row is None:
            return None
        return VisitCost(row["url"], datetime.fromisoformat(row["begun_at"]), row["captures"], row["bytes"])

    def capture(self, record_id: str) -> Capture:
        """One capture by its record id.

        Raises:
            ArchiveDamagedError: it cannot be read.
            UsageError: the archive has no such record.
        """
        place = self._index.place(record_id)
        if place is None:
            raise UsageError(f"{self.folder} has no record {record_id}.")
        return self._read(place)

    def place(self, record_id: str) -> RecordPlace | None:
        """Where one record lies; None where the archive has no such record."""
        return self._index.place(record_id)

    def find(self, url: str, captured_at: datetime | None, digest: str) -> str | None:
        """The record id of the capture with this URL, time and payload digest; None where there is none.

        So a file that is imported twice adds nothing.
        """
        row = self._state.row(
            "SELECT record_id FROM captures WHERE url = ? AND captured_at IS ? AND payload_digest = ?",
            printable_url(url), captured_at, digest,
        )  # fmt: skip
        return row["record_id"] if row else None

    def with_payload(self, record_id: str) -> str | None:
        """The id of the record that has the payload of a capture: its own, or that of what a revisit refers to.

        None where that is no HTTP answer, or is lost.
        """
        place = self._index.refers_to(record_id) or self._index.place(record_id)
        sql = "SELECT 1 FROM records WHERE record_id = ? AND type = 'response'"
        return place.record_id if place and self._state.row(sql, place.record_id) else None

    def has_visit(self, url: str, record_id: str) -> bool:
        """Whether a visit made for ``url`` has this capture; one that was kept for its payload alone has none."""
        sql = "SELECT 1 FROM visits JOIN visit_captures USING (visit_id) WHERE url = ? AND record_id = ?"
        return self._state.row(sql, printable_url(url), record_id) is not None

    def latest(self, url: str) -> LatestCapture | None:
        """The last capture that we made of this very URL, in a visit or apart from any; None where there is none."""
        row = self._state.row(
            "SELECT record_id, status, captured_at FROM captures "
            "WHERE url = ? AND captured_at_basis = 'observed' ORDER BY captured_at DESC, record_id LIMIT 1",
            printable_url(url),
        )
        if row is None:
            return None
        return LatestCapture(row["record_id"], row["status"], datetime.fromisoformat(row["captured_at"]))

    def find_at(self, url: str, second: datetime) -> str | None:
        """The record id of a capture of this URL within the second that begins at ``second``; None without one.

        Web archives know the time of a capture to the second, and its payload only when it is fetched.
        """
        until = min(second, _LAST_SECOND) + timedelta(seconds=1)
        row = self._state.row(
            "SELECT record_id FROM captures WHERE url = ? AND captured_at >= ? AND captured_at < ? ORDER BY captured_at",
            printable_url(url), second, until,
        )  # fmt: skip
        return row["record_id"] if row else None

    def observed_statuses(self, url: str) -> frozenset[int]:
        """The HTTP statuses that the last live visit of ``url`` met; empty where there was no live visit."""
        rows = self._state.rows(
            "WITH observed AS (SELECT sequence, status FROM visits JOIN visit_captures USING (visit_id) "
            "JOIN captures USING (record_id) WHERE visits.url = ? AND captured_at_basis = 'observed') "
            "SELECT status FROM observed WHERE sequence = (SELECT max(sequence) FROM observed)",
            printable_url(url),
        )
        return frozenset(row["status"] for row in rows if row["status"] is not None)

    def captured_before(self, url: str) -> tuple[str, ...]:
        """The URLs of what the last visit of ours to ``url`` has that was captured before it began: files and lists it shares with others."""
        rows = self._state.rows(
            "WITH ended AS (SELECT * FROM visits WHERE url = ? AND ended_at IS NOT NULL AND run IS NOT NULL "
            "ORDER BY sequence DESC LIMIT 1) "
            "SELECT DISTINCT captures.url FROM ended JOIN visit_captures USING (visit_id) JOIN captures USING (record_id) "
            "WHERE captured_at < begun_at ORDER BY captures.url",
            printable_url(url),
        )
        return tuple(row["url"] for row in rows)

    def open_visit(self, url: str) -> OpenVisit | None:
        """The last visit made for ``url`` where a run that was cut off left it to be gone on with.

        That is one that has not ended, or one that has while its target is still waiting in the frontier.
        """
        row = self._state.row(
            "SELECT last.* FROM (SELECT * FROM visits WHERE url = ? ORDER BY sequence DESC LIMIT 1) AS last "
            "LEFT JOIN frontier USING (url) "
            "WHERE ended_at IS NULL OR (outcome IS NULL AND sequence > frontier.after)",
            printable_url(url),
        )
        visit = visit_row(row) if row else None
        return OpenVisit(visit.stamp.visit_id, visit.begun_at, visit.ended_at is not None) if visit else None

    def files(self) -> list[str]:
        """The names of the WARC files, in the order in which they were begun."""
        return self._index.files()

    def records_of(self, file: str) -> Iterator[tuple[WarcRecord, bytes] | ArchiveDamagedError]:
        """The records of a WARC file, each with its gzip member as it stands there, in order; an error where one cannot be read."""
        for place in self._index.places(file):
            try:
                yield self._member(place)
            except ArchiveDamagedError as error:
                yield error

    def visit_url(self, visit_id: str) -> str:
        """The URL that a visit was made for; empty where there is no such visit."""
        row = self._index.visit(visit_id)
        return row.stamp.url if row else ""

    def captures_of(self, visit_id: str) -> list[tuple[str, str, int | None]]:
        """The id, the URL and the status (None of a file) of each capture of a visit, in their order."""
        rows = self._state.rows(
            "SELECT record_id, url, status FROM visit_captures JOIN captures USING (record_id) WHERE visit_id = ? ORDER BY position",
            visit_id,
        )
        return [(row["record_id"], row["url"], row["status"]) for row in rows]

    def revisits(self) -> Iterator[tuple[str, str]]:
        """The id of each revisit, with that of the record which has its payload."""
        rows = self._state.rows("SELECT record_id, refers_to FROM revisits ORDER BY record_id")
        return ((row["record_id"], row["refers_to"]) for row in rows)

    def close(self) -> None:
        """Close the index."""
        self._state.close()

    def _visit_row(self, visit_id: str) -> VisitRow | None:
        return self._index.visit(visit_id)

    def _read(self, place: RecordPlace) -> Capture:
        record = self._record(place)
        original = self._index.refers_to(record.record_id) if record.type == "revisit" else None
        try:
            capture = capture_of(record, self._body_limit, self._record(original) if original else None)
            if capture.captured_at_basis == "observed" or not self._is_public(record):
                return capture
            return replace(capture, asked_with=(), is_public=True)
        except ValueError as error:
            raise self._unreadable(place, error) from error

    def _is_public(self, record: WarcRecord) -> bool:
        """Whether the owner stated that signed-out readers see what a record shows, or did before a part was taken down."""
        ids = {record.record_id, unbracketed(record.get(REFERS_TO) or "")}
        return not ids.isdisjoint(self.public_captures())

    def public_captures(self) -> set[str]:
        """The ids of the records of which the owner stated that."""
        if self._public is None:
            decisions = read_decisions(self.folder)
            self._public = {each.subject for each in decisions if each.kind == "as-public"}
        return self._public

    def visits_of(self, record_id: str) -> list[str]:
        """The ids of the ended visits that have a capture, in sequence order."""
        sql = (
            "SELECT visit_id FROM visit_captures JOIN visits USING (visit_id) "
            "WHERE record_id = ? AND ended_at IS NOT NULL ORDER BY sequence, visit_id"
        )
        return [row["visit_id"] for row in self._state.rows(sql, record_id)]

    def _record(self, place: RecordPlace) -> WarcRecord:
        return self._member(place)[0]

    def _member(self, place: RecordPlace) -> tuple[WarcRecord, bytes]:
        path = present_path(self.folder, place.file)
        if path is None:
            raise ArchiveDamagedError(f"{closed_path(self.folder, place.file)} is gone. {_CHECK}")
        try:
            member = read_at(path, place.offset, place.length)
            if payload_digest(member) != f"sha256:{place.sha256}":
                raise ValueError("its bytes are not those that were written")  # noqa: TRY301 - one way out for all
            return parse_member(member), member
        except (OSError, ValueError) as error:
            raise self._unreadable(place, error) from error

    def _unreadable(self, place: RecordPlace, error: Exception) -> ArchiveDamagedError:
        path = present_path(self.folder, place.file) or closed_path(self.folder, place.file)
        return ArchiveDamagedError(
            f"{path}: the record at byte {place.offset} cannot be read: {error}. {_CHECK}"
        )


_CHECK = (
    "Run `postkeep check` to see what else is damaged, and restore the file from a backup if there is one."
)


def open_to_read(archive: Path, body_limit: int = BODY_LIMIT) -> ArchiveReader:
    """The archive in a folder, for reading. One of an older format is upgraded first.

    Raises:
        UsageError: there is no archive, or nothing was kept in it yet.
        ArchiveDamagedError: its state.sqlite is missing or damaged.
        StopError: it was made by a newer version.
    """
    if not is_used(archive):
        require_archive(archive)
        raise UsageError(
            f"{archive} holds no captures yet. Fill it with `postkeep crawl` or `postkeep import`."
        )
    finish(archive, Disk())
    upgrade(archive, Disk())
    return ArchiveReader(archive, open_state_to_read(archive), body_limit)
