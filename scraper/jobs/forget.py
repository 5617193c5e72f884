"""``postkeep forget``: takedown of a post, a comment, or all that a person wrote."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from scraper.archive.disk import Disk
from scraper.archive.files import KEY_FILE, RECORDS_FILE, require_archive
from scraper.archive.lock import Lock
from scraper.archive.pending import read_pending
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.archive.state import copy_database
from scraper.errors import UsageError
from scraper.jobs.extractor import open_extractor, read_unread
from scraper.jobs.progress import SilentProgress
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.reading.pool import ReadingLimits, ReadingProcesses
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.records.store import Records
from scraper.takedown.account import beyond_reach, takedown_items
from scraper.takedown.extent import PageReading
from scraper.takedown.takedowns import Takedown, Takedowns


def forget(text: str, workplace: Workplace, *, reason: str | None, dry_run: bool = False) -> Report:
    """Take down what ``text`` names, everywhere in the archive, and keep it from coming back.

    With ``dry_run`` nothing is changed, the lock is not needed, and the report says what would be taken of what is
    committed. A takedown that is cut off is completed by the next run of any job that writes or reads the archive.

    Raises:
        UsageError: there is no archive, it does not know the subject, or no reason was given.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written; a takedown that was begun is completed by the next run.
    """
    require_archive(workplace.folder)
    if dry_run:
        with _reading(workplace) as processes:
            return _report(_would_take(text, workplace, processes), workplace)
    if not (reason and reason.strip()):
        raise UsageError(
            "A takedown needs its reason, for those who keep the archive after you: --reason 'Asked by its author'."
        )
    with _reading(workplace) as processes:
        complete_takedowns(workplace)
        with Lock(workplace.folder):
            done = _takedowns(workplace, processes).take_down(text, reason.strip())
        reread(replace(workplace, processes=processes))
    return _report(done, workplace)


def complete_takedowns(workplace: Workplace) -> None:
    """Complete what an earlier run began, and take down again what has come back since.

    Raises:
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written.
    """
    if read_pending(workplace.folder):
        with _reading(workplace) as processes, Lock(workplace.folder):
            _takedowns(workplace, processes).complete()


def reread(workplace: Workplace) -> None:
    """Read the visits whose captures a takedown has changed."""
    with (
        open_to_read(workplace.folder) as archive,
        Lock(workplace.folder),
        open_extractor(workplace) as extractor,
    ):
        read_unread(archive, extractor, _quiet(workplace))


def _would_take(text: str, workplace: Workplace, processes: ReadingProcesses) -> Takedown:
    """What a takedown would take; visits that were never read are read into a copy of the records."""
    with (
        open_to_read(workplace.folder) as archive,
        tempfile.TemporaryDirectory(prefix="postkeep-") as scratch,
    ):
        records = workplace.folder / RECORDS_FILE
        if records.is_file():
            copy_database(records, Path(scratch, RECORDS_FILE), Disk())
        return _takedowns(workplace, processes, Path(scratch)).look_for(text, archive)


@contextmanager
def _reading(workplace: Workplace) -> Iterator[ReadingProcesses]:
    """The processes that read; those that the workplace has go on running."""
    with ExitStack() as opened:
        yield workplace.processes or opened.enter_context(
            ReadingProcesses(limits=workplace.reading_limits or ReadingLimits())
        )


def _takedowns(
    workplace: Workplace, processes: ReadingProcesses, records_in: Path | None = None
) -> Takedowns:
    """The takedowns of the archive; ``records_in`` is the folder of the records where that is another one."""
    key = load_or_create_key(workplace.folder / KEY_FILE)

    @contextmanager
    def open_records(archive: ArchiveReader, returned: Sequence[str]) -> Iterator[Records]:
        with open_extractor(
            replace(workplace, processes=processes), forgotten=frozenset(), records_in=records_in
        ) as extractor:
            extractor.store.drop(returned)
            read_unread(archive, extractor, _quiet(workplace))
            yield extractor.store

    reading = PageReading(Policy.of(workplace.settings, key), processes)
    return Takedowns(
        workplace.folder,
        workplace.disk,
        workplace.clock,
        key,
        reading,
        open_records,
        workplace.progress.begin,
    )


def _report(done: Takedown, workplace: Workplace) -> Report:
    items = (*takedown_items(done.subject, done.extent, done.plan), *beyond_reach())
    for item in items:
        workplace.progress.end(item)
    return Report(items=items)


def _quiet(workplace: Workplace) -> Workplace:
    """The workplace without word of what was read: it would pass for what was taken down."""
    return replace(workplace, progress=SilentProgress(workplace.progress))
