"""The files in a ZIP file, one after the other as its directory lists them; nothing is unpacked to disk."""

import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from scraper.archive.warc_file import ZIP_TROUBLE
from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import (
    LONGEST_CONTAINER,
    MOST_MEMBERS,
    Allowance,
    bomb,
    most_of_page,
    too_large,
    too_many_members,
)
from scraper.jobs.imports.member import Member, decoded_name, stems_of
from scraper.jobs.imports.no_pages import LINKS, may_be_resource, reason_against_member
from scraper.jobs.imports.saved_page import NotTaken

IS_ENCRYPTED: Final = 1
"""The flag of a member that is encrypted (APPNOTE.TXT section 4.4.4)."""

_PIECE: Final = 1 << 16
# The directory of a ZIP file is held in memory; that of as many members as are read is smaller.
_LARGEST_DIRECTORY: Final = 64 << 20
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_OTHER_METHODS: Final = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd"}
# Where a local file header has its flags, and its name with the length of that (APPNOTE.TXT section 4.3.7).
_LOCAL: Final = struct.Struct("<6xH18xH2x")
_IS_UTF8: Final = 0x800
# The end of the directory, the one for large files, and what leads to that (APPNOTE.TXT sections 4.3.14 to 4.3.16).
_END: Final = struct.Struct("<4s8xL6x")
_END64: Final = struct.Struct("<4s36xQ8x")
_LOCATOR: Final = 20
_LONGEST_COMMENT: Final = 0xFFFF
_IN_END64: Final = 0xFFFFFFFF


@contextmanager
def opened_zip(path: Path, most_members: int = MOST_MEMBERS) -> Iterator[zipfile.ZipFile]:
    """A ZIP file, open for reading.

    Raises:
        SkippableError: it is damaged, or has more members than are read.
    """
    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
        except OSError as error:
            raise _broken(str(path), error) from error
        yield opened.enter_context(zip_in(file, str(path), most_members))


@contextmanager
def zip_in(file: IO[bytes], name: str, most_members: int = MOST_MEMBERS) -> Iterator[zipfile.ZipFile]:
    """As ``opened_zip``, of a file that is open."""
    try:
        if _directory_size(file) > _LARGEST_DIRECTORY:
            raise too_many_members(name)
        package = zipfile.ZipFile(file)
    except ZIP_TROUBLE as error:
        raise _broken(name, error) from error
    with package:
        if len(package.infolist()) > most_members:
            raise too_many_members(name)
        yield package


def _broken(name: str, error: Exception) -> SkippableError:
    return SkippableError(f"{name} cannot be read as a ZIP or WACZ file: {error}. Get it again.")


def member_path(entry: zipfile.ZipInfo) -> str:
    """The name with slashes, as section 4.4.17 wants it and tools of Windows did not always write it."""
    if entry.flag_bits & _IS_UTF8:
        return entry.filename.replace("\\", "/")
    return decoded_name(entry.filename.encode("cp437", "replace")).replace("\\", "/")


def trust_local_name(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Let the local header spell the entry's name otherwise than the directory does, where only slashes differ."""
    file = package.fp
    if file is None:
        return
    file.seek(entry.header_offset)
    flags, length = _LOCAL.unpack(file.read(_LOCAL.size))
    local = file.read(length).decode("utf-8" if flags & _IS_UTF8 else "cp437", "replace")
    if local.replace("\\", "/") == entry.orig_filename.replace("\\", "/"):
        entry.orig_filename = local


class ZipMembers:
    """The members of a ZIP file; ``len`` of it is how many there are."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        self._path = path
        self._package = package

    def __len__(self) -> int:
        return sum(not inner.endswith("/") for inner in self.paths())

    def paths(self) -> Iterator[str]:
        """The path of each member, as ``member_path``; of a folder it ends in a slash."""
        return map(member_path, self._package.infolist())

    def members(self, but: Callable[[str], bool]) -> Iterator[Member | NotTaken]:
        """Those that may hold pages, and the others with why they do not; none of which the path is one ``but`` which.

        Raises:
            RestLostError: they unpack to more than pages do.
        """
        allowance = Allowance(str(self._path), self._path.stat().st_size)
        stems = stems_of(self.paths()) if any(map(may_be_resource, self.paths())) else set()
        for entry in self._package.infolist():
            inner = member_path(entry)
            if inner.endswith("/") or but(inner):
                continue
            name = f"{self._path}:{inner}"
            is_link = stat.S_ISLNK(entry.external_attr >> 16)
            if reason := LINKS if is_link else reason_against_member(inner, stems):
                yield NotTaken(name, "skipped", reason)
                continue
            try:
                _refuse_unreadable(entry, name)
                trust_local_name(self._package, entry)
                with self._package.open(entry) as file:
                    yield Member(name, inner, _Reading(file, entry, name, allowance).read)
            except ZIP_TROUBLE as error:
                yield NotTaken(name, "failed", f"{name} cannot be unpacked: {error}. Get the file again.")
            except SkippableError as error:
                yield NotTaken(name, "failed", str(error))


def _refuse_unreadable(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & IS_ENCRYPTED:
        raise SkippableError(
            f"{name} is encrypted. Unpack the file with its password, and import the folder."
        )
    if entry.compress_type not in _METHODS:
        method = _OTHER_METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        raise SkippableError(
            f"{name} is packed by {method}, which is not read. Unpack the file, and import the folder."
        )
    if entry.file_size > LONGEST_CONTAINER:
        raise too_large(name, LONGEST_CONTAINER)


class _Reading:
    """One member while it is read, within its bounds; what the directory says of its size is not believed."""

    def __init__(self, file: IO[bytes], entry: zipfile.ZipInfo, name: str, allowance: Allowance) -> None:
        self._file = file
        self._name = name
        self._allowance = allowance
        self._left = most_of_page(entry.compress_size)

    def read(self, count: int) -> bytes:
        try:
            piece = self._file.read(min(count, _PIECE))
        except ZIP_TROUBLE as error:
            message = f"{self._name} cannot be unpacked to its end: {error}. Get the file again."
            raise SkippableError(message) from error
        self._allowance.spend(len(piece))
        self._left -= len(piece)
        if self._left < 0:
            raise bomb(self._name)
        return piece


def _directory_size(file: IO[bytes]) -> int:
    """How many bytes the directory of a ZIP file says that it has; 0 where there is none to see."""
    end = file.seek(0, 2)
    file.seek(max(0, end - _END.size - _LONGEST_COMMENT - _LOCATOR - _END64.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return 0
    _, size = _END.unpack_from(tail, at)
    at64 = at - _LOCATOR - _END64.size
    if size == _IN_END64 and at64 >= 0:
        _, size = _END64.unpack_from(tail, at64)
    return int(size)
