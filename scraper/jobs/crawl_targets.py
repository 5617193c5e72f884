"""What a crawl was asked for: posts, and pages that may be posts or lead to some."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scraper.jobs.claims import address, claimed, is_of_single_site, unclaimed_reason
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.model.url import parse_url


@dataclass(frozen=True, slots=True)
class Target:
    """What the user asked for or a list led to, and the URL of the visit that is to be made for it.

    ``site`` and ``post_id`` are None where only the page can tell them. ``captured`` are the record ids of the page, and
    of the redirects to it, where the way to the target has captured it already.
    """

    asked: str
    url: str
    site: str | None = None
    post_id: str | None = None
    captured: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host of the post's page."""
        return _host(self.url)

    def item(self, found: Item) -> Item:
        """``found`` as the item of this target."""
        return Item(self.asked, found.outcome, found.post_id or self.post_id, found.reason)


def target_at(asked: str, captured: tuple[str, ...] = ()) -> Target | None:
    """The target behind a URL: a post that a site claims, or a page on a host where a platform may stand.

    None for what is no http(s) URL, and for other pages of a single site.
    """
    found = claimed(asked)
    if found:
        return Target(asked, found.claim.url, found.site.name, found.claim.post_id)
    if parse_url(asked) is None or is_of_single_site(asked):
        return None
    return Target(asked, address(asked), captured=captured)


class Targets:
    """The posts of one run, each once, in the order in which they were named or found; and the rest, as items."""

    def __init__(self, max_posts: int | None, exclusions: Exclusions = Exclusions()) -> None:  # noqa: B008 - frozen
        self.posts: list[Target] = []
        self.lists: list[str] = []
        self.items: list[Item] = []
        self._max_posts = max_posts
        self._asked_by_url: dict[str, str] = {}
        self._spelling: dict[str, str] = {}
        self._exclusions = exclusions
        self._left_out: Counter[str] = Counter()

    @property
    def room(self) -> int | None:
        """How many more posts may be visited; None where nothing bounds them."""
        return None if self._max_posts is None else max(0, self._max_posts - len(self.posts))

    def name(self, asked: Iterable[str]) -> None:
        """Take in what the user named. What no site claims by its URL is looked at first: it may be a post or a list."""
        for url in asked:
            parsed = parse_url(url)
            if parsed is None:
                self.items.append(Item(url, "failed", reason=unclaimed_reason(url)))
            elif reason := self._exclusions.against_visit(parsed.href, parsed.host, None):
                self.items.append(Item(url, "refused", reason=reason))
            elif claimed(url):
                self.add(url)
            else:
                place = parsed.href if is_of_single_site(url) else address(url)
                if place not in self.lists:
                    self.lists.append(place)
                    self._spelling[place] = url

    def add(self, url: str, captured: tuple[str, ...] = (), *, is_found: bool = False) -> None:
        """Take in the URL of a post, or of a page that may be one.

        A post named twice, and one beyond ``max_posts``, becomes an item, unless it was only found on a list.
        """
        found = target_at(url, captured)
        if found is None:
            return
        target = found if is_found else replace(found, asked=self._spelling.get(url, url))
        if refusal := self._exclusions.against_visit(target.url, target.host, target.post_id):
            if is_found:
                self._left_out[refusal] += 1
            else:
                self.items.append(Item(url, "refused", target.post_id, refusal))
            return
        before = self._asked_by_url.get(target.url)
        self._asked_by_url.setdefault(target.url, url)
        if before is not None:
            reason = f"It is the post of {before}, which was named before."
        elif self.room == 0:
            reason = f"--max-posts {self._max_posts} was reached before it."
        else:
            self.posts.append(target)
            return
        if not is_found:
            self.items.append(Item(url, "skipped", target.post_id, reason))

    def say_left_out(self) -> None:
        """Make an item of how many posts that were found on lists are left out, and why."""
        for reason, count in sorted(self._left_out.items()):
            self.items.append(Item("posts found on lists", "skipped", reason=f"{reason} ({count})"))
        self._left_out.clear()


def _host(url: str) -> str:
    parsed = parse_url(url)
    return parsed.host if parsed else ""
