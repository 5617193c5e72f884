"""Where a page that is no post leads to: the pages it lists, the sitemaps it names, the page after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Leads:
    """``pages`` may be posts, ``posts`` are, ``sitemaps`` have more of them, ``following`` is the rest of the same list.

    ``groups`` are pages of one kind each, posts or lists of them: the first of a group tells. ``moved`` says until when something
    may have happened to a page, by the last date that its row says (UTC).

    All are absolute URLs, each once, in page order. ``problem`` is half a sentence where the list could not be read to
    its end; what was read before counts. ``recovered`` is one where it was read though it is not as its format demands. ``is_list`` tells a format that only lists (a feed, a sitemap) from a page with links.
    """

    pages: Sequence[str] = ()
    posts: tuple[str, ...] = ()
    sitemaps: Sequence[str] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    moved: tuple[tuple[str, datetime], ...] = ()
    following: tuple[str, ...] = ()
    problem: str | None = None
    recovered: str | None = None
    is_list: bool = False
