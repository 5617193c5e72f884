"""Lemmy: a post's page holds in its state (``window.isoData``) the post and the comments that it shows, which go no deeper than eight replies.

Where that is fewer than the post counts, all comments are asked for, fifty at a time (``/api/v3/comment/list``), as far as robots.txt lets
them be. What a comment answers is in its ``path`` (``0.5.17`` answers 5). Texts are the Markdown that people wrote. One that its author
deleted or a moderator removed is a placeholder.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

from scraper.discussion.access import Capture as Had
from scraper.discussion.access import with_access
from scraper.discussion.marked import with_parents
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import (
    Comment,
    Count,
    CountName,
    FieldSource,
    Moment,
    Person,
    Post,
    Record,
    Rejection,
)
from scraper.model.site import Trap
from scraper.model.url import identity, parse_url
from scraper.page.data import Fields, walk
from scraper.page.dates import Zone, read_date
from scraper.page.document import Document
from scraper.page.state import state_values
from scraper.sites.base import Part
from scraper.sites.board_table import END, Board, topic_form, traps
from scraper.sites.boards import Topic
from scraper.sites.told_boards import Told, ToldBoard, answers_of, pages_of

LEMMY: Final = Board(
    "lemmy",
    ("isoData",),
    (
        'a[href*="join-lemmy.org"]',
        'a[href*="github.com/LemmyNet"]',
        "#app.lemmy-site, .lemmy-site",
        ".post-listing, .comment .comment-node, .community-link",
    ),
    (topic_form(r"post/(?P<id>\d+)" + END, "post/{id}"),),
    traps(
        r"/(?:login|signup|create_post|create_community|settings|inbox|setup)(?=[/?]|\Z)",
        r"/(?:u|search|modlog|instances|legal)(?=[/?]|\Z)|[?&](?:sort|listingType|dataType)=",
    ),
    kind="post",
    label="posts",
)
_LIST: Final = "/api/v3/comment/list"
_LIMIT: Final = 50
_MOST_PAGES: Final = 400
_UTC: Final = Zone("UTC", "api")
_PATH: Final = re.compile(r"0(?:\.\d{1,18})+")


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """What a state or an answer tells of a post: its comments by their paths, and of a state the post itself."""

    topic: str
    comments: tuple[tuple[str, Comment], ...]
    post: Post | None = None


_Parts = Sequence[Part[Told[PostAnswer]]]


class Lemmy(ToldBoard[PostAnswer]):
    """Posts of Lemmy."""

    name: ClassVar[str] = LEMMY.name
    platform: ClassVar[str] = LEMMY.name
    rank: ClassVar[int] = LEMMY.rank
    traps: ClassVar[tuple[Trap, ...]] = LEMMY.traps
    board: ClassVar[Board] = LEMMY

    def read_answer(self, document: Document) -> PostAnswer | None:
        """A page of comments."""
        url = parse_url(document.capture.url)
        topic = url.parameter("post_id") if url and url.path == _LIST else None
        value = document.json if topic else None
        items = value.get("comments") if isinstance(value, dict) else None
        if not topic or not isinstance(items, list):
            return None
        return PostAnswer(topic, tuple(_comments(items, topic, document.capture.captured_at)))

    def read_page(self, document: Document, topic: Topic) -> PostAnswer | None:
        """The post and its comments in the state of its page."""
        at = document.capture.captured_at
        post, comments = None, list[tuple[str, Comment]]()
        for value, _, _ in walk(*state_values(document.tree, LEMMY.hints)):
            view = value.get("post_view")
            if isinstance(view, dict) and _number(view.get("post"), "id") == topic.native_id:
                post = post or _post(view, at)
            items = value.get("comments")
            if isinstance(items, list):
                comments += _comments(items, topic.native_id, at)
        return PostAnswer(topic.native_id, tuple(comments), post) if post else None

    def next_requests(self, visit: Visit, parts: _Parts) -> tuple[Request, ...]:
        """The next page of comments, where the post counts more than were told."""
        topic = self.topic(visit, parts)
        url = parse_url(topic.url) if topic else None
        comments, post = _told(parts, topic)
        if topic is None or url is None or post is None or len(comments) >= (post.count("comments") or 0):
            return ()
        had = {identity(capture.url) for capture in visit.captures}
        place = f"{url.origin}{_LIST}?post_id={topic.native_id}&type_=All&sort=Old&limit={_LIMIT}&page="
        pages = -(-(post.count("comments") or 0) // _LIMIT)
        urls = (f"{place}{page}" for page in range(1, min(pages, _MOST_PAGES) + 1))
        return tuple(Request(each) for each in urls if identity(each) not in had)

    def join(self, visit: Visit, parts: _Parts) -> Record | Rejection:
        """The post as its page's state tells it; where that tells none as the page shows it."""
        record = self.pages.join(visit, pages_of(parts))
        topic = self.topic(visit, parts)
        comments, post = _told(parts, topic)
        if isinstance(record, Rejection) or topic is None or post is None:
            return record
        thread = _thread(comments, topic)
        post = replace(post, section=record.post.section, links=record.post.links, images=record.post.images)
        return replace(
            record, layout="lemmy.json/1", post=with_access(post, Had(len(thread))), comments=thread
        )


def _told(parts: _Parts, topic: Topic | None) -> tuple[Mapping[str, Comment], Post | None]:
    """The comments of a post by their paths, and the post, by all that tells of it."""
    answers = [answer for answer in answers_of(parts) if topic and answer.topic == topic.native_id]
    comments = dict(told for answer in answers for told in answer.comments)
    return comments, next((answer.post for answer in answers if answer.post), None)


def _thread(comments: Mapping[str, Comment], topic: Topic) -> tuple[Comment, ...]:
    """Every comment behind what it answers, the older first."""
    ordered = sorted(comments, key=lambda path: [int(each) for each in path.split(".")])
    answers = {path.split(".")[-1]: path.split(".")[-2] for path in ordered}
    place = topic.url.removesuffix(f"post/{topic.native_id}")
    placed = (replace(comments[path], url=f"{place}comment/{path.split('.')[-1]}") for path in ordered)
    return with_parents(list(placed), answers)


def _comments(items: Sequence[object], topic: str, at: datetime | None) -> Iterator[tuple[str, Comment]]:
    for item in items:
        view = item.get("comment") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(view, dict) or _number(view, "post_id") != topic:
            continue
        told, path = Fields(view), view.get("path")
        if not isinstance(path, str) or not _PATH.fullmatch(path):
            continue
        is_gone = bool(told.flag(("deleted",))) or bool(told.flag(("removed",)))
        counts = {count.name: count for count in _counts(item.get("counts"))}
        yield (
            path,
            Comment(
                None if is_gone else told.text(("content",)),
                native_id=path.split(".")[-1],
                author=_person(item.get("creator")),
                published=_moment(told.text(("published",)), at),
                edited=_moment(told.text(("updated",)), at),
                likes=counts.get("likes"),
                score=counts.get("score"),
                status="placeholder" if is_gone else "present",
                field_sources=(FieldSource("*", "page-data", "stated"),),
            ),
        )


def _post(view: dict[str, object], at: datetime | None) -> Post:
    held = view.get("post")
    told = Fields(held if isinstance(held, dict) else {})
    is_gone = bool(told.flag(("deleted",))) or bool(told.flag(("removed",)))
    counts = tuple(_counts(view.get("counts")))
    names = ("title", "text", "author", "published_at", *(count.name for count in counts))
    return Post(
        "post",
        told.text(("name",)),
        None if is_gone else told.text(("body",)),
        author=_person(view.get("creator")),
        published=_moment(told.text(("published",)), at),
        edited=_moment(told.text(("updated",)), at),
        counts=counts,
        field_sources=tuple(FieldSource(name, "page-data", "stated") for name in names),
    )


def _counts(value: object) -> Iterator[Count]:
    told: tuple[tuple[str, CountName], ...] = (
        ("comments", "comments"),
        ("score", "score"),
        ("upvotes", "likes"),
    )
    for key, name in told:
        count = value.get(key) if isinstance(value, dict) else None
        if isinstance(count, int) and not isinstance(count, bool):
            yield Count(name, count, str(count))


def _person(value: object) -> Person | None:
    """Who wrote it, by the path of their page: people of other hosts have theirs in it."""
    told = Fields(value) if isinstance(value, dict) else None
    name = told.text(("name",)) if told else None
    if told is None or name is None:
        return None
    home = parse_url(told.text(("actorid",)) or "")
    place = "" if told.flag(("local",)) is not False or home is None else f"@{home.host}"
    return Person(f"/u/{name}{place}", told.text(("displayname",)) or name)


def _number(value: object, key: str) -> str | None:
    return Fields(value).id((key.replace("_", ""),)) if isinstance(value, dict) else None


def _moment(raw: str | None, at: datetime | None) -> Moment | None:
    return read_date(raw, _UTC, at) if raw else None


def make_site() -> Lemmy:
    """The adapter, for the registry."""
    return Lemmy()
