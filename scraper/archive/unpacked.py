"""A file as it reads unpacked: as it stands, out of its gzip members (RFC 1952) or out of its zstd frames (RFC 8878).

Records and members need not begin together: what is read is one stream of bytes, each of which has a ``Position``.
"""

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import zstandard

from scraper.model.coding import packed_as

PADDING: Final = b"\0\r\n\t "
"""Bytes that stand between records and after the last one without meaning anything."""

# What records begin with where they are not packed.
_PLAIN: Final = b"WARC"
_GZIP: Final = 16 + zlib.MAX_WBITS
_STEP: Final = 1 << 14
# What is packed is taken in little by little, so that damage costs little of what stands before it.
_PACKED_STEP: Final = 1 << 10
_MAGICS: Final = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
_LONGEST_MAGIC: Final = max(map(len, _MAGICS.values()))
# So many bytes of a member are unpacked to see whether it is one.
_LOOK: Final = 64
_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
# Of a file on disk whoever imports it answers for; 128 MiB is what zstd itself takes without being told.
_LONGEST_WINDOW: Final = 128 << 20


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where a byte stands: ``within`` unpacked bytes after the beginning of the member at the byte ``member`` of the file.

    In a file that is not packed ``within`` is 0 and ``member`` the byte itself.
    """

    member: int
    within: int = 0

    def __str__(self) -> str:
        return f"byte {self.member}" + (
            f" ({self.within} bytes into what is packed there)" if self.within else ""
        )


class Bytes(Protocol):
    """A file that is read here and there."""

    def seek(self, offset: int, /) -> int:
        """Go to a byte."""

    def read(self, count: int, /) -> bytes:
        """The next bytes, fewer than ``count`` only at the end."""


class BrokenError(Exception):
    """The file does not unpack beyond the member at the byte ``at``; ``is_cut`` says that it ends there."""

    def __init__(self, at: int, reason: str, *, is_cut: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.is_cut = is_cut


class Unpacked:
    """Reads ``file`` from ``start`` on, where it is one of its records that begins there. What was looked at and not taken is given again."""

    def __init__(self, file: Bytes, start: Position = Position(0)) -> None:
        self._file = file
        file.seek(start.member)
        head = file.read(4)
        self._coding = packed_as(head)
        self._dictionary = None
        if start.member and self._coding != "gzip" and head.upper() != _PLAIN:
            # The file's beginning tells how it is packed, and with which dictionary; but where it is damaged the record does.
            file.seek(0)
            head = file.read(4)
            self._coding = packed_as(head) or self._coding
        self._dictionary = _dictionary_of(head, file)
        self.seek(start)

    def seek(self, position: Position) -> None:
        """Go on from ``position``; it costs what unpacking its member up to there costs."""
        self._buffer = bytearray()
        # How many unpacked bytes were taken, and, in that count, where each member began.
        self._taken = 0
        self._begins: list[int] = []
        self._members: list[int] = []
        # Which of them are not packed.
        self._plain: set[int] = set()
        self._raw = b""
        self._raw_at = position.member
        self._inflater: _Inflater | _Plain | None = None
        self._file.seek(position.member)
        self.skip(position.within)

    def assume_packed(self) -> bool:
        """Take the file for a packed one whose beginning is damaged; False where it is known to be packed already."""
        if self._coding is not None:
            return False
        self._coding = "gzip"
        return True

    def turn_packed(self) -> None:
        """Go on with what is packed, where records that are begin here behind others: some files have parts of either kind."""
        is_plain = self._coding is None or isinstance(self._inflater, _Plain)
        coding = packed_as(self.look(_LONGEST_MAGIC)) if is_plain else None
        if coding and _taste(_Inflater(coding, None), self.look(_PACKED_STEP)).upper().startswith(_PLAIN):
            position = self.position
            self._coding = coding
            self.seek(position)

    @property
    def position(self) -> Position:
        """Where the next byte stands."""
        if self._coding is None:
            return Position(self._raw_at - len(self._buffer))
        index = bisect_right(self._begins, self._taken) - 1
        if index < 0:
            return Position(self._raw_at)
        member, within = self._members[index], self._taken - self._begins[index]
        return Position(member + within) if member in self._plain else Position(member, within)

    def look(self, count: int) -> bytes:
        """The next ``count`` bytes without taking them; fewer at the end of the file, or before damage.

        Raises:
            BrokenError: the file does not unpack any further.
        """
        try:
            self._fill(count)
        except BrokenError:
            if not self._buffer:
                raise
        return bytes(self._buffer[:count])

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes; fewer at the end of the file.

        Raises:
            BrokenError: the file does not unpack so far.
        """
        self._fill(count)
        piece = bytes(self._buffer[:count])
        self._drop(len(piece))
        return piece

    def skip(self, count: int) -> int:
        """Pass over ``count`` bytes; returns how many there were.

        Raises:
            BrokenError: as ``take``.
        """
        left = count
        while left and (piece := self.take(min(left, _STEP))):
            left -= len(piece)
        return count - left

    def skip_padding(self) -> int:
        """Pass over bytes that mean nothing; returns how many there were.

        Raises:
            BrokenError: as ``look``.
        """
        passed = 0
        while piece := self.look(1):
            if piece[0] not in PADDING:
                break
            held = bytes(self._buffer)
            count = len(held) - len(held.lstrip(PADDING))
            self._drop(count)
            passed += count
        return passed

    def resume_after(self, at: int) -> bool:
        """Go on at the next member that begins behind the byte ``at``; False where there is none."""
        magic = _MAGICS.get(self._coding or "")
        for offset in offsets_of(self._file, at + 1, magic) if magic else ():
            self._file.seek(offset)
            if _unpacks(_Inflater(self._coding or "", self._dictionary), self._file.read(1 << 12)):
                self.seek(Position(offset))
                return True
        return False

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._taken += count

    def _fill(self, count: int) -> None:
        while len(self._buffer) < count and self._grow():
            pass

    def _grow(self) -> bool:
        """Put the next piece into the buffer; False at the end of the file."""
        if self._coding is None:
            piece = self._file.read(_STEP)
            self._buffer += piece
            self._raw_at += len(piece)
            return bool(piece)
        if self._inflater is None and not self._begin_member():
            return False
        return self._inflate()

    def _begin_member(self) -> bool:
        """Begin the next member; False where none follows."""
        while True:
            stripped = self._raw.lstrip(PADDING)
            self._raw_at += len(self._raw) - len(stripped)
            self._raw = stripped
            if len(self._raw) >= len(_MAGICS["zstd"]):
                break
            piece = self._file.read(_STEP)
            if not piece:
                break
            self._raw += piece
        if not self._raw:
            return False
        coding = packed_as(self._raw)
        is_plain = self._raw[: len(_PLAIN)].upper() == _PLAIN
        if coding is None and not is_plain:
            if any(magic.startswith(self._raw) for magic in _MAGICS.values()):
                raise BrokenError(self._raw_at, "the file ends within what is packed there", is_cut=True)
            raise BrokenError(self._raw_at, "what stands there is packed in no way that is read")
        passed = max(0, bisect_right(self._begins, self._taken) - 1)
        del self._begins[:passed], self._members[:passed]
        self._begins.append(self._taken + len(self._buffer))
        self._members.append(self._raw_at)
        if coding is None:
            self._plain.add(self._raw_at)
        self._inflater = _Inflater(coding, self._dictionary) if coding else _Plain()
        return True

    def _inflate(self) -> bool:
        inflater = self._inflater
        if inflater is None:
            return False
        if not self._raw:
            self._raw = self._file.read(_STEP)
            if not self._raw and isinstance(inflater, _Plain):
                return False
            if not self._raw:
                raise BrokenError(self._members[-1], "the file ends within what is packed there", is_cut=True)
        try:
            piece, rest = inflater.inflate(self._raw)
        except (zlib.error, zstandard.ZstdError) as error:
            raise BrokenError(self._members[-1], f"what is packed there does not unpack: {error}") from error
        self._raw_at += len(self._raw) - len(rest)
        self._raw = rest
        self._buffer += piece
        if inflater.is_at_end:
            self._inflater = None
        return True


class _Plain:
    """A part of a file with packed ones that is not packed itself; where it ends its records tell."""

    is_at_end: Final = False

    def inflate(self, raw: bytes) -> tuple[bytes, bytes]:
        return raw, b""


class _Inflater:
    """One gzip member or zstd frame while it is unpacked."""

    def __init__(self, coding: str, dictionary: zstandard.ZstdCompressionDict | None) -> None:
        self._gzip = zlib.decompressobj(_GZIP) if coding == "gzip" else None
        unpacker = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_LONGEST_WINDOW)
        self._zstd = unpacker.decompressobj()

    @property
    def is_at_end(self) -> bool:
        return self._gzip.eof if self._gzip else self._zstd.eof

    def inflate(self, raw: bytes) -> tuple[bytes, bytes]:
        """The next piece, and what of ``raw`` was not needed for it."""
        packed, rest = raw[:_PACKED_STEP], raw[_PACKED_STEP:]
        if self._gzip:
            piece = self._gzip.decompress(packed, _STEP)
            left = self._gzip.unused_data if self._gzip.eof else self._gzip.unconsumed_tail
            return piece, left + rest
        return self._zstd.decompress(packed), self._zstd.unused_data + rest


def _dictionary_of(head: bytes, file: Bytes) -> zstandard.ZstdCompressionDict | None:
    """The dictionary of a ``.warc.zst``, which its first frame holds (https://iipc.github.io/warc-specifications/specifications/warc-zstd/)."""
    if head != _DICTIONARY:
        return None
    data = file.read(min(int.from_bytes(file.read(4), "little"), _LONGEST_WINDOW))
    try:
        if packed_as(data) == "zstd":
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LONGEST_WINDOW)
        return zstandard.ZstdCompressionDict(data)
    except zstandard.ZstdError:
        return None


def _unpacks(inflater: _Inflater, start: bytes) -> bool:
    return bool(_taste(inflater, start)) or inflater.is_at_end


def _taste(inflater: _Inflater, start: bytes) -> bytes:
    """What a member begins with; nothing where it does not unpack."""
    unpacked = b""
    try:
        while start and not inflater.is_at_end and len(unpacked) < _LOOK:
            piece, start = inflater.inflate(start)
            unpacked += piece
    except (zlib.error, zstandard.ZstdError):
        return b""
    return unpacked


def offsets_of(file: Bytes, start: int, magic: bytes) -> Iterator[int]:
    """Where ``magic`` stands in the file from ``start`` on."""
    held, at = b"", start
    while True:
        file.seek(at + len(held))
        piece = file.read(_STEP)
        if not piece:
            return
        held += piece
        offset = held.find(magic)
        while offset >= 0:
            yield at + offset
            offset = held.find(magic, offset + 1)
        passed = max(0, len(held) - len(magic) + 1)
        at, held = at + passed, held[passed:]
