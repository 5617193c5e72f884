"""Tokens that hold a text in another alphabet: base64 (RFC 4648 sections 4 and 5), in lines too (RFC 2045 section 6.8), and base16."""

import base64
import re
import zlib
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:(?:\\r|\\n|\r|\n){1,4}[A-Za-z0-9+/_-]{4,})*={0,2}")
_LINE: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BREAK: Final = re.compile(r"\\r|\\n|\r|\n")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_MOST: Final = 1 << 24
_OVERWRITTEN: Final = re.compile(r"(\\[rn])|[A-Za-z0-9+/_-]")


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where tokens stand: one of several lines first, then each of its lines."""
    for match in _TOKEN.finditer(text):
        yield match.span()
        if _BREAK.search(match[0]):
            yield from (line.span() for line in _LINE.finditer(text, *match.span()))


def decoded(token: str) -> Iterator[str]:
    """What the token may say, in each charset in which it says anything; packed octets are unpacked."""
    body = _BREAK.sub("", token).rstrip("=")
    for octets in (*_of_base64(body), *_of_base16(body)):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp949"):
            try:
                yield octets.decode(encoding)
            except UnicodeDecodeError:
                continue


def overwritten(token: str) -> str:
    """The token with nothing of what it said; a token still."""
    return _OVERWRITTEN.sub(lambda match: match[1] or "A", token)


def _of_base64(body: str) -> Iterator[bytes]:
    if len(body) % 4 == 1:
        return
    octets = base64.b64decode(body.replace("-", "+").replace("_", "/") + "=" * (-len(body) % 4))
    yield octets
    try:
        yield zlib.decompressobj(_GZIP_OR_ZLIB).decompress(octets, _MOST)
    except zlib.error:
        return


def _of_base16(body: str) -> Iterator[bytes]:
    if _HEX.fullmatch(body):
        yield bytes.fromhex(body)
