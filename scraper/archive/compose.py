"""What each kind of record says: an exchange, an imported file, a visit, as WARC records.

The ``Postkeep-`` fields are ours (WARC 1.1 section 5.1 allows extensions); with them the index can be rebuilt
from the WARC files alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scraper.archive.memento import Memento
from scraper.archive.unpacked import Position
from scraper.archive.warc import (
    WarcRecord,
    bracketed,
    format_date,
    format_fields,
    labelled_digest,
    parse_date,
    payload_digest,
)
from scraper.model.capture import CapturedAtBasis
from scraper.model.exchange import Exchange, Headers, Truncation

VISIT: Final = "Postkeep-Visit"
VISIT_URL: Final = "Postkeep-Visit-URL"
VISIT_SEQUENCE: Final = "Postkeep-Visit-Sequence"
CAPTURED_AT: Final = "Postkeep-Captured-At"
CAPTURED_AT_BASIS: Final = "Postkeep-Captured-At-Basis"
PAYLOAD_DIGEST: Final = "Postkeep-Payload-Digest"
WIRE: Final = "Postkeep-Wire"
# The fields of the request with which a person asked, in somebody else's capture.
ASKED_WITH: Final = "Postkeep-Asked-With"
SOURCE_FILE: Final = "Postkeep-Source-File"
SOURCE_RECORD: Final = "Postkeep-Source-Record-ID"
SOURCE_DATE: Final = "Postkeep-Source-Date"
MEMENTO: Final = "Postkeep-Memento-Datetime"
# The words that pywb has for the same when it records from another archive.
SOURCE_URI: Final = "WARC-Source-URI"
CREATION_DATE: Final = "WARC-Creation-Date"
TRUNCATED: Final = "WARC-Truncated"
REFERS_TO: Final = "WARC-Refers-To"
# How much of the record that a conversion stands for was taken down: a "part" of it, or the "whole".
REDACTION: Final = "Postkeep-Redaction"
NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

_REQUEST: Final = "application/http;msgtype=request"
_RESPONSE: Final = "application/http;msgtype=response"
_FIELDS: Final = "application/warc-fields"
_HTTP1: Final = re.compile(rb"HTTP/1\.[01] ")
_VERSION: Final = re.compile(rb"\AHTTP/\S*")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class VisitStamp:
    """What every capture says of the visit it was made for."""

    visit_id: str
    url: str
    sequence: int

    @property
    def fields(self) -> Headers:
        """The stamp as fields of a record."""
        return (
            (VISIT, bracketed(self.visit_id)),
            (VISIT_URL, self.url),
            (VISIT_SEQUENCE, str(self.sequence)),
        )


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as the index has it; ``ended_at`` is None while it is open, ``run`` where no run of ours made it."""

    stamp: VisitStamp
    site: str
    begun_at: datetime
    ended_at: datetime | None
    whole: bool = True
    run: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """When a capture was made, in UTC, and how that is known; ``at`` is None where it is not."""

    at: datetime | None
    basis: CapturedAtBasis


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A page that somebody saved from ``url``, and the fields with which they asked for it as a person.

    ``decoded``: its body is text that another tool has decoded, and not the bytes that the server sent.
    """

    url: str
    body: bytes
    media_type: str
    time: CaptureTime = CaptureTime(None, "unknown")
    asked_with: tuple[str, ...] = ()
    decoded: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported record came from: the file, and the id and date it had there, verbatim."""

    file: str
    record_id: str | None
    date: str | None

    @property
    def fields(self) -> Headers:
        """The origin as fields of a record."""
        return (
            (SOURCE_FILE, printable_url(self.file)),
            *_optional(SOURCE_RECORD, self.record_id),
            *_optional(SOURCE_DATE, self.date),
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """How somebody else's revisit says which capture has its payload; each part is None where it does not say it.

    ``profile`` is a URI, ``record_id`` has no brackets, ``date`` is in UTC, ``digest`` a WARC-Payload-Digest, verbatim.
    """

    profile: str
    record_id: str | None
    url: str | None
    date: datetime | None
    digest: str | None

    @property
    def is_not_modified(self) -> bool:
        """Whether the server said that nothing had changed; else the payload that came was compared."""
        return self.profile.rstrip("/").endswith("server-not-modified")

    def __str__(self) -> str:
        """What it says, for a sentence."""
        at = f"{self.url} of {format_date(self.date)}" if self.url and self.date else None
        return self.record_id or at or self.digest or "nothing"


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """A response, a revisit or a resource out of somebody else's WARC file or web archive, its bytes as they stood there.

    ``block`` is the record's block: an HTTP response with its head, or the resource itself, whose media type is
    ``content_type``. ``request`` is the block of the request record that belongs to it, where the file has one.
    ``payload_digest`` is as in ``Capture``; that of a revisit, which ``refers`` to the capture that has its payload, is
    empty as long as that one is not found. ``position`` is where in the file the record begins, or its
    request where that stands before it. ``memento`` says from which web archive it came, ``origin`` from which file.
    ``method`` and ``asked_with`` are as in ``Asked``, as far as they are told; by its ``links`` its request knows it.
    """

    url: str
    is_response: bool
    block: bytes
    content_type: str
    time: CaptureTime
    payload_digest: str
    origin: Origin | None = None
    refers: Reference | None = None
    memento: Memento | None = None
    request: bytes | None = None
    truncated: Truncation | None = None
    server_address: str | None = None
    method: str | None = None
    asked_with: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    position: Position = Position(0)  # noqa: RUF009 - frozen


def printable_url(url: str) -> str:
    """``url`` with blanks and control characters percent-encoded, so that it fits on one line of a header.

    Octets of a file's name that are no text (PEP 383) are percent-encoded as they are.
    """
    return _UNPRINTABLE.sub(lambda match: "".join(f"%{byte:02X}" for byte in _octets(match[0])), url)


def _octets(character: str) -> bytes:
    try:
        return character.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")


def warcinfo_record(record_id: str, at: datetime, file_name: str, about: Mapping[str, str]) -> WarcRecord:
    """The record that opens each file: ``about`` says who made it, with what and under which policy."""
    fields = (*_identity("warcinfo", record_id, at), ("WARC-Filename", file_name), ("Content-Type", _FIELDS))
    return WarcRecord(fields, format_fields((name, _one_line(value)) for name, value in about.items()))


def exchange_records(
    exchange: Exchange,
    request_id: str,
    response_id: str,
    visit: VisitStamp | None,
    original: WarcRecord | None = None,
) -> tuple[WarcRecord, WarcRecord]:
    """The request and the response record of an exchange, tied by WARC-Concurrent-To.

    Where its payload is that of an ``original``, the second one is a ``revisit`` of that: the head alone.
    """
    url = printable_url(exchange.request.url)
    wire: Headers = () if exchange.from_wire else ((WIRE, "rebuilt"),)
    request = _request_record(request_id, response_id, exchange.started_at, url, exchange.request_wire, wire)
    about = (
        *_identity("revisit" if original else "response", response_id, exchange.started_at, url),
        *_optional("WARC-IP-Address", exchange.server_address),
        *_optional("WARC-Protocol", None if exchange.protocol == "HTTP/1.1" else exchange.protocol.lower()),
        *_optional(TRUNCATED, exchange.truncated),
        *(_refers_to(original, is_not_modified=exchange.status == 304) if original else _digests(exchange)),
        *wire,
        *(visit.fields if visit else ()),
        ("Content-Type", _RESPONSE),
    )
    head = _replayable(exchange.head)
    return request, WarcRecord(about, head if original else head + exchange.body)


def resource_record(record_id: str, file: ImportedFile, now: datetime, visit: VisitStamp) -> WarcRecord:
    """The record that keeps an imported file."""
    fields = (
        *_identity("resource", record_id, now, printable_url(file.url)),
        *_time_fields(file.time),
        ("WARC-Payload-Digest", labelled_digest(file.body)),
        (PAYLOAD_DIGEST, payload_digest(file.body)),
        *_optional(ASKED_WITH, ", ".join(file.asked_with) or None),
        *_optional(WIRE, "decoded" if file.decoded else None),
        *visit.fields,
        ("Content-Type", _one_line(file.media_type)),
    )
    return WarcRecord(fields, file.body)


def foreign_records(
    foreign: ForeignRecord,
    request_id: str,
    record_id: str,
    now: datetime,
    visit: VisitStamp | None,
    original: WarcRecord | None = None,
) -> tuple[WarcRecord, ...]:
    """The records that keep somebody else's record: their request where there was one, and theirs.

    A revisit needs the ``original`` of ours that has its payload.
    """
    at = foreign.time.at or now
    url = printable_url(foreign.url)
    origin: Headers = (
        *(foreign.origin.fields if foreign.origin else ()),
        *(_memento_fields(foreign.memento) if foreign.memento else ()),
        *_optional(ASKED_WITH, ", ".join(foreign.asked_with) or None),
    )
    digests: Headers = ((PAYLOAD_DIGEST, foreign.payload_digest),)
    kind = "response" if foreign.is_response else "resource"
    if foreign.refers and original:
        kind, digests = "revisit", _refers_to(original, is_not_modified=foreign.refers.is_not_modified)
    fields = (
        *_identity(kind, record_id, at, url),
        *_optional("WARC-IP-Address", foreign.server_address),
        *_optional(TRUNCATED, foreign.truncated),
        *_time_fields(foreign.time),
        *digests,
        *origin,
        *(visit.fields if visit else ()),
        ("Content-Type", _RESPONSE if foreign.is_response else _one_line(foreign.content_type)),
    )
    kept = WarcRecord(fields, foreign.block)
    if foreign.request is None:
        return (kept,)
    return _request_record(request_id, record_id, at, url, foreign.request, origin), kept


def visit_record(
    visit: VisitRow, captures: Iterable[str], now: datetime, *, whole: bool, run: str | None = None
) -> WarcRecord:
    """The record that ends a visit and binds its captures, in order; its id is the visit's."""
    stamp = visit.stamp
    fields = (
        *_identity("metadata", stamp.visit_id, now, stamp.url),
        *stamp.fields,
        ("Content-Type", _FIELDS),
    )
    block = format_fields(
        (
            ("site", visit.site),
            ("begun", format_date(visit.begun_at)),
            ("whole", "yes" if whole else "no"),
            *_optional("run", run),
            *(("capture", bracketed(record_id)) for record_id in captures),
        )
    )
    return WarcRecord(fields, block)


def memento_in(record: WarcRecord) -> Memento | None:
    """The web archive's memento that a record was made from; None where it was made from none."""
    uri, stated = record.get(SOURCE_URI), record.get(MEMENTO)
    fetched_at = parse_date(record.get(CREATION_DATE) or "")
    return Memento(uri, stated, fetched_at) if uri and stated and fetched_at else None


def _memento_fields(memento: Memento) -> Headers:
    return (
        (SOURCE_URI, printable_url(memento.uri)),
        *_optional(MEMENTO, memento.stated),
        (CREATION_DATE, format_date(memento.fetched_at)),
    )


def _digests(exchange: Exchange) -> Headers:
    return (
        ("WARC-Payload-Digest", labelled_digest(exchange.body)),
        (PAYLOAD_DIGEST, payload_digest(exchange.payload)),
    )


def _refers_to(original: WarcRecord, *, is_not_modified: bool) -> Headers:
    """Which capture has the payload of a revisit, and how that is known (WARC 1.1 sections 5.8, 5.12 to 5.14, 6.7)."""
    return (
        ("WARC-Profile", NOT_MODIFIED if is_not_modified else IDENTICAL_PAYLOAD),
        (REFERS_TO, bracketed(original.record_id)),
        ("WARC-Refers-To-Target-URI", original.get("WARC-Target-URI") or ""),
        ("WARC-Refers-To-Date", original.get("WARC-Date") or ""),
        *_optional("WARC-Payload-Digest", original.get("WARC-Payload-Digest")),
        (PAYLOAD_DIGEST, original.get(PAYLOAD_DIGEST) or ""),
    )


def _identity(kind: str, record_id: str, at: datetime, url: str | None = None) -> Headers:
    return (
        ("WARC-Type", kind),
        ("WARC-Record-ID", bracketed(record_id)),
        ("WARC-Date", format_date(at)),
        *_optional("WARC-Target-URI", url),
    )


def _optional(name: str, value: str | None) -> Headers:
    return () if value is None else ((name, _one_line(value)),)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _time_fields(time: CaptureTime) -> Headers:
    if time.basis == "observed":
        return ()
    stated = format_date(time.at) if time.at else None
    return (*_optional(CAPTURED_AT, stated), (CAPTURED_AT_BASIS, time.basis))


def _request_record(
    request_id: str, response_id: str, at: datetime, url: str, block: bytes, more: Headers
) -> WarcRecord:
    fields = (
        *_identity("request", request_id, at, url),
        ("WARC-Concurrent-To", bracketed(response_id)),
        *more,
        ("Content-Type", _REQUEST),
    )
    return WarcRecord(fields, block)


def _replayable(head: bytes) -> bytes:
    """``head`` with a status line of HTTP/1: pywb answers 503 to ``HTTP/2 200``. The truth is in WARC-Protocol."""
    return head if _HTTP1.match(head) else _VERSION.sub(b"HTTP/1.1", head, count=1)
