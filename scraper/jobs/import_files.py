"""``postkeep import``: pages that were saved elsewhere go into the archive, and are read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from scraper.archive.archive import Archive
from scraper.errors import SkippableError, UsageError
from scraper.jobs.extract import open_extractor
from scraper.jobs.file_kind import FileKind, kind_of
from scraper.jobs.import_page import Said, import_page
from scraper.jobs.import_warc import import_warcs, unpacked_warcs
from scraper.jobs.intake import Intake
from scraper.jobs.selection import Selection
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report


def import_files(
    files: Sequence[Path],
    workplace: Workplace,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> Report:
    """Take each file in; a file that cannot be used is said and passed over.

    ``url`` and ``captured_at`` (aware) are what the user says of a page that does not say it itself; ``selection`` says
    which posts are wanted.

    Raises:
        UsageError: one ``url`` for several files, a time to come, or a folder that is no archive and not empty.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    if url is not None and len(files) > 1:
        raise UsageError(
            "--url says where one page was. Import several files one by one, each with its own --url."
        )
    if captured_at is not None and captured_at > workplace.clock.now():
        raise UsageError(f"--captured-at {captured_at.isoformat()} lies in the future.")
    said = Said(url, captured_at)
    Archive.create(workplace.folder, workplace.disk)
    items: list[Item] = []
    with (
        Archive.open(
            workplace.folder, clock=workplace.clock, warcinfo=workplace.warcinfo(), disk=workplace.disk
        ) as archive,
        open_extractor(workplace) as extractor,
    ):
        intake = Intake(archive, extractor)
        workplace.progress.expect(len(files), "importing")
        for path in files:
            workplace.progress.begin(str(path))
            for item in _import(path, said, intake, selection):
                workplace.progress.end(item)
                items.append(item)
    return Report(items=tuple(items))


def _import(path: Path, said: Said, intake: Intake, selection: Selection) -> Iterator[Item]:
    try:
        kind = kind_of(path)
        if kind in {FileKind.HTML, FileKind.TEXT}:
            yield import_page(path, kind, said, intake, selection)
        else:
            said.refuse_for(path)
            with unpacked_warcs(path, kind) as warcs:
                yield from import_warcs(path, warcs, intake, selection)
    except SkippableError as error:
        yield Item(str(path), "failed", reason=str(error))
