"""Every capture that a web archive lists for a URL or a prefix, asked for in pieces that a server can give."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.errors import SkippableError
from scraper.fetch.visitor import Visitor
from scraper.jobs.mementos.cdx import CdxLine, CdxPage, CdxServer, Query, read_page, read_page_count
from scraper.model.coding import decode_content
from scraper.model.exchange import Exchange, Request
from scraper.model.stores import Recorder

# Entries of one answer: about 3 MB of them.
PAGE_SIZE: Final = 10_000
_LIST_LIMIT: Final = 256 << 20
# No web archive has a capture from before this.
_FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Lister:
    """Asks one CDX server, under its host's robots.txt and pace; ``recorder`` keeps its answers.

    ``trouble`` counts what could not be listed, by a sentence for the user.
    """

    server: CdxServer
    visitor: Visitor
    recorder: Recorder
    now: datetime
    page_size: int = PAGE_SIZE
    trouble: Counter[str] = field(default_factory=Counter)

    async def captures(self, query: Query) -> AsyncIterator[CdxLine]:
        """The captures, those of one URL together and in order of time, unless there are too many for one answer.

        A server that can resume a list is asked to; one with an index in pages is asked for each; any other one
        is asked again about halves of the time, until an answer is not full.

        Raises:
            RefusedError, RetryableError: as ``Visitor.fetch`` has it.
            SkippableError: the server gave no list of captures.
        """
        first: CdxPage | None = await self._ask_for_part(query)
        pages = await self._page_count(query) if first and first.size and not first.is_array else 1
        if pages > 1:
            for number in range(pages):
                for line in (await self._ask(query, page=number)).lines:
                    yield line
            return
        waiting = [query]
        while waiting:
            part = waiting.pop()
            page, first = first or await self._ask_for_part(part), None
            halves = [] if page.size < self.page_size or page.resume_key else _halves(part, self.now)
            waiting += reversed(halves)
            if not halves:
                async for line in self._resumed(part, page):
                    yield line

    async def _resumed(self, query: Query, page: CdxPage) -> AsyncIterator[CdxLine]:
        """The entries of ``page``, and of all that its resume keys lead to."""
        if page.size >= self.page_size and page.resume_key is None:
            self.trouble["Seconds with more captures than the archive lists at once; some are missing."] += 1
        asked: set[str] = set()
        while True:
            for line in page.lines:
                yield line
            key = page.resume_key
            if key is None:
                return
            if key in asked:
                raise SkippableError(f"{self.server.listing} resumes its list of {query.target} in a circle.")
            asked.add(key)
            page = await self._ask_for_part(query, resumeKey=key)

    async def _ask_for_part(self, query: Query, **more: str) -> CdxPage:
        return await self._ask(query, limit=self.page_size, showResumeKey="true", **more)

    async def _ask(self, query: Query, **more: str | int) -> CdxPage:
        address = query.address(self.server, **more)
        exchange = await self.visitor.fetch(Request(address), self.recorder)
        if exchange.status != 200:
            raise SkippableError(
                f"{address} answered with HTTP status {exchange.status} instead of a list of captures. "
                "Check the address of the CDX server."
            )
        if exchange.truncated:
            raise SkippableError(f"{address}: the list of captures was cut off. Run the same command again.")
        try:
            page = read_page(_body(exchange))
        except (ValueError, RecursionError) as error:
            media_type = (exchange.header("content-type") or "no media type").partition(";")[0]
            raise SkippableError(
                f"{address} answered with something else than a whole list of captures ({media_type}). "
                "Check the address of the CDX server, or run the same command again."
            ) from error
        if page.unreadable:
            self.trouble["Entries of the list that give no URL and time, and were passed over."] += (
                page.unreadable
            )
        return page

    async def _page_count(self, query: Query) -> int:
        address = query.address(self.server, showNumPages="true", limit=1)
        exchange = await self.visitor.fetch(Request(address), self.recorder)
        return read_page_count(_body(exchange)) if exchange.status == 200 else 1


def _halves(query: Query, now: datetime) -> list[Query]:
    """The query about the earlier and the later half of its time; empty where it is about one second."""
    since, until = query.since or _FIRST, query.until or now
    middle = (since + (until - since) / 2).replace(microsecond=0)
    if until - since < _SECOND:
        return []
    return [Query(query.target, since, middle), Query(query.target, middle + _SECOND, until)]


def _body(exchange: Exchange) -> bytes:
    return decode_content(exchange.payload, exchange.headers, _LIST_LIMIT).body
