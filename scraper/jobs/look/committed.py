"""The records of an archive as they were last committed, for whoever looks: no lock is taken, and nothing is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.archive.files import RECORDS_FILE, present_names, require_archive
from scraper.archive.lock import is_held
from scraper.archive.pending import read_pending
from scraper.archive.swap import READY_FOLDER
from scraper.errors import ArchiveHeldError, UsageError
from scraper.records.store import Records


@contextmanager
def committed_records(folder: Path) -> Iterator[Records | None]:
    """The records as they stand, while a run may hold the archive; None where nothing was kept yet.

    Raises:
        UsageError: the folder is no archive, or what it keeps was not read.
        ArchiveHeldError: a takedown was begun and is not complete.
    """
    require_archive(folder)
    refuse_while_taking_down(folder)
    path = folder / RECORDS_FILE
    if path.is_file():
        with Records.open_to_read(path) as records:
            yield records
        return
    if present_names(folder):
        raise UsageError(f"{folder} has no records to read. Run: postkeep extract --archive {folder}")
    yield None


def refuse_while_taking_down(folder: Path) -> None:
    """Raise ArchiveHeldError while the records may hold what is being taken down."""
    is_begun = any(not pending.visits for pending in read_pending(folder))
    if is_begun or (folder / READY_FOLDER).is_dir():
        remedy = f"Run `postkeep extract --archive {folder}`, which completes it, then look again."
        if is_held(folder):
            remedy = "Another run is at work in it: wait until that has ended, then look again."
        message = f"{folder} has a takedown that is not complete, so nothing of it is shown. {remedy}"
        raise ArchiveHeldError(message)


def word_of_run(folder: Path) -> tuple[str, ...]:
    """That another run is at work in the archive, as a sentence; none where nobody is."""
    if not is_held(folder):
        return ()
    return (
        "Another run is at work in the archive: what it brings is shown once it has ended and was judged.",
    )
