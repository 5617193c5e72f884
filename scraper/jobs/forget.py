"""``postkeep forget``: takedown of a post, a comment, or all that a person wrote."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from scraper.archive.decisions import append_decision, read_decisions
from scraper.archive.files import KEY_FILE, RECORDS_FILE, is_archive
from scraper.archive.ledger import cut_torn_lines
from scraper.archive.lock import Lock
from scraper.archive.migrate import open_state
from scraper.archive.pending import Pending, note_pending, read_pending
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.archive.recover import close_leftovers
from scraper.archive.state import State
from scraper.archive.swap import Swap, discard, put_in_place, remove_database
from scraper.errors import UsageError
from scraper.jobs.extractor import open_extractor, read_unread
from scraper.jobs.progress import InHand
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.model.outcome import Report
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.records.store import OF_VISITS
from scraper.takedown.account import beyond_reach, takedown_items
from scraper.takedown.plan import Plan, make_plan, url_alias, write_anew
from scraper.takedown.record import Rule
from scraper.takedown.scope import Found, find_scope, people_named
from scraper.takedown.subject import Known, Subject, kind_of, subject_of

_RULES: Final = {
    "post": "takedown of a post",
    "comment": "takedown of a comment",
    "author": "takedown of all that a person wrote",
}


@dataclass(frozen=True, slots=True)
class _Done:
    """What one takedown took, or would take."""

    subject: Subject
    found: Found
    plan: Plan


def forget(text: str, workplace: Workplace, *, reason: str | None, dry_run: bool = False) -> Report:
    """Take down what ``text`` names, everywhere in the archive, and keep it from coming back.

    With ``dry_run`` nothing is changed, and the report says what would be. A takedown that is cut off is completed by the
    next run of any job that writes or reads the archive.

    Raises:
        UsageError: there is no archive, it does not know the subject, or no reason was given.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written; a takedown that was begun is completed by the next run.
    """
    if not is_archive(workplace.folder):
        raise UsageError(f"{workplace.folder} is no archive. Name one with --archive.")
    if not dry_run and not (reason and reason.strip()):
        raise UsageError(
            "A takedown needs its reason, for those who keep the archive after you: --reason 'Asked by its author'."
        )
    complete_takedowns(workplace)
    with Lock(workplace.folder):
        with _reading(workplace, ()) as archive:
            subject = _subject(text, workplace, archive)
            if dry_run:
                done = _looked_for(subject, workplace, archive)
                return _report([done], workplace)
        done = _take_down(Pending(subject.id, (reason or "").strip()), workplace, ())
    reread(workplace)
    return _report([done], workplace)


def complete_takedowns(workplace: Workplace) -> None:
    """Complete what an earlier run began, and take down again what has come back since.

    Raises:
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written.
    """
    folder = workplace.folder
    pending = read_pending(folder)
    if not pending:
        return
    with Lock(folder):
        for each in pending:
            _take_down(each, workplace, each.visits)


def _take_down(pending: Pending, workplace: Workplace, returned: Sequence[str]) -> _Done:
    """One takedown from beginning to end; the caller holds the lock."""
    folder, disk = workplace.folder, workplace.disk
    put_in_place(folder, disk)
    discard(folder)
    subject = Subject(kind_of(pending.subject), pending.subject)
    begun = [each for each in read_pending(folder) if each.subject != pending.subject]
    is_begun = len(begun) < len(read_pending(folder))
    if is_begun and not returned:
        # What was read since the tombstone was written knows nothing of the subject.
        remove_database(folder / RECORDS_FILE)
    note_pending(folder, [*begun, pending], disk)
    with _reading(workplace, returned) as archive:
        done = _looked_for(subject, workplace, archive)
        _add_tombstones({subject.id, *done.found.posts}, pending.reason, workplace)
        if not done.plan.is_empty or any(done.found.rows.values()):
            touched = _touched(archive, done)
            swap = Swap(folder, disk)
            write_anew(swap, done.found.scope, done.plan, _key(workplace))
            with swap.database(RECORDS_FILE) as state:
                _drop_readings(state, touched)
            swap.decide()
    put_in_place(folder, disk)
    note_pending(folder, begun, disk)
    return done


@contextmanager
def _reading(workplace: Workplace, returned: Sequence[str]) -> Iterator[ArchiveReader]:
    """The archive with every visit read, the forgotten ones too."""
    folder, disk = workplace.folder, workplace.disk
    put_in_place(folder, disk)
    with open_state(folder, disk) as state:
        close_leftovers(folder, state, disk)
        cut_torn_lines(folder, disk)
        archive = ArchiveReader(folder, state)
        with open_extractor(workplace, forgotten=frozenset()) as extractor:
            extractor.store.drop(returned)
            read_unread(archive, extractor, _in_hand(workplace))
        yield archive
        state.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _subject(text: str, workplace: Workplace, archive: ArchiveReader) -> Subject:
    policy = Policy.of(workplace.settings, _key(workplace))
    with open_extractor(workplace, forgotten=frozenset()) as extractor:
        looked = {look.visit_id: look.post_id for look in extractor.store.looks()}
        pages = {url: looked[visit_id] for visit_id, url in archive.visit_urls() if visit_id in looked}
        known = Known.of(extractor.store.readings(), pages)
        return subject_of(text, known, policy.people, lambda name: people_named(name, archive, policy))


def _looked_for(subject: Subject, workplace: Workplace, archive: ArchiveReader) -> _Done:
    key = _key(workplace)
    rule = Rule(_RULES[subject.kind], workplace.clock.now(), lambda url: url_alias(key, url))
    with open_extractor(workplace, forgotten=frozenset()) as extractor:
        found = find_scope(subject, archive, extractor.store, Policy.of(workplace.settings, key), rule)
    plan = make_plan(workplace.folder, found.scope, workplace.progress.begin)
    return _Done(subject, found, plan)


def _touched(archive: ArchiveReader, done: _Done) -> frozenset[str]:
    """The visits whose readings are out of date after the takedown."""
    changed = done.plan.whole | done.plan.part.keys() | done.plan.echoes
    of_captures = (visits for record_id, _, visits in archive.captures_with_visits() if record_id in changed)
    return (done.found.scope.visits | done.found.visits).union(*of_captures)


def _drop_readings(state: State, visits: frozenset[str]) -> None:
    for visit_id in visits:
        for table in OF_VISITS:
            state.execute(f"DELETE FROM {table} WHERE visit_id = ?", visit_id)  # noqa: S608 - our names


def _add_tombstones(ids: set[str], reason: str, workplace: Workplace) -> None:
    known = {each.subject for each in read_decisions(workplace.folder) if each.kind == "tombstone"}
    for each in sorted(ids - known):
        decision = Decision("tombstone", each, workplace.clock.now(), reason)
        append_decision(workplace.folder, decision, workplace.disk)


def _report(done: Sequence[_Done], workplace: Workplace) -> Report:
    items = [item for each in done for item in takedown_items(each.subject, each.found, each.plan)]
    items += beyond_reach()
    for item in items:
        workplace.progress.end(item)
    return Report(items=tuple(items))


def _key(workplace: Workplace) -> bytes:
    return load_or_create_key(workplace.folder / KEY_FILE)


def reread(workplace: Workplace) -> None:
    """Read the visits whose captures a takedown has changed."""
    with (
        open_to_read(workplace.folder) as archive,
        Lock(workplace.folder),
        open_extractor(workplace) as extractor,
    ):
        read_unread(archive, extractor, _in_hand(workplace))


def _in_hand(workplace: Workplace) -> Workplace:
    """The workplace without word of what was read: it would pass for what was taken down."""
    return replace(workplace, progress=InHand(workplace.progress))
