"""The members of one WARC file of ours, read one after the other; damage is stepped over, never hidden."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from scraper.archive.unpacked import offsets_of
from scraper.archive.warc import RECORD_LIMIT, VERSION, WarcRecord, bracketed, parse_record

WARCINFO_ID: Final = "WARC-Warcinfo-ID"
_MAGIC: Final = b"\x1f\x8b\x08"
_BEGINNING: Final = VERSION.encode()
_STEP: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class Member:
    """A whole record and where it lies; ``sha256`` is the hex digest of the compressed member."""

    offset: int
    length: int
    sha256: str
    record: WarcRecord

    @property
    def end(self) -> int:
        """The offset of the first byte after the member."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole record: from ``offset``, ``length`` of them, and what is wrong with them."""

    offset: int
    length: int
    reason: str


def scan(path: Path, start: int = 0) -> Iterator[Member | Damage]:
    """What the file holds from ``start``, in order; together the results cover every byte.

    After damage only a member that names the file's own warcinfo record is taken for one of ours: a page may
    itself hold gzip members with WARC records in them, but cannot know that id.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        warcinfo = _warcinfo_of(file)
        offset = start
        while offset < size:
            stretch = _member_at(file, offset)
            if isinstance(stretch, str):
                resumed = _next_member(file, offset + 1, warcinfo) or size
                yield Damage(offset, resumed - offset, stretch)
                offset = resumed
            else:
                yield stretch
                offset = stretch.end


def whole_groups(path: Path, start: int = 0) -> Iterator[list[Member]]:
    """The groups of members from ``start`` that are whole: a request with its response, any other by itself."""
    group: list[Member] = []
    for stretch in scan(path, start):
        if isinstance(stretch, Damage):
            continue
        group.append(stretch)
        if stretch.record.type != "request":
            yield group
            group = []


def read_at(path: Path, offset: int, length: int) -> bytes:
    """The bytes at a place in a file; fewer where the file ends early."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def _warcinfo_of(file: BinaryIO) -> str | None:
    first = _member_at(file, 0)
    return bracketed(first.record.record_id) if isinstance(first, Member) else None


def _next_member(file: BinaryIO, start: int, warcinfo: str | None) -> int | None:
    """The offset of the next member that is ours; None where none follows."""
    for offset in offsets_of(file, start, _MAGIC):
        stretch = _member_at(file, offset)
        if isinstance(stretch, Member) and warcinfo in {None, stretch.record.get(WARCINFO_ID)}:
            return offset
    return None


def _member_at(file: BinaryIO, offset: int) -> Member | str:
    """The member that begins at ``offset``, or what is wrong with the bytes there."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    digest, inflated, end = hashlib.sha256(), bytearray(), offset
    file.seek(offset)
    try:
        while not inflater.eof:
            piece = file.read(_STEP)
            if not piece:
                return "the file ends within a record"
            inflated += inflater.decompress(piece)
            if not inflated.startswith(_BEGINNING[: len(inflated)]) or len(inflated) > RECORD_LIMIT:
                return "it is no record of ours"
            used = len(piece) - len(inflater.unused_data)
            digest.update(piece[:used])
            end += used
        return Member(offset, end - offset, digest.hexdigest(), parse_record(bytes(inflated)))
    except zlib.error as error:
        return f"it does not decompress ({error})"
    except ValueError as error:
        return str(error)
