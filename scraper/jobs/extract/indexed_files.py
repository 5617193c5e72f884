"""Where the files lie that an index names: in the folders, below the URLs, and among the files that somebody names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from scraper.archive.warc_file import WarcFile, is_url, url_parts
from scraper.errors import RetryableError, SkippableError
from scraper.jobs.extract.inputs import inputs_of
from scraper.jobs.extract.path_lists import below, is_path_list
from scraper.jobs.imports.wacz import is_warc_name
from scraper.jobs.imports.walk import is_folder
from scraper.model.outcome import Item

_PACKAGES = (".wacz", ".zip")


class IndexedFiles:
    """Finds files by the names that indexes have for them."""

    def __init__(self, named: Sequence[str]) -> None:
        """``named`` is what somebody says: files, folders, and URLs below which the files lie; nothing for the folder of each index.

        Raises:
            UsageError: a URL has a scheme that nothing installed reads.
        """
        self._bases = sorted({text for text in named if _is_base(text)})
        self._folders = sorted({text for text in named if not _is_base(text) and is_folder(Path(text))})
        files = [text for text in named if text not in self._bases and text not in self._folders]
        inputs = inputs_of(files)
        self._files = _ByName(inputs.files)
        self.items: tuple[Item, ...] = inputs.items

    @property
    def base(self) -> str | None:
        """The URL below which files lie, where there is one."""
        return self._bases[0] if self._bases else None

    def file(self, name: str, index: WarcFile) -> WarcFile:
        """The file that an index names.

        Raises:
            SkippableError: nothing that is named holds it, or several do, or the name leads elsewhere.
        """
        if ".." in PurePosixPath(name).parts or "\0" in name:
            raise SkippableError(
                f"{index.location} names the file {name}, which leads out of the folder that it is looked for in."
            )
        if is_url(name) and not (self._files or self._folders or self._bases):
            named = WarcFile.named(name)
            if named.is_local and not index.is_local:
                raise SkippableError(
                    f"{index.location} names {name}, a file of this machine, which an index that lies elsewhere has no business to do."
                )
            return named
        path = url_parts(name).path if is_url(name) else name
        warc = self._files.nearest(path) or self._in_folders(path) or self._below(path, index)
        if warc is None:
            raise SkippableError(
                f"{index.location} names the file {name}, which is in none of what --from names. Name it, or the folder or URL that it lies below."
            )
        return warc

    def _in_folders(self, path: str) -> WarcFile | None:
        for folder in self._folders:
            whole = Path(folder, path.lstrip("/"))
            if whole.is_file():
                return replace(WarcFile.at(whole), address=str(whole.absolute()))
        return self._in_all_folders.nearest(path) if self._folders else None

    @cached_property
    def _in_all_folders(self) -> "_ByName":
        return _ByName(inputs_of(self._folders).files)

    def _below(self, path: str, index: WarcFile) -> WarcFile | None:
        """The file below a URL; where nothing is named, below the folder of the index."""
        if self._bases:
            places = [WarcFile.named(below(base, path.lstrip("/"))) for base in self._bases]
            return places[0] if len(places) == 1 else next(filter(_is_there, places), None)
        if self._files or self._folders:
            return None
        if index.is_local:
            whole = Path(index.address).parent / path
            return replace(WarcFile.at(whole), address=str(whole.absolute()))
        parts = url_parts(index.address)
        folder = parts._replace(path=parts.path.rpartition("/")[0], query="", fragment="").geturl()
        return WarcFile.named(below(folder, path.lstrip("/")))


class _ByName:
    """Files by the last part of their path."""

    def __init__(self, files: Iterable[WarcFile]) -> None:
        self._files: defaultdict[str, list[tuple[tuple[str, ...], WarcFile]]] = defaultdict(list)
        for warc in files:
            parts = _parts_of(warc)
            self._files[_last(parts)].append((parts, warc))

    def __bool__(self) -> bool:
        return bool(self._files)

    def nearest(self, path: str) -> WarcFile | None:
        """The file whose path ends as this one does, the longer the better.

        Raises:
            SkippableError: several do alike.
        """
        parts = PurePosixPath(path).parts
        alike = [(_common(own_parts, parts), warc) for own_parts, warc in self._files.get(_last(parts), ())]
        most = max((count for count, _ in alike), default=0)
        best = [warc for count, warc in alike if 0 < count == most]
        if len(best) > 1:
            raise SkippableError(
                f"The index names the file {path}, which may be {best[0].location} or {best[1].location}. Name one of them with --from."
            )
        return best[0] if best else None


def _is_base(text: str) -> bool:
    """Whether a URL is one below which files lie, and not that of a file: what lies there is not listed."""
    if not is_url(text) or text.startswith("@") or is_path_list(text):
        return False
    named = WarcFile.named(text)
    return not named.is_local and not is_warc_name(named.name) and not named.name.lower().endswith(_PACKAGES)


def _is_there(warc: WarcFile) -> bool:
    try:
        return bool(warc.identity())
    except (RetryableError, SkippableError):
        return False


def _parts_of(warc: WarcFile) -> tuple[str, ...]:
    path = PurePosixPath(warc.address if warc.is_local else url_parts(warc.address).path)
    return (*path.parts, *PurePosixPath(warc.member.path).parts) if warc.member else path.parts


def _last(parts: Sequence[str]) -> str:
    return parts[-1] if parts else ""


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts two paths have in common at their ends."""
    count = 0
    for part, other_part in zip(reversed(one), reversed(other), strict=False):
        if part != other_part:
            break
        count += 1
    return count
