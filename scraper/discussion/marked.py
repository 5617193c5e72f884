"""A thread by the marks that its software is known to set: which element is which post, and what it answers.

What the reader finds beside the words (votes, edits) is kept; which records there are, and whose, is as marked.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.discussion.comments import DELETED_COMMENT
from scraper.discussion.discussion_page import DiscussionPage
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.render import render
from scraper.discussion.thread.spans import Span, span_of
from scraper.discussion.told.depths import with_depths
from scraper.model.record import Comment, CommentKind, FieldSource, Moment, Person, Post, Removed

_Addresses = Callable[[int, None], tuple[str, ...]]
_NOTHING: Final = Comment(None)


@dataclass(frozen=True, slots=True)
class MarkedPost:
    """One post of a thread, by its marks.

    ``body`` is the element of its words; of a placeholder that of the notice, if there is one. ``answers`` is the native id of what it
    answers. ``url`` is absolute. ``opens`` says that it is the post which the others answer. ``besides`` are the elements in its body that are none of its words.
    """

    node: LexborNode
    native_id: str
    body: LexborNode | None
    kind: CommentKind = "comment"
    answers: str | None = None
    url: str | None = None
    author: Person | None = None
    date: str | None = None
    opens: bool = False
    is_placeholder: bool = False
    besides: tuple[LexborNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader has of a page: its elements, the spans of the comments that it found, and how it reads a date.

    ``addresses`` give the links and the pictures in an element.
    """

    elements: Elements
    spans: Sequence[Span]
    moment: Callable[[str], Moment | None]
    addresses: tuple[_Addresses, _Addresses]


def with_marked(
    page: DiscussionPage, marked: Sequence[MarkedPost], read: Reading
) -> tuple[DiscussionPage, list[Span]]:
    """The page with the posts that its marks tell, and their spans, the post's first; ``read.spans`` are those of ``page.comments``."""
    first = next((each for each in marked if each.opens), None)
    answers = [each for each in marked if not each.opens]
    placed = [first, *answers] if first else answers
    spans = [span_of(read.elements, read.elements.by_node[each.node.mem_id]) for each in placed]
    shown = _Shown(page.comments, read.spans, spans)
    told = replace(
        page,
        post=_post(page, first, read) if first else None,
        comments=tuple(
            _comment(each, shown.at(span), read)
            for each, span in zip(answers, spans[bool(first) :], strict=True)
        ),
        answers=tuple((each.native_id, each.answers) for each in answers if each.answers),
        leads=True,
    )
    return told, spans


def with_parents(comments: Sequence[Comment], answers: Mapping[str, str]) -> tuple[Comment, ...]:
    """The comments of a whole thread with what each answers by its id; what answers the post, or what is not had, has no parent."""
    places = {comment.native_id: at for at, comment in enumerate(comments)}
    parents = [places.get(answers.get(comment.native_id or "", "")) for comment in comments]
    placed = [
        replace(comment, parent=parent, parent_basis="stated" if parent is not None else None)
        if parent != at
        else comment
        for at, (comment, parent) in enumerate(zip(comments, parents, strict=True))
    ]
    return with_depths(placed)


def _post(page: DiscussionPage, first: MarkedPost, read: Reading) -> Post:
    post = page.post or Post("topic", page.title, None)
    facts = {
        "text": _text(first, read),
        "author": first.author,
        "published_at": read.moment(first.date) if first.date else None,
    }
    links, images = read.addresses
    at = read.elements.by_node.get(first.body.mem_id) if first.body is not None else None
    told = {name for name, value in facts.items() if value}
    kept = (source for source in post.field_sources if source.field not in told)
    return replace(
        post,
        text=_text(first, read) or post.text,
        author=first.author or post.author,
        published=(read.moment(first.date) if first.date else None) or post.published,
        links=links(at, None) if at is not None else None,
        images=images(at, None) if at is not None else None,
        removed=(),
        field_sources=(*kept, *(FieldSource(name, "html", "stated") for name in facts if name in told)),
    )


def _comment(marked: MarkedPost, shown: Comment, read: Reading) -> Comment:
    text = _text(marked, read)
    published = read.moment(marked.date) if marked.date else None
    notice = text if marked.is_placeholder else None
    return replace(
        shown,
        text=None if marked.is_placeholder else text,
        kind=marked.kind,
        native_id=marked.native_id,
        url=marked.url or shown.url,
        parent=None,
        parent_basis=None,
        depth=None,
        author=marked.author or shown.author,
        published=published or shown.published,
        status="placeholder" if marked.is_placeholder else "present",
        removed=(Removed(DELETED_COMMENT, notice),) if notice else (),
        field_sources=(FieldSource("*", "html", "stated"),),
    )


class _Shown:
    """The comments that the reader found, at their spans, looked up by the elements of marked posts, which are at ``marked``."""

    def __init__(self, comments: Sequence[Comment], spans: Sequence[Span], marked: Sequence[Span]) -> None:
        own = sorted(zip((span.start for span in spans), comments, strict=True), key=lambda each: each[0])
        self._comments = [comment for _, comment in own]
        self._starts = [start for start, _ in own]
        self._around: defaultdict[Span, list[Comment]] = defaultdict(list)
        in_order = sorted(marked, key=lambda span: span.start)
        starts = [span.start for span in in_order]
        for comment, span in zip(comments, spans, strict=True):
            first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
            if last - first == 1:
                self._around[in_order[first]].append(comment)

    def at(self, span: Span) -> Comment:
        """The comment that was found in an element, or around it alone; one that tells nothing where there is none."""
        found = self._comments[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        around = self._around.get(span, ())
        return next((each[0] for each in (found, around) if len(each) == 1), _NOTHING)


def _text(marked: MarkedPost, read: Reading) -> str | None:
    if marked.body is None:
        return None
    at = read.elements.by_node.get(marked.body.mem_id)
    others = {read.elements.by_node.get(node.mem_id) for node in marked.besides}
    return render(read.elements, at, others.__contains__) if at is not None else None
