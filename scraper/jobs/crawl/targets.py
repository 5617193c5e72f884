"""What a crawl was asked for, posts and pages that may be posts or lead to some, and what became of each: on disk, for one run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Final

from scraper.jobs.items import Items
from scraper.jobs.scratch import Scratch
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item, OutcomeWord
from scraper.model.shard import WHOLE, Shard
from scraper.model.url import host_of, identity, parse_url
from scraper.sites.registry import Roots, Sites

# The number of a post beyond max_posts is NULL.
_TABLES: Final = """
CREATE TABLE posts (number UNIQUE, url, asked, site, post_id, identity UNIQUE);
CREATE TABLE lists (number UNIQUE, url, asked, identity UNIQUE);
CREATE TABLE of_others (identity UNIQUE);
"""

_SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|\Z))", re.IGNORECASE)
# A host with a dot in it, or this machine, with what may follow a host in a URL.
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?=[:/?#]|\Z)|localhost(?=[:/?#]|\Z)")
_POSTS: Final = "SELECT asked, url, site, post_id FROM posts"


@dataclass(frozen=True, slots=True)
class Target:
    """What the user asked for or a list led to, and the URL of the visit that is to be made for it.

    ``site`` and ``post_id`` are None where only the page can tell them.
    """

    asked: str
    url: str
    site: str | None = None
    post_id: str | None = None

    @property
    def host(self) -> str:
        """The host of the post's page."""
        return host_of(self.url)

    def item(self, item: Item) -> Item:
        """``item``, of its visit, as the item of this target."""
        return Item(self.asked, item.outcome, item.post_id or self.post_id, item.reason)


def target_at(asked: str, sites: Sites, roots: Roots) -> Target | None:
    """The target behind a URL: a post that a site claims, or a page on a host where a platform may stand.

    None for what is no http(s) URL, and for other pages of a single site.
    """
    claimed = sites.claimed(asked)
    if claimed:
        return Target(asked, claimed.claim.url, claimed.site.name, claimed.claim.post_id)
    if parse_url(asked) is None or sites.at(asked):
        return None
    return Target(asked, sites.canonical_url(asked, roots))


class Stage(IntEnum):
    """The parts of a run, in the order in which a report speaks of them."""

    NAMED = 0
    LISTS = 1
    VISITS = 2
    AFTERWARDS = 3


class Targets:
    """The posts of one run, each once, in the order in which they were named or found; and the rest, as items.

    ``roots`` are where platforms are known to stand; what lies on a host that is not in the ``shard`` is left to another. Posts and lists are numbered from 0. They lie on disk, so that a run may have any number of them.
    """

    def __init__(
        self,
        max_posts: int | None,
        sites: Sites,
        roots: Roots,
        exclusions: Exclusions,
        shard: Shard = WHOLE,
    ) -> None:
        self.post_count = 0
        self.list_count = 0
        self._max_posts = max_posts
        self.roots = roots
        self._sites = sites
        self._exclusions = exclusions
        self._shard = shard
        self._left_out: Counter[str] = Counter()
        self._scratch = Scratch(_TABLES)
        self.items = Items(scratch=self._scratch)

    @property
    def room(self) -> int | None:
        """How many more posts may be visited; None where nothing bounds them."""
        return None if self._max_posts is None else max(0, self._max_posts - self.post_count)

    def posts(self) -> Iterator[Target]:
        """The posts to visit, in order."""
        rows = self._scratch.rows(f"{_POSTS} WHERE number IS NOT NULL ORDER BY number")
        return (Target(*row) for row in rows)

    def post(self, number: int) -> Target:
        """The post of that number."""
        (target,) = self._scratch.rows(f"{_POSTS} WHERE number = ?", number)
        return Target(*target)

    def lists(self) -> Iterator[str]:
        """The URLs of the pages to look at first, in order."""
        return (url for (url,) in self._scratch.rows("SELECT url FROM lists ORDER BY number"))

    def list_at(self, number: int) -> str:
        """The URL of the list of that number."""
        ((url,),) = self._scratch.rows("SELECT url FROM lists WHERE number = ?", number)
        return str(url)

    def name(self, asked: Iterable[str]) -> None:
        """Take in what the user named. What no site claims by its URL is looked at first: it may be a post or a list."""
        of_others = 0
        for url in asked:
            parsed = parse_url(url)
            if parsed is None:
                self.items.add(Item(url, "failed", reason=_no_url_reason(url)), Stage.NAMED)
            elif not (self._shard.is_whole or self._shard.has(self._home_host(url))):
                of_others += 1
            elif reason := self._exclusions.against_visit(parsed.href, parsed.host, None):
                self.items.add(Item(url, "refused", reason=reason), Stage.NAMED)
            elif (target := target_at(url, self._sites, self.roots)) and target.site:
                self._add_named(target, Stage.NAMED)
            else:
                self._look_first(
                    parsed.href if self._sites.at(url) else self._sites.canonical_url(url, self.roots), url
                )
        if of_others:
            reason = f"Targets on hosts of other shards than {self._shard}, which the crawls of those visit: {of_others:,}."
            self.items.add(Item("targets of other shards", "skipped", reason=reason), Stage.NAMED)

    def add_found(self, url: str) -> None:
        """Take in the URL of a post, or of a page that may be one, that a list led to."""
        target = target_at(url, self._sites, self.roots)
        if target is None:
            return
        if refusal := self._exclusions.against_visit(target.url, target.host, target.post_id):
            self._left_out[refusal] += 1
        elif not self._shard.has(target.host):
            self._leave_to_other(target)
        else:
            self._add(target)

    def add_list(self, number: int) -> None:
        """Take in the list of that number as a post: its page turned out to be one, or may still do so."""
        ((url, asked),) = self._scratch.rows("SELECT url, asked FROM lists WHERE number = ?", number)
        target = target_at(url, self._sites, self.roots)
        if target is not None:
            self._add_named(replace(target, asked=asked), Stage.LISTS, number)

    def say_left_out(self) -> None:
        """Make an item of how many posts that were found on lists are left out, and why."""
        for reason, count in sorted(self._left_out.items()):
            item = Item("posts found on lists", "skipped", reason=f"{reason} ({count})")
            self.items.add(item, Stage.LISTS, self.list_count)
        self._left_out.clear()

    def _home_host(self, url: str) -> str:
        """The host that decides on the shard: that of the visit which a target leads to."""
        target = target_at(url, self._sites, self.roots)
        return self._sites.home_host(target.host if target else host_of(url))

    def _leave_to_other(self, target: Target) -> None:
        """An item for a post that another shard may not know of: only the list of this one led to it."""
        sql = "INSERT INTO of_others VALUES (?) ON CONFLICT DO NOTHING"
        if self._scratch.execute(sql, identity(target.url)):
            reason = (
                f"Its host is in shard {self._shard.of(target.host)}. Name it to the crawl of that shard."
            )
            item = Item(target.url, "skipped", target.post_id, reason)
            self.items.add(item, Stage.LISTS, self.list_count)

    def _look_first(self, place: str, asked: str) -> None:
        sql = "INSERT INTO lists VALUES (?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING"
        self.list_count += self._scratch.execute(sql, self.list_count, place, asked, identity(place))

    def _add_named(self, target: Target, stage: Stage, number: int = 0) -> None:
        """Take in a post that was named; an item says why where it is not visited, or not for this name."""
        refusal = self._exclusions.against_visit(target.url, target.host, target.post_id)
        reason = None if refusal else self._add(target)
        if refusal or reason:
            outcome: OutcomeWord = "refused" if refusal else "skipped"
            item = Item(target.asked, outcome, target.post_id, refusal or reason)
            self.items.add(item, stage, number)

    def _add(self, target: Target) -> str | None:
        """Take in a post once, and no more than ``max_posts``; gives why it is not visited (again), if so."""
        number = None if self.room == 0 else self.post_count
        is_new = self._scratch.execute(
            "INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING",
            number, target.url, target.asked, target.site, target.post_id, identity(target.url),
        )  # fmt: skip
        if not is_new:
            ((before,),) = self._scratch.rows(
                "SELECT asked FROM posts WHERE identity = ?", identity(target.url)
            )
            return f"It is the post of {before}, which was named before."
        if number is None:
            return f"--max-posts {self._max_posts} was reached before it."
        self.post_count += 1
        return None


def _no_url_reason(target: str) -> str:
    """The sentence for a target that is no http(s) URL: what it is instead, and what to write."""
    scheme = _SCHEME.match(target)
    name = scheme[1].lower() if scheme else None
    if name in {"http", "https"}:
        return f"{target} is no URL that leads anywhere: look at the name of its host."
    if _is_path(target) or name == "file":
        return (
            f"{target} names a file, and a crawl visits URLs. To read what was saved: postkeep import {target}. "
            "For URLs in a file: --from FILE."
        )
    with_scheme = f"https://{target.lstrip('/')}"
    if _HOST.match(target.lstrip("/")) and parse_url(with_scheme):
        return f"{target} has no scheme, so it is no URL. Write {with_scheme}"
    if name:
        return f"{target} is a {name}: address; only http and https URLs are visited."
    return f"{target} is no http or https URL. Write one such as https://example.org/post."


def _is_path(target: str) -> bool:
    if target.startswith(("./", "../", "~", ".\\")) or (
        target.startswith("/") and not target.startswith("//")
    ):
        return True
    try:
        return bool(target) and Path(target).exists()
    except (OSError, ValueError):
        return False
