"""``postkeep crawl``: visit posts politely, keep every answer, and read what was kept."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from scraper.archive.archive import Archive
from scraper.jobs.crawl.discovery import look_at_lists
from scraper.jobs.crawl.documents import RESUMABLE, Documents
from scraper.jobs.crawl.shards import settle_shard, shard_of
from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.jobs.crawl.strangers import MOST_IN_VAIN, Strangers
from scraper.jobs.crawl.targets import Stage, Target, Targets
from scraper.jobs.crawl.visit import Visits
from scraper.jobs.crawl.visiting import open_visitor
from scraper.jobs.drift import drift_items
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import judge_runs, known_roots
from scraper.jobs.runs import open_run
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import Findings
from scraper.model.shard import Shard
from scraper.model.url import without_credentials
from scraper.reading.extractor import Extractor


def crawl(
    targets: Iterable[str],
    workplace: Workplace,
    max_posts: int | None = None,
    *,
    with_images: bool = False,
    shard: Shard | None = None,
) -> Report:
    """Visit each post among ``targets``, and each that a listing, feed or sitemap among them leads to.

    At most ``max_posts`` of them are visited; ``with_images`` keeps the images in their bodies too. A crawl that was
    cut off goes on when it is started again with the same targets: posts it had settled are not visited again, a
    visit cut in half keeps the captures it had, and lists it had looked at are not asked for again. With a ``shard`` only what lies
    on its hosts is visited, by this run and by every later one of the archive.

    Raises:
        UsageError: no contact is set, the folder is no archive, or it is another shard.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    workplace.settings.require_contact()
    workplace = replace(workplace, shard=shard_of(workplace, shard))
    with open_run("crawl", workplace) as (account, archive, extractor):
        settle_shard(workplace, workplace.shard)
        roots = known_roots(extractor)
        exclusions = exclusions_of(workplace)
        wanted = Targets(max_posts, extractor.reader.sites, roots, exclusions, workplace.shard)
        wanted.name(map(without_credentials, targets))
        posts_before = extractor.store.post_count()
        crawling = _Crawl(account.workplace, archive, extractor)
        asyncio.run(crawling.run(wanted, with_images=with_images))
        judge_runs(extractor.store, workplace.folder)
        new = extractor.store.post_count() - posts_before
        drifted = drift_items(extractor.store, account.workplace.run_id)
        for item in drifted:
            wanted.items.add(item, Stage.AFTERWARDS)
            workplace.progress.end(item)
        report = Report(wanted.items, held_back=len(drifted))
        return account.complete(report, Findings(visited=crawling.visited, new=new))


class _Crawl:
    """One run over its targets; ``visited`` counts those that policy let it ask for."""

    def __init__(self, workplace: Workplace, archive: Archive, extractor: Extractor) -> None:
        self._workplace = workplace
        self._archive = archive
        self._extractor = extractor
        self.visited = 0

    async def run(self, wanted: Targets, *, with_images: bool) -> None:
        """Find what the lists lead to, then settle every post."""
        async with open_visitor(self._workplace, self._archive) as visitor:
            documents = Documents(self._workplace, self._archive, visitor, self._extractor)
            side_by_side = SideBySide(self._archive.pace, self._workplace.clock, told=visitor)
            await look_at_lists(wanted, documents, side_by_side)
            progress = self._workplace.progress
            progress.expect(wanted.post_count + len(wanted.items), "visiting")
            for item in wanted.items:
                progress.end(item)
            visits = Visits(documents, self._extractor, with_images=with_images)
            await self._visit_all(wanted, visits, documents, side_by_side)
        self._archive.frontier.clear(wanted.lists(), (target.url for target in wanted.posts()))

    async def _visit_all(
        self, wanted: Targets, visits: Visits, documents: Documents, side_by_side: SideBySide
    ) -> None:
        """Settle every post; those that a run cut off had settled already are not visited again."""
        frontier = self._archive.frontier
        frontier.forget_settled(before=self._workplace.clock.now() - RESUMABLE)
        frontier.add(target.url for target in wanted.posts())
        strangers = Strangers()

        async def settle(number: int) -> None:
            target = wanted.post(number)
            self._workplace.progress.begin(target.asked)
            before = frontier.settled(target.url)
            if before:
                item = Item(target.asked, before.outcome, before.post_id, before.reason)
            elif target.site is None and strangers.are_given_up(target.host):
                item = Item(target.asked, "skipped", reason=_given_up(target))
            else:
                item = await visits.visit(target)
                self.visited += item.outcome != "refused"
                if target.site is None:
                    is_recognised = item.post_id is not None or target.host in documents.known_hosts
                    is_in_vain = item.outcome == "rejected"
                    strangers.note(target.host, is_recognised=is_recognised, is_in_vain=is_in_vain)
                now = self._workplace.clock.now()
                frontier.settle(target.url, item.outcome, item.post_id, item.reason, now)
            wanted.items.add(item, Stage.VISITS, number)
            self._workplace.progress.end(item)

        await side_by_side.run((target.host for target in wanted.posts()), settle)


def _given_up(target: Target) -> str:
    """Why a page is not visited for the sake of those before it, in a sentence."""
    return (
        f"{target.url} was not visited: no site that postkeep reads recognises any of the {MOST_IN_VAIN} pages of "
        f"{target.host} that were. `postkeep sites` lists them."
    )
