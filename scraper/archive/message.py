"""An HTTP response out of its stored bytes: head, framing, payload.

What others archived is laxer than an HTTP library allows (``HTTP/2 200``, a missing colon, Latin-1 in names, blanks
before a chunk extension), so both heads and chunked framing (RFC 9112 section 7.1) are read leniently here.
"""

import re
from dataclasses import dataclass
from typing import Final

from scraper.model.exchange import Headers, first_header, read_fields

_STATUS_LINE: Final = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?!\d)")
_HEAD_END: Final = re.compile(rb"\n\r?\n")
_CHUNK_HEADER: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_LINE_END: Final = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class Message:
    """A response as stored: its final status and headers, and ``body`` with its framing still on.

    ``interim`` says whether 1xx heads stood before the final one. Header bytes are read as Latin-1.
    """

    status: int
    headers: Headers
    body: bytes
    interim: bool = False

    @property
    def payload(self) -> bytes:
        """The body without chunk framing, still content-encoded.

        Where the framing disagrees with the bytes, what is there is kept: the chunks up to the disagreement, or
        the body as it stands where it is not chunked at all.
        """
        coding = first_header(self.headers, "transfer-encoding") or ""
        return _dechunked(self.body) if "chunked" in coding.lower() else self.body


def read_message(block: bytes) -> Message:
    """The response in an ``application/http`` block; interim 1xx heads before it are skipped.

    Raises:
        ValueError: the block does not begin with an HTTP status line.
    """
    rest, interim = block, False
    while True:
        matched = _STATUS_LINE.match(rest)
        if matched is None:
            raise ValueError("it does not begin with an HTTP status line")
        status = int(matched[1])
        end = _HEAD_END.search(rest)
        head, body = (rest[: end.start()], rest[end.end() :]) if end else (rest, b"")
        if not (100 <= status < 200 and status != 101 and _STATUS_LINE.match(body)):
            return Message(status, read_fields(head), body, interim)
        rest, interim = body, True


def _dechunked(body: bytes) -> bytes:
    chunks: list[bytes] = []
    at = 0
    while header := _CHUNK_HEADER.match(body, at):
        size = int(header[1], 16)
        if size == 0:
            return b"".join(chunks)
        at = min(header.end() + size, len(body))
        chunks.append(body[header.end() : at])
        line_end = _LINE_END.match(body, at)
        if line_end is None:
            break
        at = line_end.end()
    return b"".join(chunks) if chunks else body
