"""Mementos: captures that a web archive replays (RFC 7089), and what of its answer was the site's own.

Asked with the modifier ``id_``, pywb, OpenWayback and the Wayback Machine give the payload as it was archived. Headers they
move aside under ``X-Archive-Orig-``, and put their own beside them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from scraper.model.exchange import Headers, escaped_octets, first_header
from scraper.model.url import resolve

MEMENTO_DATETIME: Final = "Memento-Datetime"

_REPLAY: Final = re.compile(
    r"(?P<root>https?://.+?/)(?P<timestamp>\d{1,14})(?:[a-z]{2}_)?/(?P<url>https?://.+)", re.DOTALL
)
_ORIGINAL: Final = "x-archive-orig-"
# Where the site's headers are moved aside, these still speak of the payload.
_OF_THE_PAYLOAD: Final = frozenset({"content-type", "content-encoding", "content-language", "location"})
# Where they are not, these are the archive's own (RFC 7089 section 2).
_OF_THE_ARCHIVE: Final = frozenset({"memento-datetime", "link", "content-location", "preference-applied"})


@dataclass(frozen=True, slots=True)
class Memento:
    """Where a capture came from: the web archive's URI for it, the Memento-Datetime it stated, and when it was fetched."""

    uri: str
    stated: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ReplayUrl:
    """The address of a memento: below ``root``, the capture of ``url`` at ``timestamp`` (up to 14 digits, UTC)."""

    root: str
    timestamp: str
    url: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The parts of such an address; None where ``text`` is none."""
        match = _REPLAY.fullmatch(text)
        return cls(match["root"], match["timestamp"], match["url"]) if match else None

    def __str__(self) -> str:
        """The address of the payload as it was archived."""
        return f"{self.root}{self.timestamp}id_/{self.url}"


def memento_time(headers: Headers) -> datetime | None:
    """The Memento-Datetime of an answer, in UTC (RFC 7089 section 2.1.1); None where it has none that can be read."""
    try:
        moment = parsedate_to_datetime(first_header(headers, MEMENTO_DATETIME) or "")
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def original_headers(headers: Headers, uri: str) -> Headers:
    """The site's headers in the answer for the memento ``uri``, as far as the web archive tells them.

    Content-Encoding is the answer's own where it has one, since it says how the bytes at hand are coded.
    """
    told = [(name[len(_ORIGINAL) :], value) for name, value in headers if name.lower().startswith(_ORIGINAL)]
    if told:
        names = {name.lower() for name, _ in told} - {"content-encoding"}
        beside = [
            header
            for header in headers
            if header[0].lower() in _OF_THE_PAYLOAD and header[0].lower() not in names
        ]
        coded = any(name.lower() == "content-encoding" for name, _ in beside)
        told = [
            *beside,
            *(header for header in told if not (coded and header[0].lower() == "content-encoding")),
        ]
    else:
        told = [header for header in headers if header[0].lower() not in _OF_THE_ARCHIVE]
    return tuple(
        (name, original_location(value, uri) if name.lower() == "location" else value) for name, value in told
    )


def original_location(location: str, uri: str) -> str:
    """A Location of the memento ``uri`` as the site had sent it: archives rewrite some of them to lead to mementos."""
    here, there = ReplayUrl.parse(uri), ReplayUrl.parse(resolve(uri, escaped_octets(location)) or "")
    return there.url if here and there and same_archive(here, there) else location


def same_archive(one: ReplayUrl, other: ReplayUrl) -> bool:
    """Whether both addresses are of one collection of one archive; http and https count as the same."""
    return one.root.partition("://")[2] == other.root.partition("://")[2]
