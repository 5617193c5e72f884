"""Discourse: a topic's page tells its first twenty posts in JSON too (``data-preloaded``), with the ids of all that there are.

That JSON tells most: what a post answers, likes, edits, accepted answers, and which posts only say that the topic was closed. The posts
behind the first twenty are asked for by their ids, twenty at a time, which are as many requests as there are pages of HTML; pages that
hold no JSON (those for crawlers) are followed by ``/t/ID.json``. Where that is not given (sign-in, an error), the pages of HTML are read.
A comment's id is its number in the topic, as its URL has it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from scraper.discussion.access import Capture as Had
from scraper.discussion.access import with_access
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Comment, Count, FieldSource, Post, Record, Rejection
from scraper.model.site import Trap
from scraper.model.url import identity, parse_url
from scraper.page.document import Document
from scraper.page.json_text import parse_json
from scraper.sites.base import Part
from scraper.sites.board_table import END, Board, topic_form, traps
from scraper.sites.boards import Topic
from scraper.sites.discourse_topic import TopicAnswer, TopicPost, read_topic, thread_of
from scraper.sites.told_boards import Told, ToldBoard, answers_of, pages_of

DISCOURSE: Final = Board(
    "discourse",
    ("discourse", "Discourse"),
    (
        'meta[name="generator"][content^="Discourse"]',
        "#data-discourse-setup, meta[name=discourse_theme_id], meta[name=discourse_current_homepage]",
        "discourse-assets, #data-preloaded[data-preloaded], #d-splash",
        ".topic-body.crawler-post, .crawler-post, .topic-list-item",
        'link[href*="discourse"], script[src*="discourse"]',
    ),
    (topic_form(r"t/(?:(?P<slug>[^/?]*[^/?\d][^/?]*)/)?(?P<id>\d+)" + END, "t/{slug/}{id}"),),
    traps(
        r"/(?:session|login|signup|new-topic|new-message)(?=[/?]|\Z)|/print(?=\?|\Z)",
        r"/(?:u|users|search|badges|g)(?=[/?]|\Z)",
    ),
    page_form="?page={}",
)
_JSON: Final = re.compile(r"/t/(?:[^/]+/)?(?P<id>\d+)(?:/posts)?\.json\Z")
_PRELOADED: Final = "[data-preloaded]"
# As many posts as its own pages ask for at a time.
_BATCH: Final = 20


_Parts = Sequence[Part[Told[TopicAnswer]]]


class Discourse(ToldBoard[TopicAnswer]):
    """Topics of Discourse."""

    name: ClassVar[str] = DISCOURSE.name
    platform: ClassVar[str] = DISCOURSE.name
    rank: ClassVar[int] = DISCOURSE.rank
    traps: ClassVar[tuple[Trap, ...]] = DISCOURSE.traps
    board: ClassVar[Board] = DISCOURSE

    def read_answer(self, document: Document) -> TopicAnswer | None:
        """The JSON of a topic, or of some of its posts."""
        url = parse_url(document.capture.url)
        asked = _JSON.search(url.path) if url else None
        return read_topic(document.json, asked["id"], document.capture.captured_at) if asked else None

    def read_page(self, document: Document, topic: Topic) -> TopicAnswer | None:
        """The JSON of the topic that its page holds."""
        value = _preloaded(document, topic.native_id)
        return read_topic(value, topic.native_id, document.capture.captured_at)

    def next_requests(self, visit: Visit, parts: _Parts) -> tuple[Request, ...]:
        """The posts that are missing by their ids; pages of HTML where no JSON tells those."""
        topic = self.topic(visit, parts)
        url = parse_url(topic.url) if topic else None
        if topic is None or url is None:
            return ()
        had = {identity(capture.url) for capture in visit.captures}
        folder = f"{url.origin}{topic.root}t/{topic.native_id}"
        answers = _answers(parts, topic.native_id)
        stream = next((answer.stream for answer in answers if answer.stream), ())
        if not stream:
            whole = f"{folder}.json"
            if identity(whole) not in had:
                return (Request(whole),)
            return self.pages.next_requests(visit, pages_of(parts))
        known = {post.id for answer in answers for post in answer.posts}
        missing = [each for each in stream if each not in known]
        if not missing:
            return ()
        batch = f"{folder}/posts.json?" + "&".join(f"post_ids[]={each}" for each in missing[:_BATCH])
        if identity(batch) not in had:
            return (Request(batch),)
        is_refused = all(answer.stream for answer in answers)
        return self.pages.next_requests(visit, pages_of(parts)) if is_refused else ()

    def join(self, visit: Visit, parts: _Parts) -> Record | Rejection:
        """The topic as its page shows it, with the comments that its JSON tells, or where there is none those of its pages."""
        record = self.pages.join(visit, pages_of(parts))
        topic = self.topic(visit, parts)
        answers = _answers(parts, topic.native_id) if topic else []
        stream = next((answer.stream for answer in answers if answer.stream), ())
        posts = {post.id: post for answer in answers for post in answer.posts}
        if isinstance(record, Rejection) or topic is None or not stream:
            return record
        comments = thread_of(topic.url, posts.values())
        first = next((post for post in posts.values() if post.number == 1), None)
        declared = _declared(stream, posts.values(), first)
        if len(comments) < (declared.value or 0) and len(record.comments) > len(comments):
            return record
        post = _with_told(record.post, answers, first, declared)
        return replace(
            record,
            layout=f"{self.name}.json/1",
            post=with_access(replace(post, access="unknown", access_evidence=()), Had(len(comments))),
            comments=comments,
        )


def _declared(stream: Sequence[int], posts: Iterable[TopicPost], first: TopicPost | None) -> Count:
    """How many comments there are: the posts of the topic without the first, and without those that say what was done to it."""
    actions = sum(post.is_action for post in posts)
    value = len(stream) - actions - (first is not None)
    return Count("comments", value, str(len(stream)))


def _with_told(post: Post, answers: Sequence[TopicAnswer], first: TopicPost | None, declared: Count) -> Post:
    """The post as the JSON tells it; what that does not tell is as its page shows it."""
    own = first.comment if first else Comment(None)
    views = next((answer.views for answer in answers if answer.views is not None), None)
    tags = next((answer.tags for answer in answers if answer.tags is not None), None)
    told = {
        "text": own.text,
        "author": own.author,
        "published_at": own.published,
        "edited_at": own.edited,
        "tags": tags,
        "comments": declared,
        "views": Count("views", views, str(views)) if views is not None else None,
        "likes": own.likes,
    }
    names = {name for name, value in told.items() if value}
    counts = {count.name: count for count in post.counts}
    counts |= {count.name: count for count in told.values() if isinstance(count, Count)}
    kept = (source for source in post.field_sources if source.field not in names)
    return replace(
        post,
        text=own.text or post.text,
        removed=() if own.text else post.removed,
        author=own.author or post.author,
        published=own.published or post.published,
        edited=own.edited if first else post.edited,
        counts=tuple(counts.values()),
        tags=tags if tags is not None else post.tags,
        field_sources=(*kept, *(FieldSource(name, "api", "stated") for name in told if name in names)),
    )


def _preloaded(document: Document, topic: str) -> object:
    """The JSON of a topic that its page holds: a text of JSON in an object of such texts."""
    node = document.tree.css_first(_PRELOADED)
    held = parse_json(node.attributes.get("data-preloaded") or "") if node is not None else None
    text = held.get(f"topic_{topic}") if isinstance(held, dict) else None
    return parse_json(text) if isinstance(text, str) else text


def _answers(parts: _Parts, topic: str) -> list[TopicAnswer]:
    """What the JSON of all captures tells of a topic."""
    return [answer for answer in answers_of(parts) if answer.topic == topic]


def make_site() -> Discourse:
    """The adapter, for the registry."""
    return Discourse()
