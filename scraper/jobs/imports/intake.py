"""Where what is taken in goes: the archive of an import, and the extractor that reads it there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from scraper.archive.archive import Archive
from scraper.archive.compose import ForeignRecord, printable_url
from scraper.model.capture import Capture, Visit
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.url import host_of, parse_url
from scraper.reading.document_reading import DocumentReading
from scraper.reading.extractor import Extractor
from scraper.reading.pool import Reader
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed

_HAS_IT: Final = "The archive has this very capture already."


class WarcIntake(Protocol):
    """Where the records of WARC files go that are of a post: their captures, and the visits that these make up."""

    @property
    def reader(self) -> Reader:
        """Reads the captures."""

    def refusal(self, url: str, post_id: str | None) -> str | None:
        """Why a page, of a post where its id is known, is not taken in; None where it may be."""

    def repeated(
        self, post: Claimed, page: ForeignRecord, document: DocumentReading | None
    ) -> list[Item] | None:
        """What becomes of a capture that a visit of the post has already; None where it is new."""

    def begin(self, post: Claimed) -> Visit:
        """Begin a visit of a post; it has no captures yet."""

    def keep(self, visit_id: str, record: ForeignRecord, original_id: str | None) -> Capture:
        """Make a record the next capture of a visit; a revisit has the payload of the capture ``original_id``."""

    def keep_original(self, record: ForeignRecord) -> str | None:
        """The id of the capture that a record is, which is kept for its payload if need be."""

    def original_at(self, url: str, second: datetime | None) -> str | None:
        """The id of a capture that there is already, with a payload of its own; None where there is none."""

    def capture(self, record_id: str) -> Capture:
        """A capture that was kept."""

    def as_stated(self, capture: Capture, source: str, document: DocumentReading | None) -> Capture:
        """A capture of ``source``, which reads as ``document``, after what whoever takes it in says of it."""

    def finish(self, visit: UnfinishedVisit, *, whole: bool) -> DocumentsOfVisit:
        """End a visit; what its documents say is still to be joined and kept."""

    def join_all(self, visits: Sequence[DocumentsOfVisit]) -> Iterator[Item]:
        """Join and keep what visits say, which have ended."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The way into one archive; ``is_public``: who imports states that signed-out readers see all that is taken in."""

    archive: Archive
    extractor: Extractor
    exclusions: Exclusions = field(default_factory=Exclusions)
    is_public: bool = False

    @property
    def reader(self) -> Reader:
        """Reads the captures."""
        return self.extractor.reader

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

    def repeated(
        self, post: Claimed, page: ForeignRecord, document: DocumentReading | None
    ) -> list[Item] | None:
        """What becomes of a capture that an earlier import brought into a visit of the post; None where it is new."""
        earlier = self.earlier_capture(post.claim.url, page.url, page.time.at, page.payload_digest)
        if earlier is None:
            return None
        if items := list(self.read_as_stated(earlier, source_of(page), document)):
            return items
        return [Item(page.url, "skipped", post.claim.post_id, _HAS_IT)]

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

    def keep(self, visit_id: str, record: ForeignRecord, original_id: str | None) -> Capture:
        """Make a record the next capture of a visit; what the archive has already is not kept again."""
        kept = self.archive.find(record.url, record.time.at, record.payload_digest)
        if kept is None:
            return self.archive.keep_foreign(visit_id, record, original_id)
        self.archive.bind(visit_id, kept)
        return self.archive.capture(kept)

    def keep_original(self, record: ForeignRecord) -> str | None:
        """The id of the capture with a record's payload, which is one of no visit where the archive lacks it."""
        kept = self.archive.find(record.url, record.time.at, record.payload_digest)
        return self.archive.with_payload(kept) if kept else self.archive.keep_foreign(None, record).record_id

    def original_at(self, url: str, second: datetime | None) -> str | None:
        """The id of a capture that the archive has, with a payload of its own; None where there is none."""
        kept = self.archive.find_at(url, second) if second else None
        return self.archive.with_payload(kept) if kept else None

    def capture(self, record_id: str) -> Capture:
        """A capture of the archive."""
        return self.archive.capture(record_id)

    def finish(self, visit: UnfinishedVisit, *, whole: bool) -> DocumentsOfVisit:
        """End a visit; what its documents say is still to be joined and kept."""
        self.archive.end_visit(visit.visit.visit_id, whole=whole)
        visit.visit = replace(visit.visit, whole=whole)
        return visit.read

    def join_all(self, visits: Sequence[DocumentsOfVisit]) -> Iterator[Item]:
        """Join and keep what visits say, which have ended."""
        return self.extractor.join_all(visits)

    def join(self, target: str, read: DocumentsOfVisit) -> Item:
        """Join and keep what one visit says; the item is for ``target``."""
        return replace(next(self.extractor.join_all([read])), target=target)


def source_of(record: ForeignRecord) -> str:
    """The file that a record came in, as a sentence names it."""
    return printable_url(record.origin.file) if record.origin else record.url
