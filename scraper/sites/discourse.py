"""Discourse: a topic's page tells its first twenty posts in JSON too (``data-preloaded``), with the ids of all that there are.

That JSON tells most: what a post answers, likes, edits, accepted answers, and which posts only say that the topic was closed. The posts
behind the first twenty are asked for by their ids, twenty at a time, which are as many requests as there are pages of HTML; pages that
hold no JSON (those for crawlers) are followed by ``/t/ID.json``. Where that is not given (sign-in, an error), the pages of HTML are read.
A comment's id is its number in the topic, as its URL has it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from scraper.discussion.access import Capture as Had
from scraper.discussion.access import with_access
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Count, FieldSource, Post, Record, Rejection
from scraper.model.site import Claim, Trap
from scraper.model.url import identity, parse_url
from scraper.page.document import Document
from scraper.page.json_text import parse_json
from scraper.page.leads import Leads
from scraper.sites.base import Part, Platform
from scraper.sites.board_table import END, Board, topic_form, traps
from scraper.sites.boards import site_of, topic_of
from scraper.sites.discourse_topic import TopicAnswer, TopicPost, read_topic, thread_of
from scraper.sites.generic import GenericPage

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


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A page of Discourse, with what the JSON in it tells of its topic."""

    page: GenericPage
    answer: TopicAnswer | None


Content = TopicPage | TopicAnswer


class Discourse(Platform[Content]):
    """Topics of Discourse."""

    name: ClassVar[str] = DISCOURSE.name
    platform: ClassVar[str] = DISCOURSE.name
    rank: ClassVar[int] = DISCOURSE.rank
    traps: ClassVar[tuple[Trap, ...]] = DISCOURSE.traps

    def __init__(self) -> None:
        self._pages = site_of(DISCOURSE)

    def root(self, document: Document) -> str | None:
        """The folder that the page says it stands in."""
        return self._pages.root(document)

    def canonical_url(self, url: str) -> str:
        """The topic's own URL."""
        return self._pages.canonical_url(url)

    def read_document(self, document: Document) -> Content | None:
        """A page, or an answer of the JSON API."""
        url = parse_url(document.capture.url)
        at = document.capture.captured_at
        if url and (asked := _JSON.search(url.path)):
            return read_topic(document.json, asked["id"], at) if document.capture.status == 200 else None
        page = self._pages.read_document(document)
        if page is None:
            return None
        topic = topic_of(DISCOURSE, page.claim.url)
        value = _preloaded(document, topic.native_id) if topic else None
        return TopicPage(page, read_topic(value, topic.native_id, at) if topic else None)

    def shows_post(self, content: Content) -> bool:
        """Whether a page shows a topic; an answer of the API is no page that could say that it is gone."""
        return isinstance(content, TopicAnswer) or self._pages.shows_post(content.page)

    def recognises(self, content: Content) -> bool:
        """Whether it is a topic, or a list that leads to some."""
        return isinstance(content, TopicAnswer) or self._pages.recognises(content.page)

    def other_than_post(self, content: Content) -> str | None:
        """What a page is, where it is no topic."""
        return None if isinstance(content, TopicAnswer) else self._pages.other_than_post(content.page)

    def leads(self, content: Content) -> Leads:
        """The topics that a list shows."""
        return Leads() if isinstance(content, TopicAnswer) else self._pages.leads(content.page)

    def links(self, document: Document) -> tuple[str, ...]:
        """The topics that a list shows, by their canonical URLs."""
        return self._pages.links(document)

    def claim_of(self, visit: Visit, parts: Sequence[Part[Content]]) -> Claim | None:
        """The topic of the first page that shows one."""
        return self._pages.claim_of(visit, _pages(parts))

    def next_requests(self, visit: Visit, parts: Sequence[Part[Content]]) -> tuple[Request, ...]:
        """The posts that are missing by their ids; pages of HTML where no JSON tells those."""
        claim = self.claim_of(visit, parts)
        topic = topic_of(DISCOURSE, claim.url) if claim else None
        url = parse_url(claim.url) if claim else None
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
            return self._pages.next_requests(visit, _pages(parts))
        known = {post.id for answer in answers for post in answer.posts}
        missing = [each for each in stream if each not in known]
        urls = (
            f"{folder}/posts.json?" + "&".join(f"post_ids[]={each}" for each in missing[at : at + _BATCH])
            for at in range(0, len(missing), _BATCH)
        )
        return tuple(Request(each) for each in urls if identity(each) not in had)[:1]

    def join(self, visit: Visit, parts: Sequence[Part[Content]]) -> Record | Rejection:
        """The topic as its page shows it, with the comments that its JSON tells, or where there is none those of its pages."""
        record = self._pages.join(visit, _pages(parts))
        claim = self.claim_of(visit, parts)
        topic = topic_of(DISCOURSE, claim.url) if claim else None
        answers = _answers(parts, topic.native_id) if topic else []
        stream = next((answer.stream for answer in answers if answer.stream), ())
        posts = {post.id: post for answer in answers for post in answer.posts}
        if isinstance(record, Rejection) or topic is None or not stream:
            return record
        comments = thread_of(topic.url, posts.values())
        first = next((post for post in posts.values() if post.number == 1), None)
        post = _with_told(record.post, answers, first, _declared(stream, posts.values(), first))
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
    views = next((answer.views for answer in answers if answer.views is not None), None)
    tags = next((answer.tags for answer in answers if answer.tags is not None), None)
    likes = first.comment.likes if first else None
    counts = {count.name: count for count in post.counts} | {"comments": declared}
    if views is not None:
        counts["views"] = Count("views", views, str(views))
    if likes:
        counts["likes"] = likes
    names = {name: "api" for name in ("comments", "views", "likes") if name in counts}
    told = {*names, *(("tags",) if tags is not None else ()), "edited_at"}
    sources = [source for source in post.field_sources if source.field not in told]
    edited = first.comment.edited if first else post.edited
    sources += [FieldSource(name, "api", "stated") for name in names]
    sources += [FieldSource("tags", "api", "stated")] if tags else []
    sources += [FieldSource("edited_at", "api", "stated")] if edited else []
    words = first.comment.text if first else None
    return replace(
        post,
        text=words or post.text,
        removed=() if words else post.removed,
        author=(first.comment.author if first else None) or post.author,
        edited=edited,
        counts=tuple(counts.values()),
        tags=tags if tags is not None else post.tags,
        field_sources=tuple(sources),
    )


def _preloaded(document: Document, topic: str) -> object:
    """The JSON of a topic that its page holds: a text of JSON in an object of such texts."""
    node = document.tree.css_first(_PRELOADED)
    held = parse_json(node.attributes.get("data-preloaded") or "") if node is not None else None
    text = held.get(f"topic_{topic}") if isinstance(held, dict) else None
    return parse_json(text) if isinstance(text, str) else text


def _pages(parts: Sequence[Part[Content]]) -> list[Part[GenericPage]]:
    return [Part(part.capture, part.content.page) for part in parts if isinstance(part.content, TopicPage)]


def _answers(parts: Sequence[Part[Content]], topic: str) -> list[TopicAnswer]:
    """What the JSON of all captures tells of a topic, the newest last."""
    told = (part.content.answer if isinstance(part.content, TopicPage) else part.content for part in parts)
    return [answer for answer in told if answer is not None and answer.topic == topic]


def make_site() -> Discourse:
    """The adapter, for the registry."""
    return Discourse()
