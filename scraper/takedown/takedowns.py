"""Takedowns of one archive, from the word of what goes to the archive without it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
from scraper.takedown.extent import Extent, find_scope
from scraper.takedown.plan import TakedownPlan, make_plan, write_anew
from scraper.takedown.record import TakedownRule
from scraper.takedown.rewrite import drafts_in
from scraper.takedown.subject import Inventory, Named, Subject, Subjects, kind_of, require_one, subject_of
from scraper.takedown.visited import PageReading, ids_today

_RULES: Final = {
    "post": "takedown of a post",
    "comment": "takedown of a comment",
    "author": "takedown of all that a person wrote",
}


@dataclass(frozen=True, slots=True)
class Takedown:
    """What one takedown took, or would take. ``subjects`` are all that it was about."""

    subjects: tuple[Subject, ...]
    extent: Extent
    plan: TakedownPlan

    @property
    def ids(self) -> frozenset[str]:
        """The ids that get a tombstone."""
        own = (subject.id for subject in self.subjects)
        return frozenset((*own, *self.extent.posts, *self.extent.former))


@dataclass(frozen=True, slots=True)
class Finding:
    """What some words name; ``is_here``: the archive holds something of it, or a dataset that was made under its key does."""

    named: Named
    is_here: bool


@dataclass(frozen=True, slots=True)
class Takedowns:
    """Takes down what an archive holds. Its lock is held, but for ``look_for``.

    ``open_records`` opens the records with every visit read, the forgotten ones too; the visits it is handed are read
    again. ``key`` is that of the pseudonyms; ``tell`` is told the name of each file that is looked through. ``elsewhere`` is what
    lies in datasets that were made under that key: it can be named too, whether or not the archive has any of it.
    """

    folder: Path
    disk: Disk
    clock: Clock
    key: bytes
    reading: PageReading
    open_records: Callable[[ArchiveReader, Sequence[str]], AbstractContextManager[Records]]
    tell: Callable[[str], None]
    elsewhere: Inventory = Inventory()  # noqa: RUF009 - frozen

    def look_for(self, text: str, archive: ArchiveReader) -> Takedown:
        """What a takedown of the subject that ``text`` names would take. Nothing is changed.

        Raises:
            UsageError: it names nothing that this archive can know, or several people.
        """
        with self.open_records(archive, ()) as records:
            subject = require_one(text, self._named([text], archive, records)[text].named)
        return self.look_for_all([subject], archive)

    def look_for_all(self, subjects: Collection[Subject], archive: ArchiveReader) -> Takedown:
        """What a takedown of all ``subjects`` at once would take. Nothing is changed."""
        with self.open_records(archive, ()) as records:
            extent = self._scope(subjects, archive, records)
        plan = make_plan(self.folder, extent.scope, self.reading.processes.limits, self.tell)
        return Takedown(tuple(subjects), extent, plan)

    def named(self, texts: Collection[str], archive: ArchiveReader) -> Mapping[str, Finding]:
        """What each of ``texts`` names, found in one pass over the archive. Nothing is changed."""
        with self.open_records(archive, ()) as records:
            return self._named(texts, archive, records)

    def take_down(self, text: str, reason: str) -> Takedown:
        """Take down the subject that ``text`` names, and keep it from coming back.

        Raises:
            UsageError: it names nothing that this archive can know, or several people.
            StopError: the archive cannot be read or written; what was begun is completed by ``complete``.
        """
        with self._archive() as archive, self.open_records(archive, ()) as records:
            subject = require_one(text, self._named([text], archive, records)[text].named)
        return self.take_down_all({subject: reason})

    def take_down_all(self, reasons: Mapping[Subject, str]) -> Takedown:
        """Take down all subjects in one pass over the archive, each for its reason, and keep them from coming back.

        Raises:
            StopError: the archive cannot be read or written; what was begun is completed by ``complete``.
        """
        reason_of = {subject.id: reason for subject, reason in reasons.items()}
        with self._archive() as archive:
            with self.open_records(archive, ()) as records:
                others = [each for each in read_pending(self.folder) if each.subject not in reason_of]
                begun = [Pending(subject_id, reason) for subject_id, reason in reason_of.items()]
                note_pending(self.folder, [*others, *begun], self.disk)
                extent = self._scope(reasons, archive, records)
            plan = self._write(reason_of, extent, archive)
        self._settle(others)
        return Takedown(tuple(reasons), extent, plan)

    def complete(self) -> None:
        """Complete what was begun, and take down again what has come back since.

        Raises:
            StopError: the archive cannot be read or written.
        """
        put_in_place(self.folder, self.disk)
        begun = [each for each in read_pending(self.folder) if not each.visits]
        returned = [each for each in read_pending(self.folder) if each.visits]
        if begun:
            # What was read since the tombstones were written knows nothing of the subjects.
            remove_database(self.folder / RECORDS_FILE)
        for together in filter(None, [begun, *([each] for each in returned)]):
            reasons = {each.subject: each.reason for each in together}
            subjects = [Subject(kind_of(subject_id), subject_id) for subject_id in reasons]
            visits = [visit_id for each in together for visit_id in each.visits]
            with self._archive() as archive:
                with self.open_records(archive, visits) as records:
                    extent = self._scope(subjects, archive, records)
                self._write(reasons, extent, archive)
            self._settle([each for each in read_pending(self.folder) if each.subject not in reasons])

    @contextmanager
    def _archive(self) -> Iterator[ArchiveReader]:
        """The archive with what a crash left behind put right."""
        put_in_place(self.folder, self.disk)
        discard(self.folder)
        with open_state(self.folder, self.disk) as state:
            recover(self.folder, state, self.disk, self.clock.now())
            yield ArchiveReader(self.folder, state)
            state.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _named(
        self, texts: Collection[str], archive: ArchiveReader, records: Records
    ) -> Mapping[str, Finding]:
        post_of = {look.visit_id: look.post_id for look in records.looks()}
        pages = {url: post_of[visit_id] for visit_id, url in archive.visit_urls() if visit_id in post_of}
        inventory = Inventory.of(records.readings(), pages)
        people = self.reading.policy.people
        inventory = Inventory.of_all((inventory, self.elsewhere))

        def called(named: Iterable[str]) -> frozenset[str]:
            ids = tuple(named)
            return frozenset[str]().union(
                *(each.people_called(ids) | each.ids_today(ids) for each in (records, inventory))
            )

        found = {text: subject_of(text, inventory, people, called) for text in texts}
        return self._as_of_today(found, inventory, archive)

    def _as_of_today(
        self, found: Mapping[str, Named], inventory: Inventory, archive: ArchiveReader
    ) -> Mapping[str, Finding]:
        """What was found, former ids as those of today."""
        strange = {
            each.id for each in found.values() if isinstance(each, Subject) and not inventory.has(each)
        }
        today = ids_today(strange, archive, self.reading) if strange else {}
        today = {each: today[each] | inventory.ids_today([each]) for each in today}
        findings = {}
        for text, each in found.items():
            if isinstance(each, Subject) and today.get(each.id):
                renewed = min(today[each.id])
                findings[text] = Finding(Subject(kind_of(renewed), renewed), is_here=True)
            else:
                findings[text] = Finding(each, is_here=isinstance(each, Subject) and inventory.has(each))
        return findings

    def _scope(self, subjects: Iterable[Subject], archive: ArchiveReader, records: Records) -> Extent:
        subjects = tuple(subjects)
        sentence = ", ".join(sorted({_RULES[subject.kind] for subject in subjects}))
        rule = TakedownRule(sentence, self.clock.now(), self.key)
        return find_scope(Subjects.of(subjects), archive, records, self.reading, rule)

    def _write(self, reasons: Mapping[str, str], extent: Extent, archive: ArchiveReader) -> TakedownPlan:
        """Write the tombstones, and the archive without the subjects; from here on it is put in place whatever happens.

        ``reasons`` are by the subjects' ids.
        """
        remove_preview(self.folder)
        swap = Swap(self.folder, self.disk)
        with drafts_in(swap) as drafts:
            plan = make_plan(self.folder, extent.scope, self.reading.processes.limits, self.tell, drafts)
            subjects = {**extent.former, **extent.posts}
            self._add_tombstones(
                {**{each: reasons[goes_with] for each, goes_with in subjects.items()}, **reasons}
            )
            if not plan.is_empty or any(extent.rows.values()):
                touched = _touched(archive, extent, plan)
                write_anew(swap, extent.scope, plan, drafts)
                with swap.database(RECORDS_FILE) as state:
                    _drop_readings(state, touched)
                # What an upgrade or a repair has laid aside.
                for former in self.folder.glob(f"{STATE_FILE}.*"):
                    swap.remove(former.name)
                swap.decide()
        return plan

    def _settle(self, pending: Sequence[Pending]) -> None:
        """Put in place what was written; ``pending`` are the takedowns that are still to be completed."""
        put_in_place(self.folder, self.disk)
        discard(self.folder)
        note_pending(self.folder, pending, self.disk)

    def _add_tombstones(self, reasons: Mapping[str, str]) -> None:
        entombed = {each.subject for each in read_decisions(self.folder) if each.kind == "tombstone"}
        for each in sorted(reasons.keys() - entombed):
            append_decision(
                self.folder, Decision("tombstone", each, self.clock.now(), reasons[each]), self.disk
            )


def _touched(archive: ArchiveReader, extent: Extent, plan: TakedownPlan) -> frozenset[str]:
    """The visits whose readings are out of date after the takedown."""
    changed = plan.whole | plan.part.keys() | plan.echoes
    of_captures = (visits for record_id, _, visits in archive.captures_with_visits() if record_id in changed)
    return (extent.scope.visits | extent.visits).union(*of_captures)


def _drop_readings(state: State, visits: frozenset[str]) -> None:
    for visit_id in visits:
        for table in OF_VISITS:
            state.execute(f"DELETE FROM {table} WHERE visit_id = ?", visit_id)  # noqa: S608 - our names
