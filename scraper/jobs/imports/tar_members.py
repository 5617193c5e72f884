"""The files in a tar file, packed or not, one after the other as they stand there; nothing is unpacked to disk.

Python's tarfile holds all members in memory, reads headers of any size and ends without a word where a file is damaged; so
only single headers are read by it (POSIX.1-2017, pax, and GNU's form).
"""

import re
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from scraper.archive.unpacked import BrokenError, Unpacked
from scraper.jobs.imports.bounds import MOST_MEMBERS, Allowance, RestLostError, too_many_members
from scraper.jobs.imports.member import Member, decoded_name, stems_of
from scraper.jobs.imports.no_pages import LINKS, SPECIAL, reason_against_member
from scraper.jobs.imports.saved_page import NotTaken

_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 1 << 16
# A member may have a header for its long name, and one for that of what it links to.
_HEADERS_OF_MEMBER: Final = 3
_LONGEST_HEADER: Final = 1 << 20
_PAX: Final = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
# Headers that say more of the entry after them, or of all.
_OF_THE_NEXT: Final = _PAX | {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
_LINKS: Final = frozenset({tarfile.SYMTYPE, tarfile.LNKTYPE})
_SPECIAL: Final = frozenset({tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE})
_WITHOUT_DATA: Final = _LINKS | _SPECIAL | {tarfile.DIRTYPE}
_PAX_FIELD: Final = re.compile(rb"([0-9]{1,9}) ")
_NUMBER: Final = re.compile(rb"[0-9]{1,19}")
# Where GNU's old header of a sparse file, and each block that goes on with it, says that another follows.
_SPARSE_GOES_ON: Final = 482
_SPARSE_BLOCK_GOES_ON: Final = 504


class TarMembers:
    """The members of a tar file, which is read twice; ``len`` of it is how many there are before it ends or is damaged."""

    def __init__(self, path: Path, file: BinaryIO, most_members: int = MOST_MEMBERS) -> None:
        """Read it for the first time.

        Raises:
            SkippableError: it has more members than that.
        """
        self._path = path
        self._file = file
        self._stems: set[str] = set()
        self._count = 0
        file.seek(0)
        with suppress(RestLostError):
            # What is wrong with the file is said when it is read for good.
            for entry in _Tar(path, file, most_members).entries():
                self._count += not entry.is_folder
                self._stems |= stems_of([entry.path])

    def __len__(self) -> int:
        return self._count

    def members(self) -> Iterator[Member | NotTaken]:
        """Those that may hold pages, and the others with why they do not.

        Raises:
            RestLostError: the file is damaged, cut off, or unpacks to more than pages do; what stands before was given.
        """
        self._file.seek(0)
        tar = _Tar(self._path, self._file)
        for entry in tar.entries():
            name = f"{self._path}:{entry.path}"
            if entry.is_sparse:
                reason = f"{name} is a sparse file. Unpack the tar file, and import the folder."
                yield NotTaken(name, "failed", reason)
            elif reason_against := _reason_against(entry, self._stems):
                yield NotTaken(name, "skipped", reason_against)
            elif not entry.is_folder:
                yield Member(name, entry.path, tar.read)


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    type: bytes
    is_sparse: bool

    @property
    def is_folder(self) -> bool:
        return self.type == tarfile.DIRTYPE or self.path.endswith("/")


def _reason_against(entry: _Entry, stems: set[str]) -> str | None:
    if entry.is_folder:
        return None
    if entry.type in _LINKS:
        return LINKS
    return SPECIAL if entry.type in _SPECIAL else reason_against_member(entry.path, stems)


class _Tar:
    """A tar file while it is read; ``read`` gives the bytes of the entry that came last."""

    def __init__(self, path: Path, file: BinaryIO, most_members: int = MOST_MEMBERS) -> None:
        self._path = path
        self._stream = Unpacked(file)
        self._allowance = Allowance(str(path), path.stat().st_size)
        self._most = most_members
        self._left = 0
        self._padding = 0

    def entries(self) -> Iterator[_Entry]:
        """The entries, as far as the file is whole.

        Raises:
            RestLostError: it is not, or it unpacks to more than pages do.
        """
        more = _More()
        count = 0
        while header := self._header():
            count += 1
            if count > _HEADERS_OF_MEMBER * self._most:
                raise too_many_members(str(self._path))
            self._begin(header.size)
            if header.type in _OF_THE_NEXT:
                more = more.joined(header.type, self._data_of_header())
            else:
                is_sparse = more.is_sparse or header.type == tarfile.GNUTYPE_SPARSE
                has_data = header.type not in _WITHOUT_DATA
                self._begin((header.size if more.size is None else more.size) if has_data else 0)
                path = (more.path or _name_of(header)).replace("\\", "/")
                yield _Entry(path, header.type, is_sparse)
                more = _More()
            self._pass(self._left + self._padding)

    def read(self, count: int) -> bytes:
        """As ``Read``."""
        piece = self._take(min(count, self._left, _PIECE))
        self._left -= len(piece)
        return piece

    def _begin(self, size: int) -> None:
        if size < 0:
            raise self._damaged()
        self._left, self._padding = size, -size % _BLOCK

    def _header(self) -> tarfile.TarInfo | None:
        """The next header; None at the end."""
        block = self._take(_BLOCK, may_end=True)
        if not block.strip(b"\0"):
            return None
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as error:
            raise self._damaged() from error
        goes_on = header.type == tarfile.GNUTYPE_SPARSE and block[_SPARSE_GOES_ON]
        while goes_on:
            goes_on = self._take(_BLOCK)[_SPARSE_BLOCK_GOES_ON]
        return header

    def _data_of_header(self) -> bytes:
        if self._left > _LONGEST_HEADER:
            raise self._damaged()
        pieces = iter(lambda: self.read(_PIECE), b"")
        return b"".join(pieces)

    def _pass(self, count: int) -> None:
        while count:
            count -= len(self._take(min(count, _PIECE)))

    def _take(self, count: int, *, may_end: bool = False) -> bytes:
        """``count`` bytes; at the end of the file none, where that may be."""
        try:
            piece = self._stream.take(count)
        except BrokenError as error:
            raise self._damaged() from error
        self._allowance.spend(len(piece))
        if len(piece) < count and (piece or not may_end):
            raise RestLostError(f"{self._path} is cut off. What stands before was read; get the file again.")
        return piece

    def _damaged(self) -> RestLostError:
        at = self._stream.position
        return RestLostError(
            f"{self._path} is damaged at {at}. What stands before was read; get the file again."
        )


def _name_of(header: tarfile.TarInfo) -> str:
    return decoded_name(header.name.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class _More:
    """What headers before an entry's own say of it."""

    path: str | None = None
    size: int | None = None
    is_sparse: bool = False

    def joined(self, kind: bytes, data: bytes) -> "_More":
        """With what one more of these headers says."""
        if kind == tarfile.GNUTYPE_LONGNAME:
            return replace(self, path=decoded_name(data.rstrip(b"\0")))
        if kind not in _PAX:
            return self
        fields = dict(_pax_fields(data))
        path, size = fields.get(b"GNU.sparse.name") or fields.get(b"path"), fields.get(b"size", b"")
        return _More(
            path=decoded_name(path) if path else self.path,
            size=int(size) if _NUMBER.fullmatch(size) else self.size,
            is_sparse=any(key.startswith(b"GNU.sparse.") for key in fields),
        )


def _pax_fields(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The fields of a pax header, each of which begins with its own length; up to what is none."""
    while match := _PAX_FIELD.match(data):
        length = int(match[1])
        field, data = data[match.end() : length - 1], data[length:]
        key, is_field, value = field.partition(b"=")
        if not is_field or length <= match.end():
            return
        yield key, value
