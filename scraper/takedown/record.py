"""Records without what was taken down: ``conversion`` records that say so (WARC 1.1 section 6.8)."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from scraper.archive.compose import (
    CAPTURED_AT,
    CAPTURED_AT_BASIS,
    PAYLOAD_DIGEST,
    REDACTION,
    REFERS_TO,
    SOURCE_FILE,
    WIRE,
    CaptureTime,
)
from scraper.archive.members import WARCINFO_ID
from scraper.archive.message import read_message
from scraper.archive.replay import capture_time, is_http
from scraper.archive.warc import (
    RECORD_LIMIT,
    WarcRecord,
    bracketed,
    format_date,
    format_fields,
    payload_digest,
    without_sums,
)
from scraper.model.coding import decode_content
from scraper.model.exchange import Headers
from scraper.takedown.payload import holds, redacted_body
from scraper.takedown.text import found_in, leads_there
from scraper.takedown.traces import Statement, Traces

_ALIAS_LENGTH: Final = 32
# They describe a body as it was sent, which a redacted one is not any more.
_OF_THE_WIRE: Final = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "content-md5", "digest", "content-digest", "repr-digest", "trailer"}
)  # fmt: skip
_RENEWED: Final = frozenset(
    name.lower()
    for name in (
        "WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Payload-Digest", "WARC-Block-Digest", "Content-Length",
        CAPTURED_AT, CAPTURED_AT_BASIS, PAYLOAD_DIGEST, REDACTION, REFERS_TO, WIRE,
        "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Profile",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakedownRule:
    """By which rule something is taken down, and when; ``key`` is that of the archive's pseudonyms."""

    sentence: str
    at: datetime
    key: bytes

    def alias(self, url: str) -> str:
        """What stands for a URL that must not be named: keyed, so that nobody finds it by trying."""
        digest = hmac.new(self.key, b"url\0" + url.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"urn:postkeep:forgotten:{digest.hexdigest()[:_ALIAS_LENGTH]}"


def redacted_id(record_id: str) -> str:
    """The id of the record that takes the place of another; the same each time it is asked for."""
    return uuid5(NAMESPACE_URL, f"{record_id}#redacted").urn


def withdrawn(record: WarcRecord, rule: TakedownRule) -> WarcRecord:
    """What takes the place of a record of which nothing stays: it says that and why, and nothing of what it was."""
    fields = (
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", bracketed(redacted_id(record.record_id))),
        ("WARC-Date", format_date(rule.at)),
        ("WARC-Target-URI", rule.alias(record.get("WARC-Target-URI") or "")),
        (REFERS_TO, bracketed(record.record_id)),
        (REDACTION, "whole"),
        *_warcinfo(record),
        ("Content-Type", "application/warc-fields"),
    )
    return WarcRecord(fields, format_fields((("redaction", "whole"), ("rule", rule.sentence))))


def mentions(record: WarcRecord, traces: Traces) -> bool:
    """A quick look: False only where nothing that goes stands in the record's fields or block."""
    if _names_source(record, traces) or any(leads_there(value, traces) for _, value in record.fields):
        return True
    if not is_http(record):
        return holds(record.block, record.get("Content-Type"), traces)
    try:
        message = read_message(record.block)
    except ValueError:
        return holds(record.block, None, traces)
    body = decode_content(message.payload, message.headers, RECORD_LIMIT).body
    head = record.block[: len(record.block) - len(message.body)]
    return holds(head, None, traces) or holds(body, _content_type(message.headers), traces)


def leads_on(record: WarcRecord, traces: Traces) -> bool:
    """Whether a request, or what binds a visit, leads to what goes; a name that is a word of its own says nothing there."""
    block = record.block.decode("utf-8", "surrogateescape")
    texts = (*(value for _, value in record.fields), block)
    return _names_source(record, traces) or any(leads_there(text, traces) for text in texts)


def unsearchable_coding(record: WarcRecord) -> str | None:
    """The content coding that cannot be undone, where there is one: what the record holds cannot be told then."""
    if not is_http(record):
        return None
    try:
        message = read_message(record.block)
    except ValueError:
        return None
    return decode_content(message.payload, message.headers, RECORD_LIMIT).opaque_coding


def redacted(
    record: WarcRecord, rule: TakedownRule, traces: Traces, statements: Sequence[Statement] = ()
) -> WarcRecord | None:
    """A capture without what goes; the same object where nothing of it is there; None where that is not sure.

    A part of an answer can only be taken out where its content coding can be undone and its charset told; what an
    answer's address or a field of its record says cannot be taken out in part.
    """
    if any(leads_there(value, traces) for name, value in record.fields if name != SOURCE_FILE):
        return None
    if not is_http(record):
        body = redacted_body(record.block, record.get("Content-Type"), traces, statements)
        if body is None:
            return None
        is_changed = body is not record.block or _names_source(record, traces)
        return _converted(record, rule, traces, body, body, ()) if is_changed else record
    try:
        message = read_message(record.block)
    except ValueError:
        return None if mentions(record, traces) else record
    decoded = decode_content(message.payload, message.headers, RECORD_LIMIT)
    plain = decoded.body
    body = redacted_body(plain, _content_type(message.headers), traces, statements)
    if body is None or decoded.truncated == "length" or decoded.opaque_coding:
        return None if statements or mentions(record, traces) else record
    kept = tuple(header for header in message.headers if not found_in(": ".join(header), traces))
    if body is plain and kept == message.headers and not _names_source(record, traces):
        return record
    headers = (
        *(header for header in kept if header[0].lower() not in _OF_THE_WIRE),
        ("Content-Length", str(len(body))),
    )
    return _converted(
        record,
        rule,
        traces,
        _head(message.status, headers) + body,
        body,
        (("Content-Type", record.get("Content-Type") or ""),),
    )


def with_references(record: WarcRecord, renamed: Callable[[str], str | None]) -> WarcRecord:
    """The record with the ids that it refers to as they are now; ``renamed`` gives None for one that is as it was."""
    fields = tuple(
        (name, _renamed(value, renamed)) if name in {REFERS_TO, "WARC-Concurrent-To"} else (name, value)
        for name, value in record.fields
    )
    return record if fields == record.fields else without_sums(WarcRecord(fields, record.block))


def _renamed(value: str, renamed: Callable[[str], str | None]) -> str:
    new = renamed(value.strip().removeprefix("<").removesuffix(">"))
    return bracketed(new) if new else value


def _names_source(record: WarcRecord, traces: Traces) -> bool:
    """Whether the name of the file that the record was imported from says who goes."""
    source = record.get(SOURCE_FILE)
    return source is not None and (leads_there(source, traces) or found_in(source, traces.calls))


def _converted(
    record: WarcRecord, rule: TakedownRule, traces: Traces, block: bytes, body: bytes, more: Headers
) -> WarcRecord:
    time = capture_time(record)
    kept = tuple(field for field in record.fields if field[0].lower() not in _RENEWED and field not in more)
    if _names_source(record, traces):
        kept = tuple((name, rule.alias(value) if name == SOURCE_FILE else value) for name, value in kept)
    fields = (
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", bracketed(redacted_id(record.record_id))),
        ("WARC-Date", format_date(rule.at)),
        (REFERS_TO, bracketed(record.record_id)),
        (REDACTION, f"part; {rule.sentence}"),
        *_time(time),
        (PAYLOAD_DIGEST, payload_digest(body)),
        *kept,
        *more,
    )
    return WarcRecord(fields, block)


def _time(time: CaptureTime) -> Headers:
    stated: Headers = ((CAPTURED_AT, format_date(time.at)),) if time.at else ()
    return (*stated, (CAPTURED_AT_BASIS, time.basis))


def _head(status: int, headers: Headers) -> bytes:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    lines = [f"HTTP/1.1 {status} {phrase}".rstrip(), *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _content_type(headers: Headers) -> str | None:
    return next((value for name, value in headers if name.lower() == "content-type"), None)


def _warcinfo(record: WarcRecord) -> Headers:
    return tuple(field for field in record.fields if field[0] == WARCINFO_ID)
