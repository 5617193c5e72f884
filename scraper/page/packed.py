"""Bodies that are gzip files (RFC 1952), as sitemaps often are: unpacked, within bounds."""

import zlib
from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 64 << 20
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS
_STEP: Final = 1 << 16
# What was packed twice by mistake, by a program and by its server.
_MOST_LAYERS: Final = 3


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The octets of a body, and half a sentence on why they are not all of it."""

    body: bytes
    problem: str | None = None


def unpack(body: bytes) -> Unpacked:
    """What a gzip file holds, in one member or in several (RFC 1952, 2.2); any other body as it is."""
    unpacked = Unpacked(body)
    for _ in range(_MOST_LAYERS):
        if unpacked.problem or not unpacked.body.startswith(_GZIP_MAGIC):
            break
        unpacked = _members(unpacked.body)
    return unpacked


def _members(body: bytes) -> Unpacked:
    out, rest = bytearray(), body
    while rest.startswith(_GZIP_MAGIC):
        inflater = zlib.decompressobj(_GZIP)
        while rest and not inflater.eof:
            try:
                out += inflater.decompress(rest, _STEP)
            except zlib.error:
                return Unpacked(bytes(out), "it does not decompress")
            if len(out) > MAX_BYTES:
                return Unpacked(bytes(out[:MAX_BYTES]), f"it is larger than {MAX_BYTES >> 20} MiB unpacked")
            rest = inflater.unconsumed_tail
        if not inflater.eof:
            return Unpacked(bytes(out), "it breaks off before it is unpacked")
        # Writers of tapes and disks pad the last member with zeros.
        rest = inflater.unused_data.lstrip(b"\0")
    return Unpacked(bytes(out), f"its last {len(rest):,} octets are no gzip member" if rest else None)
