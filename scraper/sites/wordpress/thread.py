"""The comments of one page of a WordPress post, in page order, told by the ids that core gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.model.record import Comment, Person
from scraper.model.url import Base
from scraper.page.dates import Zone
from scraper.sites.wordpress.fragment import read_fragment, words_of
from scraper.sites.wordpress.moments import moment
from scraper.sites.wordpress.screen import Screen

# Themes that write their own markup keep one of these, for links to comments and for the reply form to move.
_ID: Final = re.compile(r"(?:li-|div-)?comment-(\d{1,18})")
_DEPTH: Final = re.compile(r"\bdepth-(\d{1,3})\b")
_USER: Final = re.compile(r"\bcomment-author-(\S{1,100})")
_AUTHOR: Final = (
    ".wp-block-comment-author-name",
    ".comment-author .fn",
    ".fn",
    ".comment-author-name",
    ".comment-author cite",
    ".comment-author b",
    ".author-name",
    ".comment-author",
    ".comment_author",
    "cite",
)
_DATE: Final = (
    ".comment-metadata time",
    "time[datetime]",
    ".comment-metadata a",
    ".comment-meta a",
    ".comment-date",
    ".comment_date",
    ".comment-time",
)
_CONTENT: Final = (
    ".wp-block-comment-content",
    ".comment-content",
    ".comment-text",
    ".comment_text",
    ".comment__content",
    ".comment-entry",
    "[itemprop=text]",
)
# What stands around a comment's words in core's markup and in that of plugins.
_FURNITURE: Final = (
    "script, style, form, .reply, .comment-reply-link, .comment-reply-login, .comment-edit-link, .says, "
    ".comment-awaiting-moderation, .comment-likes, .sharedaddy, .avatar"
)
_AROUND: Final = (
    "header, footer, .comment-author, .comment-meta, .commentmetadata, .comment-metadata, .vcard, .comment-date, "
    ".comment-header, .comment-footer, .comment-info, .comment-actions, .fn, cite, time"
)


@dataclass(frozen=True, slots=True)
class _Found:
    node: LexborNode
    number: str
    parent: str | None
    depth: int


def take_thread(screen: Screen, zone: Zone) -> tuple[Comment, ...]:
    """Read the comments, and take them out of the tree, so that what remains is the post and its frame.

    Notes of other sites that link to the post (pingbacks) are comments: WordPress prints and counts them as such.
    """
    found = _find(screen)
    positions = {each.number: position for position, each in enumerate(found)}
    comments: list[Comment] = []
    # Replies stand inside what they answer: from the last to the first, each is alone when its turn comes.
    for each in reversed(found):
        comment = _read(each, zone, screen.capture.captured_at, screen.base)
        comments.append(replace(comment, parent=positions.get(each.parent or "")))
        each.node.decompose()
    return tuple(reversed(comments))


def _find(screen: Screen) -> list[_Found]:
    """The outermost element of each comment, in page order."""
    found: dict[str, _Found] = {}
    by_element: dict[int, str] = {}
    at_depth: list[str] = []
    for node in screen.tree.css('[id^="comment-"], [id^="li-comment-"], [id^="div-comment-"]'):
        match = _ID.fullmatch(node.attributes.get("id") or "")
        if match is None or match[1] in found:
            continue
        element = _container(node, by_element)
        parent = _parent(element, by_element)
        stated = _DEPTH.search(element.attributes.get("class") or "")
        depth = found[parent].depth + 1 if parent else int(stated[1]) - 1 if stated else 0
        if parent is None and 0 < depth <= len(at_depth):
            parent = at_depth[depth - 1]
        at_depth = [*at_depth[:depth], match[1]]
        found[match[1]] = _Found(element, match[1], parent, depth)
        by_element[element.mem_id] = match[1]
    return list(found.values())


def _container(node: LexborNode, by_element: Mapping[int, str]) -> LexborNode:
    """The element that holds a comment with its replies: the list item around the id, where that is no other comment's."""
    outer = node.parent
    if outer is None or outer.mem_id in by_element:
        return node
    is_item = outer.tag == "li" and _DEPTH.search(outer.attributes.get("class") or "") is not None
    return outer if is_item or node.tag == "a" else node


def _parent(node: LexborNode, by_element: Mapping[int, str]) -> str | None:
    outer = node.parent
    while outer is not None:
        if outer.mem_id in by_element:
            return by_element[outer.mem_id]
        outer = outer.parent
    return None


def _read(found: _Found, zone: Zone, captured_at: datetime | None, base: Base) -> Comment:
    node = found.node
    classes = node.attributes.get("class") or ""
    user = _USER.search(classes)
    name = words_of(_first(node, _AUTHOR))
    published = moment(_first(node, _DATE), zone, captured_at)
    waiting = node.css_first(".comment-awaiting-moderation") is not None
    for furniture in node.css(_FURNITURE):
        furniture.decompose()
    text = _text(node, base)
    return Comment(
        text=text,
        native_id=found.number,
        depth=found.depth,
        author=Person(user[1] if user else None, name) if user or name else None,
        is_post_author=("bypostauthor" in classes.split()) if "comment" in classes.split() else None,
        published=published,
        status="placeholder" if waiting and text is None else "present",
    )


def _text(node: LexborNode, base: Base) -> str | None:
    content = _first(node, _CONTENT)
    if content is None:
        for around in node.css(_AROUND):
            around.decompose()
        content = node
    return read_fragment(content, base).text


def _first(node: LexborNode, selectors: tuple[str, ...]) -> LexborNode | None:
    found = (node.css_first(selector) for selector in selectors)
    return next((each for each in found if each is not None and words_of(each)), None)
