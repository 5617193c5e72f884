"""One visit to one reading: a pure function of the visit and the archive's policy, so that any process can do it."""

from dataclasses import dataclass

from scraper.jobs.claims import claimed, unclaimed_reason
from scraper.model.capture import Visit
from scraper.model.record import Record, Rejection
from scraper.model.site import Site
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.records.rows import read_rows


@dataclass(frozen=True, slots=True)
class Unread:
    """A visit that gave no record, and why; ``site`` and ``post_id`` are None where no site claims its URL."""

    visit: Visit
    site: str | None
    post_id: str | None
    reason: str


def read_visit(visit: Visit, policy: Policy) -> Reading | Unread:
    """What the visit says, as rows; or why it says nothing. Never raises on what a page may hold."""
    found = claimed(visit.url)
    if found is None:
        return Unread(visit, None, None, unclaimed_reason(visit.url))
    try:
        record = _record(found.site, visit)
        if isinstance(record, Record):
            return read_rows(record, found.claim, visit, found.site, policy)
    except Exception as error:  # noqa: BLE001 - one bad page costs one page, whatever is wrong with it
        record = Rejection(
            f"The page could not be read ({type(error).__name__}: {error}). It is kept; please report it."
        )
    return Unread(visit, found.site.name, found.claim.post_id, record.reason)


def _record(site: Site, visit: Visit) -> Record | Rejection:
    return site.read(visit) if visit.captures else Rejection("Nothing was captured in this visit.")
