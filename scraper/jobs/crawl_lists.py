"""From the lists that a run was given to the posts on them: several lists side by side, in the order they were named."""

from scraper.archive.archive import Archive
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl_discovery import Discovery
from scraper.jobs.crawl_targets import Targets
from scraper.jobs.side_by_side import SideBySide
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.model.url import parse_url


async def look_at_lists(
    wanted: Targets, workplace: Workplace, archive: Archive, visitor: Visitor, side_by_side: SideBySide
) -> None:
    """Add to ``wanted`` the posts that each of its lists leads to, and an item for what is to be said of a list."""
    if not wanted.lists:
        return
    workplace.progress.expect(len(wanted.lists), "looking for posts in")
    discoveries = [Discovery(url, workplace, archive, visitor) for url in wanted.lists]
    found: dict[int, list[Item]] = {}

    async def discover(number: int) -> None:
        workplace.progress.begin(wanted.lists[number])
        found[number] = await discoveries[number].find(wanted.room)

    await side_by_side.run([_host(url) for url in wanted.lists], discover)
    for number, target in enumerate(wanted.lists):
        wanted.items += found[number]
        for url in archive.discoveries.posts(target):
            captured = discoveries[number].captured if url == target else ()
            wanted.add(url, captured, is_found=url != target)


def _host(url: str) -> str:
    parsed = parse_url(url)
    return parsed.host if parsed else ""
