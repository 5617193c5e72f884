"""``postkeep import``: pages that were saved elsewhere go into the archive, and are read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from scraper.archive.outputs import outputs_of
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError, UsageError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import known_roots
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.page import PageImport
from scraper.jobs.imports.passed_over import PassedOver, begins_listing, write_skipped
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.sources import Sources, WarcSource
from scraper.jobs.imports.stated_origin import StatedOrigin, UrlPattern
from scraper.jobs.imports.table import Table
from scraper.jobs.imports.wacz import unpacked_wacz
from scraper.jobs.imports.walk import is_folder
from scraper.jobs.imports.warc import WarcImport
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.jobs.init import make_place
from scraper.jobs.items import Items
from scraper.jobs.progress import Progress
from scraper.jobs.runs import open_archive
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report

_WORTH_A_HINT: Final = 2


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """``is_public``: who imports states that signed-out readers see all that a person asked for.

    ``skipped_to`` is the file for a line of JSON on each capture and file that is passed over, ``table`` one of files to import.
    """

    is_public: bool = False
    skipped_to: Path | None = None
    table: Path | None = None


def import_files(
    files: Sequence[Path],
    workplace: Workplace,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    options: ImportOptions = ImportOptions(),
) -> Report:
    """Take in each file, and each below a folder; one that cannot be used is said and passed over.

    ``url`` and ``captured_at`` (aware) are what the user says of pages that do not say it themselves: ``url`` that of one
    page, or a pattern. ``selection`` says which posts are wanted.

    Raises:
        UsageError: one ``url`` for several files, a time to come, a table without a column of files, or an archive's folder
            that is none and not empty.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    origin = _stated_origin(files, url, captured_at, workplace, has_table=options.table is not None)
    table = Table(options.table, workplace.clock.now()) if options.table else None
    own = [output.path for output in outputs_of(workplace.folder)]
    own += [path for path in (options.skipped_to, options.table) if path]
    with ExitStack() as stack:
        skipped_to = stack.enter_context(_opened(options.skipped_to)) if options.skipped_to else None
        make_place(workplace.folder, workplace.disk, workplace.progress)
        archive, extractor = stack.enter_context(open_archive(workplace))
        intake = Intake(archive, extractor, exclusions_of(workplace), options.is_public)
        settling = _Settling(workplace.progress, skipped_to)
        sources = Sources(files, table, origin, own, workplace.progress)
        pages = PageImport(intake, selection)
        settling.take(pages.take_all(sources.pages()))
        settling.take(sources.passed_over())
        settling.take(_from_warcs(sources.warcs, intake, selection))
    return Report(
        items=settling.items,
        outputs=(str(options.skipped_to),) if options.skipped_to else (),
        summary=_hint(pages.without_url),
    )


def _stated_origin(
    files: Sequence[Path],
    url: str | None,
    captured_at: datetime | None,
    workplace: Workplace,
    *,
    has_table: bool,
) -> StatedOrigin:
    """What the user says of all that they name.

    Raises:
        UsageError: they say what cannot be.
    """
    pattern = UrlPattern.read(url) if url else None
    if url is not None and pattern is None and (len(files) != 1 or has_table or is_folder(files[0])):
        raise UsageError(
            "--url says where one page was. For several files write it as a pattern, such as "
            "--url 'https://careerly.co.kr/comments/{name}', or name a table of files and URLs with --from."
        )
    if captured_at is not None and captured_at > workplace.clock.now():
        raise UsageError(f"--captured-at {captured_at.isoformat()} lies in the future.")
    return StatedOrigin(None if pattern else url, captured_at, pattern)


def _opened(path: Path) -> TextIO:
    """The file for what is passed over; one that holds anything else is not written over.

    Raises:
        UsageError: it does, or it cannot be written.
    """
    try:
        if path.is_file() and path.stat().st_size and not begins_listing(path):
            raise UsageError(
                f"--skipped {path}: the file holds something else, which would be lost. Name another file."
            )
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}. Name another file."
        ) from error


def _from_warcs(
    sources: Sequence[WarcSource], intake: Intake, selection: Selection
) -> Iterator[Item | PassedOver]:
    """What the WARC files say, each of which may need the others."""
    with ExitStack() as unpacked:
        ready = [_ready(source, unpacked) for source in sources]
        places = unpacked.enter_context(WarcPlaces([warc for each in ready for warc in each.warcs]))
        importing = WarcImport(places, intake, selection, known_roots(intake.extractor))
        for each in ready:
            for problem in each.problems:
                yield Item(str(each.path), "failed", reason=problem)
            try:
                yield from importing.take(str(each.path), each.warcs) if each.warcs else ()
            except SkippableError as error:
                yield Item(str(each.path), "failed", reason=str(error))
        yield from importing.rest()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file with the WARC files in it, and what of it cannot be used."""

    path: Path
    warcs: tuple[WarcFile, ...] = ()
    problems: tuple[str, ...] = ()


def _ready(source: WarcSource, unpacked: ExitStack) -> _Ready:
    if not source.is_zip:
        return _Ready(source.path, (WarcFile.at(source.path),))
    try:
        warcs, problems = unpacked.enter_context(unpacked_wacz(source.path))
    except SkippableError as error:
        return _Ready(source.path, problems=(str(error),))
    return _Ready(source.path, tuple(map(WarcFile.at, warcs)), tuple(problems))


class _Settling:
    """Takes in what an import settles, and tells whoever watches."""

    def __init__(self, progress: Progress, skipped_to: TextIO | None) -> None:
        self._progress = progress
        self._skipped_to = skipped_to
        self.items = Items()

    def take(self, settled: Iterable[Item | PassedOver]) -> None:
        for each in settled:
            if isinstance(each, Item):
                self._progress.end(each)
                self.items.add(each)
                if self._skipped_to and each.outcome == "skipped":
                    write_skipped(each, self._skipped_to)
                continue
            for counted in each.counted:
                self._progress.more(1)
                self._progress.end(counted)
            self.items.extend(each.items)
            if self._skipped_to:
                each.write(self._skipped_to)


def _hint(without_url: int) -> tuple[str, ...]:
    """What to do about pages of which nobody says where they were."""
    if without_url < _WORTH_A_HINT:
        return ()
    line = (
        f"{without_url:,} files do not say where their pages were. Say it of all at once, by their names: "
        "--url 'https://careerly.co.kr/comments/{name}', or by a table with the columns file and url: --from TABLE."
    )
    return (line,)
