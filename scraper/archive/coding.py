"""Content codings undone within a bound (RFC 9110 section 8.4): gzip and deflate."""

import zlib
from collections.abc import Iterator
from typing import Final

from scraper.model.exchange import Headers

_STEP: Final = 1024
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})


def decode_content(payload: bytes, headers: Headers, limit: int) -> tuple[bytes, bool]:
    """The payload without its content codings, and whether it was cut at ``limit`` decoded bytes.

    A body broken in decoding keeps what decoded before the break; one that never was encoded as its headers
    claim, and any coding other than gzip and deflate, is left as it stands.
    """
    cut = False
    for coding in reversed(_stated_codings(headers)):
        decoded = _undone(payload, coding, limit) if coding in _CODINGS else None
        if decoded is None:
            break
        cut = cut or len(decoded) > limit
        payload = decoded[:limit]
    return payload, cut


def is_decoded(headers: Headers) -> bool:
    """Whether ``decode_content`` knows every content coding that the headers state."""
    return _CODINGS.issuperset(_stated_codings(headers))


def _stated_codings(headers: Headers) -> list[str]:
    stated = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    codings = (coding.strip().lower() for coding in stated.split(","))
    return [coding for coding in codings if coding not in {"", "identity"}]


def _undone(data: bytes, coding: str, limit: int) -> bytes | None:
    """``data`` without one coding, at most ``limit + 1`` bytes of it; None where it does not have that coding."""
    decoded, broken = _inflated(data, limit, _GZIP_OR_ZLIB)
    if broken and not decoded and coding == "deflate":
        # Some servers send deflate without its zlib wrapper. Without a checksum only a clean end can be trusted.
        decoded, broken = _inflated(data, limit, _RAW_DEFLATE)
        return None if broken else decoded
    return None if broken and not decoded else decoded


def _inflated(data: bytes, limit: int, window: int) -> tuple[bytes, bool]:
    """What inflates of ``data``, up to ``limit + 1`` bytes, and whether it broke off."""
    decoded = bytearray()
    try:
        for piece in _pieces(data, window, limit + 1):
            decoded += piece
            if len(decoded) > limit:
                break
    except zlib.error:
        return bytes(decoded), True
    return bytes(decoded[: limit + 1]), False


def _pieces(data: bytes, window: int, at_most: int) -> Iterator[bytes]:
    """Decoded pieces of every gzip member, a small step of input at a time, so that a break loses little."""
    inflater = zlib.decompressobj(window)
    for start in range(0, len(data), _STEP):
        rest = data[start : start + _STEP]
        while rest:
            yield inflater.decompress(rest, at_most)
            rest = inflater.unconsumed_tail
            if inflater.eof:
                rest = inflater.unused_data
                inflater = zlib.decompressobj(window)
