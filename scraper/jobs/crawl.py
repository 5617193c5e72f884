"""``postkeep crawl``: visit posts politely, keep every answer, and read what was kept."""

import asyncio
from collections.abc import Sequence

from scraper.archive.archive import Archive
from scraper.jobs.crawl_lists import look_at_lists
from scraper.jobs.crawl_targets import Target, Targets
from scraper.jobs.crawl_visit import RESUMABLE, Visits
from scraper.jobs.drift import drift_items
from scraper.jobs.drift_runs import judge_runs
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extract import Extractor, open_extractor
from scraper.jobs.forget import complete_takedowns
from scraper.jobs.runs import account_of
from scraper.jobs.side_by_side import SideBySide
from scraper.jobs.strangers import Strangers
from scraper.jobs.visiting import open_visitor
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import Findings
from scraper.model.url import without_credentials


def crawl(
    targets: Sequence[str],
    workplace: Workplace,
    max_posts: int | None = None,
    *,
    with_images: bool = False,
) -> Report:
    """Visit each post among ``targets``, and each that a listing, feed or sitemap among them leads to.

    At most ``max_posts`` of them are visited; ``with_images`` keeps the images in their bodies too. A crawl that was
    cut off goes on when it is started again with the same targets: posts it had settled are not visited again, a
    visit cut in half keeps the captures it had, and lists it had looked at are not asked for again.

    Raises:
        UsageError: no contact is set, or the folder is no archive.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    workplace.settings.require_contact()
    complete_takedowns(workplace)
    wanted = Targets(max_posts, exclusions_of(workplace))
    wanted.name(map(without_credentials, targets))
    with (
        Archive.open(
            workplace.folder, clock=workplace.clock, warcinfo=workplace.warcinfo(), disk=workplace.disk
        ) as archive,
        account_of("crawl", archive, workplace) as account,
        open_extractor(workplace) as extractor,
    ):
        known = set(extractor.store.post_ids())
        visited = asyncio.run(
            _Crawl(account.workplace, archive, extractor).run(wanted, with_images=with_images)
        )
        judge_runs(extractor.store, workplace.folder)
        new = set(extractor.store.post_ids()) - known
        drifted = drift_items(extractor.store, account.workplace.run_id)
        report = Report(items=(*wanted.items, *visited, *drifted))
        report = account.complete(report, Findings(visited=len(visited), new=len(new)))
    complete_takedowns(workplace)
    return report


class _Crawl:
    """One run over its targets."""

    def __init__(self, workplace: Workplace, archive: Archive, extractor: Extractor) -> None:
        self._workplace = workplace
        self._archive = archive
        self._extractor = extractor
        self._side_by_side = SideBySide(archive.pace, workplace.clock)

    async def run(self, wanted: Targets, *, with_images: bool) -> list[Item]:
        """Find what the lists lead to, then settle every post."""
        async with open_visitor(self._workplace, self._archive) as visitor:
            await look_at_lists(wanted, self._workplace, self._archive, visitor, self._side_by_side)
            wanted.say_left_out()
            progress = self._workplace.progress
            progress.expect(len(wanted.posts) + len(wanted.items), "visiting")
            for item in wanted.items:
                progress.end(item)
            visits = Visits(self._workplace, self._archive, visitor, self._extractor, with_images=with_images)
            items = await self._visit_all(wanted.posts, visits)
        # In this order a run that dies between the two looks at lists again, but visits no post twice.
        self._archive.discoveries.clear(wanted.lists)
        self._archive.frontier.clear(target.url for target in wanted.posts)
        return items

    async def _visit_all(self, targets: Sequence[Target], visits: Visits) -> list[Item]:
        """Settle every target; those that a run cut off had settled already are not visited again."""
        urls = [target.url for target in targets]
        frontier = self._archive.frontier
        oldest = self._workplace.clock.now() - RESUMABLE
        frontier.clear(url for url, was in frontier.settled(urls).items() if was.at < oldest)
        frontier.add(urls)
        settled = frontier.settled(urls)
        items: dict[int, Item] = {}
        strangers = Strangers()

        async def settle(number: int) -> None:
            target = targets[number]
            self._workplace.progress.begin(target.asked)
            before = settled.get(target.url)
            if before:
                item = Item(target.asked, before.outcome, before.post_id, before.reason)
            elif strangers.are_given_up(target):
                item = Item(target.asked, "skipped", reason=strangers.reason(target))
            else:
                item = await visits.visit(target)
                strangers.note(target, item)
                now = self._workplace.clock.now()
                frontier.settle(target.url, item.outcome, item.post_id, item.reason, now)
            items[number] = item
            self._workplace.progress.end(item)

        await self._side_by_side.run([target.host for target in targets], settle)
        return [items[number] for number in range(len(targets))]
