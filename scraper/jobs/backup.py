"""``postkeep backup``: a copy of what the WARC files cannot rebuild."""

from pathlib import Path

from scraper.archive.backup import backup as copy_unrebuildable
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report


def backup(target: Path, workplace: Workplace) -> Report:
    """Back the archive up into ``target``; one item a file.

    Raises:
        UsageError: there is no archive, or ``target`` holds anything but a backup of it.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be read, or ``target`` not be written; a former backup is as it was.
    """
    written = copy_unrebuildable(workplace.folder, target, workplace.disk)
    return Report(items=tuple(Item(str(path), "done") for path in written), outputs=(str(target),))
