"""The licences of what a crawl visits: fetched as politely as any page, once a day, and kept with the visits they are for."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.jobs.crawl.documents import Documents
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.url import parse_url
from scraper.page.rsl import page_terms
from scraper.page.site_signals import is_site_file
from scraper.reading.document_reading import DocumentReading
from scraper.reading.licences import licence_urls

# A page names one licence, or a few; those beyond are not asked for, and count as not had.
MAX_LICENCES: Final = 10
_FRESH_FOR: Final = timedelta(hours=24)


class Licences:
    """The RSL licences of one run."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._archive = documents.archive
        self._clock = documents.workplace.clock
        self._asked: dict[str, asyncio.Task[tuple[Capture, ...]]] = {}

    async def bind(self, visit: Visit, documents: list[DocumentReading]) -> None:
        """Make the licences that the documents of a visit name, and the feeds that license them, documents of the visit too.

        What cannot be had is left out, which the reading takes for a prohibition; the ledger has the reason.
        """
        had = {document.capture.record_id for document in documents}
        captures = [
            each for url in licence_urls(documents)[:MAX_LICENCES] for each in await self._captures_of(url)
        ]
        captures += [feed.capture for feed in await self._feeds(visit.url, documents)]
        new = dict.fromkeys(capture.record_id for capture in captures)
        for record_id in (each for each in new if each not in had):
            self._archive.bind(visit.visit_id, record_id)
            documents += await self._documents.read([self._documents.capture(record_id)])

    async def _feeds(self, visit_url: str, documents: Sequence[DocumentReading]) -> list[DocumentReading]:
        """The newest captures of the feeds that license a page of the visit: of those of this run, and of its last visit."""
        pages = [document.capture.url for document in documents]
        feeds = self._documents.licensing_feeds
        before = set(self._archive.captured_before(visit_url)).difference(feeds, pages)
        for url in sorted(url for url in before if not is_site_file(url)):
            latest = self._archive.latest(url)
            if latest is not None and latest.status == 200:
                await self._documents.read([self._documents.capture(latest.record_id)], with_leads=True)
        return [
            feed
            for feed in feeds.values()
            if any(any(page_terms(feed.terms or (), page)) for page in (visit_url, *pages))
        ]

    async def _captures_of(self, url: str) -> tuple[Capture, ...]:
        """The captures of the redirects to a licence and of the licence; none where it could not be had."""
        if parse_url(url) is None:
            return ()
        if url not in self._asked:
            self._asked[url] = asyncio.create_task(self._ask(url))
        return await self._asked[url]

    async def _ask(self, url: str) -> tuple[Capture, ...]:
        since = self._clock.now() - _FRESH_FOR
        kept = self._documents.already_captured(url, since)
        if kept and kept[-1].status not in REDIRECT_STATUSES:
            return kept
        try:
            await self._documents.visitor.fetch(Request(url), self._archive)
        except (RefusedError, RetryableError, SkippableError):
            return ()
        return self._documents.already_captured(url, since)
