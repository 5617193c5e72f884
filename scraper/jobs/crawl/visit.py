"""One visit to one post: asked for, kept, ended and read; gone on with where an earlier run was cut off."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from scraper.archive.archive import Archive
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl.looks import look_at
from scraper.jobs.crawl.redirects import unfollowed_redirects
from scraper.jobs.crawl.rights import RightsRecorder, SiteFiles
from scraper.jobs.crawl.targets import Target
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item
from scraper.model.url import resolve
from scraper.page.site_signals import without_site_files
from scraper.reading.claims import next_requests
from scraper.reading.extractor import Extractor

# A visit that was cut off is gone on with for so long; after that its page is looked at afresh.
RESUMABLE: Final = timedelta(hours=24)
# A thread of 10,000 comments at ten a page; more requests than that is a trap, not a post.
MAX_REQUESTS: Final = 1000
MAX_IMAGES: Final = 100


class Visits:
    """Makes the visits of one run."""

    def __init__(
        self,
        workplace: Workplace,
        archive: Archive,
        visitor: Visitor,
        extractor: Extractor,
        *,
        with_images: bool = False,
    ) -> None:
        self._with_images = with_images
        self._workplace = workplace
        self._archive = archive
        self._visitor = visitor
        self._extractor = extractor
        self._site_files = SiteFiles(archive, workplace, visitor)
        self._run = workplace.run_id or archive.new_run()

    async def visit(self, target: Target) -> Item:
        """Make the visit, end it, and read it; the item is what became of the target."""
        visit_id, ended = self._resume_or_begin(target)
        trouble, missing = None, 0
        if not ended:
            visit = _Fetching(target, self._archive.visit(visit_id), self._archive, self._workplace)
            trouble = await visit.fetch_all(self._visitor)
            if self._with_images and trouble is None:
                images = await self._extractor.images_of(self._archive.visit(visit_id))
                missing = await self._keep_images(visit, images)
            await self._site_files.bind(visit_id, visit.captures)
            self._archive.end_visit(visit_id, whole=trouble is None, run=self._run)
        item = await self._extractor.read_aside(self._archive.visit(visit_id))
        if missing and item.reason is None:
            item = replace(item, reason=f"{missing} of its images could not be kept; the ledger says why.")
        return target.item(trouble or item)

    async def _keep_images(self, visit: "_Fetching", images: tuple[str, ...]) -> int:
        """Make the images captures of the visit, those aside that it has; gives how many could not be had."""
        urls = (resolve(visit.page_url, image) for image in images)
        missing = 0
        for url in list(dict.fromkeys(url for url in urls if url))[:MAX_IMAGES]:
            recorder = RightsRecorder(self._archive, self._workplace, visit.visit_id)
            try:
                if not visit.has(url):
                    await self._visitor.fetch(Request(url), recorder, conditions=self._archive.conditions)
                    recorder.require_kept()
            except (RefusedError, RetryableError, SkippableError):
                missing += 1
        return missing

    def _resume_or_begin(self, target: Target) -> tuple[str, bool]:
        """The id of the visit to work on, and whether it has ended already."""
        left = self._archive.open_visit(target.url)
        if left and self._workplace.clock.now() - left.begun_at <= RESUMABLE:
            if not left.ended:
                self._bind_look(left.visit_id, target)
            return left.visit_id, left.ended
        if left and not left.ended:
            self._archive.end_visit(left.visit_id, whole=False, run=self._run)
        visit_id = self._archive.begin_visit(target.url, target.site or "")
        self._bind_look(visit_id, target)
        return visit_id, False

    def _bind_look(self, visit_id: str, target: Target) -> None:
        """Make the look at the target, where one was taken to learn what it is, captures of its visit."""
        began = self._archive.discoveries.begun_at(target.url)
        for capture in look_at(target.url, self._archive, began) if began else ():
            self._archive.bind(visit_id, capture.record_id)


class _Fetching:
    """A visit while it is made."""

    def __init__(self, target: Target, visit: Visit, archive: Archive, workplace: Workplace) -> None:
        self._target = target
        self._visit = without_site_files(visit)
        self.captures = list(self._visit.captures)
        self._archive = archive
        self._recorder = RightsRecorder(archive, workplace, visit.visit_id)
        self._asked: set[Request] = set()

    @property
    def visit_id(self) -> str:
        """The id of the visit."""
        return self._visit.visit_id

    @property
    def page_url(self) -> str:
        """The URL against which the addresses on the page are read."""
        return self._target.url

    def has(self, url: str) -> bool:
        """Whether an earlier run made a capture of ``url`` in this visit."""
        return any(capture.url == url for capture in self.captures)

    async def fetch_all(self, visitor: Visitor) -> Item | None:
        """Fetch what the post needs until its site asks for no more; gives what stood in the way, if anything."""
        try:
            for request in unfollowed_redirects(self.captures):
                await self._fetch(request, visitor)
            while wanted := self._wanted():
                for request in wanted:
                    await self._fetch(request, visitor)
        except RefusedError as refusal:
            return Item(self._target.asked, "refused", reason=str(refusal))
        except (RetryableError, SkippableError) as error:
            return Item(self._target.asked, "failed", reason=str(error))
        return None

    async def _fetch(self, request: Request, visitor: Visitor) -> None:
        if len(self._asked) >= MAX_REQUESTS:
            raise SkippableError(
                f"{self._target.url} asks for more than {MAX_REQUESTS} pages; what was had by then is kept."
            )
        self._asked.add(request)
        await visitor.fetch(request, self._recorder, conditions=self._archive.conditions)
        self.captures += self._recorder.take_kept()
        self._recorder.require_kept()

    def _wanted(self) -> list[Request]:
        visit = replace(self._visit, captures=tuple(self.captures))
        return [request for request in next_requests(visit) if request not in self._asked]
