"""From the lists that a run was given to the posts on them: several lists side by side, in the order they were named."""

from scraper.jobs.crawl.discovery import Discovery
from scraper.jobs.crawl.documents import Documents
from scraper.jobs.crawl.items import Stage
from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.jobs.crawl.targets import Targets
from scraper.model.url import parse_url


async def look_at_lists(wanted: Targets, documents: Documents, side_by_side: SideBySide) -> None:
    """Add to ``wanted`` the posts that each of its lists leads to, and an item for what is to be said of a list."""
    progress = documents.workplace.progress
    if not wanted.list_count:
        return
    progress.expect(wanted.list_count, "looking for posts in")

    async def discover(number: int) -> None:
        target = wanted.list_at(number)
        progress.begin(target)
        for item in await Discovery(target, documents).find(wanted.room):
            wanted.items.add(item, Stage.LISTS, number)

    await side_by_side.run(map(_host, wanted.lists()), discover)
    wanted.roots = documents.roots
    for number, target in enumerate(wanted.lists()):
        for url in documents.archive.discoveries.posts(target):
            if url == target:
                wanted.add_list(number)
            else:
                wanted.add_found(url)
    wanted.say_left_out()


def _host(url: str) -> str:
    parsed = parse_url(url)
    return parsed.host if parsed else ""
