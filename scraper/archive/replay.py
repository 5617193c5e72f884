"""From a WARC record back to a capture."""

from typing import Final, cast, get_args

from scraper.archive.coding import decode_content
from scraper.archive.compose import CAPTURED_AT, CAPTURED_AT_BASIS, PAYLOAD_DIGEST, TRUNCATED, CaptureTime
from scraper.archive.message import read_message
from scraper.archive.warc import WarcRecord, parse_date, payload_digest
from scraper.model.capture import Capture, CapturedAtBasis
from scraper.model.exchange import Headers, Truncation

BODY_LIMIT: Final = 64 << 20


def capture_of(record: WarcRecord, body_limit: int = BODY_LIMIT) -> Capture:
    """The capture in a response or resource record; its body is cut at ``body_limit`` decoded bytes.

    Raises:
        ValueError: the record is a response without an HTTP head.
    """
    time = capture_time(record)
    headers: Headers
    if record.type == "resource":
        status, headers = None, (("Content-Type", record.get("Content-Type") or ""),)
        body, cut = record.block[:body_limit], len(record.block) > body_limit
    else:
        message = read_message(record.block)
        status, headers = message.status, message.headers
        body, cut = decode_content(message.payload, headers, body_limit)
    return Capture(
        record_id=record.record_id,
        url=record.get("WARC-Target-URI") or "",
        status=status,
        headers=headers,
        body=body,
        captured_at=time.at,
        captured_at_basis=time.basis,
        payload_digest=stated_payload_digest(record),
        truncated=truncation_of(record) or ("length" if cut else None),
    )


def capture_time(record: WarcRecord) -> CaptureTime:
    """When the record's content was captured: at its WARC-Date, unless it says otherwise."""
    basis = record.get(CAPTURED_AT_BASIS)
    if basis in get_args(CapturedAtBasis) and basis != "observed":
        return CaptureTime(parse_date(record.get(CAPTURED_AT) or ""), cast("CapturedAtBasis", basis))
    at = parse_date(record.get("WARC-Date") or "")
    return CaptureTime(at, "observed" if at else "unknown")


def status_of(record: WarcRecord) -> int | None:
    """The HTTP status in a response record; None for a resource."""
    if record.type != "response":
        return None
    try:
        return read_message(record.block).status
    except ValueError:
        return None


def stated_payload_digest(record: WarcRecord) -> str:
    """The ``payload_digest`` of the record, computed where it does not state one."""
    stated = record.get(PAYLOAD_DIGEST)
    if stated is not None:
        return stated
    if record.type != "response":
        return payload_digest(record.block)
    try:
        return payload_digest(read_message(record.block).payload)
    except ValueError:
        return payload_digest(record.block)


def truncation_of(record: WarcRecord) -> Truncation | None:
    """Why the record's content is incomplete; None where it is whole."""
    stated = record.get(TRUNCATED)
    if stated is None or stated in get_args(Truncation):
        return cast("Truncation | None", stated)
    return "unspecified"
