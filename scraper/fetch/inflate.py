"""Content codings undone within a bound, or not at all."""

import zlib
from typing import Final

_GZIP: Final = 16 + zlib.MAX_WBITS


def inflate(payload: bytes, coding: str | None, limit: int) -> bytes | None:
    """The first ``limit`` octets of the payload without its content coding (RFC 9110 section 8.4).

    None where the coding is not gzip, the only one we ask for, or the payload is not what it claims to be.
    """
    stated = (coding or "identity").strip().lower()
    if stated == "identity":
        return payload[:limit]
    if stated not in {"gzip", "x-gzip"}:
        return None
    inflater = zlib.decompressobj(_GZIP)
    try:
        octets = inflater.decompress(payload, limit)
    except zlib.error:
        return None
    return octets if inflater.eof or len(octets) == limit else None
