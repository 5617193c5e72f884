"""An exchange: one request with its answer, in memory, before it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Headers = tuple[tuple[str, str], ...]

# The answers that lead elsewhere by their Location (RFC 9110 section 15.4).
REDIRECT_STATUSES: Final = frozenset({301, 302, 303, 307, 308})

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


def first_header(headers: Headers, name: str) -> str | None:
    """The first value among ``headers`` of ``name``, compared without case (RFC 9110 section 5.1)."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None
