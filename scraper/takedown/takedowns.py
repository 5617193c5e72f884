"""Takedowns of one archive, from the word of what goes to the archive without it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.decisions import append_decision, read_decisions
from scraper.archive.disk import Disk
from scraper.archive.files import RECORDS_FILE
from scraper.archive.migrate import open_state
from scraper.archive.pending import Pending, note_pending, read_pending
from scraper.archive.preview import remove_preview
from scraper.archive.read import ArchiveReader
from scraper.archive.recover import recover
from scraper.archive.state import STATE_FILE, State
from scraper.archive.swap import Swap, discard, put_in_place, remove_database
from scraper.model.decision import Decision
from scraper.model.stores import Clock
from scraper.records.store import OF_VISITS, Records
from scraper.takedown.extent import Extent, PageReading, find_scope, ids_today, people_named
from scraper.takedown.plan import TakedownPlan, make_plan, write_anew
from scraper.takedown.record import TakedownRule
from scraper.takedown.rewrite import drafts_in
from scraper.takedown.subject import Inventory, Subject, kind_of, subject_of

_RULES: Final = {
    "post": "takedown of a post",
    "comment": "takedown of a comment",
    "author": "takedown of all that a person wrote",
}


@dataclass(frozen=True, slots=True)
class Takedown:
    """What one takedown took, or would take."""

    subject: Subject
    extent: Extent
    plan: TakedownPlan


@dataclass(frozen=True, slots=True)
class Takedowns:
    """Takes down what an archive holds. Its lock is held, but for ``look_for``.

    ``open_records`` opens the records with every visit read, the forgotten ones too; the visits it is handed are read
    again. ``key`` is that of the pseudonyms; ``tell`` is told the name of each file that is looked through.
    """

    folder: Path
    disk: Disk
    clock: Clock
    key: bytes
    reading: PageReading
    open_records: Callable[[ArchiveReader, Sequence[str]], AbstractContextManager[Records]]
    tell: Callable[[str], None]

    def look_for(self, text: str, archive: ArchiveReader) -> Takedown:
        """What a takedown of the subject that ``text`` names would take. Nothing is changed.

        Raises:
            UsageError: it names nothing that this archive can know, or several people.
        """
        with self.open_records(archive, ()) as records:
            subject = self._subject(text, archive, records)
            extent = self._scope(subject, archive, records)
        return Takedown(
            subject, extent, make_plan(self.folder, extent.scope, self.reading.processes.limits, self.tell)
        )

    def take_down(self, text: str, reason: str) -> Takedown:
        """Take down the subject that ``text`` names, and keep it from coming back.

        Raises:
            UsageError: it names nothing that this archive can know, or several people.
            StopError: the archive cannot be read or written; what was begun is completed by ``complete``.
        """
        with self._archive() as archive:
            with self.open_records(archive, ()) as records:
                subject = self._subject(text, archive, records)
                others = [each for each in read_pending(self.folder) if each.subject != subject.id]
                note_pending(self.folder, [*others, Pending(subject.id, reason)], self.disk)
                extent = self._scope(subject, archive, records)
            done = self._write(subject, reason, extent, archive)
        self._settle(others)
        return done

    def complete(self) -> None:
        """Complete what was begun, and take down again what has come back since.

        Raises:
            StopError: the archive cannot be read or written.
        """
        put_in_place(self.folder, self.disk)
        for pending in read_pending(self.folder):
            if not pending.visits:
                # What was read since the tombstone was written knows nothing of the subject.
                remove_database(self.folder / RECORDS_FILE)
            subject = Subject(kind_of(pending.subject), pending.subject)
            with self._archive() as archive:
                with self.open_records(archive, pending.visits) as records:
                    extent = self._scope(subject, archive, records)
                self._write(subject, pending.reason, extent, archive)
            self._settle([each for each in read_pending(self.folder) if each.subject != pending.subject])

    @contextmanager
    def _archive(self) -> Iterator[ArchiveReader]:
        """The archive with what a crash left behind put right."""
        put_in_place(self.folder, self.disk)
        discard(self.folder)
        with open_state(self.folder, self.disk) as state:
            recover(self.folder, state, self.disk, self.clock.now())
            yield ArchiveReader(self.folder, state)
            state.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _subject(self, text: str, archive: ArchiveReader, records: Records) -> Subject:
        post_of = {look.visit_id: look.post_id for look in records.looks()}
        pages = {url: post_of[visit_id] for visit_id, url in archive.visit_urls() if visit_id in post_of}
        inventory = Inventory.of(records.readings(), pages)
        people = self.reading.policy.people
        subject = subject_of(text, inventory, people, lambda name: people_named(name, archive, self.reading))
        today = frozenset() if inventory.has(subject) else ids_today(subject.id, archive, self.reading)
        return Subject(kind_of(min(today)), min(today)) if today else subject

    def _scope(self, subject: Subject, archive: ArchiveReader, records: Records) -> Extent:
        rule = TakedownRule(_RULES[subject.kind], self.clock.now(), self.key)
        return find_scope(subject, archive, records, self.reading, rule)

    def _write(self, subject: Subject, reason: str, extent: Extent, archive: ArchiveReader) -> Takedown:
        """Write the tombstones, and the archive without the subject; from here on it is put in place whatever happens."""
        remove_preview(self.folder)
        swap = Swap(self.folder, self.disk)
        with drafts_in(swap) as drafts:
            plan = make_plan(self.folder, extent.scope, self.reading.processes.limits, self.tell, drafts)
            self._add_tombstones({subject.id, *extent.posts}, reason)
            if not plan.is_empty or any(extent.rows.values()):
                touched = _touched(archive, extent, plan)
                write_anew(swap, extent.scope, plan, drafts)
                with swap.database(RECORDS_FILE) as state:
                    _drop_readings(state, touched)
                # What an upgrade or a repair has laid aside.
                for former in self.folder.glob(f"{STATE_FILE}.*"):
                    swap.remove(former.name)
                swap.decide()
        return Takedown(subject, extent, plan)

    def _settle(self, pending: Sequence[Pending]) -> None:
        """Put in place what was written; ``pending`` are the takedowns that are still to be completed."""
        put_in_place(self.folder, self.disk)
        discard(self.folder)
        note_pending(self.folder, pending, self.disk)

    def _add_tombstones(self, ids: set[str], reason: str) -> None:
        entombed = {each.subject for each in read_decisions(self.folder) if each.kind == "tombstone"}
        for each in sorted(ids - entombed):
            append_decision(self.folder, Decision("tombstone", each, self.clock.now(), reason), self.disk)


def _touched(archive: ArchiveReader, extent: Extent, plan: TakedownPlan) -> frozenset[str]:
    """The visits whose readings are out of date after the takedown."""
    changed = plan.whole | plan.part.keys() | plan.echoes
    of_captures = (visits for record_id, _, visits in archive.captures_with_visits() if record_id in changed)
    return (extent.scope.visits | extent.visits).union(*of_captures)


def _drop_readings(state: State, visits: frozenset[str]) -> None:
    for visit_id in visits:
        for table in OF_VISITS:
            state.execute(f"DELETE FROM {table} WHERE visit_id = ?", visit_id)  # noqa: S608 - our names
