"""Captures and visits: exchanges as they are read back from the archive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.model.exchange import Headers, Truncation, first_header, location_of

# How the time of a capture is known: our own visit saw it, a web archive says it, an imported file or who imports it says it, nobody does.
CapturedAtBasis = Literal["observed", "memento", "asserted", "unknown"]


@dataclass(frozen=True, slots=True)
class Capture:
    """An exchange, or an imported file, in the archive.

    ``record_id`` is the WARC-Record-ID, ``<urn:uuid:…>`` without the angle brackets. ``status`` is None for an
    imported file, which had no HTTP. ``body`` has its transfer and content codings removed; its charset
    has not been decoded. ``payload_digest`` is ``sha256:<hex>`` over the de-chunked, still content-encoded body.
    ``asked_with`` are the fields with which a person asked for somebody else's capture, unless it is stated to be public;
    ``is_public``: that is stated of it, whoever was signed in.
    ``captured_at`` is in UTC and None where the basis is ``unknown``.
    """

    record_id: str
    url: str
    status: int | None
    headers: Headers
    body: bytes
    captured_at: datetime | None
    captured_at_basis: CapturedAtBasis
    payload_digest: str
    truncated: Truncation | None = None
    asked_with: tuple[str, ...] = ()
    is_public: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, the name in any case; None where there is none."""
        return first_header(self.headers, name)

    @property
    def location(self) -> str | None:
        """The Location, its octets escaped as they are; None where there is none."""
        return location_of(self.headers)

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case; empty where the answer names none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Visit:
    """The captures that one crawl or import made for one post, in the order they were made.

    ``url`` is the URL the visit was made for, as given. ``sequence`` counts the archive's visits from 1. ``whole`` says
    whether it has all that its post needed, ``run`` which run of ours made it; None where it was imported.
    """

    visit_id: str
    sequence: int
    url: str
    captures: tuple[Capture, ...] = ()
    whole: bool = True
    run: str | None = None

    @property
    def captured_at(self) -> datetime | None:
        """When the visit's first capture was made, in UTC; None where that is unknown."""
        return self.captures[0].captured_at if self.captures else None
