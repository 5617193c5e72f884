"""Content codings undone within a bound (RFC 9110 section 8.4): gzip, deflate, br and zstd, asked for or not."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import brotli
import zstandard

from scraper.model.exchange import Headers, Truncation

_STEP: Final = 1024
_BROTLI_TAIL: Final = 64
# 128 KiB of output may stand in four bytes of a zstd frame (RFC 8878 section 3.1.1.2), so that little is taken in at a time.
_ZSTD_STEP: Final = 256
_ZSTD_WINDOW: Final = 8 << 20
"""The largest window that a content coding may ask for (RFC 9659 section 3)."""
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
# The last three bytes of the magic number of a frame to skip; the first one is anything from 0x50 to 0x5f.
_SKIPPABLE: Final = b"\x2a\x4d\x18"
_MARKUP: Final = (b"<", b"{", b"[")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A payload without its content codings.

    ``truncated`` is ``length`` where it was cut at the limit, and ``unspecified`` where it broke off in decoding: ``body``
    is what decoded before. ``left`` are the codings, the outermost first, that were not undone: unknown ones, and those
    that the payload turned out not to have.
    """

    body: bytes
    truncated: Truncation | None = None
    left: tuple[str, ...] = ()

    @property
    def opaque_coding(self) -> str | None:
        """The coding under which the body cannot be read; None where it can, as it stands or decoded."""
        if not self.left:
            return None
        coding = self.left[0]
        is_packed = packed_as(self.body) is not None or (coding == "br" and not _is_markup(self.body))
        return coding if self.body and (is_packed or coding not in _DECODERS) else None


def decode_content(payload: bytes, headers: Headers, limit: int) -> Decoded:
    """The payload without its content codings, at most ``limit`` decoded bytes of it.

    A body that never was encoded as its headers claim, and any coding that is not known, is left as it stands.
    """
    codings = _stated_codings(headers)
    truncated: Truncation | None = None
    while codings:
        decoder = _DECODERS.get(codings[-1])
        undone = decoder(payload, limit) if decoder else None
        if undone is None:
            break
        payload, is_broken = undone
        if len(payload) > limit:
            truncated = "length"
        elif is_broken:
            truncated = truncated or "unspecified"
        payload = payload[:limit]
        codings.pop()
    return Decoded(payload, truncated, tuple(reversed(codings)))


def packed_as(body: bytes) -> str | None:
    """The coding of a body that is itself a packed file, such as sitemap.xml.gz, whatever its header says; None for others."""
    if body.startswith(_GZIP_MAGIC):
        return "gzip"
    return "zstd" if _is_zstd(body) else None


def _stated_codings(headers: Headers) -> list[str]:
    """The content codings of a body by its headers, in the order in which they were applied."""
    stated = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    codings = (coding.strip().lower() for coding in stated.split(","))
    return [coding for coding in codings if coding not in {"", "identity"}]


# What a decoder gives of a payload: at most ``limit + 1`` bytes and whether it broke off; None where it is not coded so.
_Undone = tuple[bytes, bool] | None


def _undo_gzip(data: bytes, limit: int) -> _Undone:
    whole = _inflated_at_once(data, limit)
    if whole is not None:
        return whole, False
    return _gathered(_inflated(data, _GZIP_OR_ZLIB, limit), data, limit)


def _undo_deflate(data: bytes, limit: int) -> _Undone:
    undone = _undo_gzip(data, limit)
    if undone is None:
        # Some servers send deflate without its zlib wrapper. Without a checksum only a clean end can be trusted.
        raw = _gathered(_inflated(data, _RAW_DEFLATE, limit), data, limit)
        return raw if raw and (not raw[1] or len(raw[0]) > limit) else None
    return undone


def _undo_brotli(data: bytes, limit: int) -> _Undone:
    undone = _gathered(_unbrotlied(data, limit), data, limit)
    # Nothing in a stream says that it is brotli: what is markup as it stands and breaks in decoding never was coded.
    if undone and undone[1] and _is_markup(data):
        return None
    return undone


def _undo_zstd(data: bytes, limit: int) -> _Undone:
    return _gathered(_unzstd(data), data, limit) if _is_zstd(data) or not data else None


_DECODERS: Final[dict[str, Callable[[bytes, int], _Undone]]] = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstd,
}


def _gathered(pieces: Iterator[bytes], data: bytes, limit: int) -> _Undone:
    """The pieces as far as the limit, and whether they ended with an error."""
    decoded, is_broken = bytearray(), False
    try:
        for piece in pieces:
            decoded += piece
            if len(decoded) > limit:
                break
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError):
        is_broken = True
    if is_broken and not decoded and data:
        return None
    return bytes(decoded[: limit + 1]), is_broken


def _inflated_at_once(data: bytes, limit: int) -> bytes | None:
    """What the one member that the data is holds, or as much as is asked for; None of what is broken, or is more than that."""
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        decoded = inflater.decompress(data, limit + 1)
    except zlib.error:
        return None
    is_whole = inflater.eof and not inflater.unused_data
    return decoded if is_whole or len(decoded) > limit else None


def _inflated(data: bytes, window: int, limit: int) -> Iterator[bytes]:
    """Decoded pieces of every gzip member, a small step of input at a time, so that a break loses little.

    What follows the last member and is none is no part of the body.
    """
    inflater = zlib.decompressobj(window)
    for start in range(0, len(data), _STEP):
        rest = data[start : start + _STEP]
        while rest:
            if inflater.eof:
                if not (rest + data[start + _STEP : start + _STEP + 1]).startswith(_GZIP_MAGIC):
                    return
                inflater = zlib.decompressobj(window)
            yield inflater.decompress(rest, limit + 1)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if data and not inflater.eof:
        raise EOFError


def _unbrotlied(data: bytes, limit: int) -> Iterator[bytes]:
    """Decoded pieces of a brotli stream (RFC 7932), whose window never exceeds 16 MiB."""
    inflater = brotli.Decompressor()
    # The decoder refuses a piece in which the stream ends before its last byte, so that the end is taken in bytewise.
    tail = max(0, len(data) - _BROTLI_TAIL)
    steps = [*range(0, tail, _STEP), *range(tail, len(data) + 1)]
    for start, end in pairwise(steps):
        yield inflater.process(data[start:end], output_buffer_limit=limit + 1)
        while not inflater.is_finished() and not inflater.can_accept_more_data():
            yield inflater.process(b"", output_buffer_limit=limit + 1)
        if inflater.is_finished():
            return
    if data:
        raise EOFError


def _unzstd(data: bytes) -> Iterator[bytes]:
    """Decoded pieces of every zstd frame (RFC 8878); what follows the last one and is none is no part of the body."""
    at = 0
    while _is_zstd(data, at):
        inflater = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        while at < len(data) and not inflater.eof:
            yield inflater.decompress(data[at : at + _ZSTD_STEP])
            at = min(at + _ZSTD_STEP, len(data)) - len(inflater.unused_data)
        if not inflater.eof:
            raise EOFError


def _is_markup(data: bytes) -> bool:
    return data.lstrip().startswith(_MARKUP)


def _is_zstd(data: bytes, at: int = 0) -> bool:
    magic = data[at : at + 4]
    return magic == _ZSTD_MAGIC or (magic[1:] == _SKIPPABLE and magic[0] & 0xF0 == 0x50)
