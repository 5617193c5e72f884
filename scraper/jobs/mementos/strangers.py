"""Captures of URLs that do not tell their site: the first that is fetched tells, and a host is not asked about in vain for long."""

from typing import Final

from scraper.jobs.crawl.strangers import Strangers
from scraper.jobs.mementos.cdx import CdxLine
from scraper.model.outcome import Item
from scraper.model.url import host_of, strip_tracking
from scraper.page.traps import trap_in
from scraper.sites.registry import Roots, Sites

# What an index says of a page, or of what it does not know: style sheets, pictures and feeds are no posts.
_PAGES: Final = frozenset({"", "-", "unk", "warc/revisit", "text/html", "application/xhtml+xml"})


def may_be_page(line: CdxLine, sites: Sites, roots: Roots) -> bool:
    """Whether a capture may show a post of a platform, under the one address that such a post has."""
    return (
        line.media_type in _PAGES
        and sites.at(line.url) is None
        and sites.canonical_url(line.url, roots) == strip_tracking(line.url)
        and trap_in(line.url, sites.traps_at(line.url, roots)) is None
    )


class MementoStrangers:
    """What one import has found out about URLs that do not tell their site."""

    def __init__(self) -> None:
        self._posts: dict[str, str] = {}
        self._no_posts: set[str] = set()
        self._hosts = Strangers()

    def note(self, line: CdxLine, item: Item, *, is_known: bool) -> None:
        """Take in what became of a capture; ``is_known`` says that a site made the page, be it a post or not."""
        if item.post_id is not None:
            self._posts[line.key] = item.post_id
        elif item.outcome == "rejected":
            self._no_posts.add(line.key)
        self._hosts.note(
            host_of(line.url),
            is_recognised=item.post_id is not None or is_known,
            is_in_vain=item.outcome in {"rejected", "skipped"},
        )

    def post_at(self, line: CdxLine) -> str | None:
        """The post that an earlier capture of the same URL showed."""
        return self._posts.get(line.key)

    def is_no_post(self, line: CdxLine) -> bool:
        """Whether an earlier capture of the same URL showed no post."""
        return line.key in self._no_posts

    def are_given_up(self, line: CdxLine) -> bool:
        """Whether no site recognised any of the pages of the host that were fetched, and those were enough."""
        return self._hosts.are_given_up(host_of(line.url))
