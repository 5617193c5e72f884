"""One visit to one post: asked for, kept, ended and read; gone on with where an earlier run was cut off."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.jobs.crawl.documents import RESUMABLE, Documents
from scraper.jobs.crawl.licences import Licences
from scraper.jobs.crawl.targets import Target
from scraper.model.exchange import Request
from scraper.model.outcome import Item
from scraper.model.url import parse_url, resolve
from scraper.page.site_signals import SITE_FILES, TDMREP_PATH, is_site_file
from scraper.reading.document_reading import DocumentReading
from scraper.reading.extractor import Extractor
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.records.reading import Reading
from scraper.sites.base import Tail

MAX_IMAGES: Final = 100

_TDMREP_FRESH_FOR: Final = timedelta(hours=24)


class Visits:
    """Makes the visits of one run."""

    def __init__(self, documents: Documents, extractor: Extractor, *, with_images: bool = False) -> None:
        self._with_images = with_images
        self._documents = documents
        self._workplace = documents.workplace
        self._archive = documents.archive
        self._extractor = extractor
        self._site_files = SiteFiles(documents)
        self._licences = Licences(documents)
        self._run = self._workplace.run_id or self._archive.new_run()

    async def visit(self, target: Target, tail: Tail | None = None) -> Item:
        """Make the visit, end it, and read it; the item is what became of the target.

        Of a thread with a ``tail`` only its last page is asked for, and what follows it.
        """
        visit_id, ended = self._resume_or_begin(target)
        if ended:
            return target.item(await self._extractor.read_aside(self._archive.visit(visit_id)))
        begun = self._documents.begun(visit_id)
        had = await self._documents.read(begun.captures)
        visit = UnfinishedVisit(begun, self._extractor.reader, had, follows=lambda _: True)
        trouble = await self._fetch_all(visit, target, None if had else tail)
        missing = await self._keep_images(visit) if self._with_images and trouble is None else 0
        await self._site_files.bind(visit_id, visit.documents)
        await self._licences.bind(begun, visit.documents)
        self._archive.end_visit(visit_id, whole=trouble is None, run=self._run)
        visit.visit = replace(begun, whole=trouble is None, run=self._run)
        item = self._extractor.keep(visit.read.visit, await self._extractor.join_aside(visit.read))
        if missing and item.reason is None:
            item = replace(item, reason=f"{missing} of its images could not be kept; the ledger says why.")
        return target.item(trouble or item)

    async def _fetch_all(self, visit: UnfinishedVisit, target: Target, tail: Tail | None) -> Item | None:
        """Fetch what the post needs until its site asks for no more; gives what stood in the way, if anything."""
        try:
            if tail is not None:
                await self._begin_with(tail, visit)
            async for request in visit.requests_aside():
                await self._documents.fetch(request, visit.visit.visit_id, visit.documents)
        except RefusedError as refusal:
            return Item(target.asked, "refused", reason=str(refusal))
        except (RetryableError, SkippableError) as error:
            return Item(target.asked, "failed", reason=str(error))
        return None

    async def _begin_with(self, tail: Tail, visit: UnfinishedVisit) -> None:
        """Fetch the last page of a thread, and make the captures of those before it captures of the visit; all of it where it is gone."""
        visit_id = visit.visit.visit_id
        await self._documents.fetch(Request(tail.url), visit_id, visit.documents)
        if visit.documents[-1].capture.status != 200:
            await self._documents.fetch(Request(visit.visit.url), visit_id, visit.documents)
            return
        for record_id in tail.before:
            self._archive.bind(visit_id, record_id)
            visit.documents += await self._documents.read([self._documents.capture(record_id)])

    async def _keep_images(self, visit: UnfinishedVisit) -> int:
        """Make the images in the post's own body captures of the visit; gives how many could not be had."""
        reading = await self._extractor.join_aside(visit.read)
        images = reading.images if isinstance(reading, Reading) else ()
        urls = (resolve(visit.visit.url, image) for image in images)
        missing = 0
        for url in list(dict.fromkeys(url for url in urls if url))[:MAX_IMAGES]:
            try:
                if not visit.has(url):
                    await self._documents.fetch(Request(url), visit.visit.visit_id, visit.documents)
            except (RefusedError, RetryableError, SkippableError):
                missing += 1
        return missing

    def _resume_or_begin(self, target: Target) -> tuple[str, bool]:
        """The id of the visit to work on, and whether it has ended already."""
        left = self._archive.open_visit(target.url)
        if left and self._workplace.clock.now() - left.begun_at <= RESUMABLE:
            if not left.ended:
                self._bind_earlier(left.visit_id, target)
            return left.visit_id, left.ended
        if left and not left.ended:
            self._archive.end_visit(left.visit_id, whole=False, run=self._run)
        visit_id = self._archive.begin_visit(target.url, target.site or "")
        self._bind_earlier(visit_id, target)
        return visit_id, False

    def _bind_earlier(self, visit_id: str, target: Target) -> None:
        """Make what was fetched of the target to learn what it is captures of its visit."""
        began = self._archive.frontier.begun_at(target.url)
        for capture in self._documents.already_captured(target.url, began) if began else ():
            self._archive.bind(visit_id, capture.record_id)


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
                    documents += await self._documents.read([self._documents.capture(newest.record_id)])

    async def _ask_tdmrep(self, origin: str) -> None:
        url, now = origin + TDMREP_PATH, self._clock.now()
        asked_at = self._asked_at.get(origin)
        if asked_at is None and (before := self._archive.latest(url)):
            asked_at = before.captured_at
        # A clock that was set back must not have a host asked twice.
        if asked_at is not None and abs(now - asked_at) < _TDMREP_FRESH_FOR:
            return
        self._asked_at[origin] = now
        try:
            await self._documents.visitor.fetch(Request(url), self._archive)
        except (RefusedError, RetryableError, SkippableError):
            # The ledger has the reason. A host that does not say how it reserves its rights has not reserved them.
            return


def _origins(documents: Iterable[DocumentReading]) -> Iterable[str]:
    pages = (document.capture.url for document in documents)
    urls = (parse_url(url) for url in pages if not is_site_file(url))
    return (url.origin for url in urls if url is not None)
