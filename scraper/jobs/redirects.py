"""Redirects that a visit was cut off in the middle of."""

from collections.abc import Iterator

from scraper.model.capture import Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.url import resolve


def unfollowed_redirects(visit: Visit) -> Iterator[Request]:
    """Requests for where redirects of the visit lead, where that was not captured (RFC 9110 section 15.4)."""
    captured = {resolve(capture.url, capture.url) for capture in visit.captures}
    for capture in visit.captures:
        location = capture.header("location")
        target = resolve(capture.url, location) if location and capture.status in REDIRECT_STATUSES else None
        if target is not None and target not in captured:
            yield Request(target)
