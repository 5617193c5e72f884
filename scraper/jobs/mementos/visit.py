"""One capture of a post in a web archive, made into a visit with all else that its site needs of that time."""

from collections.abc import Iterator
from dataclasses import replace

from scraper.archive.compose import ForeignRecord
from scraper.archive.memento import ReplayUrl
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.retry import ParkedError
from scraper.jobs.crawl.redirects import unfollowed_redirects
from scraper.jobs.crawl.visit import MAX_REQUESTS
from scraper.jobs.imports.intake import Intake
from scraper.jobs.mementos.cdx import CdxLine, CdxServer, timestamp_time
from scraper.jobs.mementos.replay import Replay
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.outcome import Item
from scraper.reading.claims import Claimed, address, claimed, next_requests
from scraper.sites.registry import all_sites


class MementoVisit:
    """Makes one visit out of mementos, of a page that tells its site where ``post`` is None. Implements ``replay.Taker``."""

    def __init__(self, line: CdxLine, post: Claimed | None, server: CdxServer, intake: Intake) -> None:
        self._line = line
        self._url = post.claim.url if post else address(line.url)
        self._site = post.site.name if post else ""
        self._post_id = post.claim.post_id if post else None
        self._server = server
        self._intake = intake
        self._archive = intake.archive
        self._visit_id: str | None = None
        self._page_id: str | None = None

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
                return Item(str(page), "skipped", post_id, "The archive has this very capture already.")
            self._visit_id = visit_id
            trouble, whole = await self._complete(visit_id, replay)
        except ParkedError:
            raise
        except RefusedError as refusal:
            return Item(str(page), "refused", post_id, str(refusal))
        except (RetryableError, SkippableError) as error:
            return Item(str(page), "failed", post_id, str(error))
        item = self._intake.finish(visit_id, str(page), whole=whole)
        return replace(item, outcome="failed", reason=trouble) if trouble else item

    def stands_alone(self) -> bool:
        """Whether the page tells all by itself, so that an equal one of another time tells nothing more."""
        if self._page_id is None:
            return False
        page = self._archive.capture(self._page_id)
        return page.status == 200 and not next_requests(Visit("", 0, self._url, (page,)))

    def is_of_known_site(self) -> bool:
        """Whether a site made the page, be it a post or not."""
        if self._page_id is None:
            return False
        page = self._archive.capture(self._page_id)
        return any(site.recognises(page) for site in all_sites())

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
        self._page_id = self._page_id or capture.record_id

    def _bind(self, record_id: str | None) -> bool:
        if record_id is None:
            return False
        if self._visit_id is None:
            self._page_id = record_id
        else:
            self._archive.bind(self._visit_id, record_id)
        return True

    def _left_open(self) -> str | None:
        """The visit that an interrupted import began with this very page; None where there is none."""
        left = self._archive.open_visit(self._url)
        if left is None or left.ended:
            return None
        captures = self._archive.visit(left.visit_id).captures
        return left.visit_id if captures and captures[0].record_id == self._page_id else None

    async def _complete(self, visit_id: str, replay: Replay) -> tuple[str | None, bool]:
        """Fetch what else the post needs; gives what went wrong, and whether the visit is whole."""
        trouble, whole = None, True
        asked: set[Request] = set()
        while wanted := [request for request in self._wanted(visit_id) if request not in asked]:
            asked.update(wanted)
            for request in wanted:
                try:
                    await replay.fetch(self._server.memento(request.url, self._line.timestamp), self)
                except ParkedError:
                    raise
                except (RefusedError, SkippableError):
                    whole = False
                except RetryableError as error:
                    trouble, whole = str(error), False
            if len(asked) >= MAX_REQUESTS:
                return f"{self._url} asks for more than {MAX_REQUESTS} pages.", False
        return trouble, whole

    def _wanted(self, visit_id: str) -> Iterator[Request]:
        visit = self._archive.visit(visit_id)
        yield from (request for request in unfollowed_redirects(visit.captures) if claimed(request.url))
        yield from next_requests(visit)
