"""A topic as Discourse's own JSON tells it: the ids of all its posts, and some twenty of these whole.

Posts that only say what was done to the topic (closed, moved, renamed) are no comments. ``cooked`` is the HTML of a post; above what it
quotes stands who wrote that, which is no word of the post.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.discussion.comments import DELETED_COMMENT
from scraper.discussion.marked import with_parents
from scraper.discussion.thread.elements import read_elements
from scraper.discussion.thread.render import render
from scraper.model.record import Comment, Count, FieldSource, Moment, Person, Removed
from scraper.page.bounds import HostilePageError
from scraper.page.counts import parse_count
from scraper.page.data import Fields
from scraper.page.dates import Zone, read_date
from scraper.page.tree import parse_html

_UTC: Final = Zone("UTC", "api")
_SMALL_ACTION: Final = 3
_LIKE: Final = 2
_NO_WORDS: Final = "aside.quote > .title, .lightbox .meta, a.anchor, .badge.badge-notification"
# No topic has more posts; a server that says otherwise is not asked for them.
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class TopicPost:
    """A post of a topic, by its id and its number in the topic; ``answers`` is the number of what it answers."""

    id: int
    number: int
    answers: int | None
    is_action: bool
    comment: Comment


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """What one JSON of a topic tells: ``stream`` are the ids of all posts, empty where it tells some alone."""

    topic: str
    stream: tuple[int, ...]
    posts: tuple[TopicPost, ...]
    views: int | None = None
    tags: tuple[str, ...] | None = None


def read_topic(value: object, topic: str, captured_at: datetime | None) -> TopicAnswer | None:
    """The topic that a JSON tells; None where it tells none."""
    stream = value.get("post_stream") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(stream, dict):
        return None
    posts = stream.get("posts")
    ids = stream.get("stream")
    views, tags = value.get("views"), value.get("tags")
    return TopicAnswer(
        topic,
        tuple(each for each in ids if _is_number(each))[:_MOST] if isinstance(ids, list) else (),
        tuple(_posts(posts, captured_at)) if isinstance(posts, list) else (),
        views if _is_number(views) else None,
        tuple(_names(tags)) if isinstance(tags, list) else None,
    )


def thread_of(url: str, posts: Iterable[TopicPost]) -> tuple[Comment, ...]:
    """The comments of the topic at ``url``, each once, by their numbers, with what each answers."""
    by_number = {post.number: post for post in posts if not post.is_action and post.number > 1}
    ordered = [by_number[number] for number in sorted(by_number)]
    answers = {str(post.number): str(post.answers) for post in ordered if post.answers in by_number}
    comments = [replace(post.comment, url=f"{url}/{post.number}") for post in ordered]
    return with_parents(comments, answers)


def _posts(items: Sequence[object], captured_at: datetime | None) -> Iterator[TopicPost]:
    for item in items:
        if not isinstance(item, dict):
            continue
        own, number, answers = (item.get(name) for name in ("id", "post_number", "reply_to_post_number"))
        if isinstance(own, int) and isinstance(number, int):
            yield TopicPost(
                own,
                number,
                answers if isinstance(answers, int) else None,
                item.get("post_type") == _SMALL_ACTION,
                _comment(Fields(item), number, captured_at),
            )


def _comment(item: Fields, number: int, captured_at: datetime | None) -> Comment:
    text = _text(item.text(("cooked",)))
    is_hidden = bool(item.flag(("hidden",))) or bool(item.flag(("userdeleted",)))
    name, version = item.text(("username",)), item.get(("version",))
    created, updated = item.text(("createdat",)), item.text(("updatedat",))
    is_edited = isinstance(version, int) and version > 1
    return Comment(
        None if is_hidden else text,
        native_id=str(number),
        author=Person(f"/u/{name}", name) if name else None,
        is_accepted=item.flag(("acceptedanswer",)) or None,
        published=_moment(created, captured_at),
        edited=_moment(updated, captured_at) if is_edited else None,
        likes=_likes(item),
        status="placeholder" if is_hidden else "present",
        removed=(Removed(DELETED_COMMENT, text),) if is_hidden and text else (),
        field_sources=(FieldSource("*", "api", "stated"),),
    )


def _text(cooked: str | None) -> str | None:
    if not cooked:
        return None
    try:
        body = parse_html(cooked).body
    except HostilePageError:
        return None
    if body is None:
        return None
    for node in body.css(_NO_WORDS):
        node.decompose()
    return render(read_elements(body), 0, lambda _: False)


def _likes(item: Fields) -> Count | None:
    for each in item.objects(("actionssummary",)) or ():
        count = each.get("count")
        if each.get("id") == _LIKE and isinstance(count, int):
            return parse_count("likes", count)
    return None


def _names(tags: Sequence[object]) -> Iterator[str]:
    """Tags by their names, which newer releases hold in objects."""
    for tag in tags:
        name = tag.get("name") if isinstance(tag, dict) else tag
        if isinstance(name, str) and name:
            yield name


def _moment(raw: str | None, captured_at: datetime | None) -> Moment | None:
    return read_date(raw, _UTC, captured_at) if raw else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
