"""How many comments a page says there are: the heading over them, marked as such by the theme or telling by its words."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.counts import heading_count, number_in
from scraper.model.record import Count
from scraper.sites.wordpress.screen import Screen, words_of

_MARKED: Final = (
    ".wp-block-comments-title",
    ".comments-title",
    "#comments-title",
    "h2#comments",
    "h3#comments",
    ".comments-link",
)
_HEADINGS: Final = "h1, h2, h3, h4, h5, h6, p, legend"
_LONGEST_HEADING: Final = 200
# Where a heading is that of other posts, or of a comment: of lists, and of elements with the number of one.
_ELSEWHERE: Final = frozenset({"li", "nav", "aside", "footer", "blockquote"})
_NUMBERED: Final = re.compile(r"(?!post-)[\w-]*?[a-z]-?\d+", re.IGNORECASE)


def declared_comments(screen: Screen, title: str | None, text: str | None) -> Count | None:
    """The number in the heading over the comments, besides those in the post's title; lines of the post's ``text`` are no heading.

    None where there is no such heading, or several of other words that say different numbers.
    """
    marked = words_of(screen.first(*_MARKED))
    if marked is not None:
        return number_in(marked, title)
    lines = frozenset((text or "").splitlines())
    headings = (words for words in _headings(screen) if words not in lines)
    counts = {count for words in headings if (count := heading_count(words, title))}
    return counts.pop() if len({count.value for count in counts}) == 1 else None


def _headings(screen: Screen) -> Iterator[str]:
    """The words of short elements that stand where the heading over comments may."""
    if screen.tree.body is None:
        return
    for node in screen.tree.body.css(_HEADINGS):
        words = words_of(node)
        if words is not None and len(words) <= _LONGEST_HEADING and not _is_elsewhere(node):
            yield words


def _is_elsewhere(node: LexborNode) -> bool:
    around = node.parent
    while around is not None and around.tag != "body":
        if around.tag in _ELSEWHERE or _NUMBERED.fullmatch(around.attributes.get("id") or ""):
            return True
        around = around.parent
    return False
