"""The words of a person taken out of a payload: whatever its content coding was undone to, in whichever charset it is."""

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Final

import webencodings

from scraper.archive.warc import RECORD_LIMIT
from scraper.model.coding import decode_content, packed_as
from scraper.model.redaction import BARS
from scraper.takedown.text import blacked_out, found_in, may_hold
from scraper.takedown.traces import Statement, Traces

_LABEL: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_LABELS: Final = 16
# Tried on every payload that is not UTF-8 throughout: what a page says of its charset may be wrong, and a file may hold more than one.
_USUAL: Final = ("utf-8", "cp949")
_LAYERS: Final = 3
_WIDE: Final = ("utf-16-le", "utf-16-be")


def holds(body: bytes, content_type: str | None, traces: Traces) -> bool:
    """A quick look: False only where nothing that goes stands in ``body``, unpacked where it is a packed file."""
    return any(
        may_hold(_text(layer, codec), traces)
        for layer in (body, *_unpacked(body))
        for codec in _codecs(layer, content_type)
    )


def redacted_body(
    body: bytes, content_type: str | None, traces: Traces, statements: Sequence[Statement] = ()
) -> bytes | None:
    """``body`` with what goes blacked out, the same object where there is nothing; None where that is not sure.

    ``statements`` are the texts of the page in its order, where they are known.
    """
    if any(redacted_body(layer, content_type, traces, statements) is not layer for layer in _unpacked(body)):
        return None
    remaining = [item for item in statements if not item.is_taken]
    for codec in _codecs(body, content_type):
        text = _text(body, codec)
        after, count = blacked_out(text, traces, statements)
        if not count:
            continue
        if _bytes(text, codec) != body or found_in(after, traces, remaining):
            return None
        body = _bytes(after, codec)
    return body


def _unpacked(body: bytes) -> Iterator[bytes]:
    """What is in a body that is itself a packed file, such as sitemap.xml.gz, whatever its header says (RFC 1952)."""
    for _ in range(_LAYERS):
        coding = packed_as(body)
        if coding is None:
            return
        body = decode_content(body, (("Content-Encoding", coding),), RECORD_LIMIT).body
        yield body


def _codecs(body: bytes, content_type: str | None) -> Iterator[str]:
    """The charsets in which the body may say something: those that it and its header name, and the usual ones."""
    labels = _LABEL.findall((content_type or "").encode()) + _LABEL.findall(body)[:_LABELS]
    stated = [webencodings.lookup(label.decode("ascii")) for label in labels]
    named = [str(encoding.codec_info.name) for encoding in stated if encoding is not None]
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body
    usual = _USUAL[:1] if _is_utf8(body) else _USUAL
    yield from dict.fromkeys((*usual, *named, *(_WIDE if is_wide else ())))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec, "surrogateescape")
    except UnicodeDecodeError:
        return body.decode(codec, "replace")


def _bytes(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec, "surrogateescape")
    except UnicodeEncodeError:
        for bar in BARS[1:]:
            text = text.replace(bar, BARS[0])
        try:
            return text.encode(codec, "surrogateescape")
        except UnicodeEncodeError:
            return b""
