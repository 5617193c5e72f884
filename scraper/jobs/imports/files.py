"""``postkeep import``: pages that were saved elsewhere go into the archive, and are read."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from scraper.archive.archive import Archive
from scraper.errors import SkippableError, UsageError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import known_roots
from scraper.jobs.imports.file_kind import FileKind, kind_of
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.page import StatedOrigin, import_page
from scraper.jobs.imports.pages import KINDS_OF_PAGES, pages_of
from scraper.jobs.imports.passed_over import PassedOver
from scraper.jobs.imports.saved_page import NotTaken
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.wacz import unpacked_wacz
from scraper.jobs.imports.warc import WarcImport
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.jobs.progress import Progress
from scraper.jobs.runs import open_archive
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """``is_public``: who imports states that signed-out readers see all that a person asked for.

    ``skipped_to`` is the file for a line of JSON on each capture that is passed over.
    """

    is_public: bool = False
    skipped_to: Path | None = None


def import_files(
    files: Sequence[Path],
    workplace: Workplace,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    options: ImportOptions = ImportOptions(),
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
    Archive.create(workplace.folder, workplace.disk)
    items: list[Item] = []
    with open_archive(workplace) as (archive, extractor), ExitStack() as unpacked:
        workplace.progress.expect(len(files), "importing")
        sources = [_source(path, unpacked) for path in files]
        warcs = [warc for source in sources for warc in source.warcs]
        places = unpacked.enter_context(WarcPlaces(warcs))
        intake = Intake(archive, extractor, exclusions_of(workplace), options.is_public)
        roots = known_roots(extractor)
        importing = _Import(
            StatedOrigin(url, captured_at), intake, selection, WarcImport(places, intake, selection, roots)
        )
        skipped = unpacked.enter_context(_opened(options.skipped_to)) if options.skipped_to else None
        for item in importing.take_all(sources, workplace.progress):
            if isinstance(item, Item):
                workplace.progress.end(item)
                items.append(item)
                continue
            for counted in item.counted:
                workplace.progress.end(counted)
            items.extend(item.items)
            if skipped:
                item.write(skipped)
    return Report(items=tuple(items), outputs=(str(options.skipped_to),) if options.skipped_to else ())


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}. Name another file."
        ) from error


@dataclass(frozen=True, slots=True)
class _Source:
    """One of the files: what it is, the WARC files in it, what of it cannot be used, and ``trouble`` where none of it can."""

    path: Path
    kind: FileKind | None = None
    warcs: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()
    trouble: str | None = None


def _source(path: Path, unpacked: ExitStack) -> _Source:
    try:
        kind = kind_of(path)
        if kind in KINDS_OF_PAGES:
            return _Source(path, kind)
        if kind is FileKind.WARC:
            return _Source(path, kind, (path,))
        warcs, problems = unpacked.enter_context(unpacked_wacz(path))
        return _Source(path, kind, tuple(warcs), tuple(problems))
    except SkippableError as error:
        return _Source(path, trouble=str(error))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error


class _Import:
    """One run over its files."""

    def __init__(self, stated: StatedOrigin, intake: Intake, selection: Selection, warcs: WarcImport) -> None:
        self._stated = stated
        self._intake = intake
        self._selection = selection
        self._warcs = warcs

    def take_all(self, sources: Sequence[_Source], progress: Progress) -> Iterator[Item | PassedOver]:
        """An item for each post and each problem, and what is passed over, file by file; then those of the revisits in all files."""
        for source in sources:
            progress.begin(str(source.path))
            try:
                yield from self._take(source)
            except SkippableError as error:
                yield Item(str(source.path), "failed", reason=str(error))
        yield from self._warcs.rest()

    def _take(self, source: _Source) -> Iterator[Item | PassedOver]:
        if source.trouble is not None or source.kind is None:
            yield Item(str(source.path), "failed", reason=source.trouble)
        elif source.kind in KINDS_OF_PAGES:
            for page in pages_of(_bytes_of(source.path), str(source.path), source.kind):
                if isinstance(page, NotTaken):
                    yield Item(page.name, page.outcome, reason=page.reason)
                else:
                    yield from import_page(self._stated.of(page), self._intake, self._selection)
        else:
            self._stated.refuse_for(source.path)
            for problem in source.problems:
                yield Item(str(source.path), "failed", reason=problem)
            yield from self._warcs.take(source.path, source.warcs)
