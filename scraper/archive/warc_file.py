"""A WARC or ARC file wherever it lies: on this machine, in a store far away, or within a WACZ in either of the two."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast
from urllib.parse import SplitResult, unquote, urlsplit

from scraper.archive.record_ranges import RecordRange, RecordRanges
from scraper.archive.remote_file import BUFFER, Extent, Patience, RemoteFile, Store, public_address
from scraper.errors import SkippableError, UnreadableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:://|::)")
_LOCAL: Final = frozenset({"file", "local"})
# So many bytes between two ranges are rather read than asked for anew.
_NEIGHBOURING: Final = 1 << 16
# Of a record of which only the beginning is known, so many bytes are asked for at first.
_UNKNOWN: Final = 1 << 16
ZIP_TROUBLE: Final = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    struct.error,
)
"""What Python raises for a ZIP file that is damaged, encrypted or of a kind that it does not know."""


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file within a ZIP file: its ``path`` there, the byte at which its header begins, and what tells its content.

    ``stored`` is where its bytes lie, as they are; None where they are packed.
    """

    path: str
    header: int
    content: str
    stored: Extent | None


@dataclass(frozen=True, slots=True)
class WarcFile:
    """One WARC or ARC file. ``location`` is how people are told of it, and holds no credentials.

    ``address`` leads to it, or to the ZIP file of which it is a ``member``: a path of this machine, or a URL. Where there are
    ``ranges``, only the records that stand there are read.
    """

    location: str
    address: str = field(repr=False)
    member: ZipMember | None = None
    ranges: RecordRanges | None = None

    @classmethod
    def at(cls, path: Path) -> Self:
        """The file at a path of this machine."""
        return cls(str(path), str(path))

    @classmethod
    def named(cls, text: str) -> Self:
        """The file at a path of this machine, or at a URL."""
        if not is_url(text):
            return cls.at(Path(text))
        parts = url_parts(text)
        if parts.scheme.lower() in _LOCAL and parts.netloc in {"", "localhost"}:
            return cls.at(Path(unquote(parts.path)))
        return cls(public_address(text), text)

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine, by itself or in a ZIP file."""
        return not is_url(self.address)

    @property
    def name(self) -> str:
        """The last part of its path."""
        if self.member:
            return self.member.path.rpartition("/")[2]
        return Path(self.address).name if self.is_local else url_parts(self.address).path.rpartition("/")[2]

    def of_member(self, member: ZipMember) -> Self:
        """The file that is a member of this one."""
        return replace(self, location=f"{self.location}:{member.path}", member=member)

    def open(self) -> BinaryIO:
        """The file's bytes from its beginning; they can be sought in. Far away, nothing is held but what is at hand.

        Raises:
            SkippableError: it is not there, or cannot be read.
            RetryableError: it lies far away and cannot be had for now; while it is read, not to its end.
        """
        member = self.member
        if member is None:
            return self.parts(self._extents(0))
        if member.stored is None:
            return self._buffered(_Unpacking(self.location, self.container(), member))
        begin, end = member.stored
        return self._buffered(_Window(self.container(self._extents(begin) or [(begin, end)]), begin, end))

    def parts(self, extents: Sequence[Extent]) -> BinaryIO:
        """The bytes of a file that is no member, as ``open`` gives them, of which nothing but ``extents``, in order, is to be read."""
        return self._buffered(self.container(extents))

    def container(self, extents: Sequence[Extent] = ()) -> io.RawIOBase:
        """The bytes of the file at its address, be it a member of that or not. Raises as ``open``.

        Where ``extents`` are given, nothing but these is to be read of it.
        """
        if not self.is_local:
            return RemoteFile(self._store(), extents)
        try:
            return Path(self.address).open("rb", buffering=0)
        except (OSError, ValueError) as error:
            raise self.unreadable(error) from error

    def identity(self) -> str:
        """What changes when the file does, or what is read of it: its size, when it was written or what its store calls its version, its ranges.

        Raises:
            SkippableError: as ``open``.
        """
        own = f" {self.member.content}" if self.member else ""
        if self.ranges is not None:
            own += f" {self.ranges.digest}"
        if not self.is_local:
            store = self._store()
            return Patience(self.location).through(store.identity) + own
        try:
            status = Path(self.address).stat()
        except (OSError, ValueError) as error:
            raise self.unreadable(error) from error
        return f"{status.st_size} {status.st_mtime_ns}{own}"

    def unreadable(self, error: Exception) -> UnreadableError:
        """The error for a file that its medium does not give."""
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return UnreadableError(f"{self.location} cannot be read: {reason}.")

    def _extents(self, begin: int) -> list[Extent]:
        """What is asked for of a file far away that begins at the byte ``begin``, so that no two requests are made where one does."""
        return [] if self.is_local or self.ranges is None else extents_of(self.ranges, begin)

    def _buffered(self, raw: io.RawIOBase) -> BinaryIO:
        # Of a file on this machine what is held is no less quick to be had again.
        return cast("BinaryIO", io.BufferedReader(raw, io.DEFAULT_BUFFER_SIZE if self.is_local else BUFFER))

    def _store(self) -> Store:
        # What asks servers and buckets takes its time to be imported, and files of this machine need none of it.
        if self.address.lower().startswith(("http://", "https://")):
            from scraper.archive.http_store import HttpStore  # noqa: PLC0415 - see above

            return HttpStore(self.address, self.location)
        from scraper.archive.fsspec_store import FsspecStore  # noqa: PLC0415 - see above

        return FsspecStore(self.address, self.location)


def is_url(text: str) -> bool:
    """Whether a user who writes this means a URL, and no path of this machine."""
    return _URL.match(text) is not None


def url_parts(text: str) -> SplitResult:
    """A URL taken apart; of what cannot be, all is its path."""
    try:
        return urlsplit(text)
    except ValueError:
        return SplitResult("", "", text, "", "")


def extents_of(ranges: Iterable[RecordRange], begin: int = 0) -> list[Extent]:
    """The bytes of ranges, in order, of a file that begins at the byte ``begin``; those that lie near each other as one."""
    extents: list[Extent] = []
    for each in ranges:
        start = begin + each.offset
        end = start + (each.length or _UNKNOWN)
        if extents and start <= extents[-1][1] + _NEIGHBOURING:
            extents[-1] = (extents[-1][0], max(end, extents[-1][1]))
        else:
            extents.append((start, end))
    return extents


class _Window(io.RawIOBase):
    """The bytes of ``file`` from ``begin`` to before ``end`` as a file by themselves."""

    def __init__(self, file: io.RawIOBase, begin: int, end: int) -> None:
        self._file = file
        self._begin = begin
        self._end = end
        self._at = begin

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at - self._begin

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._begin, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = max(self._begin, base + offset)
        return self.tell()

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer).cast("B")[: max(0, self._end - self._at)]
        self._file.seek(self._at)
        count = self._file.readinto(room) or 0 if len(room) else 0
        self._at += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class _Unpacking(io.RawIOBase):
    """A packed member of a ZIP file, unpacked while it is read."""

    def __init__(self, location: str, file: io.RawIOBase, member: ZipMember) -> None:
        self._location = location
        self._file = io.BufferedReader(file, BUFFER)
        try:
            self._package = zipfile.ZipFile(self._file)
            entry = next(each for each in self._package.infolist() if each.header_offset == member.header)
            self._entry = self._package.open(entry)
        except (*ZIP_TROUBLE, StopIteration) as error:
            self._file.close()
            raise self._broken(error) from error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._entry.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._entry.seek(offset, whence)
        except ZIP_TROUBLE as error:
            raise self._broken(error) from error

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            piece = self._entry.read(len(room))
        except ZIP_TROUBLE as error:
            raise self._broken(error) from error
        room[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        for each in (self._entry, self._package, self._file):
            each.close()
        super().close()

    def _broken(self, error: Exception) -> SkippableError:
        return SkippableError(f"{self._location} cannot be unpacked to its end: {error}. Get the file again.")
