"""HTTP/1.1 messages as bytes: where an answer's head ends, where its body ends, and how to write both anew."""

import re
from typing import Final, NamedTuple

from scraper.model.exchange import Headers, first_header, read_fields

# Lines may end in a bare LF (RFC 9112 section 2.2).
_HEAD_END: Final = re.compile(rb"\n\r?\n")
_INTERIM: Final = re.compile(rb"HTTP/1\.[01] 1(?!01)\d\d[ \r\n]")
_CHUNK_HEAD: Final = re.compile(rb"([0-9A-Fa-f]{1,20})[^\n]*\n")


_STATUS_LINE: Final = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)")
# RFC 9110 sections 5.6.2 and 8.6.
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH: Final = re.compile(r"\d+(?:[ \t]*,[ \t]*\d+)*", re.ASCII)
_UNPRINTABLE: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class Answer(NamedTuple):
    """A received message: its head from the status line through the blank line, and all that follows."""

    head: bytes
    body: bytes


def split_answer(received: bytes) -> Answer:
    """The final answer in what a connection received, interim 1xx heads left out (RFC 9110 section 15.2)."""
    start = 0
    while head_end := _HEAD_END.search(received, start):
        if not _INTERIM.match(received, start):
            return Answer(received[start : head_end.end()], received[head_end.end() :])
        start = head_end.end()
    return Answer(received[start:], b"")


def take_head(held: bytearray, searched: int) -> tuple[bytes, bool] | None:
    """Take the first head out of ``held``, in which there is no end before ``searched``; None where it is not whole yet.

    It is given such that a strict parser takes it, with whether it is an interim one. Browsers pass over a line that is no
    field, blanks before a colon, and lengths that are no numbers.
    """
    end = _HEAD_END.search(held, max(0, searched - 2))
    if end is None:
        return None
    head = bytes(held[: end.end()])
    del held[: end.end()]
    return _readable(head), _INTERIM.match(head) is not None


def _readable(head: bytes) -> bytes:
    status = _STATUS_LINE.match(head)
    if status is None:
        return head
    version = status[1] if status[1] in {b"1.0", b"1.1"} else b"1.1"
    first = b"HTTP/" + version + b" " + status[2] + b" " + _UNPRINTABLE.sub(b"", status[3]).strip()
    lines = [first.rstrip()]
    for name, value in read_fields(head):
        is_length = name.lower() == "content-length"
        is_identity = name.lower() == "transfer-encoding" and value.lower() == "identity"
        if _TOKEN.fullmatch(name) and not is_identity and not (is_length and not _LENGTH.fullmatch(value)):
            lines.append(f"{name}: ".encode() + _UNPRINTABLE.sub(b"", value.encode("latin-1")).strip())
    return b"\r\n".join([*lines, b"", b""])


def trim_body(body: bytes, status: int, headers: Headers) -> bytes:
    """The body without octets that the connection received beyond the end of the message (RFC 9112 section 6.3)."""
    if status in {204, 304}:
        return b""
    if first_header(headers, "transfer-encoding"):
        return body[: _chunked_end(body)]
    length = first_header(headers, "content-length") or ""
    # Several equal lengths in one field count as one (RFC 9110 section 8.6).
    length = length.partition(",")[0].strip()
    return body[: int(length)] if length.isdecimal() else body


def write_head(first_line: str, headers: Headers) -> bytes:
    """The head of a message as bytes, through its blank line."""
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", errors="replace")


def reframed(headers: Headers, status: int, length: int) -> Headers:
    """``headers`` for a body of ``length`` octets without chunk framing, so that head and body agree."""
    kept = tuple((name, value) for name, value in headers if name.lower() != "transfer-encoding")
    if status in {204, 304}:
        return kept
    stated = [value for name, value in kept if name.lower() == "content-length"]
    if stated == [str(length)]:
        return kept
    return (
        *((name, value) for name, value in kept if name.lower() != "content-length"),
        ("Content-Length", str(length)),
    )


def _chunked_end(body: bytes) -> int:
    """Where a chunked body ends, its trailers included (RFC 9112 section 7.1); its length where it never does."""
    at = 0
    while chunk := _CHUNK_HEAD.match(body, at):
        size = int(chunk[1], 16)
        if size == 0:
            # The blank line may follow the last chunk at once, so its own line end counts.
            end = _HEAD_END.search(body, chunk.end() - 1)
            return end.end() if end else len(body)
        at = min(chunk.end() + size + 2, len(body))
    return len(body)
