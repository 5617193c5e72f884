"""What of followed lists and of long threads has to be asked for: what moved, and the end of what grew."""

from datetime import datetime

from scraper.archive.archive import Archive
from scraper.jobs.crawl.documents import Documents
from scraper.jobs.crawl.targets import Target
from scraper.jobs.refresh.rhythm import Bounds
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.sites.base import Tail


class Movement:
    """Notes which known topics moved since they were visited, by what the rows of lists say; ``moved`` are their URLs."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.moved: set[str] = set()

    def is_settled(self, url: str, until: datetime | None) -> bool:
        """Whether a topic is known, and nothing tells that it moved since; ``until`` is the end of the last date of its row."""
        last = self._archive.last_visit_of(url)
        if last is None:
            return False
        if until is not None and until > last.begun_at:
            self.moved.add(url)
            return False
        return True


class Tails:
    """Where visits to known threads begin: at their last page, but for the whole of them at the slow rhythm."""

    def __init__(self, documents: Documents, bounds: Bounds) -> None:
        self._documents = documents
        self._bounds = bounds

    async def of(self, target: Target) -> Tail | None:
        """The tail of a thread; None where all of it is to be asked for: its oldest page is as old as a post is let to become."""
        archive = self._documents.archive
        last = archive.last_visit_of(target.url)
        now = self._documents.workplace.clock.now()
        if target.site or last is None or not last.oldest <= now < last.oldest + self._bounds.longest:
            return None
        visit = archive.visit(last.visit_id)
        if len(visit.captures) < 2:
            return None
        whole = DocumentsOfVisit.of(visit, await self._documents.read(visit.captures))
        claimed = whole.pages.claimed(self._documents.sites)
        return claimed.site.tail_of(whole.parts(claimed.site.name)) if claimed else None
