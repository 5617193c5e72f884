"""What the user names, taken apart: folders into files, archive files into members, down to single pages."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scraper.archive.files import is_archive
from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import Read, RestLostError, read_up_to
from scraper.jobs.imports.file_kind import HEAD, FileKind, kind_by_head, opened, unreadable
from scraper.jobs.imports.member import Member
from scraper.jobs.imports.no_pages import reason_against_kind
from scraper.jobs.imports.other_files import OtherFileError, other_zip
from scraper.jobs.imports.pages import pages_after, pages_in_member
from scraper.jobs.imports.passed_over import NO_GET, PassedOver
from scraper.jobs.imports.saved_page import NotTaken, SavedPage
from scraper.jobs.imports.stated_origin import StatedOrigin
from scraper.jobs.imports.table import BadRow, Table
from scraper.jobs.imports.tar_members import TarMembers
from scraper.jobs.imports.wacz import is_wacz, is_warc_name
from scraper.jobs.imports.walk import files_below, is_folder
from scraper.jobs.imports.zip_members import ZipMembers, opened_zip
from scraper.jobs.progress import Progress
from scraper.model.outcome import Item


@dataclass(frozen=True, slots=True)
class WarcSource:
    """A WARC file, or a ZIP file with WARC files in it."""

    path: Path
    is_zip: bool


@dataclass(slots=True)
class _Named:
    """Something that the user named, with what they say of its pages, and what of it is passed over.

    ``place`` is that of its row in a table; ``is_folder`` says that its files were not named one by one, ``is_of_use``
    that there was a page or a problem in it.
    """

    path: Path
    origin: StatedOrigin
    passed_over: PassedOver
    place: str | None = None
    is_folder: bool = False
    is_of_use: bool = False


class Sources:
    """All that an import was given, read once and in order; of the files only the one in hand is in memory."""

    def __init__(
        self,
        paths: Sequence[Path],
        table: Table | None,
        origin: StatedOrigin,
        own: Collection[Path],
        progress: Progress,
    ) -> None:
        """``own`` are files and folders of postkeep's, which are no pages of a folder that they lie in."""
        self.warcs: list[WarcSource] = []
        self._paths = paths
        self._table = table
        self._origin = origin
        self._own = frozenset(path.absolute() for path in own)
        self._progress = progress
        self._passed_over: list[PassedOver] = []

    def pages(self) -> Iterator[SavedPage | Item]:
        """Each page, with what the user says of it, and each problem; WARC files are noted in ``warcs``."""
        self._progress.expect(self._count(), "importing")
        for path in self._paths:
            yield from self._of_path(path)
        if self._table:
            yield from self._of_table(self._table)

    def passed_over(self) -> Iterator[PassedOver]:
        """What was passed over on the way."""
        return iter(self._passed_over)

    def _count(self) -> int:
        count = sum(1 for _ in self._table.rows()) if self._table else 0
        return count + sum(
            sum(1 for _ in files_below(path, self._own)) if is_folder(path) else 1 for path in self._paths
        )

    def _named(self, path: Path, origin: StatedOrigin, place: str | None = None) -> _Named:
        return _Named(path, origin, PassedOver(str(path)), place)

    def _of_path(self, path: Path) -> Iterator[SavedPage | Item]:
        if not is_folder(path):
            yield from self._of_file(path, self._named(path, self._origin))
            return
        if is_archive(path):
            reason = f"{path} is an archive of postkeep, and no folder of pages. To work in it, name it with --archive {path}."
            yield Item(str(path), "failed", reason=reason)
            return
        folder = self._named(path, self._origin.for_all)
        folder.is_folder = True
        for child in files_below(path, self._own):
            if isinstance(child, NotTaken):
                yield from self._not_taken(child, folder)
            else:
                yield from self._of_file(child, folder)
        if not folder.is_of_use:
            yield Item(str(path), "failed", reason=f"{path} holds no file that could be a page.")

    def _of_table(self, table: Table) -> Iterator[SavedPage | Item]:
        for row in table.rows():
            if isinstance(row, BadRow):
                yield Item(row.place, "failed", reason=row.reason)
                continue
            origin = StatedOrigin(
                row.url or self._origin.url,
                row.captured_at or self._origin.captured_at,
                None if row.url else self._origin.pattern,
            )
            yield from self._of_file(row.path, self._named(row.path, origin, row.place))

    def _of_file(self, path: Path, named: _Named) -> Iterator[SavedPage | Item]:
        self._progress.begin(str(path))
        try:
            with opened(path) as file:
                yield from self._of_open_file(file, path, named)
        except OtherFileError as error:
            if named.is_folder and error.in_folder:
                yield from self._not_taken(NotTaken(str(path), "skipped", error.in_folder), named)
            else:
                yield self._failed(path, error, named)
        except SkippableError as error:
            yield self._failed(path, error, named)

    def _of_open_file(self, file: BinaryIO, path: Path, named: _Named) -> Iterator[SavedPage | Item]:
        read = _reading(file, path)
        head = read_up_to(read, HEAD)
        kind = kind_by_head(head, str(path))
        if kind is FileKind.WARC:
            named.origin.refuse_for(path)
            self._note_warcs(WarcSource(path, is_zip=False), named)
        elif kind is FileKind.ZIP:
            yield from self._of_zip(path, named)
        elif kind is FileKind.TAR:
            named.origin.refuse_one_url(path)
            tar = TarMembers(path, file)
            _refuse_empty(path, len(tar))
            yield from self._of_members(path, tar.members(), len(tar), named)
        elif named.is_folder and (reason := reason_against_kind(path.name, kind)):
            yield from self._not_taken(NotTaken(str(path), "skipped", reason), named)
        else:
            yield from self._prepared(
                pages_after(head, read, str(path), kind), str(path), named.origin, named
            )

    def _of_zip(self, path: Path, named: _Named) -> Iterator[SavedPage | Item]:
        with opened_zip(path) as package:
            members = ZipMembers(path, package)
            if other := other_zip(members.paths()):
                raise OtherFileError(str(path), other)
            _refuse_empty(path, len(members))
            is_package = is_wacz(members.paths())
            if is_package or any(map(is_warc_name, members.paths())):
                named.origin.refuse_for(path)
                self._note_warcs(WarcSource(path, is_zip=True), named)
            if not is_package:
                named.origin.refuse_one_url(path)
                yield from self._of_members(path, members.members(but=is_warc_name), len(members), named)

    def _of_members(
        self, path: Path, members: Iterator[Member | NotTaken], count: int, named: _Named
    ) -> Iterator[SavedPage | Item]:
        self._progress.more(count - 1)
        origin = named.origin.for_all
        for member in members:
            if isinstance(member, NotTaken):
                yield from self._not_taken(member, named)
                continue
            self._progress.begin(member.name)
            try:
                yield from self._prepared(pages_in_member(member), f"{path}/{member.path}", origin, named)
            except RestLostError:
                raise
            except SkippableError as error:
                yield Item(member.name, "failed", reason=str(error))

    def _prepared(
        self, pages: Iterator[SavedPage | NotTaken], path: str, origin: StatedOrigin, named: _Named
    ) -> Iterator[SavedPage | Item]:
        """Each page, out of the file at ``path``, with what the user says of it."""
        for page in pages:
            if isinstance(page, NotTaken):
                yield from self._not_taken(page, named)
            elif not page.asked.is_get:
                yield from self._not_taken(NotTaken(page.name, "skipped", NO_GET), named)
            else:
                named.is_of_use = True
                yield origin.of(page, path)

    def _not_taken(self, file: NotTaken, named: _Named) -> Iterator[Item]:
        if file.outcome == "failed":
            named.is_of_use = True
            yield Item(file.name, "failed", reason=file.reason)
        else:
            if not named.passed_over:
                self._passed_over.append(named.passed_over)
            named.passed_over.add_file(file.name, file.reason)
            self._progress.step()

    def _note_warcs(self, source: WarcSource, named: _Named) -> None:
        named.is_of_use = True
        self.warcs.append(source)

    def _failed(self, path: Path, error: SkippableError, named: _Named) -> Item:
        named.is_of_use = True
        return Item(str(path), "failed", reason=f"{named.place}: {error}" if named.place else str(error))


def _refuse_empty(path: Path, members: int) -> None:
    if not members:
        raise SkippableError(f"{path} is an archive file with no file in it.")


def _reading(file: BinaryIO, path: Path) -> Read:
    def read(count: int) -> bytes:
        try:
            return file.read(count)
        except OSError as error:
            raise unreadable(path, error) from error

    return read
