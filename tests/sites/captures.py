"""Captures and visits for adapter tests."""

import json
from datetime import UTC, datetime

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record
from tests.fixtures.captures import capture_of
from tests.sites.visited import make_careerly as make_site

CAPTURED_AT = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
POST_URL = "https://careerly.co.kr/comments/4242"


def capture(
    body: str | bytes | object,
    url: str = POST_URL,
    *,
    status: int | None = 200,
    media_type: str = "text/html; charset=utf-8",
    captured_at: datetime | None = CAPTURED_AT,
) -> Capture:
    """A capture; ``body`` that is neither text nor bytes is sent as JSON."""
    if not isinstance(body, str | bytes):
        body, media_type = json.dumps(body, ensure_ascii=False), "application/json"
    content = body.encode() if isinstance(body, str) else body
    return capture_of(
        content,
        url,
        ("Content-Type", media_type),
        status=status,
        captured_at=captured_at,
        record_id=f"id-{url}",
    )


def visit(*captures: Capture, url: str | None = None) -> Visit:
    """A visit of these captures, for the URL of the first of them."""
    return Visit("visit-1", 1, url or (captures[0].url if captures else POST_URL), captures)


def read(*captures: Capture) -> Record:
    """The record of a visit; the test fails where there is none."""
    record = make_site().read(visit(*captures))
    assert isinstance(record, Record), record
    return record
