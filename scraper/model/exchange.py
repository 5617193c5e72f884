"""An exchange: one request with its answer, in memory, before it is kept."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Headers = tuple[tuple[str, str], ...]

# The answers that lead elsewhere by their Location (RFC 9110 section 15.4).
REDIRECT_STATUSES: Final = frozenset({301, 302, 303, 307, 308})

_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_BLANK: Final = re.compile(rb"[\s\x00]")
_OCTET: Final = re.compile("[\x80-\xff]")

# WARC 1.1 section 5.13, the values of WARC-Truncated that apply to a client.
Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. There is no method: postkeep only ever sends GET."""

    url: str
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One GET with its answer.

    ``request_wire``, ``head`` and ``body`` are the bytes as they crossed the wire: ``head`` runs from the
    status line through the blank line, interim 1xx heads left out, and ``body`` keeps its chunk framing.
    Where a transport hides the wire (a replayed cassette) they are rebuilt from the parsed message and
    ``from_wire`` is False. ``payload`` is the de-chunked body, still content-encoded.
    ``elapsed`` is in seconds, from sending the request to the end of the body; ``started_at`` is in UTC.
    """

    request: Request
    status: int
    headers: Headers
    request_wire: bytes
    head: bytes
    body: bytes
    payload: bytes
    started_at: datetime
    elapsed: float
    from_wire: bool
    protocol: str = "HTTP/1.1"
    server_address: str | None = None
    truncated: Truncation | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, the name in any case; None where the answer has none."""
        return first_header(self.headers, name)

    @property
    def location(self) -> str | None:
        """The Location, its octets escaped as they are; None where there is none."""
        return location_of(self.headers)


def read_fields(head: bytes) -> Headers:
    """The fields in a head, read as browsers do; live answers and imported ones are read by this alone.

    Field lines follow the first line. A line that is none (no colon, a blank in its name) is passed over, blanks before the
    colon are dropped, a line that begins with a blank goes on with the one before (RFC 9112 section 5). Octets are
    read as Latin-1.
    """
    lines = _FOLD.sub(b" ", head.strip(b"\r\n")).split(b"\n")[1:]
    parted = (line.rstrip(b"\r").partition(b":") for line in lines)
    fields = ((name.strip(b" \t"), value.strip(b" \t")) for name, colon, value in parted if colon)
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in fields
        if name and not _BLANK.search(name)
    )


def location_of(headers: Headers) -> str | None:
    """The Location of an answer, its octets beyond ASCII escaped as they are (RFC 3986 section 2.5); None without one."""
    location = first_header(headers, "location")
    return None if location is None else escaped_octets(location)


def escaped_octets(value: str) -> str:
    """A field value, read as Latin-1, with its octets beyond ASCII percent-encoded."""
    return _OCTET.sub(lambda match: f"%{ord(match[0]):02X}", value)


def first_header(headers: Headers, name: str) -> str | None:
    """The first value among ``headers`` of ``name``, compared without case (RFC 9110 section 5.1)."""
    wanted, length = name.lower(), len(name)
    for key, value in headers:
        # Few names have the same length, and no letter of one changes it.
        if len(key) == length and key.lower() == wanted:
            return value
    return None
