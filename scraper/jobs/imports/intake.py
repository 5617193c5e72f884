"""What every import shares: the archive it goes into, and the extractor that reads it there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.archive.archive import Archive
from scraper.model.capture import Capture, Visit
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.url import host_of, parse_url
from scraper.reading.document_reading import DocumentReading
from scraper.reading.extractor import Extractor
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed


@dataclass(frozen=True, slots=True)
class Intake:
    """The way into one archive; ``is_public``: who imports states that signed-out readers see all that is taken in."""

    archive: Archive
    extractor: Extractor
    exclusions: Exclusions = field(default_factory=Exclusions)
    is_public: bool = False

    def refusal(self, url: str, post_id: str | None) -> str | None:
        """Why a page, of a post where its id is known, is not taken in: it is forgotten or opted out; None where it may be."""
        parsed = parse_url(url)
        return self.exclusions.against_visit(parsed.href if parsed else url, host_of(url), post_id)

    def earlier_capture(
        self, post_url: str, url: str, captured_at: datetime | None, digest: str
    ) -> str | None:
        """The record id of a capture that an earlier import brought into a visit of the post; None where it is new.

        A visit that an interrupted import left open with this very capture is ended first, so nothing is lost.
        """
        record_id = self.archive.find(url, captured_at, digest)
        left = self.archive.open_visit(post_url)
        if record_id and left and not left.ended:
            visit = self.archive.visit(left.visit_id)
            if any(capture.record_id == record_id for capture in visit.captures):
                self.archive.end_visit(left.visit_id, whole=False)
                visit = replace(visit, whole=False)
                next(self.extractor.read_all([visit]))
        return record_id if record_id and self.archive.has_visit(post_url, record_id) else None

    def is_gated(self, post_url: str) -> bool:
        """Whether all of the post's text was behind a gate when a live visit read it last."""
        store = self.extractor.store
        post_id = store.post_at(post_url)
        looks = store.looks_at(post_id) if post_id else ()
        live = [look.visit_id for look in looks if look.is_live and look.kind == "read"]
        reading = store.reading(live[-1]) if live else None
        return reading is not None and reading.post["access"] == "gated"

    def as_stated(self, capture: Capture, source: str, document: DocumentReading | None) -> Capture:
        """A capture of ``source``, which reads as ``document``, after what who imports says of it."""
        is_signed_in = document is not None and document.session is not None
        if not self.is_public or capture.is_public or not (capture.asked_with or is_signed_in):
            return capture
        self.archive.state_public(
            capture.record_id, f"import --as-public: signed-out readers see what {source} shows."
        )
        return replace(capture, asked_with=(), is_public=True)

    def read_as_stated(self, record_id: str, source: str, document: DocumentReading | None) -> Iterator[Item]:
        """Read the visits again that have a capture, where it is only now stated to be public."""
        capture = self.archive.capture(record_id)
        if self.as_stated(capture, source, document) is not capture:
            yield from self.extractor.read_all(map(self.archive.visit, self.archive.visits_of(record_id)))

    def begin(self, post: Claimed) -> Visit:
        """Begin a visit of a post; it has no captures yet."""
        visit_id = self.archive.begin_visit(post.claim.url, post.site.name)
        return self.archive.visit(visit_id)

    def finish(self, visit: UnfinishedVisit, *, whole: bool) -> DocumentsOfVisit:
        """End a visit; what its documents say is still to be joined and kept."""
        self.archive.end_visit(visit.visit.visit_id, whole=whole)
        visit.visit = replace(visit.visit, whole=whole)
        return visit.read

    def join(self, target: str, read: DocumentsOfVisit) -> Item:
        """Join and keep what one visit says; the item is for ``target``."""
        return replace(next(self.extractor.join_all([read])), target=target)
