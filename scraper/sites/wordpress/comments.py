"""The comments of one page of a WordPress post: read as those of any page, with the ids, accounts and marks that core gives them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from scraper.discussion.reader import Trace
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.record import ThreadRecord
from scraper.discussion.thread.render import render
from scraper.discussion.thread.spans import Holders, Span, within
from scraper.model.record import Comment, Moment, Person
from scraper.page.dates import read_date
from scraper.sites.wordpress.names import begins_with_name, date_in, is_date, is_label, name_of
from scraper.sites.wordpress.screen import Screen

# Themes that write their own markup keep one of these, for links to comments and for the reply form to move.
_ID: Final = re.compile(r"(?:li-|div-)?comment-(\d{1,20})")
_OTHER_ID: Final = re.compile(
    r"(?:li-|div-)?(?:c|cmt|com|comm|response|resp|reply|kommentar|comentario|commentaire|commento)[-_]?(\d{1,20})"
)
_ITEMS: Final = frozenset({"li", "article", "section", "div"})
_DEPTH: Final = re.compile(r"\bdepth-\d{1,3}\b")
_USER: Final = re.compile(r"\bcomment-author-(\S{1,100})")
_NOTE: Final = re.compile(
    r"\s*(?:pingback|trackback|핑백|トラックバック|ピンバック)\s?[:：]?\s*", re.IGNORECASE
)
# What core prints on pages whose comments may be answered, and only there.
_THREADING: Final = (
    '.comment-reply-link, .comment-reply-login, #cancel-comment-reply-link, a[href*="replytocom="], '
    'script[src*="comment-reply"], .wp-block-comment-reply-link'
)
# How many elements from a comment's own on core's marks may stand.
_NEAR: Final = 3
# Where core and themes have the name, and the words, of one comment that no others on the page are made like.
_AUTHOR: Final = (
    ".wp-block-comment-author-name, .comment-author .fn, .fn, .comment-author-name, .comment-author cite, .author-name, cite",
    ".comment-author b, .comment-author, .comment_author, [itemprop=author], .author, .username, [class*=author]:not(li)",
)
_CONTENT: Final = (
    ".wp-block-comment-content, .comment-content, .comment-text, .comment_text, .comment__content, .comment-entry, "
    ".wpd-comment-text, [itemprop=text]"
)
_BESIDE: Final = (
    ".reply, .comment-reply-link, .comment-reply-login, .comment-edit-link, .says, .comment-awaiting-moderation, .comment-likes, "
    ".sharedaddy, .comment-meta, .commentmetadata, .comment-metadata, .vcard, .comment-date, .comment-header, form"
)


def find_records(page: Elements) -> list[int]:
    """The outermost element of each comment, by the ids that core writes; else by those of a theme."""
    numbered = list(_numbered(page, _ID)) or [
        (element, number) for element, number in _numbered(page, _OTHER_ID) if page.tags[element] in _ITEMS
    ]
    first: dict[str, int] = {}
    for element, number in numbered:
        first.setdefault(number, element)
    own = frozenset(first.values())
    around = {_around(page, element, own) for element in own}
    return sorted(each for each in around if page.first_text[each] < page.last_text[each])


def read_comments(screen: Screen, trace: Trace) -> tuple[Comment, ...]:
    """The comments in page order; none where none is marked: what is made like them is a list of recent comments then.

    One whose words cannot be told from what stands around them has none and is ``unknown``.
    Notes of other sites that link to the post (pingbacks) are comments: WordPress prints and counts them as such.
    """
    records, comments = trace.thread.records, trace.shown.comments
    if not trace.thread.is_marked:
        return ()
    if len(records) != len(comments):
        return comments
    inner = within([record.span for record in records])
    read = [
        _read(
            _Item(
                screen,
                trace.elements,
                record,
                inner.get(record.span.start, ()),
                record.is_alike and len(records) > 1,
            ),
            comment,
        )
        for record, comment in zip(records, comments, strict=True)
    ]
    is_threaded = (
        any(comment.parent is not None for comment in read) or screen.tree.css_first(_THREADING) is not None
    )
    depths: list[int] = []
    for comment in read:
        above = comment.parent
        depths.append(0 if above is None or above >= len(depths) else depths[above] + 1)
    placed = ((comment, depth if is_threaded else None) for comment, depth in zip(read, depths, strict=True))
    return tuple(
        comment if comment.depth == depth else replace(comment, depth=depth) for comment, depth in placed
    )


def _numbered(page: Elements, form: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for element, attributes in enumerate(page.attributes):
        match = form.fullmatch(attributes.get("id") or "") if attributes else None
        if match:
            yield element, match[1]


def _around(page: Elements, element: int, own: frozenset[int]) -> int:
    """The list item around the id, where that is no other comment's; else the element with the id."""
    outer = page.parents[element]
    if outer < 0 or outer in own:
        return element
    is_item = page.tags[outer] == "li" and _DEPTH.search(page.attributes[outer].get("class") or "")
    return outer if is_item or page.tags[element] == "a" else element


@dataclass(frozen=True)
class _Item:
    """One comment's part of a page; ``inner`` are the parts of its replies, ``is_alike`` says that others are made like it."""

    screen: Screen
    page: Elements
    record: ThreadRecord
    inner: Sequence[Span]
    is_alike: bool

    @property
    def signature(self) -> tuple[int, str] | None:
        """The element that names the author, and what it says."""
        author = self.record.author
        if author and self.is_alike:
            return author.element, author.name
        found = (next(iter(self.elements(selector)), None) for selector in _AUTHOR)
        element = next((each for each in found if each is not None and self.page.text_of(each)), None)
        if element is None:
            return (author.element, author.name) if author else None
        return element, self.page.text_of(element)

    @cached_property
    def _replies(self) -> Holders:
        return Holders(self.inner)

    def elements(self, selector: str) -> list[int]:
        """The elements of the comment that match, those of its replies left out."""
        page = self.page
        nodes = page.nodes[self.record.span.start].css(selector)
        found = (page.by_node.get(node.mem_id, -1) for node in nodes)
        return [each for each in found if each >= 0 and self._replies.innermost(each) is None]

    def words(self, author: int, name: str | None) -> str | None:
        """What the comment says: in the element that is marked so, else in what stands beside name, date and buttons."""
        page, start = self.page, self.record.span.start
        heads = (each for each in self.elements(_BESIDE) if "p" not in page.tags[each : page.ends[each]])
        beside = {*heads, *(each.start for each in self.inner), *self._around_name(author, name)}
        content = next(iter(self.elements(_CONTENT)), None)
        if content is not None:
            text = render(page, content, lambda each: each in beside)
        elif name is not None:
            beside.update(self.elements("time"))
            parts = (self._part(each, beside) for each in page.children(start))
            text = "\n\n".join(part for part in parts if part)
        else:
            return None
        return None if not text or (name and begins_with_name(text, name)) else text

    def _around_name(self, element: int, name: str | None) -> Iterator[int]:
        """The elements that say no more than the name."""
        page = self.page
        while (
            element > self.record.span.start
            and "p" not in page.tags[element + 1 : page.ends[element]]
            and name_of(page.text_of(element)) == name
        ):
            yield element
            element = page.parents[element]

    def _part(self, element: int, beside: set[int]) -> str | None:
        """The words of one part; None of a date, a button or a link to elsewhere."""
        page = self.page
        texts = range(page.first_text[element], page.last_text[element])
        is_linked = all(page.links[page.text_parent[text]] >= 0 for text in texts)
        if element in beside or is_date(page.text_of(element)) or (is_linked and page.tags[element] != "p"):
            return None
        return render(page, element, lambda each: each in beside)


def _read(item: _Item, comment: Comment) -> Comment:
    page, span = item.page, item.record.span
    near = page.attributes[span.start : min(span.start + _NEAR, span.end)]
    classes = " ".join(attributes.get("class") or "" for attributes in near)
    own = (near[0].get("class") or "").split()
    if (title := _noted_title(item, classes)) is not None:
        return replace(comment, text=None, author=Person(None, title))
    user = _USER.search(classes)
    element, said = item.signature or (span.start, None)
    name, signature = name_of(said), page.text_of(element) if said else None
    text = comment.text
    if not item.is_alike or (name and is_label(text, name)):
        text = item.words(element, name)
    published = comment.published or (_dated(item, signature) if signature else None)
    return replace(
        comment,
        text=text,
        author=Person(user[1] if user else None, name, _former(signature, name)) if user or name else None,
        is_post_author=("bypostauthor" in own) if "comment" in own else None,
        published=published,
        status="unknown" if text is None and page.text_of(span.start) else comment.status,
    )


def _former(signature: str | None, name: str | None) -> tuple[str, ...]:
    return (signature,) if signature and signature != name else ()


def _dated(item: _Item, signature: str) -> Moment | None:
    """The date that stands behind a name."""
    date = date_in(signature)
    return read_date(date, item.screen.zone, item.screen.capture.captured_at) if date else None


def _noted_title(item: _Item, classes: str) -> str | None:
    """The title of a page that links to the post, where that is all that a comment says (core's short pingbacks)."""
    if "pingback" not in classes and "trackback" not in classes:
        return None
    page, start = item.page, item.record.span.start
    links = [each for each in item.elements("a") if page.text_of(each)]
    if len(links) != 1:
        return None
    title = page.text_of(links[0])
    around = page.text_of(start).replace(title, "", 1)
    return title if _NOTE.fullmatch(around) or not any(map(str.isalnum, around)) else None
