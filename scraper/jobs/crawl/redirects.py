"""Redirects that a run was cut off in the middle of."""

from collections.abc import Iterator, Sequence

from scraper.model.capture import Capture
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.url import resolve


def unfollowed_redirects(captures: Sequence[Capture]) -> Iterator[Request]:
    """Requests for where redirects among ``captures`` lead, where that was not captured (RFC 9110 section 15.4)."""
    captured = {resolve(capture.url, capture.url) for capture in captures}
    for capture in captures:
        location = capture.header("location")
        target = resolve(capture.url, location) if location and capture.status in REDIRECT_STATUSES else None
        if target is not None and target not in captured:
            yield Request(target)
