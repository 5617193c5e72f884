"""From a WARC record back to a capture."""

from typing import Final, cast, get_args

from scraper.archive.compose import (
    ASKED_WITH,
    CAPTURED_AT,
    CAPTURED_AT_BASIS,
    PAYLOAD_DIGEST,
    REDACTION,
    REFERS_TO,
    SOURCE_FILE,
    TRUNCATED,
    CaptureTime,
    memento_in,
)
from scraper.archive.memento import original_headers
from scraper.archive.message import Message, read_message
from scraper.archive.warc import WarcRecord, parse_date, payload_digest
from scraper.model.capture import Capture, CapturedAtBasis
from scraper.model.coding import decode_content
from scraper.model.exchange import Headers, Truncation

BODY_LIMIT: Final = 64 << 20
# They describe the body that a 304 does not have.
_OF_THE_BODY: Final = frozenset({"content-encoding", "content-length", "content-range", "transfer-encoding"})


def capture_of(
    record: WarcRecord, body_limit: int = BODY_LIMIT, original: WarcRecord | None = None
) -> Capture:
    """The capture in a response, resource or revisit record; its body is cut at ``body_limit`` decoded bytes.

    A revisit has the body of its ``original``, and the status and headers that a cache would then answer with; one
    without a head of its own has all of them.

    Raises:
        ValueError: the record is a response without an HTTP head, or a revisit whose original is not a response.
    """
    time = capture_time(record)
    headers: Headers
    if record.type == "revisit":
        message, payload = _revisited(record, original)
        status, headers = message.status, message.headers
        decoded = decode_content(payload, headers, body_limit)
    elif not is_http(record):
        status, headers = None, (("Content-Type", record.get("Content-Type") or ""),)
        decoded = decode_content(record.block, (), body_limit)
    else:
        message = read_message(record.block)
        status, headers = message.status, message.headers
        memento = memento_in(record)
        if memento:
            headers = original_headers(headers, memento.uri)
        decoded = decode_content(message.payload, headers, body_limit)
    return Capture(
        record_id=record.record_id,
        url=record.get("WARC-Target-URI") or "",
        status=status,
        headers=headers,
        body=decoded.body,
        captured_at=time.at,
        captured_at_basis=time.basis,
        payload_digest=stated_payload_digest(record),
        truncated=truncation_of(record) or decoded.truncated,
        asked_with=tuple((record.get(ASKED_WITH) or "").replace(",", " ").split()),
    )


def capture_time(record: WarcRecord) -> CaptureTime:
    """When the record's content was captured: at its WARC-Date, unless it says otherwise.

    What came out of somebody's file was not observed by us, whatever its record says.
    """
    basis = record.get(CAPTURED_AT_BASIS)
    if basis in get_args(CapturedAtBasis) and (basis != "observed" or record.type == "conversion"):
        time = CaptureTime(parse_date(record.get(CAPTURED_AT) or ""), cast("CapturedAtBasis", basis))
    else:
        at = parse_date(record.get("WARC-Date") or "")
        time = CaptureTime(at, "observed" if at else "unknown")
    return asserted(time) if record.get(SOURCE_FILE) is not None else time


def asserted(time: CaptureTime) -> CaptureTime:
    """The time of a capture that somebody else made: ``observed`` is for our own visits alone."""
    return CaptureTime(time.at, "asserted") if time.basis == "observed" else time


def is_capture(record: WarcRecord) -> bool:
    """Whether the record holds what was captured, or what a redaction has left of it."""
    if record.type == "conversion":
        return (record.get(REDACTION) or "").startswith("part")
    return record.type in {"response", "resource", "revisit"}


def is_http(record: WarcRecord) -> bool:
    """Whether the block is an HTTP answer, and not the payload itself."""
    media_type = (record.get("Content-Type") or "").partition(";")[0].strip().lower()
    return record.type in {"response", "revisit"} or (
        record.type in {"conversion", "request"} and media_type == "application/http"
    )


def message_of(record: WarcRecord) -> Message | None:
    """The HTTP answer in a response or revisit record; None for a resource, or where it has no HTTP head."""
    if not is_http(record):
        return None
    try:
        return read_message(record.block)
    except ValueError:
        return None


def stated_payload_digest(record: WarcRecord) -> str:
    """The ``payload_digest`` of the record, computed where it does not state one."""
    stated = record.get(PAYLOAD_DIGEST)
    if stated is not None:
        return stated
    if record.type == "revisit" or not is_http(record):
        return payload_digest(record.block)
    try:
        return payload_digest(read_message(record.block).payload)
    except ValueError:
        return payload_digest(record.block)


def _revisited(record: WarcRecord, original: WarcRecord | None) -> tuple[Message, bytes]:
    """The answer that a revisit stands for, and its payload."""
    if original is None or original.type == "revisit" or not is_http(original):
        raise ValueError(f"it refers to {record.get(REFERS_TO)}, which is no response in this archive")
    before = read_message(original.block)
    memento = memento_in(original)
    headers = original_headers(before.headers, memento.uri) if memento else before.headers
    if not record.block:
        return Message(before.status, headers, b""), before.payload
    message = read_message(record.block)
    if message.status != 304:
        return message, before.payload
    return Message(before.status, _freshened(headers, message.headers), b""), before.payload


def _freshened(before: Headers, now: Headers) -> Headers:
    """The headers of an answer after a 304 to it (RFC 9111 section 3.2)."""
    renewed = {name.lower() for name, _ in now} - _OF_THE_BODY
    kept = tuple((name, value) for name, value in before if name.lower() not in renewed)
    return (*kept, *((name, value) for name, value in now if name.lower() in renewed))


def truncation_of(record: WarcRecord) -> Truncation | None:
    """Why the record's content is incomplete; None where it is whole."""
    stated = record.get(TRUNCATED)
    if stated is None or stated in get_args(Truncation):
        return cast("Truncation | None", stated)
    return "unspecified"
