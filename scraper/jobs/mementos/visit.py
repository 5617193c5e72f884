"""One capture of a post in a web archive, made into a visit with all else that its site needs of that time."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.archive.compose import ForeignRecord
from scraper.archive.memento import ReplayUrl
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.retry import ParkedError
from scraper.jobs.imports.intake import Intake
from scraper.jobs.mementos.cdx import CdxLine, CdxServer, timestamp_time
from scraper.jobs.mementos.replay import Replay
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item
from scraper.model.url import strip_tracking
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit, next_requests
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed


class MementoVisit:
    """Makes one visit out of mementos, of a page that tells its site where ``post`` is None. Implements ``replay.Taker``."""

    def __init__(self, line: CdxLine, post: Claimed | None, server: CdxServer, intake: Intake) -> None:
        self._line = line
        self._url = post.claim.url if post else strip_tracking(line.url)
        self._site = post.site.name if post else ""
        self._post_id = post.claim.post_id if post else None
        self._server = server
        self._intake = intake
        self._archive = intake.archive
        self._visit_id: str | None = None
        self._page_id: str | None = None
        self._sites = intake.extractor.reader.sites
        self._visit = UnfinishedVisit(Visit("", 0, self._url), self._sites, follows=self._is_post)
        # What the visit has by now and was not read yet.
        self._unread: list[Capture] = []

    async def make(self, replay: Replay) -> Item:
        """Fetch the page and what its site asks for, each nearest in time; the item says what became of it.

        A visit that an interrupted import left open is gone on with.

        Raises:
            ParkedError: the archive's host is to be left alone; the visit stays open for the next run.
        """
        page = self._server.memento(self._line.url, self._line.timestamp)
        post_id = self._post_id
        try:
            replay.standing.require_open(self._url)
            replay.standing.require_ungated(self._url, is_gated=self._intake.is_gated(self._url))
            await replay.fetch(page, self)
            visit_id = self._visit_id or self._left_open()
            if visit_id is None:
                await self._read([self._archive.capture(self._page_id)] if self._page_id else [])
                return Item(str(page), "skipped", post_id, "The archive has this very capture already.")
            self._visit_id = visit_id
            await self._begin(visit_id)
            trouble, whole = await self._complete(replay)
        except ParkedError:
            raise
        except RefusedError as refusal:
            return Item(str(page), "refused", post_id, str(refusal))
        except (RetryableError, SkippableError) as error:
            return Item(str(page), "failed", post_id, str(error))
        read = self._intake.finish(self._visit, whole=whole)
        item = self._intake.extractor.keep(read.visit, await self._intake.extractor.join_aside(read))
        item = replace(item, target=str(page))
        return replace(item, outcome="failed", reason=trouble) if trouble else item

    @property
    def page(self) -> DocumentReading | None:
        """What the page itself says; None where it was not had."""
        return next((each for each in self._visit.documents if each.capture.record_id == self._page_id), None)

    def stands_alone(self) -> bool:
        """Whether the page tells all by itself, so that an equal one of another time tells nothing more."""
        page = self.page
        if page is None or page.capture.status != 200:
            return False
        return not next_requests(DocumentsOfVisit.of(self._visit.visit, [page]), self._sites)

    def is_of_known_site(self) -> bool:
        """Whether a site made the page, be it a post or not."""
        return self.page is not None and self.page.site is not None

    def has(self, memento: ReplayUrl) -> bool:
        """Whether the archive has this capture; if so it is a part of the visit from now on."""
        at = timestamp_time(memento.timestamp)
        return at is not None and self._bind(self._archive.find_at(memento.url, at))

    def take(self, record: ForeignRecord) -> None:
        """Keep a memento as the visit's next capture, unless the archive has it."""
        if record.time.at and self._bind(self._archive.find_at(record.url, record.time.at)):
            return
        if self._visit_id is None:
            self._visit_id = self._archive.begin_visit(self._url, self._site)
        capture = self._archive.keep_foreign(self._visit_id, record)
        self._unread.append(capture)
        self._page_id = self._page_id or capture.record_id

    def _bind(self, record_id: str | None) -> bool:
        if record_id is None:
            return False
        if self._visit_id is None:
            self._page_id = record_id
        else:
            self._archive.bind(self._visit_id, record_id)
            self._unread.append(self._archive.capture(record_id))
        return True

    def _left_open(self) -> str | None:
        """The visit that an interrupted import began with this very page; None where there is none."""
        left = self._archive.open_visit(self._url)
        if left is None or left.ended:
            return None
        captures = self._archive.visit(left.visit_id).captures
        return left.visit_id if captures and captures[0].record_id == self._page_id else None

    async def _begin(self, visit_id: str) -> None:
        """Read what the visit has so far."""
        visit = self._archive.visit(visit_id)
        self._visit.visit = replace(visit, captures=())
        self._visit.documents = await self._intake.extractor.read_documents_aside(visit.captures)
        self._unread.clear()

    async def _complete(self, replay: Replay) -> tuple[str | None, bool]:
        """Fetch what else the post needs; gives what went wrong, and whether the visit is whole."""
        trouble, whole = None, True
        try:
            for request in self._visit.requests():
                failure = await self._fetch(request, replay)
                whole = whole and failure is None
                trouble = str(failure) if isinstance(failure, RetryableError) else trouble
        except SkippableError as error:
            return str(error), False
        return trouble, whole

    async def _fetch(
        self, request: Request, replay: Replay
    ) -> RefusedError | RetryableError | SkippableError | None:
        """Make the memento of a request a document of the visit; gives why it could not be had, if so."""
        failure: RefusedError | RetryableError | SkippableError | None = None
        try:
            await replay.fetch(self._server.memento(request.url, self._line.timestamp), self)
        except ParkedError:
            raise
        except (RefusedError, RetryableError, SkippableError) as error:
            failure = error
        captures, self._unread = self._unread, []
        await self._read(captures)
        return failure

    async def _read(self, captures: Sequence[Capture]) -> None:
        self._visit.documents += await self._intake.extractor.read_documents_aside(captures)

    def _is_post(self, url: str) -> bool:
        return self._sites.claimed(url) is not None
