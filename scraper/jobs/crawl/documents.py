"""What a crawl captures, read as soon as it is kept: each capture once, by processes that can be killed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from scraper.archive.archive import Archive
from scraper.fetch.retry import RETRYABLE_STATUSES
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl.readings import Readings
from scraper.jobs.crawl.rights import RightsRecorder
from scraper.jobs.extractor import known_roots
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.url import parse_url, resolve
from scraper.reading.document_reading import DocumentReading
from scraper.reading.extractor import Extractor
from scraper.reading.unfinished_visit import unfollowed_redirects

# A visit that was cut off is gone on with for so long; after that its page is looked at afresh.
RESUMABLE: Final = timedelta(hours=24)


class Documents:
    """Fetches, keeps and reads what a run asks for; ``roots`` are where it knows platforms to stand, ``known_hosts`` had a page that a site knew.

    ``licensing_feeds`` are the feeds that say in RSL what may be done with what they list, by their URLs.
    """

    def __init__(
        self, workplace: Workplace, archive: Archive, visitor: Visitor, extractor: Extractor
    ) -> None:
        self.workplace = workplace
        self.archive = archive
        self.visitor = visitor
        self.sites = extractor.reader.sites
        self.roots = known_roots(extractor)
        self.known_hosts: set[str] = set()
        self.licensing_feeds: dict[str, DocumentReading] = {}
        self._extractor = extractor
        self._readings = Readings()

    async def fetch(
        self,
        request: Request,
        visit_id: str | None,
        into: list[DocumentReading],
        *,
        with_leads: bool = False,
    ) -> None:
        """Add to ``into`` what was kept of the answer to a request, redirects before it; of no visit where ``visit_id`` is None.

        Raises:
            RefusedError: policy forbids it, or the answer asks not to be archived.
            RetryableError: it could not be had now.
            SkippableError: it cannot be had.
        """
        recorder = RightsRecorder(self.archive, self.workplace, visit_id)
        try:
            await self.visitor.fetch(request, recorder, conditions=self.archive.conditions)
            recorder.require_kept()
        finally:
            captures = recorder.take_kept()
            into += await self.read(captures, with_leads=with_leads)

    async def look_at(self, url: str, since: datetime | None) -> list[DocumentReading]:
        """The page at ``url``, last, after the redirects to it, with what it leads to; asked for unless it was ``since`` then.

        Raises:
            RefusedError, RetryableError, SkippableError: as ``fetch``.
        """
        captures = self.already_captured(url, since) if since else ()
        documents = await self.read(captures, with_leads=True)
        for request in unfollowed_redirects(captures) if captures else [Request(url)]:
            await self.fetch(request, None, documents, with_leads=True)
        return documents

    async def read(self, captures: Sequence[Capture], *, with_leads: bool = False) -> list[DocumentReading]:
        """What captures say; those that were read before are not read again."""
        documents = {each.record_id: self._readings.get(each.record_id) for each in captures}
        unread = [
            self.archive.capture(each.record_id) if documents[each.record_id] else each
            for each in captures
            if _lacks(documents[each.record_id], with_leads=with_leads)
        ]
        for document in await self._extractor.read_documents_aside(unread, with_leads=with_leads):
            documents[document.capture.record_id] = document
            self._readings.put(document)
            if document.is_recognised and (place := parse_url(document.capture.url)):
                self.known_hosts.add(place.host)
            if document.terms and document.leads is not None and document.leads.is_list:
                self.licensing_feeds[document.capture.url] = replace(document, leads=None)
            if document.root is not None:
                self.roots = self.roots.with_root(*document.root)
        return [reading for each in captures if (reading := documents[each.record_id]) is not None]

    def capture(self, record_id: str) -> Capture:
        """A capture of the archive, to be read; it comes without its body where it was read before.

        Raises:
            ArchiveDamagedError: it cannot be read.
        """
        read = self._readings.get(record_id)
        return read.capture if read else self.archive.capture(record_id)

    def begun(self, visit_id: str) -> Visit:
        """A visit as far as it came, its captures as ``capture`` gives them.

        Raises:
            ArchiveDamagedError: a capture cannot be read.
        """
        return self.archive.visit(visit_id, self.capture)

    def already_captured(self, url: str, since: datetime) -> tuple[Capture, ...]:
        """The captures, none older than ``since``, of the redirects from ``url`` and of the page they end at, in that order.

        They end before what was not reached, or answered in a way that is worth another try. So whoever visits a page
        that was fetched to tell what it is need not ask for it again.
        """
        captures: dict[str, Capture] = {}
        target = resolve(url, url)
        while target is not None and target not in captures:
            latest = self.archive.latest(target)
            capture = self.capture(latest.record_id) if latest and latest.captured_at >= since else None
            if capture is None or capture.status in RETRYABLE_STATUSES or capture.truncated == "disconnect":
                break
            captures[target] = capture
            location = capture.location if capture.status in REDIRECT_STATUSES else None
            target = resolve(target, location) if location else None
        return tuple(captures.values())


def _lacks(read: DocumentReading | None, *, with_leads: bool) -> bool:
    """Whether a capture is to be read (again) to tell what is asked of it."""
    return read is None or (with_leads and read.leads is None)
