"""One page that somebody saved: HTML as a browser keeps it, or the text of a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from scraper.archive.compose import CaptureTime, ImportedFile
from scraper.archive.warc import payload_digest
from scraper.errors import SkippableError
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.passed_over import NO_GET
from scraper.jobs.imports.saved_page import SavedPage
from scraper.jobs.imports.selection import Selection
from scraper.model.capture import Capture, Visit
from scraper.model.outcome import Item
from scraper.model.url import identity, without_credentials
from scraper.page.saver_notes import SaverNote
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit, other_reason, unclaimed_reason
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Sites


@dataclass(frozen=True, slots=True)
class StatedOrigin:
    """What the user says of pages: where they were, and when (aware) they were saved."""

    url: str | None
    captured_at: datetime | None

    def refuse_for(self, path: Path) -> None:
        """Raise SkippableError where anything was said of a file that says it itself."""
        if self.url is not None or self.captured_at is not None:
            raise SkippableError(
                f"{path} says itself where and when its pages were. Leave out --url and --captured-at."
            )

    def of(self, page: SavedPage) -> SavedPage:
        """The page with what the user says of it and its file does not.

        Raises:
            SkippableError: its file says something else.
        """
        if page.url and self.url and identity(page.url) != identity(self.url):
            raise SkippableError(
                f"{page.name} says itself that it is the page of {page.url}. Leave out --url."
            )
        if page.captured_at and self.captured_at and page.captured_at != self.captured_at:
            at = page.captured_at.isoformat()
            raise SkippableError(
                f"{page.name} says itself that it was saved at {at}. Leave out --captured-at."
            )
        page = replace(page, url=page.url or self.url)
        if page.captured_at or self.captured_at is None:
            return page
        return replace(page, captured_at=self.captured_at, basis="asserted")


def import_page(page: SavedPage, intake: Intake, selection: Selection) -> Iterator[Item]:
    """Keep one page as a resource record, and read it.

    Raises:
        SkippableError: nobody says where the page was, or no site knows it as a post of its own.
    """
    if not page.asked.is_get:
        yield Item(page.name, "skipped", reason=NO_GET)
        return
    reader = intake.extractor.reader
    capture = _capture_of(page)
    document = reader.read_saved_page(capture)
    url, captured_at = document.capture.url, document.capture.captured_at
    if not url:
        raise SkippableError(
            document.trouble or f"{page.name} does not say where the page was. Say it with --url."
        )
    read = DocumentsOfVisit.of(Visit("", 0, url), [document])
    claimed = read.claimed(reader.sites)
    if claimed is None:
        raise SkippableError(
            f"{page.name}: {other_reason(read, reader.sites) or _unclaimed_reason(document, reader.sites)}"
        )
    if not (selection.has_url(url) and selection.has_time(captured_at)):
        reason = "It is left out by --host, --match, --since or --until."
        yield Item(page.name, "skipped", claimed.claim.post_id, reason)
        return
    post_url, post_id = claimed.claim.url, claimed.claim.post_id
    if refusal := intake.refusal(url, post_id):
        yield Item(page.name, "refused", post_id, refusal)
        return
    if earlier := intake.earlier_capture(post_url, url, captured_at, capture.payload_digest):
        if items := [replace(item, target=page.name) for item in intake.read_as_stated(earlier, page.name)]:
            yield from items
            return
        yield Item(page.name, "skipped", post_id, "The archive has this very page already.")
        return
    visit = UnfinishedVisit(intake.begin(claimed), reader)
    time = CaptureTime(captured_at, document.capture.captured_at_basis)
    file = ImportedFile(url, page.body, page.media_type, time, page.asked.personal, decoded=page.decoded)
    kept = intake.as_stated(intake.archive.keep_file(visit.visit.visit_id, file), page.name)
    visit.documents.append(document.of(kept))
    item = intake.join(page.name, intake.finish(visit, whole=True))
    yield replace(item, reason=item.reason or _zoneless(document.saver, captured_at))


def _capture_of(page: SavedPage) -> Capture:
    """The page as a capture, before it is one."""
    return Capture(
        "",
        without_credentials(page.url) if page.url else "",
        None,
        (("content-type", page.media_type),),
        page.body,
        page.captured_at,
        page.basis,
        payload_digest(page.body),
        asked_with=page.asked.personal,
    )


def _zoneless(note: SaverNote | None, captured_at: datetime | None) -> str | None:
    """What to say of a page whose file says when it was saved, and not in which zone."""
    if captured_at or note is None or note.saved_raw is None:
        return None
    return (
        f"{note.saver} wrote that it was saved at “{note.saved_raw}”, which says no zone, so its time is unknown. "
        "Say it with --captured-at."
    )


def _unclaimed_reason(document: DocumentReading, sites: Sites) -> str:
    url = document.capture.url
    if document.trouble or document.seen:
        return document.trouble or f"the page of {url} is no page to read: {document.seen}."
    if sites.at(url) and not sites.claimed(url):
        return unclaimed_reason(url)
    return f"the page of {url} shows nothing that could be read as a post."
