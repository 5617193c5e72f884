"""The look at a page that was to tell what it is, found again in the archive: whoever visits the page needs no other."""

from datetime import datetime

from scraper.archive.read import ArchiveReader
from scraper.fetch.retry import RETRYABLE_STATUSES
from scraper.model.capture import Capture
from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.url import resolve


def look_at(url: str, archive: ArchiveReader, since: datetime) -> tuple[Capture, ...]:
    """The captures, none older than ``since``, of the redirects from ``url`` and of the page they end at, in that order.

    They end before what was not reached, or answered in a way that is worth another try.
    """
    found: dict[str, Capture] = {}
    target = resolve(url, url)
    while target is not None and target not in found:
        known = archive.latest(target)
        capture = archive.capture(known.record_id) if known and known.captured_at >= since else None
        if capture is None or capture.status in RETRYABLE_STATUSES or capture.truncated == "disconnect":
            break
        found[target] = capture
        location = capture.location if capture.status in REDIRECT_STATUSES else None
        target = resolve(target, location) if location else None
    return tuple(found.values())
