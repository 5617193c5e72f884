"""``postkeep crawl``: visit posts politely, keep every answer, and read what was kept."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from scraper.archive.archive import Archive
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.client import Limits, WireClient
from scraper.fetch.visitor import Visitor
from scraper.jobs.claims import claimed, unclaimed_reason
from scraper.jobs.extract import Extractor, open_extractor
from scraper.jobs.redirects import unfollowed_redirects
from scraper.jobs.workplace import Workplace
from scraper.model.exchange import Request
from scraper.model.outcome import Item, Report
from scraper.model.site import Claim, Site

# A visit that was cut off is gone on with for so long; after that its page is looked at afresh.
RESUMABLE: Final = timedelta(hours=24)
# A thread of 10,000 comments at ten a page; more requests than that is a trap, not a post.
MAX_REQUESTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """What the user asked for, the post it leads to, and the site that reads it."""

    asked: str
    claim: Claim
    site: Site


def crawl(targets: Sequence[str], workplace: Workplace, max_posts: int | None = None) -> Report:
    """Visit each post among ``targets``, at most ``max_posts`` of them.

    A crawl that was cut off goes on when it is started again with the same targets: posts it had settled are
    not visited again, and a visit cut in half keeps the captures it had.

    Raises:
        UsageError: no contact is set, or the folder is no archive.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    workplace.settings.require_contact()
    wanted, passed_over = _claims(targets)
    chosen = wanted[:max_posts]
    passed_over += [
        Item(target.asked, "skipped", target.claim.post_id, f"--max-posts {max_posts} was reached before it.")
        for target in wanted[len(chosen) :]
    ]
    workplace.progress.expect(len(chosen) + len(passed_over), "visiting")
    for item in passed_over:
        workplace.progress.end(item)
    with (
        Archive.open(
            workplace.folder, clock=workplace.clock, warcinfo=workplace.warcinfo(), disk=workplace.disk
        ) as archive,
        open_extractor(workplace) as extractor,
    ):
        visited = asyncio.run(_Crawl(workplace, archive, extractor).visit_all(chosen))
    return Report(items=(*passed_over, *visited))


def _claims(targets: Iterable[str]) -> tuple[list[Target], list[Item]]:
    """The targets that lead to a post, one a post; and an item for each that leads to none, or to one named before."""
    targets_by_post: dict[str, Target] = {}
    passed_over: list[Item] = []
    for asked in targets:
        found = claimed(asked)
        if found is None:
            passed_over.append(Item(asked, "failed", reason=unclaimed_reason(asked)))
        elif before := targets_by_post.get(found.claim.post_id):
            reason = f"It is the post of {before.asked}, which was named before."
            passed_over.append(Item(asked, "skipped", found.claim.post_id, reason))
        else:
            targets_by_post[found.claim.post_id] = Target(asked, found.claim, found.site)
    return list(targets_by_post.values()), passed_over


class _Crawl:
    """One run over its targets."""

    def __init__(self, workplace: Workplace, archive: Archive, extractor: Extractor) -> None:
        self._workplace = workplace
        self._archive = archive
        self._extractor = extractor

    async def visit_all(self, targets: Sequence[Target]) -> list[Item]:
        """Settle every target; those that a run cut off had settled already are not visited again."""
        urls = [target.claim.url for target in targets]
        self._forget_stale(urls)
        frontier = self._archive.frontier
        frontier.add(urls)
        settled = frontier.settled(urls)
        items: list[Item] = []
        async with self._client() as client:
            visitor = self._visitor(client)
            for target in targets:
                self._workplace.progress.begin(target.asked)
                before = settled.get(target.claim.url)
                if before:
                    item = Item(target.asked, before.outcome, before.post_id, before.reason)
                else:
                    item = replace(await self._visit(target, visitor), target=target.asked)
                    now = self._workplace.clock.now()
                    frontier.settle(target.claim.url, item.outcome, item.post_id, item.reason, now)
                items.append(item)
                self._workplace.progress.end(item)
        frontier.clear(urls)
        return items

    def _client(self) -> WireClient:
        workplace = self._workplace
        return WireClient(
            workplace.user_agent,
            workplace.settings.contact_email,
            workplace.network,
            Limits(),
            workplace.clock,
        )

    def _visitor(self, client: WireClient) -> Visitor:
        archive = self._archive
        return Visitor(
            client,
            settings=self._workplace.settings,
            clock=self._workplace.clock,
            robots=archive.robots,
            pace=archive.pace,
            ledger=archive.ledger,
            recorder=archive.recorder(None),
        )

    def _forget_stale(self, urls: Sequence[str]) -> None:
        oldest = self._workplace.clock.now() - RESUMABLE
        settled = self._archive.frontier.settled(urls)
        self._archive.frontier.clear(url for url, was in settled.items() if was.at < oldest)

    async def _visit(self, target: Target, visitor: Visitor) -> Item:
        """Make the visit, end it, and read it."""
        visit_id, ended = self._resume_or_begin(target)
        trouble = None
        if not ended:
            trouble = await self._fetch_all(target, visit_id, visitor)
            self._archive.end_visit(visit_id, whole=trouble is None)
        item = self._extractor.read(self._archive.visit(visit_id))
        return trouble or item

    def _resume_or_begin(self, target: Target) -> tuple[str, bool]:
        """The id of the visit to work on, and whether it has ended already."""
        left = self._archive.open_visit(target.claim.url)
        if left and self._workplace.clock.now() - left.begun_at <= RESUMABLE:
            return left.visit_id, left.ended
        if left and not left.ended:
            self._archive.end_visit(left.visit_id, whole=False)
        return self._archive.begin_visit(target.claim.url, target.site.name), False

    async def _fetch_all(self, target: Target, visit_id: str, visitor: Visitor) -> Item | None:
        """Fetch what the post needs until its site asks for no more; gives what stood in the way, if anything."""
        recorder = self._archive.recorder(visit_id)
        asked: set[Request] = set()
        try:
            while wanted := self._wanted(target, visit_id, asked):
                asked.update(wanted)
                for request in wanted:
                    await visitor.fetch(request, recorder)
        except RefusedError as refusal:
            return Item(target.asked, "refused", target.claim.post_id, str(refusal))
        except (RetryableError, SkippableError) as error:
            return Item(target.asked, "failed", target.claim.post_id, str(error))
        return None

    def _wanted(self, target: Target, visit_id: str, asked: set[Request]) -> list[Request]:
        visit = self._archive.visit(visit_id)
        requests = [*unfollowed_redirects(visit), *target.site.next_requests(visit)]
        if len(asked) >= MAX_REQUESTS:
            message = (
                f"{target.claim.url} asks for more than {MAX_REQUESTS} pages; what was had by then is kept."
            )
            raise SkippableError(message)
        return [request for request in requests if request not in asked]
