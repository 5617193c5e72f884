"""Captures of URLs that do not tell their site: the first that is fetched tells, and a host is not asked about in vain for long."""

from collections import Counter
from typing import Final

from scraper.jobs.crawl.strangers import MOST_IN_VAIN
from scraper.jobs.mementos.cdx import CdxLine
from scraper.model.outcome import Item
from scraper.model.url import parse_url, strip_tracking
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
        self._in_vain: Counter[str] = Counter()
        self._known: set[str] = set()

    def note(self, line: CdxLine, item: Item, *, is_known: bool) -> None:
        """Take in what became of a capture; ``is_known`` says that a site made the page, be it a post or not."""
        if item.post_id is not None:
            self._posts[line.key] = item.post_id
        elif item.outcome == "rejected":
            self._no_posts.add(line.key)
        if item.post_id is not None or is_known:
            self._known.add(_host(line))
        elif item.outcome in {"rejected", "skipped"}:
            self._in_vain[_host(line)] += 1

    def post_at(self, line: CdxLine) -> str | None:
        """The post that an earlier capture of the same URL showed."""
        return self._posts.get(line.key)

    def is_no_post(self, line: CdxLine) -> bool:
        """Whether an earlier capture of the same URL showed no post."""
        return line.key in self._no_posts

    def are_given_up(self, line: CdxLine) -> bool:
        """Whether no site recognised any of the pages of the host that were fetched, and those were enough."""
        host = _host(line)
        return host not in self._known and self._in_vain[host] >= MOST_IN_VAIN


def _host(line: CdxLine) -> str:
    parsed = parse_url(line.url)
    return parsed.host if parsed else ""
