"""robots.txt and tdmrep.json as captures of the visits to the pages of their hosts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.jobs.crawl.documents import Documents
from scraper.model.exchange import Request
from scraper.model.url import parse_url
from scraper.page.site_signals import SITE_FILES, TDMREP_PATH, is_site_file
from scraper.reading.document_reading import DocumentReading

_FRESH_FOR: Final = timedelta(hours=24)


class SiteFiles:
    """robots.txt and tdmrep.json of the hosts that visits went to, as far as they say how pages may be used."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._archive = documents.archive
        self._clock = documents.workplace.clock
        self._asked_at: dict[str, datetime] = {}

    async def bind(self, visit_id: str, documents: list[DocumentReading]) -> None:
        """Make the newest site files of the documents' hosts documents of the visit too.

        A host is asked for its tdmrep.json once a day; one that does not give it is left in peace. robots.txt is
        there already: nothing is visited without it.
        """
        had = {document.capture.record_id for document in documents}
        for origin in dict.fromkeys(_origins(documents)):
            await self._ask_tdmrep(origin)
            for path in SITE_FILES:
                newest = self._archive.latest(origin + path)
                if newest is not None and newest.status == 200 and newest.record_id not in had:
                    self._archive.bind(visit_id, newest.record_id)
                    documents += await self._documents.read([self._archive.capture(newest.record_id)])

    async def _ask_tdmrep(self, origin: str) -> None:
        url, now = origin + TDMREP_PATH, self._clock.now()
        before = self._archive.latest(url)
        asked_at = self._asked_at.get(origin) or (before.captured_at if before else None)
        # A clock that was set back must not have a host asked twice.
        if asked_at is not None and abs(now - asked_at) < _FRESH_FOR:
            return
        self._asked_at[origin] = now
        try:
            await self._documents.visitor.fetch(Request(url), self._archive.recorder(None))
        except (RefusedError, RetryableError, SkippableError):
            # The ledger has the reason. A host that does not say how it reserves its rights has not reserved them.
            return


def _origins(documents: Iterable[DocumentReading]) -> Iterable[str]:
    pages = (document.capture.url for document in documents)
    urls = (parse_url(url) for url in pages if not is_site_file(url))
    return (url.origin for url in urls if url is not None)
