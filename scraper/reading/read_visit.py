"""One visit to one reading: a pure function of the visit and the archive's policy, so that any process can do it."""

from dataclasses import dataclass, replace

from scraper.model.capture import Visit
from scraper.model.exclusions import FORGOTTEN
from scraper.model.record import Record, Rejection
from scraper.model.site import Site
from scraper.page.absence import absence_in
from scraper.page.signals import visit_signals
from scraper.page.site_signals import without_site_files
from scraper.reading.claims import Claimed, claimed, recognised, unrecognised_reason
from scraper.records.cleaning import Policy
from scraper.records.forgetting import without_forgotten
from scraper.records.reading import Departure, Reading
from scraper.records.rows import read_rows


@dataclass(frozen=True, slots=True)
class Unread:
    """A visit that gave no record, and why; ``site`` and ``post_id`` are None where no site knows it as its own.

    ``forgotten`` are the ids with a tombstone that the visit shows all the same. ``departure`` is there where the site says
    that the post is not; a page that is gone does not tell its platform, so which post it was is for the store to say.
    """

    visit: Visit
    site: str | None
    post_id: str | None
    reason: str
    forgotten: tuple[str, ...] = ()
    departure: Departure | None = None

    @property
    def visit_id(self) -> str:
        """The id of the visit."""
        return self.visit.visit_id


def read_visit(visit: Visit, policy: Policy) -> Reading | Unread:
    """What the visit says, as rows; or why it says nothing. Never raises on what a page may hold."""
    found: Claimed | None = None
    try:
        pages = without_site_files(visit)
        found = recognised(pages)
        if found is None:
            return Unread(visit, None, None, unrecognised_reason(pages), departure=_departure(visit, None))
        record = _record(found.site, visit)
        if isinstance(record, Record):
            reading = read_rows(record, found.claim, visit, found.site, policy)
            kept = without_forgotten(reading, policy.forgotten)
            if kept is None:
                ids = (found.claim.post_id, reading.post["author_id"])
                met = tuple(each for each in ids if each in policy.forgotten)
                return Unread(visit, found.site.name, found.claim.post_id, FORGOTTEN, met)
            is_cut = _is_cut(record, visit)
            return replace(kept, is_cut=is_cut, visit_url=visit.url, images=record.post.images or ())
        is_forgotten = found.claim.post_id in policy.forgotten
        departure = None if is_forgotten else _departure(visit, found.claim.post_id)
    except Exception as error:  # noqa: BLE001 - one bad page costs one page, whatever is wrong with it
        record = Rejection(
            f"The page could not be read ({type(error).__name__}: {error}). It is kept; please report it."
        )
        departure = None
        found = found or claimed(visit.url)
    if found is None:
        return Unread(visit, None, None, record.reason)
    return Unread(visit, found.site.name, found.claim.post_id, record.reason, departure=departure)


def _departure(visit: Visit, post_id: str | None) -> Departure | None:
    """What a visit that gave no record says about the absence of its post."""
    pages = without_site_files(visit).captures
    absence = absence_in(pages)
    if absence is None:
        return None
    return Departure(
        post_id=post_id or "",
        visit_id=visit.visit_id,
        sequence=visit.sequence,
        captured_at=pages[0].captured_at,
        captured_at_basis=pages[0].captured_at_basis,
        status=absence.status,
        warc_record_id=absence.capture.record_id,
        payload_digest=absence.capture.payload_digest,
        reason=absence.reason,
    )


def _is_cut(record: Record, visit: Visit) -> bool:
    """Whether the capture that the post was read from came incomplete."""
    return any(capture.record_id == record.primary and capture.truncated for capture in visit.captures)


def _record(site: Site, visit: Visit) -> Record | Rejection:
    """What the site reads, which is all but its files about the use of its pages; with the rights signals of all."""
    pages = without_site_files(visit)
    if not pages.captures:
        return Rejection("Nothing was captured in this visit.")
    record = site.read(pages)
    if isinstance(record, Rejection):
        return record
    rights = tuple(dict.fromkeys((*record.post.rights, *visit_signals(visit))))
    return replace(record, post=replace(record.post, rights=rights))
