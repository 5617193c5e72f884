"""``postkeep refresh``: visit what is due, and no more; look for new posts where the settings say."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.files import require_archive
from scraper.jobs.crawl.discovery import look_at_lists
from scraper.jobs.crawl.documents import Documents
from scraper.jobs.crawl.shards import shard_of
from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.jobs.crawl.targets import Target, Targets, target_at
from scraper.jobs.crawl.visit import Visits
from scraper.jobs.crawl.visiting import open_visitor
from scraper.jobs.drift import drift_items
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import judge_runs, read_unread
from scraper.jobs.refresh.budget import NO_BUDGET, Budget, Spending, waiting_item
from scraper.jobs.refresh.due import VisitedPost, bounds_of, due_posts, in_turn, visited_posts
from scraper.jobs.refresh.movement import Movement, Tails
from scraper.jobs.runs import open_run
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import Findings
from scraper.reading.extractor import Extractor
from scraper.sites.registry import Roots

NOTHING_EVER_DUE: Final = (
    "The archive holds no post that could be due, and no list is followed, so there is nothing to do. "
    'Crawl some posts, or name listings in postkeep.toml: follow = ["https://example.org/feed"].'
)


def refresh(workplace: Workplace, budget: Budget = NO_BUDGET, publishes: str | None = None) -> Report:
    """Visit the posts that are due, the most overdue first, and the new ones that the followed lists lead to.

    What is due follows from the visits that the archive has, so a run that was killed goes on where it was when the next
    one begins. ``budget`` overrules that of the settings, bound by bound. ``publishes`` is the repository to which the
    run is to publish afterwards.

    Raises:
        UsageError: no contact is set, or the folder is no archive.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    require_archive(workplace.folder)
    workplace.settings.require_contact()
    workplace = replace(workplace, shard=shard_of(workplace))
    with open_run("refresh", workplace, publishes) as (account, archive, extractor):
        read_unread(archive, extractor, account.workplace)
        run = _Refresh(account.workplace, archive, extractor, budget)
        report = asyncio.run(run.run())
        judge_runs(extractor.store, workplace.folder)
        drifted = drift_items(extractor.store, account.workplace.run_id)
        for item in drifted:
            account.workplace.progress.end(item)
        report = replace(report, items=(*report.items, *drifted), held_back=len(drifted))
        return account.complete(report, run.findings())


class _Refresh:
    """One run."""

    def __init__(self, workplace: Workplace, archive: Archive, extractor: Extractor, budget: Budget) -> None:
        self._workplace = workplace
        self._archive = archive
        self._extractor = extractor
        self._bounds = bounds_of(workplace.settings)
        self._exclusions = exclusions_of(workplace)
        self._spending = Spending(budget.over(workplace.settings.refresh), workplace.clock.now())
        self._posts: dict[str, VisitedPost] = {}
        self._new: frozenset[str] = frozenset()
        self._visited: frozenset[str] = frozenset()
        self._waiting = 0
        self._of_others = 0

    async def run(self) -> Report:
        """From beginning to end; the report has an item for each post that was visited, and one for all that wait."""
        store = self._extractor.store
        posts = {post.post_id: post for post in visited_posts(store.looks(), self._archive, self._bounds)}
        self._posts = posts
        async with open_visitor(self._workplace, self._archive) as visitor:
            documents = Documents(self._workplace, self._archive, visitor, self._extractor)
            shard = self._workplace.shard
            followed = Targets(None, documents.sites, documents.roots, self._exclusions, shard)
            followed.name(self._workplace.settings.follow)
            movement = Movement(self._archive)
            side_by_side = SideBySide(self._archive.pace, self._workplace.clock, told=visitor)
            await look_at_lists(followed, documents, side_by_side, movement.is_settled)
            self._say(followed.items)
            new = [
                target
                for target in followed.posts()
                if target.post_id not in posts and not self._archive.has_visited(target.url)
            ]
            visits = Visits(documents, self._extractor)
            tails = Tails(documents, self._bounds)
            due = self._due(posts.values(), documents.roots, movement.moved)
            items = await self._visit(in_turn(new, due), visits, tails, frozenset(new), side_by_side)
        self._archive.frontier.clear(followed.lists())
        return Report(items=(*followed.items, *items, *self._idle_items(), *self._items_of_others()))

    def _say(self, items: Iterable[Item]) -> None:
        for item in items:
            self._workplace.progress.end(item)

    def _idle_items(self) -> tuple[Item, ...]:
        """An item for a job that can never have anything to do."""
        if self._posts or self._workplace.settings.follow:
            return ()
        item = Item("refresh", "skipped", reason=NOTHING_EVER_DUE)
        self._say([item])
        return (item,)

    def _items_of_others(self) -> tuple[Item, ...]:
        """An item for the posts that are due and lie on hosts of other shards."""
        if not self._of_others:
            return ()
        reason = f"{self._of_others:,} posts that are due lie on hosts of other shards than {self._workplace.shard}, so they were not visited."
        item = Item("posts of other shards", "skipped", reason=reason)
        self._say([item])
        return (item,)

    def findings(self) -> Findings:
        """What the run came to, once it is over."""
        looked = self._looked()
        posts = self._posts | {post.post_id: post for post in looked}
        now = self._workplace.clock.now()
        return Findings(
            visited=len(self._visited),
            new=len(self._visited & self._new),
            changed=sum(post.last_change == "changed" and post.post_id not in self._new for post in looked),
            gone=sum(post.is_gone for post in looked),
            waiting=self._waiting,
            next_due_at=min((post.due_at(now, self._bounds) for post in posts.values()), default=None),
        )

    def _looked(self) -> list[VisitedPost]:
        """The posts that were visited, as they stand now."""
        store = self._extractor.store
        looks = (look for post_id in self._visited for look in store.looks_at(post_id))
        return list(visited_posts(looks, self._archive, self._bounds))

    def _due(self, posts: Collection[VisitedPost], roots: Roots, moved: Collection[str]) -> list[Target]:
        """The targets of the posts that are due, and behind them of those that moved; one that no site reads any more, or that is left out, is not visited."""
        due = due_posts(posts, self._workplace.clock.now(), self._bounds)
        targets = [(post, self._target_of(post, roots)) for post in due]
        if moved:
            ids = {post.post_id for post in due}
            others = ((post, self._target_of(post, roots)) for post in posts if post.post_id not in ids)
            targets += [(post, target) for post, target in others if target and target.url in moved]
        wanted = [
            target
            for post, target in targets
            if target and not self._exclusions.against_visit(target.url, target.host, post.post_id)
        ]
        own = [target for target in wanted if self._workplace.shard.has(target.host)]
        self._of_others = len(wanted) - len(own)
        return own

    async def _visit(
        self,
        targets: Sequence[Target],
        visits: Visits,
        tails: Tails,
        new: frozenset[Target],
        side_by_side: SideBySide,
    ) -> list[Item]:
        """Visit in this order as far as the budget goes; one item for all that wait for the next run."""
        self._workplace.progress.expect(len(targets), "visiting")
        items: dict[int, Item] = {}
        ended_by: list[str] = []

        async def settle(number: int) -> None:
            exhausted = self._spending.exhausted(self._archive.ledger.traffic, self._workplace.clock.now())
            if exhausted:
                ended_by.append(exhausted)
                return
            self._workplace.progress.begin(targets[number].asked)
            items[number] = await visits.visit(targets[number], await tails.of(targets[number]))
            self._workplace.progress.end(items[number])

        await side_by_side.run([target.host for target in targets], settle)
        visited = [items[number] for number in sorted(items)]
        asked = {number: item for number, item in items.items() if item.outcome != "refused"}
        post_ids = {number: item.post_id for number, item in asked.items() if item.post_id}
        self._visited = frozenset(post_ids.values())
        self._new = frozenset(post_id for number, post_id in post_ids.items() if targets[number] in new)
        self._waiting = len(ended_by)
        return [*visited, waiting_item(len(ended_by), ended_by[0])] if ended_by else visited

    def _target_of(self, post: VisitedPost, roots: Roots) -> Target | None:
        """The target of a known post, at the URL of its last visit; None where no site reads it any more."""
        cost = self._archive.visit_cost(post.last_visit)
        return target_at(cost.url, self._extractor.reader.sites, roots) if cost else None
