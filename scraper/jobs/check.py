"""``postkeep check``: what is wrong with what in the archive, and with ``--repair`` what was mended."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scraper.archive.check import Problem
from scraper.archive.check import check as find_problems
from scraper.archive.files import KEY_FILE, present_names, present_path
from scraper.archive.repair import repair as mend
from scraper.jobs.progress import Progress
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.people import KEY_REMEDY, key_fault

_MEGABYTE: Final = 1_000_000


def check(workplace: Workplace, *, repair: bool = False) -> Report:
    """One item a problem: ``failed`` where it stands, ``done`` where it was mended; one ``done`` for a whole archive.

    Raises:
        UsageError: the folder is no archive.
        ArchiveHeldError: another run holds it and a repair was asked for.
    """
    if repair:
        result = mend(workplace.folder, workplace.clock.now(), workplace.disk)
        mended, left = result.mended, result.left
    else:
        mended, left = (
            (),
            tuple(find_problems(workplace.folder, _Watch(workplace.folder, workplace.progress))),
        )
    left = (*left, *_key_problems(workplace.folder / KEY_FILE))
    items = [Item(problem.subject, "done", reason=f"Mended: {problem.what}") for problem in mended]
    items += [_unmended_item(problem) for problem in left]
    if not items:
        items = [Item(str(workplace.folder), "done", reason="The archive is whole.")]
    for item in items:
        workplace.progress.end(item)
    return Report(items=tuple(items))


class _Watch:
    """Shows how many megabytes of the WARC files have been read."""

    def __init__(self, archive: Path, progress: Progress) -> None:
        paths = (present_path(archive, name) for name in present_names(archive))
        size = sum(path.stat().st_size for path in paths if path is not None)
        self._progress = progress
        self._unshown = 0
        progress.expect(size // _MEGABYTE, "reading megabytes of WARC files")

    def __call__(self, length: int) -> None:
        self._unshown += length
        while self._unshown >= _MEGABYTE:
            self._unshown -= _MEGABYTE
            self._progress.step()


def _key_problems(path: Path) -> Iterator[Problem]:
    """Why the pseudonym key cannot be used, if there is one and it cannot."""
    fault = key_fault(path) if path.is_file() else None
    if fault:
        yield Problem(str(path), f"The pseudonym key {fault}.", KEY_REMEDY, mendable=False)


def _unmended_item(problem: Problem) -> Item:
    is_told = problem.remedy.removesuffix(".") in problem.what
    reason = problem.what if is_told else f"{problem.what} {problem.remedy}"
    return Item(problem.subject, "failed", reason=reason)
