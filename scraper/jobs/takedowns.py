"""Takedowns as every run completes them: what was begun and cut off, what has come back, and what readers still show."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.archive.disk import Disk
from scraper.archive.files import KEY_FILE, RECORDS_FILE, is_used
from scraper.archive.lock import Lock
from scraper.archive.migrate import scratch_state
from scraper.archive.outputs import outputs_of
from scraper.archive.pending import read_pending
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.archive.state import STATE_FILE, copy_database
from scraper.jobs.extractor import open_extractor, read_unread
from scraper.jobs.progress import SilentProgress
from scraper.jobs.reader_pages import readers_of, update_readers
from scraper.jobs.robots_today import RobotsToday
from scraper.jobs.up_to_date import UpToDate
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.reading.pool import ReadingLimits, ReadingProcesses
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.records.store import Records
from scraper.takedown.subject import Inventory
from scraper.takedown.takedowns import Takedowns
from scraper.takedown.visited import PageReading


def complete_takedowns(workplace: Workplace) -> None:
    """Complete what an earlier run began, and take down again what has come back since.

    Raises:
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read or written.
    """
    if read_pending(workplace.folder):
        with reading_processes(workplace) as processes, Lock(workplace.folder):
            takedowns_in(workplace, processes).complete()
    if readers_of(workplace.folder).behind:
        for item in reread(workplace):
            if item.outcome == "failed":
                workplace.progress.end(item)


def reread(workplace: Workplace) -> list[Item]:
    """Read the visits whose captures a takedown has changed, and take what went off the readers that were written; an item for each."""
    with (
        open_to_read(workplace.folder) as archive,
        Lock(workplace.folder),
        open_extractor(workplace) as extractor,
    ):
        read_unread(archive, extractor, quiet(workplace))
        records = UpToDate(extractor.store, (), quiet(workplace), RobotsToday(archive), archive)
        return list(update_readers(readers_of(workplace.folder), records))


@contextmanager
def looking_at(workplace: Workplace) -> Iterator[tuple[ArchiveReader, Path]]:
    """The archive as it is committed, and a folder with a copy of its records, into which visits that were never read may be read.

    One in which nothing was kept has nothing in it; what was made under its key may be asked about all the same.
    """
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(TemporaryDirectory(prefix="postkeep-")))
        folder = workplace.folder
        if not is_used(folder) and outputs_of(folder):
            archive = ArchiveReader(folder, scratch_state(scratch / STATE_FILE))
        else:
            archive = open_to_read(folder)
        if (folder / RECORDS_FILE).is_file():
            copy_database(folder / RECORDS_FILE, scratch / RECORDS_FILE, Disk())
        yield opened.enter_context(archive), scratch


@contextmanager
def reading_processes(workplace: Workplace) -> Iterator[ReadingProcesses]:
    """The processes that read; those that the workplace has go on running."""
    with ExitStack() as opened:
        yield workplace.processes or opened.enter_context(
            ReadingProcesses(limits=workplace.reading_limits or ReadingLimits())
        )


def takedowns_in(
    workplace: Workplace,
    processes: ReadingProcesses,
    records_in: Path | None = None,
    elsewhere: Inventory = Inventory(),  # noqa: B008 - frozen
) -> Takedowns:
    """The takedowns of the archive; ``records_in`` is the folder of the records where that is another one.

    ``elsewhere`` is what can be named besides what the archive holds.
    """
    key = load_or_create_key(workplace.folder / KEY_FILE)

    @contextmanager
    def open_records(archive: ArchiveReader, returned: Sequence[str]) -> Iterator[Records]:
        with open_extractor(
            replace(workplace, processes=processes), forgotten=frozenset(), records_in=records_in
        ) as extractor:
            extractor.store.drop(returned)
            read_unread(archive, extractor, quiet(workplace))
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
        elsewhere,
    )


def quiet(workplace: Workplace) -> Workplace:
    """The workplace without word of what was read: it would pass for what was taken down."""
    return replace(workplace, progress=SilentProgress(workplace.progress))
