"""The face of an archive: kept exchanges go in, visits come out."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, Self
from uuid import UUID, uuid4

from scraper.archive.compose import (
    ForeignRecord,
    ImportedFile,
    VisitRow,
    VisitStamp,
    exchange_records,
    foreign_records,
    printable_url,
    resource_record,
    visit_record,
)
from scraper.archive.decisions import append_decision
from scraper.archive.disk import Disk, explained
from scraper.archive.files import WARC_FOLDER, is_archive
from scraper.archive.frontier import Frontier
from scraper.archive.index import RecordPlace
from scraper.archive.ledger import LEDGER_FOLDER, FileLedger
from scraper.archive.lock import Lock
from scraper.archive.migrate import open_state
from scraper.archive.read import ArchiveReader
from scraper.archive.recover import recover
from scraper.archive.replay import capture_of
from scraper.archive.runs import Runs
from scraper.archive.state import State
from scraper.archive.stores import SqlitePaceStore, SqliteRobotsStore
from scraper.archive.swap import discard, put_in_place
from scraper.archive.warc import WarcRecord, payload_digest
from scraper.archive.write import PART_SIZE, Environment, Writer
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.model.at_hand import AtHand
from scraper.model.capture import Capture
from scraper.model.decision import Decision
from scraper.model.exchange import Exchange, Headers
from scraper.model.stores import Clock
from scraper.model.url import parse_url

COMMIT_SIZE: Final = 4 << 20
"""Appended bytes after which the end of a visit commits what nobody else has committed, as in an import."""

RECENT_SIZE: Final = 8 << 20
"""Bytes of bodies that stay at hand after they were kept."""

_OPEN_VISITS: Final = 256


class Archive(ArchiveReader):
    """An archive open for writing, by one run at a time and one thread at a time.

    It is the Recorder of exchanges that belong to no post, such as robots.txt. ``frontier``, ``robots``, ``pace``,
    ``runs`` and ``ledger`` are the stores that share its folder. What they are told and what is kept becomes durable with
    ``commit``, all of it or none. A killed run loses no record that was appended before: the next one finds it.
    """

    def __init__(self, folder: Path, lock: Lock, state: State, environment: Environment) -> None:
        super().__init__(folder, state)
        self._lock = lock
        self._environment = environment
        state.gather()
        self.ledger = FileLedger(folder, state, environment.disk)
        self._writer = Writer(folder, state, self.ledger, environment)
        # The captures kept last, so that their visits need not read them back.
        self._recent: AtHand[str, Capture] = AtHand(RECENT_SIZE)
        self._open_visits: AtHand[str, VisitRow] = AtHand(_OPEN_VISITS)
        self.frontier = Frontier(state)
        self.robots = SqliteRobotsStore(state)
        self.pace = SqlitePaceStore(state)
        self.runs = Runs(state)

    @staticmethod
    def create(folder: Path, disk: Disk | None = None) -> None:
        """Make a folder an archive; nothing changes where it is one.

        Raises:
            UsageError: the folder holds other things.
            StopError: the folder cannot be written.
        """
        if not is_archive(folder) and folder.is_dir() and any(folder.iterdir()):
            raise UsageError(
                f"{folder} is no archive and not empty. Name an empty or a new folder with --archive."
            )
        _make_folders(folder, disk or Disk())

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock,
        warcinfo: Mapping[str, str],
        disk: Disk | None = None,
        new_id: Callable[[], UUID] = uuid4,
        part_size: int = PART_SIZE,
    ) -> Self:
        """Open for writing: take the lock, and put right what a crash left behind.

        Raises:
            UsageError: the folder is no archive.
            ArchiveHeldError: another run holds it.
            ArchiveDamagedError: its state.sqlite is missing or damaged.
            StopError: it was made by a newer version, or cannot be written.
        """
        if not is_archive(folder):
            raise UsageError(f"{folder} is no archive. Make one with `postkeep init {folder}`.")
        environment = Environment(clock, warcinfo, disk or Disk(), new_id, part_size)
        _make_folders(folder, environment.disk)
        with ExitStack() as opened:
            lock = opened.enter_context(Lock(folder))
            put_in_place(folder, environment.disk)
            discard(folder)
            state = opened.enter_context(open_state(folder, environment.disk))
            recover(folder, state, environment.disk, environment.clock.now())
            archive = cls(folder, lock, state, environment)
            opened.pop_all()
        return archive

    def begin_visit(self, url: str, site: str) -> str:
        """A new visit for a post; gives its id."""
        visit_id = self._new_id()
        self._index.begin_visit(visit_id, printable_url(url), site, self._environment.clock.now())
        return visit_id

    def new_run(self) -> str:
        """The id of a run that begins: the visits it makes are judged together."""
        return self._new_id()

    def commit(self) -> None:
        """Make durable all that was kept, noted and changed since the last commit.

        Raises:
            StopError: the medium refused.
        """
        self._writer.commit()

    def keep(self, exchange: Exchange, visit_id: str | None = None) -> Capture:
        """Keep an exchange as the next capture of a visit, or of none, as with what belongs to no post.

        A 304, and a payload that the archive has from the same URL, are kept as a revisit of the earlier capture.

        Raises:
            ArchiveDamagedError: the capture that a 304 speaks of cannot be read.
            StopError: the medium refused.
        """
        visit = self._stamp(visit_id) if visit_id else None
        request_id, response_id = self._new_id(), self._new_id()
        original = self._original(exchange)
        return self._append(exchange_records(exchange, request_id, response_id, visit, original), original)

    def conditions(self, url: str) -> Headers:
        """The headers with which to ask for ``url`` only if it has changed since; empty where it is new to us."""
        parsed = parse_url(url)
        validators = self._index.validators(printable_url(parsed.href if parsed else url))
        return validators.conditions if validators else ()

    def keep_file(self, visit_id: str, file: ImportedFile) -> Capture:
        """Keep a page that somebody saved as a ``resource`` record.

        Raises:
            SkippableError: the file is larger than a record may be.
            StopError: the medium refused.
        """
        record_id, visit = self._new_id(), self._stamp(visit_id)
        return self._append([resource_record(record_id, file, self._environment.clock.now(), visit)])

    def keep_foreign(
        self, visit_id: str | None, foreign: ForeignRecord, original_id: str | None = None
    ) -> Capture:
        """Keep somebody else's record, and its request, bytes as they stood.

        A revisit needs ``original_id``, the record here that has its payload. What is kept for its payload alone is a
        capture of no visit (``visit_id`` None).

        Raises:
            ArchiveDamagedError: the record with the payload of a revisit cannot be read.
            StopError: the medium refused.
        """
        place = self._index.place(original_id) if original_id else None
        original = self._record(place) if place else None
        if foreign.refers and original is None:
            raise ValueError(f"The revisit of {foreign.url} needs the record that has its payload.")
        record_id, visit = self._new_id(), self._stamp(visit_id) if visit_id else None
        now = self._environment.clock.now()
        return self._append(
            foreign_records(foreign, self._new_id(), record_id, now, visit, original), original
        )

    def state_public(self, record_id: str, reason: str) -> None:
        """Keep the owner's word that signed-out readers see what a capture shows; said once, it is not said again.

        Raises:
            StopError: the medium refused.
        """
        if record_id in self.public_captures():
            return
        decision = Decision("as-public", record_id, self._environment.clock.now(), reason)
        append_decision(self.folder, decision, self._environment.disk)
        self.public_captures().add(record_id)

    def bind(self, visit_id: str, record_id: str) -> None:
        """Make a capture that the archive has the next one of an open visit too."""
        self._stamp(visit_id)
        self._index.bind(visit_id, record_id)

    def end_visit(self, visit_id: str, *, whole: bool, run: str | None = None) -> None:
        """End a visit; ``whole`` says whether it has all that its post needed, ``run`` which run of ours made it.

        Raises:
            StopError: the medium refused.
        """
        row = self._open_row(visit_id)
        self._open_visits.drop(visit_id)
        captures = self._index.bound(visit_id)
        self._writer.append(
            [visit_record(row, captures, self._environment.clock.now(), whole=whole, run=run)]
        )
        if self._writer.uncommitted >= COMMIT_SIZE:
            self.commit()

    def close(self) -> None:
        """Commit, and close the file that was written, the stores, and the lock."""
        with self._lock, self._state, closing(self.ledger):
            self._writer.close()
            self.ledger.settle()

    def _original(self, exchange: Exchange) -> WarcRecord | None:
        """The record whose payload an exchange has too; None where it has one of its own."""
        validators = self._index.validators(printable_url(exchange.request.url))
        if validators is None or exchange.truncated is not None or exchange.status not in {200, 304}:
            return None
        if exchange.status == 200 and payload_digest(exchange.payload) != validators.payload_digest:
            return None
        place = self._index.place(validators.record_id)
        try:
            return self._record(place) if place else None
        except ArchiveDamagedError:
            if exchange.status == 304:
                raise
            return None

    def _append(self, records: Sequence[WarcRecord], original: WarcRecord | None = None) -> Capture:
        """Keep a group of records; the capture in the last of them."""
        self._writer.append(records)
        capture = capture_of(records[-1], self._body_limit, original)
        self._recent.put(capture.record_id, capture, len(capture.body))
        return capture

    def _read(self, place: RecordPlace) -> Capture:
        return self._recent.get(place.record_id) or super()._read(place)

    def _visit_row(self, visit_id: str) -> VisitRow | None:
        return self._open_visits.get(visit_id) or super()._visit_row(visit_id)

    def _new_id(self) -> str:
        return self._environment.new_id().urn

    def _stamp(self, visit_id: str) -> VisitStamp:
        return self._open_row(visit_id).stamp

    def _open_row(self, visit_id: str) -> VisitRow:
        row = self._visit_row(visit_id)
        if row is None or row.ended_at is not None:
            raise ValueError(f"{visit_id} is no open visit of {self.folder}.")
        self._open_visits.put(visit_id, row)
        return row


def _make_folders(archive: Path, disk: Disk) -> None:
    with explained(archive):
        for name in (WARC_FOLDER, LEDGER_FOLDER):
            disk.make_folder(archive / name)
        disk.sync_folder(archive)
