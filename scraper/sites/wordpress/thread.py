"""The comments of one page of a WordPress post, in page order, told by the ids that core gives them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.model.record import Comment, Moment, Person
from scraper.model.url import Base
from scraper.page.dates import Zone
from scraper.sites.wordpress.fragment import read_fragment, words_of
from scraper.sites.wordpress.moments import moment, moment_of
from scraper.sites.wordpress.names import date_in, name_of
from scraper.sites.wordpress.pattern import Words, is_clean, read_by_pattern
from scraper.sites.wordpress.screen import Screen

# Themes that write their own markup keep one of these, for links to comments and for the reply form to move.
_ID: Final = re.compile(r"(?:li-|div-)?comment-(\d{1,20})")
_OTHER_ID: Final = re.compile(
    r"(?:li-|div-)?(?:c|cmt|com|comm|response|resp|reply|kommentar|comentario|commentaire|commento)[-_]?(\d{1,20})"
)
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
# Where plugins and older themes have it.
_AUTHOR_ELSEWHERE: Final = (
    ".wpd-comment-author",
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    ".author",
    ".username",
    '[class*="author"]:not(li)',
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
    ".wpd-comment-text",
    "[itemprop=text]",
)
_ITEMS: Final = "li[id], article[id], section[id], div[id]"
_NOTE: Final = re.compile(
    r"\s*(?:pingback|trackback|핑백|トラックバック|ピンバック)\s?[:：]?\s*", re.IGNORECASE
)
# What core prints on pages whose comments may be answered, and only there.
_THREADING: Final = (
    '.comment-reply-link, .comment-reply-login, #cancel-comment-reply-link, a[href*="replytocom="], '
    'script[src*="comment-reply"], .wp-block-comment-reply-link'
)
# What stands around a comment's words in core's markup and in that of plugins.
_FURNITURE: Final = (
    "script, style, form, .reply, .comment-reply-link, .comment-reply-login, .comment-edit-link, .says, "
    ".comment-awaiting-moderation, .comment-likes, .sharedaddy, .avatar, button"
)
# What some themes set inside the element that has the words.
_HEAD: Final = ".comment-author, .comment-meta, .commentmetadata, .comment-metadata, .vcard, .comment-date, .comment-header"


@dataclass(frozen=True, slots=True)
class _Element:
    node: LexborNode
    number: str
    parent: str | None
    depth: int


def take_thread(screen: Screen, zone: Zone) -> tuple[Comment, ...]:
    """Read the comments, and take them out of the tree, so that what remains is the post and its frame.

    One whose words cannot be told from the name and the date beside them has no text, and its status is ``unknown``.

    Notes of other sites that link to the post (pingbacks) are comments: WordPress prints and counts them as such.
    """
    elements = _find(screen)
    is_threaded = any(each.depth for each in elements) or screen.tree.css_first(_THREADING) is not None
    positions = {each.number: position for position, each in enumerate(elements)}
    comments: list[Comment] = []
    unmarked: dict[int, str] = {}
    # Replies stand inside what they answer: from the last to the first, each is alone when its turn comes.
    for each in reversed(elements):
        position = positions[each.number]
        comment, markup = _read(each, zone, screen.capture.captured_at, screen.base)
        if markup is not None:
            unmarked[position] = markup
        depth = each.depth if is_threaded else None
        comments.append(replace(comment, parent=positions.get(each.parent or ""), depth=depth))
        each.node.decompose()
    comments.reverse()
    named = [(markup, _name(comments[position])) for position, markup in unmarked.items()]
    for position, words in zip(unmarked, read_by_pattern(named, screen.base), strict=True):
        comments[position] = _with_words(comments[position], words, zone, screen.capture.captured_at)
    return tuple(comments)


def _name(comment: Comment) -> str | None:
    return comment.author.name if comment.author else None


def _with_words(comment: Comment, words: Words | None, zone: Zone, captured_at: datetime | None) -> Comment:
    if words is None:
        return replace(comment, status="unknown")
    return replace(
        comment,
        text=words.text,
        author=comment.author or (Person(None, words.name) if words.name else None),
        published=comment.published or _moment_in(words.date or "", zone, captured_at),
    )


def _moment_in(text: str, zone: Zone, captured_at: datetime | None) -> Moment | None:
    """The moment that words name from where a date begins in them; None where none does."""
    date = date_in(text)
    return moment_of(date, zone, captured_at) if date else None


def _find(screen: Screen) -> list[_Element]:
    """The outermost element of each comment, in page order."""
    elements: dict[str, _Element] = {}
    by_element: dict[int, str] = {}
    at_depth: list[str] = []
    for node, number in _numbered(screen):
        if number in elements:
            continue
        element = _container(node, by_element)
        parent = _parent(element, by_element)
        stated = _DEPTH.search(element.attributes.get("class") or "")
        depth = elements[parent].depth + 1 if parent else int(stated[1]) - 1 if stated else 0
        if parent is None and 0 < depth <= len(at_depth):
            parent = at_depth[depth - 1]
        at_depth = [*at_depth[:depth], number]
        elements[number] = _Element(element, number, parent, depth)
        by_element[element.mem_id] = number
    return list(elements.values())


def _numbered(screen: Screen) -> Iterator[tuple[LexborNode, str]]:
    """The elements that have the id of a comment, as core writes it; else as a theme does."""
    nodes = screen.tree.css('[id^="comment-"], [id^="li-comment-"], [id^="div-comment-"]')
    numbered = [
        (node, match[1]) for node in nodes if (match := _ID.fullmatch(node.attributes.get("id") or ""))
    ]
    if not numbered:
        nodes = screen.tree.css(f"{_ITEMS}")
        matches = [(node, _OTHER_ID.fullmatch(node.attributes.get("id") or "")) for node in nodes]
        numbered = [(node, match[1]) for node, match in matches if match and words_of(node)]
    yield from numbered


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


def _read(
    element: _Element, zone: Zone, captured_at: datetime | None, base: Base
) -> tuple[Comment, str | None]:
    """One comment; where its words are marked in no way that is known it has none, and its markup is told."""
    node = element.node
    classes = node.attributes.get("class") or ""
    user = _USER.search(classes)
    signature = words_of(_first(node, _AUTHOR))
    name = name_of(signature or words_of(_first(node, _AUTHOR_ELSEWHERE)))
    published = moment(_first(node, _DATE), zone, captured_at) or _moment_in(
        signature or "", zone, captured_at
    )
    waiting = node.css_first(".comment-awaiting-moderation") is not None
    for furniture in reversed(node.css(_FURNITURE)):
        furniture.decompose()
    is_marked, text = _text(node, base, name)
    former = (signature,) if signature and signature != name else ()
    comment = Comment(
        text=text,
        native_id=element.number,
        depth=element.depth,
        author=Person(user[1] if user else None, name, former) if user or name else None,
        is_post_author=("bypostauthor" in classes.split()) if "comment" in classes.split() else None,
        published=published,
        status="placeholder" if waiting and text is None else "present",
    )
    is_unmarked = not is_marked and words_of(node) is not None and not waiting
    if is_unmarked and (linked := _note_of_another_site(node)):
        return replace(comment, author=Person(None, linked)), None
    return comment, node.html if is_unmarked else None


def _note_of_another_site(node: LexborNode) -> str | None:
    """The title of a page that links to the post, where that is all that a comment says (core's short pingbacks)."""
    links = [link for link in node.css("a[href]") if words_of(link)]
    title = words_of(links[0]) if len(links) == 1 else None
    around = (words_of(node) or "").replace(title or "", "", 1)
    return title if title and (_NOTE.fullmatch(around) or not any(map(str.isalnum, around))) else None


def _text(node: LexborNode, base: Base, name: str | None) -> tuple[bool, str | None]:
    """Whether the words of a comment are marked as such, and what they are."""
    content = _first(node, _CONTENT)
    if content is None:
        return any(node.css_first(selector) is not None for selector in _CONTENT), None
    for head in reversed(content.css(_HEAD)):
        if head.mem_id != content.mem_id:
            head.decompose()
    text = read_fragment(content, base).text
    is_told = text is None or is_clean(text, name)
    return is_told, text if is_told else None


def _first(node: LexborNode, selectors: tuple[str, ...]) -> LexborNode | None:
    nodes = (node.css_first(selector) for selector in selectors)
    return next((each for each in nodes if each is not None and words_of(each)), None)
