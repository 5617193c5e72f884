"""Pages that somebody saved, each a capture and a visit of its own."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from scraper.archive.compose import CaptureTime, ImportedFile
from scraper.archive.warc import payload_digest
from scraper.errors import SkippableError
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.saved_page import SavedPage
from scraper.jobs.imports.selection import Selection
from scraper.model.capture import Capture, Visit
from scraper.model.outcome import Item, OutcomeWord
from scraper.model.url import without_credentials
from scraper.page.saver_notes import SaverNote
from scraper.reading.document_reading import DocumentReading, SavedCapture
from scraper.reading.read_visit import DocumentsOfVisit, other_reason, unclaimed_reason
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed, Sites

_JOINED_AT_ONCE: Final = 32


class NoUrlError(SkippableError):
    """Nobody says where a page was."""


class _OtherPageError(SkippableError):
    """A page among others in a folder shows something else than a post, such as a list of posts."""


class PageImport:
    """Takes pages in as they come, each as a resource record and a visit of its own; memory stays flat.

    ``without_url`` counts those of which nobody says where they were.
    """

    def __init__(self, intake: Intake, selection: Selection) -> None:
        self._intake = intake
        self._selection = selection
        self._reader = intake.extractor.reader
        self.without_url = 0
        # Visits that have ended, by what the report calls them and has to say besides; joined several at a time.
        self._ended: list[tuple[str, str | None, DocumentsOfVisit]] = []

    def take_all(self, pages: Iterable[SavedPage | Item]) -> Iterator[Item]:
        """An item for each page, and those that come among the pages, in their order."""
        before: list[Item] = []
        waiting: deque[tuple[list[Item], SavedPage]] = deque()

        def captures() -> Iterator[SavedCapture]:
            for page in pages:
                if isinstance(page, Item):
                    before.append(page)
                    continue
                waiting.append((list(before), page))
                before.clear()
                yield SavedCapture(_capture_of(page), page.otherwise)

        for document in self._reader.read_saved_pages(captures()):
            items, page = waiting.popleft()
            yield from self._after_join(items)
            yield from self._take(page, document)
        yield from self._join()
        yield from before

    def _take(self, page: SavedPage, document: DocumentReading) -> Iterator[Item]:
        try:
            items = list(self._keep(page, document))
        except SkippableError as error:
            self.without_url += isinstance(error, NoUrlError)
            outcome: OutcomeWord = "skipped" if isinstance(error, _OtherPageError) else "failed"
            items = [Item(page.name, outcome, reason=str(error))]
        yield from self._after_join(items)
        if len(self._ended) >= _JOINED_AT_ONCE:
            yield from self._join()

    def _keep(self, page: SavedPage, document: DocumentReading) -> Iterator[Item]:
        """Keep a page as a visit that is still to be joined; an item where it is not taken in.

        Raises:
            NoUrlError: nobody says where the page was.
            SkippableError: no site knows it as a post of its own.
        """
        intake = self._intake
        capture = document.capture
        url, at = capture.url, capture.captured_at
        if not url:
            raise _no_url(page, document)
        claimed = self._claimed(page, document)
        if not (self._selection.has_url(url) and self._selection.has_time(at)):
            reason = "It is left out by --host, --match, --since or --until."
            yield Item(page.name, "skipped", claimed.claim.post_id, reason)
            return
        post_url, post_id = claimed.claim.url, claimed.claim.post_id
        if refusal := intake.refusal(url, post_id):
            yield Item(page.name, "refused", post_id, refusal)
            return
        if earlier := intake.earlier_capture(post_url, url, at, capture.payload_digest):
            read_again = intake.read_as_stated(earlier, page.name, document)
            again = [replace(item, target=page.name) for item in read_again]
            reason = f"{page.name} is a page that the archive has already."
            yield from again or [Item(page.name, "skipped", post_id, reason)]
            return
        visit = UnfinishedVisit(intake.begin(claimed), self._reader)
        time = CaptureTime(at, capture.captured_at_basis)
        file = ImportedFile(url, page.body, page.media_type, time, page.asked.personal, decoded=page.decoded)
        kept = intake.archive.keep_file(visit.visit.visit_id, file)
        kept = intake.as_stated(kept, page.name, document)
        visit.documents.append(document.of(kept))
        note = _of_session(document, kept) or _zoneless(document.saver, at)
        self._ended.append((page.name, note, intake.finish(visit, whole=True)))

    def _claimed(self, page: SavedPage, document: DocumentReading) -> Claimed:
        sites = self._reader.sites
        read = DocumentsOfVisit.of(Visit("", 0, document.capture.url), [document])
        claimed = read.claimed(sites)
        if claimed is None:
            other = other_reason(read, sites)
            if other and page.is_come_upon:
                raise _OtherPageError(f"{page.name}: {other}")
            raise SkippableError(f"{page.name}: {other or _unclaimed_reason(document, sites)}")
        return claimed

    def _after_join(self, items: Sequence[Item]) -> Iterator[Item]:
        """``items`` after those of the pages before them."""
        if items:
            yield from self._join()
            yield from items

    def _join(self) -> Iterator[Item]:
        """Join and keep what the visits say that have ended."""
        ended, self._ended = self._ended, []
        items = self._intake.extractor.join_all([visit for *_, visit in ended])
        for (name, note, _), item in zip(ended, items, strict=True):
            yield replace(item, target=name, reason=item.reason or note)


def _no_url(page: SavedPage, document: DocumentReading) -> SkippableError:
    if document.trouble:
        return SkippableError(document.trouble)
    if page.misnamed:
        return SkippableError(page.misnamed)
    return NoUrlError(
        f"{page.name} does not say where the page was. Say it with --url, or in a table with --from."
    )


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


def _of_session(document: DocumentReading, kept: Capture) -> str | None:
    """What to say of a page that was saved by somebody who was signed in."""
    if document.session is None or kept.is_public:
        return None
    return (
        "Whoever saved it was signed in, so it may show what only a member sees, and stays out of every dataset. "
        "If signed-out readers see it, import it again with --as-public."
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
