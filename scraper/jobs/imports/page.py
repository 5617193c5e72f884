"""One page that somebody saved: HTML as a browser keeps it, or the text of a page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scraper.archive.warc import payload_digest
from scraper.errors import SkippableError
from scraper.jobs.imports.file_kind import FileKind
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.selection import Selection
from scraper.model.capture import Capture, CapturedAtBasis, Visit
from scraper.model.outcome import Item
from scraper.model.url import without_credentials
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit, other_reason, unclaimed_reason
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Sites


@dataclass(frozen=True, slots=True)
class StatedOrigin:
    """What the user says of a page: where it was, and when (aware) it was saved."""

    url: str | None
    captured_at: datetime | None

    def refuse_for(self, path: Path) -> None:
        """Raise SkippableError where anything was said of a file that says it itself."""
        if self.url is not None or self.captured_at is not None:
            raise SkippableError(
                f"{path} says itself where and when its pages were. Leave out --url and --captured-at."
            )


def import_page(
    path: Path, kind: FileKind, stated: StatedOrigin, intake: Intake, selection: Selection
) -> Item:
    """Keep one page as a resource record, and read it.

    Raises:
        SkippableError: nobody says where the page was, or no site knows it as a post of its own.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror or error}.") from error
    media_type = "text/html" if kind is FileKind.HTML else "text/plain"
    headers = (("content-type", media_type),)
    basis: CapturedAtBasis = "asserted" if stated.captured_at else "unknown"
    named = without_credentials(stated.url) if stated.url else ""
    page = Capture("", named, None, headers, body, stated.captured_at, basis, payload_digest(body))
    reader = intake.extractor.reader
    document = reader.read_saved_page(page)
    url = document.capture.url
    if not url:
        raise SkippableError(
            document.trouble or f"{path} does not say where the page was. Say it with --url."
        )
    read = DocumentsOfVisit.of(Visit("", 0, url), [document])
    claimed = read.claimed(reader.sites)
    if claimed is None:
        raise SkippableError(
            f"{path}: {other_reason(read, reader.sites) or _unclaimed_reason(document, reader.sites)}"
        )
    if not (selection.has_url(url) and selection.has_time(stated.captured_at)):
        reason = "It is left out by --host, --match, --since or --until."
        return Item(str(path), "skipped", claimed.claim.post_id, reason)
    post_url, post_id = claimed.claim.url, claimed.claim.post_id
    if refusal := intake.refusal(url, post_id):
        return Item(str(path), "refused", post_id, refusal)
    if intake.earlier_capture(post_url, url, stated.captured_at, page.payload_digest):
        return Item(str(path), "skipped", post_id, "The archive has this very page already.")
    visit = UnfinishedVisit(intake.begin(claimed), reader)
    kept = intake.archive.keep_file(visit.visit.visit_id, url, body, media_type, stated.captured_at, basis)
    visit.documents.append(document.of(kept))
    return intake.join(str(path), intake.finish(visit, whole=True))


def _unclaimed_reason(document: DocumentReading, sites: Sites) -> str:
    url = document.capture.url
    if document.trouble or document.seen:
        return document.trouble or f"the page of {url} is no page to read: {document.seen}."
    if sites.at(url) and not sites.claimed(url):
        return unclaimed_reason(url)
    return f"the page of {url} shows nothing that could be read as a post."
