"""One capture of a post in a web archive, fetched and made into a visit with all else that its site needs of that time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.compose import CaptureTime, ForeignRecord
from scraper.archive.memento import (
    MEMENTO_DATETIME,
    Memento,
    ReplayUrl,
    memento_time,
    original_headers,
    same_archive,
)
from scraper.archive.warc import payload_digest
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.retry import ParkedError
from scraper.fetch.visitor import MAX_REDIRECTS, Visitor
from scraper.jobs.crawl.rights import refusal_to_be_kept
from scraper.jobs.imports.intake import Intake
from scraper.jobs.mementos.cdx import CdxLine, CdxServer, timestamp_time
from scraper.jobs.mementos.refusals import SiteRefusals
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Exchange, Request
from scraper.model.outcome import Item
from scraper.model.url import identity, resolve, strip_tracking
from scraper.reading.document_reading import DocumentReading
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed, installed_sites

# How far a web archive's clock may be ahead of ours before what it says of the future is no time of a capture.
_CLOCK_SKEW: Final = timedelta(days=1)
_SCHEME: Final = re.compile(r"\Ahttps?://(?:www\.)?")


class MementoVisit:
    """Makes one visit out of mementos, of a page that tells its site where ``post`` is None."""

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
        self._visit = UnfinishedVisit(Visit("", 0, self._url), intake.extractor.reader, follows=self._is_post)
        # What the visit has by now and was not read yet.
        self._unread: list[Capture] = []

    async def make(self, replay: "Replay") -> Item:
        """Fetch the page and what its site asks for, each nearest in time; the item says what became of it.

        A visit that an interrupted import left open is gone on with.

        Raises:
            ParkedError: the archive's host is to be left alone; the visit stays open for the next run.
        """
        page = self._server.memento(self._line.url, self._line.timestamp)
        post_id = self._post_id
        try:
            replay.refusals.require_open(self._url)
            replay.refusals.require_ungated(self._url, is_gated=self._intake.is_gated(self._url))
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
        return page.needs == ()

    def is_of_known_site(self) -> bool:
        """Whether a site made the page, be it a post or not."""
        return self.page is not None and self.page.is_recognised

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

    async def _complete(self, replay: "Replay") -> tuple[str | None, bool]:
        """Fetch what else the post needs; gives what went wrong, and whether the visit is whole."""
        trouble, whole = None, True
        try:
            async for request in self._visit.requests_aside():
                failure = await self._fetch(request, replay)
                whole = whole and failure is None
                trouble = str(failure) if isinstance(failure, RetryableError) else trouble
        except SkippableError as error:
            return str(error), False
        return trouble, whole

    async def _fetch(
        self, request: Request, replay: "Replay"
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


@dataclass(frozen=True, slots=True)
class Replay:
    """Fetches mementos, and nothing else: no redirect is followed out of the web archive, or to another post."""

    visitor: Visitor
    archive: Archive
    workplace: Workplace
    refusals: SiteRefusals

    async def fetch(self, memento: ReplayUrl, visit: MementoVisit) -> None:
        """Fetch for ``visit`` the capture that the archive has nearest to the time of ``memento``, unless it is had.

        Raises:
            RefusedError: as ``Visitor.fetch`` has it, or the site itself does not want it kept.
            RetryableError: as ``Visitor.fetch`` has it.
            SkippableError: the archive has no such capture, or gives something else than a memento.
        """
        self.refusals.require_open(memento.url)
        for _ in range(MAX_REDIRECTS):
            if visit.has(memento):
                return
            recorder = _MementoRecorder(self, memento, visit)
            request = Request(str(memento))
            exchange = await self.visitor.fetch(request, recorder, follow_redirects=False)
            if recorder.is_memento():
                return
            memento = _nearest(memento, exchange)
        raise SkippableError(f"{memento} redirects without end. Look at it in a browser.")


class _MementoRecorder:
    """A Recorder that keeps mementos as captures of the original, and all else as what the web archive answered.

    A memento whose site had asked for it not to be archived is left out.
    """

    def __init__(self, replay: Replay, memento: ReplayUrl, visit: MementoVisit) -> None:
        self._archive = replay.archive
        self._workplace = replay.workplace
        self._memento = memento
        self._visit = visit
        self._refusal: RefusedError | None = None
        self._met = False

    def keep(self, exchange: Exchange) -> None:
        """Keep the exchange; it is safe on disk with the next commit."""
        record = _record(exchange, self._memento)
        self._met = record is not None
        if record is None:
            self._archive.keep(exchange)
            return
        headers = original_headers(exchange.headers, str(self._memento))
        original = replace(exchange, request=Request(record.url), headers=headers)
        self._refusal = refusal_to_be_kept(original, self._archive, self._workplace)
        if self._refusal is None:
            self._visit.take(record)

    def is_memento(self) -> bool:
        """Whether the last answer was a memento; raises RefusedError where that one asked not to be archived."""
        if self._refusal:
            raise self._refusal
        return self._met


def _record(exchange: Exchange, asked: ReplayUrl) -> ForeignRecord | None:
    """The exchange as a capture of the original; None where it is no memento."""
    at = memento_time(exchange.headers)
    if at is None or at > exchange.started_at + _CLOCK_SKEW:
        return None
    return ForeignRecord(
        url=asked.url,
        is_response=True,
        block=exchange.head + exchange.body,
        content_type="application/http;msgtype=response",
        time=CaptureTime(at, "memento"),
        payload_digest=payload_digest(exchange.payload),
        memento=Memento(
            _exact_address(exchange, asked), exchange.header(MEMENTO_DATETIME) or "", exchange.started_at
        ),
        request=exchange.request_wire,
        truncated=exchange.truncated,
        server_address=exchange.server_address,
    )


def _exact_address(exchange: Exchange, asked: ReplayUrl) -> str:
    """The memento's own address, which Content-Location names where the nearest capture was asked for."""
    stated = ReplayUrl.parse(resolve(str(asked), exchange.header("content-location") or "") or "")
    return str(
        ReplayUrl(asked.root, stated.timestamp, stated.url)
        if stated and same_archive(stated, asked)
        else asked
    )


def _nearest(asked: ReplayUrl, exchange: Exchange) -> ReplayUrl:
    """The memento to which the archive's own redirect leads."""
    location = resolve(str(asked), exchange.location or "")
    nearest = ReplayUrl.parse(location or "")
    if not 300 <= exchange.status <= 399 or location is None:
        what = "has no such capture" if exchange.status == 404 else "gave something else than a memento"
        raise SkippableError(
            f"{asked}: the web archive {what} (HTTP status {exchange.status}, no Memento-Datetime that can be read)."
        )
    if nearest is None or not same_archive(nearest, asked) or _page(nearest.url) != _page(asked.url):
        raise SkippableError(f"{asked} redirects to {location}, which is no capture of the same page.")
    return ReplayUrl(asked.root, nearest.timestamp, nearest.url)


def _page(url: str) -> str:
    """What two addresses of one page have in common: the post, or else all but the scheme and ``www``, as web archives have it."""
    claimed = installed_sites().claimed(url)
    return claimed.claim.post_id if claimed else _SCHEME.sub("", identity(strip_tracking(url)))
