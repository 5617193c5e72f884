"""The reading face of an archive: its visits and captures. Reading needs no lock and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from scraper.archive.compose import REFERS_TO, printable_url
from scraper.archive.decisions import read_decisions
from scraper.archive.disk import Disk
from scraper.archive.files import WARC_FOLDER, closed_path, present_names, present_path
from scraper.archive.index import Index, KnownCapture, Place, VisitCost
from scraper.archive.members import read_at
from scraper.archive.migrate import open_state_to_read, upgrade
from scraper.archive.replay import BODY_LIMIT, capture_of
from scraper.archive.state import STATE_FILE, State
from scraper.archive.swap import finish
from scraper.archive.warc import WarcRecord, parse_member, payload_digest, unbracketed
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.model.capture import Capture, Visit
from scraper.model.closable import Closable

_LAST_SECOND: Final = datetime.max.replace(microsecond=0, tzinfo=UTC) - timedelta(seconds=1)


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

    def visit_ids(self) -> list[str]:
        """The ids of the ended visits, in sequence order."""
        return self._index.ended_visits()

    def visit_urls(self) -> Iterator[tuple[str, str]]:
        """The id and the URL of every visit, whether it is still open or has ended."""
        return iter(self._index.visit_urls())

    def captures_with_visits(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """The id and the URL of every capture, with the ids of the visits that have it."""
        return self._index.captures_with_visits()

    def visit(self, visit_id: str) -> Visit:
        """One visit with the captures it has so far, whether it is still open or has ended.

        Raises:
            ArchiveDamagedError: a capture cannot be read; the message names the file and the place.
            UsageError: the archive has no such visit.
        """
        row = self._index.visit(visit_id)
        if row is None:
            raise UsageError(f"{self.folder} has no visit {visit_id}.")
        captures = tuple(self._read(place) for place in self._index.captures_of(visit_id))
        return Visit(visit_id, row.stamp.sequence, row.stamp.url, captures, row.whole, row.run)

    def has_visited(self, url: str) -> bool:
        """Whether a visit to ``url`` had all that it needed, whatever it turned out to be."""
        return self._index.has_visited(printable_url(url))

    def visit_cost(self, visit_id: str) -> VisitCost | None:
        """What one visit took, from the index alone; None where there is no such visit."""
        return self._index.visit_cost(visit_id)

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

    def find(self, url: str, captured_at: datetime | None, digest: str) -> str | None:
        """The record id of the capture with this URL, time and payload digest; None where there is none.

        So a file that is imported twice adds nothing.
        """
        return self._index.find(printable_url(url), captured_at, digest)

    def with_payload(self, record_id: str) -> str | None:
        """The id of the record that has the payload of a capture: its own, or that of what a revisit refers to.

        None where that is no HTTP answer, or is lost.
        """
        place = self._index.refers_to(record_id) or self._index.place(record_id)
        return place.record_id if place and self._index.type_of(place.record_id) == "response" else None

    def has_visit(self, url: str, record_id: str) -> bool:
        """Whether a visit made for ``url`` has this capture; one that was kept for its payload alone has none."""
        return self._index.has_visit(printable_url(url), record_id)

    def latest(self, url: str) -> KnownCapture | None:
        """The last capture that we made of this very URL, in a visit or apart from any; None where there is none."""
        return self._index.latest(printable_url(url))

    def find_at(self, url: str, second: datetime) -> str | None:
        """The record id of a capture of this URL within the second that begins at ``second``; None without one.

        Web archives know the time of a capture to the second, and its payload only when it is fetched.
        """
        until = min(second, _LAST_SECOND) + timedelta(seconds=1)
        return self._index.find_within(printable_url(url), second, until)

    def observed_statuses(self, url: str) -> frozenset[int]:
        """The HTTP statuses that the last live visit of ``url`` met; empty where there was no live visit."""
        return self._index.observed_statuses(printable_url(url))

    def open_visit(self, url: str) -> OpenVisit | None:
        """The last visit made for ``url`` where a run that was cut off left it to be gone on with.

        That is one that has not ended, or one that has while its target is still waiting in the frontier.
        """
        row = self._index.unsettled_visit(printable_url(url))
        return OpenVisit(row.stamp.visit_id, row.begun_at, row.ended_at is not None) if row else None

    def close(self) -> None:
        """Close the index."""
        self._state.close()

    def _read(self, place: Place) -> Capture:
        record = self._record(place)
        original = self._index.refers_to(record.record_id) if record.type == "revisit" else None
        try:
            capture = capture_of(record, self._body_limit, self._record(original) if original else None)
            return (
                replace(capture, asked_with=()) if capture.asked_with and self._is_public(record) else capture
            )
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
        return self._index.visits_of(record_id)

    def _record(self, place: Place) -> WarcRecord:
        path = present_path(self.folder, place.file)
        if path is None:
            raise ArchiveDamagedError(f"{closed_path(self.folder, place.file)} is gone. {_CHECK}")
        try:
            member = read_at(path, place.offset, place.length)
            if payload_digest(member) != f"sha256:{place.sha256}":
                raise ValueError("its bytes are not those that were written")  # noqa: TRY301 - one way out for all
            return parse_member(member)
        except (OSError, ValueError) as error:
            raise self._unreadable(place, error) from error

    def _unreadable(self, place: Place, error: Exception) -> ArchiveDamagedError:
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
    if not present_names(archive) and not (archive / STATE_FILE).is_file():
        missing = "holds no captures yet" if (archive / WARC_FOLDER).is_dir() else "is no archive"
        message = f"{archive} {missing}. Make one with `postkeep init`, fill it with `postkeep crawl` or `postkeep import`."
        raise UsageError(message)
    finish(archive, Disk())
    upgrade(archive, Disk())
    return ArchiveReader(archive, open_state_to_read(archive), body_limit)
