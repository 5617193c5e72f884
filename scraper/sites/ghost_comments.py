"""Ghost's API for comments, as the block of comments in a page asks it: what it answers, and what is still to be asked.

Top-level comments come newest first, with some or all of their replies, oldest first; a comment that was removed stays without
words while somebody answered it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.model.record import Comment, Count, FieldSource, Moment, Person
from scraper.page.blocks import to_markdown
from scraper.page.bounds import HostilePageError
from scraper.page.counts import parse_count
from scraper.page.data import Fields
from scraper.page.dates import Zone, read_date
from scraper.page.document import Document
from scraper.page.tree import read_html

# The most that the API gives in one answer.
LIMIT: Final = 100
_UTC: Final = Zone("UTC", "api")
# No thread has more pages of comments; a server that says otherwise leads round in circles.
_MOST_PAGES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """A comment as the API tells it. ``parent`` is the id of what it answers, ``root`` that of the top-level comment above it.

    ``replies`` is how many the API says there are below it, ``inside`` are those that it told along.
    """

    number: str
    parent: str | None
    root: str | None
    comment: Comment
    replies: int = 0
    inside: tuple["Told", ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: page ``page`` of ``pages`` of the comments on ``of``, a post or a comment, which has ``total``.

    ``total`` is None where the answer tells no comments at all.
    """

    of: str
    page: int
    pages: int
    total: int | None
    comments: tuple[Told, ...]
    status: int | None


def read_answer(document: Document, of: str, page: int) -> Answer:
    """What an answer about the comments on ``of`` tells; nothing where it is an error."""
    status = document.capture.status
    value = document.json if status in {200, None} else None
    items = value.get("comments") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(items, list):
        return Answer(of, page, 0, None, (), status)
    meta = Fields(value).fields(("meta",))
    paging = meta.fields(("pagination",)) if meta else None
    pages, total = (_count(paging, name) for name in ("pages", "total"))
    return Answer(
        of, page, min(pages, _MOST_PAGES), total, tuple(_told(items, document.capture.captured_at)), status
    )


def wanted(home: str, post: str, answers: Sequence[Answer]) -> Iterator[str]:
    """What is still to be asked of the comments on a post: its pages, then the replies that they leave out."""
    own = _pages(answers, post)
    yield from _pages_wanted(f"{home}members/api/comments/post/{post}/?limit={LIMIT}", own)
    for told in _told_in(own):
        if told.replies > len(told.inside):
            url = f"{home}members/api/comments/{told.number}/replies/?limit={LIMIT}"
            yield from _pages_wanted(url, _pages(answers, told.number))


def read_thread(url: str, post: str, answers: Sequence[Answer]) -> tuple[Comment, ...]:
    """The comments on the post at ``url``, each once, as its page shows them: every top-level comment with its replies below."""
    ordered: dict[str, Told] = {}
    for told in _told_in(_pages(answers, post)):
        for each in (told, *told.inside, *_told_in(_pages(answers, told.number))):
            ordered.setdefault(each.number, each)
    positions = {number: position for position, number in enumerate(ordered)}
    comments: list[Comment] = []
    for position, told in enumerate(ordered.values()):
        parents = (positions.get(number) for number in (told.parent, told.root) if number)
        parent = next((each for each in parents if each is not None and each < position), None)
        above = comments[parent].depth if parent is not None else None
        comments.append(
            replace(
                told.comment,
                url=f"{url}#ghost-comments-{told.number}",
                parent=parent,
                parent_basis="stated" if parent is not None else None,
                depth=0 if above is None else above + 1,
                field_sources=(FieldSource("*", "api", "stated"),),
            )
        )
    return tuple(comments)


def declared(post: str, answers: Sequence[Answer]) -> Count | None:
    """How many comments and replies the API says there are; None where it was not asked, or does not say."""
    own = _pages(answers, post)
    totals = [answer.total for answer in own.values() if answer.total is not None]
    if not totals:
        return None
    value = max(totals) + sum(told.replies for told in _told_in(own))
    return Count("comments", value, str(value))


def _pages(answers: Sequence[Answer], of: str) -> dict[int, Answer]:
    """The answers about one post or comment by their pages; of several of one page the last that tells something."""
    pages: dict[int, Answer] = {}
    for answer in answers:
        if answer.of == of and (answer.total is not None or answer.page not in pages):
            pages[answer.page] = answer
    return dict(sorted(pages.items()))


def _pages_wanted(url: str, had: Mapping[int, Answer]) -> Iterator[str]:
    if 1 not in had:
        yield url
        return
    seen: set[str] = set()
    for answer in had.values():
        fresh = {told.number for told in answer.comments} - seen
        seen |= fresh
        if not fresh:
            return
    yield from (f"{url}&page={page}" for page in range(2, had[1].pages + 1) if page not in had)


def _told_in(pages: Mapping[int, Answer]) -> Iterator[Told]:
    """The comments of answers, each once: new ones may push others onto the next page meanwhile."""
    seen: set[str] = set()
    for answer in pages.values():
        for told in answer.comments:
            if told.number not in seen:
                seen.add(told.number)
                yield told


def _told(items: Sequence[object], captured_at: datetime | None) -> Iterator[Told]:
    for item in items:
        fields = Fields(item) if isinstance(item, dict) else None
        number = fields.id(("id",)) if fields else None
        if fields and number:
            root, answered = fields.id(("parentid",)), fields.id(("inreplytoid",))
            inside = tuple(_told(fields.items(("replies",)) or (), captured_at))
            yield Told(
                number,
                answered or root,
                root,
                _comment(fields, number, captured_at),
                max(_count(fields.fields(("count",)), "replies"), len(inside)),
                inside,
            )


def _comment(fields: Fields, number: str, captured_at: datetime | None) -> Comment:
    """One comment. Of one that was removed the page shows neither words nor author nor date, whatever the API tells."""
    markup = fields.text(("html",))
    if markup is None:
        return Comment(None, native_id=number, status="placeholder")
    counts = fields.fields(("count",))
    likes = counts.get(("likes",)) if counts else None
    return Comment(
        _text(markup),
        native_id=number,
        author=_person(fields.fields(("member",))),
        published=_moment(fields.text(("createdat",)), captured_at),
        edited=_moment(fields.text(("editedat",)), captured_at),
        likes=parse_count("likes", likes) if isinstance(likes, int) else None,
    )


def _text(markup: str) -> str | None:
    try:
        return to_markdown(read_html(markup).blocks).strip() or None
    except HostilePageError:
        return None


def _person(member: Fields | None) -> Person | None:
    number, name = (member.id(("id",)), member.text(("name",))) if member else (None, None)
    return Person(number, name) if number or name else None


def _moment(raw: str | None, captured_at: datetime | None) -> Moment | None:
    return read_date(raw, _UTC, captured_at) if raw else None


def _count(fields: Fields | None, name: str) -> int:
    value = fields.get((name,)) if fields else None
    return value if isinstance(value, int) and value >= 0 else 0
