"""One page to one record, in memory: what there is where nothing is archived."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from scraper.model.capture import Capture, Visit
from scraper.model.record import Record, Rejection
from scraper.model.url import parse_url, without_credentials
from scraper.page.home_zones import NO_ZONES
from scraper.reading.document_reading import read_document
from scraper.reading.read_visit import DocumentsOfVisit, reason_unclaimed, whole_record
from scraper.sites.registry import installed_sites


def record_of_page(html: bytes | str, url: str, captured_at: datetime | None = None) -> Record | Rejection:
    """The record of a page, or why there is none. Never raises on what a page may hold.

    Raises:
        ValueError: ``captured_at`` has no time zone.
    """
    if parse_url(url) is None:
        return Rejection(
            f"{url or 'An empty text'} is no http(s) URL. Give the one that the page was found at, such as https://example.org/post."
        )
    capture = _capture(html, without_credentials(url), captured_at)
    sites = installed_sites()
    document = read_document(capture, sites, NO_ZONES)
    if document.trouble:
        return Rejection(document.trouble)
    whole = DocumentsOfVisit.of(Visit("", 0, capture.url), [document])
    try:
        claimed = whole.claimed(sites)
        return whole_record(whole, claimed) if claimed else Rejection(reason_unclaimed(whole, sites))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a page, it is the page that cannot be read
        return Rejection(f"The page could not be read ({type(error).__name__}: {error}). Please report it.")


def _capture(html: bytes | str, url: str, captured_at: datetime | None) -> Capture:
    """A page in hand as a capture, which is named by what it is."""
    if captured_at is not None and captured_at.tzinfo is None:
        raise ValueError(
            f"captured_at needs a time zone: {captured_at.isoformat()} may be any of many moments."
        )
    is_text = isinstance(html, str)
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    digest = sha256(body).hexdigest()
    return Capture(
        record_id=uuid5(NAMESPACE_URL, f"{url} {digest}").urn,
        url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8" if is_text else "text/html"),),
        body=body,
        captured_at=captured_at.astimezone(UTC) if captured_at else None,
        captured_at_basis="asserted" if captured_at else "unknown",
        payload_digest=f"sha256:{digest}",
    )
