"""The element of a page that has the post's words: marked as the builders of themes mark it, else where most is written."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.sites.wordpress.fragment import words_of
from scraper.sites.wordpress.names import DATE

# Core's, and those of builders that replace core's templates.
_MARKED: Final = (
    ".wp-block-post-content",
    ".elementor-widget-theme-post-content",
    ".et_pb_post_content",
    ".tdb_single_content",
    ".td-post-content",
    ".fusion-content-tb",
    ".fl-post-content",
    ".brxe-post-content",
    ".entry-content",
    "[itemprop=articleBody]",
    ".post-content",
    ".post-entry",
    ".the-content",
    ".post_content",
    ".article-content",
    ".post-body",
    ".entry",
)
# Where other posts, menus and the site itself speak.
_ELSEWHERE: Final = (
    "aside, nav, footer, form, dialog, .sidebar, .widget, .widget-area, .related-posts, .jp-relatedposts, .elementor-posts, .td_block_wrap, "
    ".menu, .breadcrumbs, .breadcrumb, .author-box, #comments, .comments-area, .comment-list, .commentlist, #respond, .footer, #footer, #sidebar, "
    ".cookie, #cookie-notice, .elementor-location-header, .elementor-location-footer, .site-header, .site-footer, .newsletter, .popup, "
    ".elementor-location-popup, .modal, [role=navigation], [role=complementary], [role=contentinfo], [hidden], [aria-hidden=true]"
)
_FACTS: Final = ".entry-meta, .post-meta, .byline, .posted-on, .entry-date, .post-date, .entry-header, .post-header, .entry-footer, .cat-links, .tags-links"
# A line above the words that says who wrote them and when.
_FIRST: Final = 6
_LONGEST_FACTS: Final = 100
_SENTENCE: Final = re.compile(r"\w{3}[.!?…。](?:\s|\Z)|[다요]\.")
_UNSEEN: Final = "script, style, noscript, template, svg"
_PROSE: Final = "p, li, blockquote, pre, td, h2, h3, h4, dd"
# A text in lines of its own, without paragraphs, is one too.
_CONTAINERS: Final = frozenset({"div", "section", "article", "main", "td"})
# Of what is written, so much may lie in links before it is a list of them.
_MOST_LINKED: Final = 0.5
# A marked element that has less than this share of what another has is another block's.
_LEAST_SHARE: Final = 0.2
_FAR: Final = 0.5


def find_body(tree: LexborHTMLParser, around: LexborNode | None) -> tuple[LexborNode | None, bool]:
    """The element with the post's words, in the post's own element before elsewhere, and whether a theme marks it as that.

    None where nothing is written.
    """
    elsewhere = _below(tree, _ELSEWHERE)
    marked = next(
        (
            best
            for root in (around, tree.body)
            for selector in _MARKED
            if root is not None and (best := _longest(root.css(selector), elsewhere))
        ),
        None,
    )
    written = _most_written(tree.body, elsewhere)
    if marked is None and written is None:
        # A post may be no more than a link.
        linked = [node for node in (around or tree).css(", ".join(_MARKED)) if words_of(node)]
        return (linked[0], True) if len(linked) == 1 else (None, False)
    if marked is None or written is None:
        return marked or written, marked is not None
    is_small = len(words_of(marked) or "") < _LEAST_SHARE * len(words_of(written) or "")
    is_another = is_small and not _contains(written, marked)
    return (written, False) if is_another else (marked, True)


def has_words(tree: LexborHTMLParser) -> bool:
    """Whether the page shows words outside of menus, forms and what stands around a post."""
    elsewhere = _below(tree, f"{_ELSEWHERE}, {_UNSEEN}, h1, a")
    nodes = tree.body.css("*") if tree.body is not None else []
    return any(node.mem_id not in elsewhere and _own_words(node) for node in nodes)


def take_surroundings_out(content: LexborNode, title: str | None) -> None:
    """Take out of an element that no theme marks as the post's what else stands in it: menus, other posts, the title, its facts."""
    # From the inside out: what lies in an element goes with it.
    for node in reversed(content.css(f"{_ELSEWHERE}, {_FACTS}")):
        node.decompose()
    for heading in content.css("h1, h2"):
        if title is not None and words_of(heading) == title:
            heading.decompose()
            break
    for node in content.css("p, div, span")[:_FIRST]:
        words = words_of(node) or ""
        if len(words) <= _LONGEST_FACTS and DATE.search(words) and _SENTENCE.search(words) is None:
            node.decompose()
            break


def _below(tree: LexborHTMLParser, selector: str) -> frozenset[int]:
    """The elements that match, and all elements in them."""
    inside = {node.mem_id for node in tree.css(selector)}
    for node in tree.body.css("*") if tree.body is not None else ():
        if node.parent is not None and node.parent.mem_id in inside:
            inside.add(node.mem_id)
    return frozenset(inside)


def _longest(nodes: list[LexborNode], elsewhere: frozenset[int]) -> LexborNode | None:
    """The element with the most words that are no links."""
    sizes = [(_size(node), node) for node in nodes if node.mem_id not in elsewhere]
    size, node = max(sizes, key=lambda each: each[0], default=(0.0, None))
    return node if size > 0 else None


def _size(node: LexborNode) -> float:
    words = len(words_of(node) or "")
    linked = sum(len(words_of(link) or "") for link in node.css("a"))
    return words - linked if (words and linked / words <= _MOST_LINKED) or words - linked > 400 else 0.0


def _own_words(node: LexborNode) -> bool:
    return any(
        (child.text_content or "").strip() for child in node.iter(include_text=True) if child.tag == "-text"
    )


def _most_written(body: LexborNode | None, elsewhere: frozenset[int]) -> LexborNode | None:
    """The element in which most is written: paragraphs count for what holds them, and half for what holds that."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node in _prose(body, elsewhere):
        size, share, outer = _size(node), 1.0, node.parent
        while outer is not None and outer.tag not in {"html", "-document"} and share > 0.1:
            if outer.tag in _CONTAINERS or outer.tag == "body":
                nodes[outer.mem_id] = outer
                scores[outer.mem_id] = scores.get(outer.mem_id, 0.0) + size * share
                share *= _FAR
            outer = outer.parent
    best = max(scores, key=lambda each: scores[each], default=None)
    return nodes[best] if best is not None and scores[best] > 0 else None


def _prose(body: LexborNode | None, elsewhere: frozenset[int]) -> Iterator[LexborNode]:
    """The innermost elements with words of their own."""
    for node in body.css(f"{_PROSE}, div, section") if body is not None else ():
        is_text = node.mem_id not in elsewhere and _own_words(node)
        if is_text and (node.tag not in _CONTAINERS or node.css_first(_PROSE) is None):
            yield node


def _contains(outer: LexborNode, inner: LexborNode) -> bool:
    return any(node.mem_id == inner.mem_id for node in outer.css("*"))
