"""What a crawl was asked for: posts, and lists that may lead to posts."""

from collections.abc import Iterable
from dataclasses import dataclass

from scraper.jobs.claims import claimed, may_list_posts, unclaimed_reason
from scraper.model.outcome import Item
from scraper.model.site import Claim, Site
from scraper.model.url import parse_url


@dataclass(frozen=True, slots=True)
class Target:
    """What the user asked for or a list led to, the post it is, and the site that reads it."""

    asked: str
    claim: Claim
    site: Site

    @property
    def host(self) -> str:
        """The host of the post's page."""
        url = parse_url(self.claim.url)
        return url.host if url else ""

    def item(self, found: Item) -> Item:
        """``found`` as the item of this target."""
        return Item(self.asked, found.outcome, found.post_id or self.claim.post_id, found.reason)


class Targets:
    """The posts of one run, each once, in the order in which they were named or found; and the rest, as items."""

    def __init__(self, max_posts: int | None) -> None:
        self.posts: list[Target] = []
        self.lists: list[str] = []
        self.items: list[Item] = []
        self._max_posts = max_posts
        self._asked_by_post: dict[str, str] = {}

    @property
    def room(self) -> int | None:
        """How many more posts may be visited; None where nothing bounds them."""
        return None if self._max_posts is None else max(0, self._max_posts - len(self.posts))

    def name(self, asked: Iterable[str]) -> None:
        """Take in what the user named: a page of a site's host that is no post may be a list of posts.

        No other host is looked at: it could only be visited in vain.
        """
        for url in asked:
            parsed = parse_url(url)
            if self.add(url):
                continue
            if parsed is None or not may_list_posts(parsed.host):
                self.items.append(Item(url, "failed", reason=unclaimed_reason(url)))
            elif parsed.href not in self.lists:
                self.lists.append(parsed.href)

    def add(self, url: str, *, is_found: bool = False) -> bool:
        """Take in one URL, if it is that of a post; whether it is.

        A post named twice, and one beyond ``max_posts``, becomes an item, unless it was only found on a list.
        """
        found = claimed(url)
        if found is None:
            return False
        post_id = found.claim.post_id
        before = self._asked_by_post.get(post_id)
        self._asked_by_post.setdefault(post_id, url)
        if before is not None:
            reason = f"It is the post of {before}, which was named before."
        elif self.room == 0:
            reason = f"--max-posts {self._max_posts} was reached before it."
        else:
            self._asked_by_post[post_id] = url
            self.posts.append(Target(url, found.claim, found.site))
            return True
        if not is_found:
            self.items.append(Item(url, "skipped", post_id, reason))
        return True
