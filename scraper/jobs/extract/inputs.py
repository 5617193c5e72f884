"""The WARC files that a dataset is made of, from what somebody names."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scraper.archive.files import is_archive
from scraper.archive.foreign_heads import BOM
from scraper.archive.warc_file import WarcFile
from scraper.errors import RetryableError, SkippableError
from scraper.jobs.extract.chosen_records import ChosenRecords
from scraper.jobs.extract.path_lists import is_path_list, is_pattern, matches_of, paths_in
from scraper.jobs.imports.bounds import read_up_to
from scraper.jobs.imports.file_kind import HEAD, FileKind, kind_by_head, opened
from scraper.jobs.imports.other_files import OtherFile, OtherFileError
from scraper.jobs.imports.saved_page import NotTaken
from scraper.jobs.imports.wacz import is_warc_name, warcs_within
from scraper.jobs.imports.walk import files_below, is_folder
from scraper.model.coding import packed_as
from scraper.model.outcome import Item

_NO_WARC: Final = "No WARC, ARC or WACZ file, which are all that extract reads."
_PAGES: Final = OtherFile(
    "no WARC, ARC or WACZ file", remedy="`postkeep import` takes saved pages of other kinds into an archive."
)
_WEB: Final = ("http://", "https://")
_BEGINNINGS: Final = (b"WARC/", BOM + b"WARC/", b"FILEDESC:")
_ENOUGH: Final = 16


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files in an order that does not depend on how they were named, and items for what is no such file.

    ``chosen`` are the records that are read of them where an index chose.
    """

    files: tuple[WarcFile, ...]
    items: tuple[Item, ...] = ()
    chosen: ChosenRecords | None = None

    def placed(self, path: Path) -> tuple[WarcFile, ...]:
        """The files, each with what is read of it: where an index chose, ``path`` is written to say that.

        Raises:
            StopError: there is no room on disk.
        """
        return self.files if self.chosen is None else self.chosen.write(path)


def inputs_of(paths: Sequence[str], base: str | None = None, own: Collection[Path] = ()) -> Inputs:
    """The files at these paths and URLs, in the folders, patterns and WACZ files, and in the lists of paths, each once.

    Of a list, ``@FILE`` or one named ``*.paths`` or ``*.paths.gz``, what is no whole path or URL is looked for below ``base``, a folder
    or a URL. ``own`` are files and folders that this run writes, which are not read.

    Raises:
        UsageError: a URL has a scheme that nothing installed reads.
    """
    search = _Search(base, frozenset(path.absolute() for path in own))
    for text in sorted(set(paths)):
        search.take(text)
    return search.inputs()


class _Search:
    """What was come upon so far."""

    def __init__(self, base: str | None, own: Collection[Path]) -> None:
        self._base = base
        self._own = own
        # By what is one file however it is named.
        self._files: dict[tuple[str, str], WarcFile] = {}
        self._items: set[Item] = set()

    def inputs(self) -> Inputs:
        """All of it, in order."""
        files = sorted(self._files.values(), key=lambda warc: (warc.location, warc.address))
        items = sorted(self._items, key=lambda item: (item.target, item.outcome, item.reason or ""))
        return Inputs(tuple(files), tuple(items))

    def take(self, text: str) -> None:
        """What somebody named: a list, or anything else."""
        if not text.strip():
            self._fail(text, "An empty path names no file.")
        elif text.startswith("@") or is_path_list(text):
            self._take_list(text.removeprefix("@"))
        else:
            self._take_place(text)

    def _take_list(self, text: str) -> None:
        listing = WarcFile.named(text)
        try:
            for path in paths_in(listing, self._base):
                self._take_place(path)
        except (RetryableError, SkippableError) as error:
            self._fail(listing.location, str(error))

    def _take_place(self, text: str) -> None:
        named = WarcFile.named(text)
        try:
            if named.is_local:
                self._take_path(named.address)
            elif text.lower().startswith(_WEB):
                _refuse_listing(named)
                self._take_file(named)
            else:
                self._take_stored(named)
        except (RetryableError, SkippableError) as error:
            self._fail(named.location, str(error))

    def _take_path(self, text: str) -> None:
        path = Path(text)
        if is_folder(path):
            self._take_folder(path)
        elif is_pattern(text):
            for match in matches_of(text):
                if is_folder(match):
                    self._take_place(str(match))
                else:
                    self._take_file_of_folder(_local(match))
        else:
            self._take_file(_local(path))

    def _take_folder(self, folder: Path) -> None:
        if is_archive(folder):
            reason = f"{folder} is an archive of postkeep. `postkeep export DIR --archive {folder}` writes its dataset."
            raise SkippableError(reason)
        before = len(self._files)
        for child in files_below(folder, self._own):
            if isinstance(child, NotTaken):
                self._items.add(Item(child.name, child.outcome, reason=child.reason))
            else:
                self._take_file_of_folder(_local(child))
        if len(self._files) == before and not any(_holds(warc, folder) for warc in self._files.values()):
            raise SkippableError(f"{folder} holds no WARC, ARC or WACZ file.")

    def _take_stored(self, named: WarcFile) -> None:
        """What lies in a store that can be listed."""
        from scraper.archive.fsspec_store import listed  # noqa: PLC0415 - buckets take their time to be imported

        addresses = listed(named.address, named.location)
        if addresses is None:
            self._take_file(named)
            return
        for address in addresses:
            self._take_file_of_folder(WarcFile.named(address))
        if not addresses:
            raise SkippableError(f"{named.location} matches no file.")

    def _take_file_of_folder(self, warc: WarcFile) -> None:
        """A file that nobody named by itself: one that is no WARC file is not missed."""
        try:
            self._take_file(warc)
        except OtherFileError as error:
            if is_warc_name(warc.name) or warc.name.lower().endswith(".wacz"):
                self._fail(warc.location, str(error))
            else:
                self._items.add(Item(warc.location, "skipped", reason=_NO_WARC))
        except (RetryableError, SkippableError) as error:
            self._fail(warc.location, str(error))

    def _take_file(self, warc: WarcFile) -> None:
        """A file, or what is in it.

        Raises:
            OtherFileError: it is none of WARC, ARC and WACZ.
            SkippableError: it cannot be read.
            RetryableError: it cannot be read for now.
        """
        if not _is_zip(warc):
            self._add(warc)
            return
        for each in warcs_within(warc):
            if isinstance(each, NotTaken):
                self._fail(each.name, each.reason)
            else:
                self._add(each)

    def _add(self, warc: WarcFile) -> None:
        address = os.path.realpath(warc.address) if warc.is_local else warc.address
        key = (address, warc.member.path if warc.member else "")
        other = self._files.get(key)
        # By which of several names it goes is not for their order to say.
        if other is None or warc.location < other.location:
            self._files[key] = warc

    def _fail(self, target: str, reason: str) -> None:
        self._items.add(Item(target, "failed", reason=reason))


def _local(path: Path) -> WarcFile:
    """A file of this machine: told of as it was named, and found from any folder."""
    return replace(WarcFile.at(path), address=str(path.absolute()))


def _holds(warc: WarcFile, folder: Path) -> bool:
    return warc.is_local and Path(os.path.realpath(warc.address)).is_relative_to(os.path.realpath(folder))


def _refuse_listing(named: WarcFile) -> None:
    """Raise SkippableError where a URL names files that a web server does not list."""
    path = named.address.partition("?")[0]
    if "*" in path or path.endswith("/") or path.count("/") < 3:
        raise SkippableError(
            f"{named.location} names no one file, and a web server does not list its files. Write their URLs into a file, one a line, "
            "and name that as @FILE; of Common Crawl name the list itself, a warc.paths.gz."
        )


def _is_zip(warc: WarcFile) -> bool:
    """Whether a file is one with others in it, and no WARC file.

    Raises:
        OtherFileError: it is neither.
        SkippableError: it cannot be read, or is empty.
        RetryableError: it cannot be read for now.
    """
    if not warc.is_local and is_warc_name(warc.name):
        # There may be very many; what they are is seen where they are read.
        return False
    head = _head(warc)
    if is_warc_name(warc.name) and (
        head[:_ENOUGH].upper().startswith(_BEGINNINGS) or packed_as(head[:_ENOUGH])
    ):
        return False
    kind = kind_by_head(head, warc.location)
    if kind is FileKind.ZIP:
        return True
    if kind is not FileKind.WARC:
        raise OtherFileError(warc.location, _PAGES)
    return False


def _head(warc: WarcFile) -> bytes:
    if warc.is_local:
        try:
            with opened(Path(warc.location)) as file:
                return file.read(HEAD)
        except OSError as error:
            raise warc.unreadable(error) from error
    with warc.container([(0, HEAD)]) as far:
        return read_up_to(far.read, HEAD)
