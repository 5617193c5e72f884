"""Ghost, on whatever host: posts from HTML, comments from the API that the page's own block of comments asks.

The block stands where a signed-out reader is shown comments, and nowhere else; the API would answer for any post.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import ClassVar, Final

from scraper.discussion.body.head import Head, read_head
from scraper.discussion.reader import read_discussion
from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import (
    Access,
    Evidence,
    FieldSource,
    Moment,
    Person,
    Post,
    Record,
    Rejection,
    Removed,
)
from scraper.model.site import Claim, Trap
from scraper.model.url import is_near, parse_url, strip_tracking
from scraper.page import counts
from scraper.page.data import Fields
from scraper.page.dates import Zone, read_date
from scraper.page.document import Document
from scraper.page.leads import Leads
from scraper.page.linked_data import post_dates
from scraper.sites.base import Part, Platform
from scraper.sites.generic import generic_id
from scraper.sites.ghost_comments import Answer, declared, read_answer, read_thread, wanted

LAYOUT: Final = "ghost.html/1"
_SIGNS: Final = (
    'meta[name="generator"][content^="Ghost "], script[data-ghost][data-api], script[data-ghost-comments]'
)
_HOMES: Final = ("data-ghost", "data-ghost-comments", "data-sodo-search")
_BLOCK: Final = "script[data-ghost-comments][data-post-id]"
_GATE: Final = '[class*="upgrade-cta"]:not([class*="upgrade-cta"] *)'
_API: Final = re.compile(
    r"/members/api/comments/(?:post/(?P<post>[0-9a-f]{24})|(?P<of>[0-9a-f]{24})/replies)/?\Z"
)
_ID: Final = re.compile(r"[0-9a-f]{24}")
_SLUG: Final = re.compile(r"/([^/]+)/?\Z")
_AUTHOR_PATH: Final = re.compile(r"/author/([^/]{1,200})/?\Z")
# What Ghost and its members' area add to the address of one and the same page.
_ADDED: Final = re.compile(
    r"(?:ref|source|action|success|uuid|key|attribution_(?:id|type|url)|stripe|giftlink|gift)="
)
_LIST_PATH: Final = re.compile(r"/(?:tag|author|page)/")
_CARDS: Final = ".post a[href], .post-card a[href], .gh-card a[href]"
_UTC: Final = Zone("UTC", "stated")
# What the body of a page says that shows no post.
_LISTS: Final = {
    "home-template": "the front page of a site",
    "tag-template": "a list of posts",
    "author-template": "a list of posts",
    "paged": "a list of posts",
}
# How sitemaps and feeds of Ghost begin.
_LIST_MARK: Final = re.compile(
    r"<\?xml-stylesheet[^>]{0,60} href=\"//[^\"]{1,200}/sitemap\.xsl\"\?>|<generator>Ghost \d"
)
_START_OF_LIST: Final = 4_096


@dataclass(frozen=True, slots=True)
class GhostPage:
    """A page that Ghost made. ``claim`` and ``post`` are None where it shows no post, and ``other`` says what it shows.

    ``home`` is the URL of the site, ``thread`` the id under which the page's block of comments asks for them, None where it has
    no such block; ``gate`` are the words in place of what is withheld.
    """

    claim: Claim | None
    post: Post | None
    other: str | None = None
    home: str = ""
    thread: str | None = None
    gate: tuple[Removed, ...] = ()
    leads: Leads = field(default_factory=Leads)


Content = GhostPage | Answer


class Ghost(Platform[Content]):
    """Posts and pages of Ghost with their comments."""

    name: ClassVar[str] = "ghost"
    platform: ClassVar[str] = "ghost"
    traps: ClassVar[tuple[Trap, ...]] = (
        Trap("sitemap of people or tags", re.compile(r"/sitemap-(?:authors|tags)(?:-\d+)?\.xml\?")),
        Trap("address of the software itself", re.compile(r"/(?:ghost|members/api|webmentions)/")),
    )

    def canonical_url(self, url: str) -> str:
        """The page's own URL, without what was added to it on the way to it."""
        parsed = parse_url(strip_tracking(url))
        if parsed is None:
            return url
        kept = [part for part in parsed.query.split("&") if part and not _ADDED.match(part)]
        return parsed.origin + parsed.path + ("?" + "&".join(kept) if kept else "")

    def root(self, document: Document) -> str | None:
        """The URL of the site as the scripts of a page have it; the folder of a sitemap or feed that Ghost made."""
        if _is_own(document):
            return _home(document)
        url = parse_url(document.capture.url)
        is_list = url is not None and _LIST_MARK.search(document.text, 0, _START_OF_LIST) is not None
        return url.origin + url.path[: url.path.rindex("/") + 1] if url and is_list else None

    def read_document(self, document: Document) -> Content | None:
        """A page that Ghost made, or an answer of its API."""
        url = parse_url(document.capture.url)
        if url and (asked := _API.search(url.path)):
            return read_answer(document, asked["post"] or asked["of"], _number(url.parameter("page")))
        return self._read_page(document) if _is_own(document) else None

    def shows_post(self, content: Content) -> bool:
        """Whether a page shows a post; an answer of the API is no page that could say that it is gone."""
        return isinstance(content, Answer) or content.post is not None

    def other_than_post(self, content: Content) -> str | None:
        """What a page shows instead of a post."""
        return content.other if isinstance(content, GhostPage) else None

    def leads(self, content: Content) -> Leads:
        """The posts that a list shows, and the rest of the list."""
        return content.leads if isinstance(content, GhostPage) else Leads()

    def claim_of(self, _visit: Visit, parts: Sequence[Part[Content]]) -> Claim | None:
        """The post of the first page that shows one."""
        page = _post_page(parts)
        return page.content.claim if page else None

    def next_requests(self, visit: Visit, parts: Sequence[Part[Content]]) -> tuple[Request, ...]:
        """The pages of comments, and of the replies that an answer leaves out, where the page shows comments at all."""
        page = _post_page(parts)
        if page is None or page.content.thread is None:
            return ()
        had = {capture.url for capture in visit.captures}
        urls = wanted(page.content.home, page.content.thread, list(_answers(parts)))
        return tuple(Request(url) for url in urls if url not in had)

    def join(self, visit: Visit, parts: Sequence[Part[Content]]) -> Record | Rejection:
        """The post as its page shows it, with the comments that the page shows to whoever opens it."""
        page = _post_page(parts)
        post = page.content.post if page else None
        if page is None or post is None or page.content.claim is None:
            return Rejection(f"No capture of {visit.url} shows a post of Ghost.")
        thread, gate = page.content.thread, page.content.gate
        answers = list(_answers(parts)) if thread else []
        comments = read_thread(page.content.claim.url, thread, answers) if thread else ()
        count = declared(thread, answers) if thread else None
        access, evidence = _access(
            page.content, answers, is_short=counts.is_short(count, len(comments)) if count else None
        )
        if count:
            detail = (
                f"The API that the page asks declares {count.raw} comments, and {len(comments)} were read."
            )
            evidence.append(Evidence("comments", detail))
        told = (FieldSource("comments", "api", "stated"),) if count else ()
        post = replace(
            post,
            counts=(count,) if count else (),
            access=access,
            access_evidence=tuple(evidence),
            removed=(*post.removed, *gate),
            field_sources=(*post.field_sources, *told),
        )
        return Record(LAYOUT, page.capture.record_id, post, comments)

    def _read_page(self, document: Document) -> GhostPage:
        if document.capture.status not in {200, None}:
            return GhostPage(None, None)
        classes = (
            (document.tree.body.attributes.get("class") or "").split()
            if document.tree.body is not None
            else []
        )
        is_post = "post-template" in classes
        page = read_discussion(document, is_post=is_post)
        if page is None:
            return GhostPage(None, None, "no words")
        listed = next((_LISTS[name] for name in classes if name in _LISTS), None)
        claim = None if listed or page.post is None else self._claim(document, is_post=is_post)
        if claim is None or page.post is None:
            posts = tuple(dict.fromkeys((*self._cards(document), *chain(*page.topics.groups[:1]))))
            following = tuple(_resolved(document, 'link[rel="next"][href]'))
            leads = Leads(posts=posts, groups=page.topics.groups[1:], following=following)
            return GhostPage(None, None, listed or f"something else ({page.kind.reasons[0]})", leads=leads)
        gate = tuple(_gate(document))
        head = read_head(document.head, document.linked_data)
        post = _without_gate(_with_facts(replace(page.post, kind="post"), document, head), gate)
        return GhostPage(
            claim, post, home=_home(document), thread=None if gate else _thread_of(document), gate=gate
        )

    def _claim(self, document: Document, *, is_post: bool) -> Claim | None:
        stated = next(_resolved(document, 'link[rel="canonical"][href]'), document.capture.url)
        url = parse_url(
            self.canonical_url(stated if is_near(stated, document.capture.url) else document.capture.url)
        )
        slug = _SLUG.search(url.path) if url else None
        home = parse_url(_home(document))
        if url is None or slug is None or home is None:
            return None
        kind = "posts" if is_post else "pages"
        post_id = f"{url.host}:{home.path.lstrip('/')}{kind}-{slug[1]}"
        return Claim(post_id, url.href, (generic_id(url),))

    def _cards(self, document: Document) -> Iterator[str]:
        home = _home(document)
        urls = (self.canonical_url(url) for url in _resolved(document, _CARDS))
        return (url for url in urls if url != home and not _LIST_PATH.search(url) and is_near(url, home))


def _is_own(document: Document) -> bool:
    return (
        document.is_markup
        and "host" in document.text
        and not document.is_hostile
        and document.tree.css_first(_SIGNS) is not None
    )


def _home(document: Document) -> str:
    """The URL of the site, ending in a slash, as its scripts have it; else the root of its host."""
    for name in _HOMES:
        for url in _resolved(document, f"script[{name}]", name):
            if is_near(url, document.capture.url):
                return url if url.endswith("/") else f"{url}/"
    own = parse_url(document.capture.url)
    return f"{own.origin}/" if own else document.capture.url


def _resolved(document: Document, selector: str, attribute: str = "href") -> Iterator[str]:
    for node in document.tree.css(selector):
        if url := document.base.resolve(node.attributes.get(attribute) or ""):
            yield url


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else 1


def _thread_of(document: Document) -> str | None:
    """The id under which the page's block of comments asks for them; None where there is no block, or it asks another host."""
    block = document.tree.css_first(_BLOCK)
    if block is None:
        return None
    number = block.attributes.get("data-post-id") or ""
    asked = document.base.resolve(block.attributes.get("data-ghost-comments") or "") or ""
    return number if _ID.fullmatch(number) and is_near(asked, document.capture.url) else None


def _post_page(parts: Sequence[Part[Content]]) -> Part[GhostPage] | None:
    """The first page that shows a post."""
    for part in parts:
        if isinstance(part.content, GhostPage) and part.content.claim:
            return Part(part.capture, part.content)
    return None


def _answers(parts: Sequence[Part[Content]]) -> Iterator[Answer]:
    return (part.content for part in parts if isinstance(part.content, Answer))


def _gate(document: Document) -> Iterator[Removed]:
    """The words that stand in place of what is for members."""
    for node in document.tree.css(_GATE):
        if words := " ".join(node.text(separator=" ").split()):
            yield Removed("ghost.upgrade-call", words)


def _without_gate(post: Post, gate: Sequence[Removed]) -> Post:
    """The post without the lines of its text that are words of the gate, which are removed once."""
    if not gate:
        return post
    words = " ".join(each.text for each in gate)
    lines = (post.text or "").split("\n\n")
    while lines and " ".join(lines[-1].lstrip("#> ").split()) in words:
        lines.pop()
    known = tuple(each for each in post.removed if each.text not in words)
    return replace(post, text="\n\n".join(lines) or None, removed=known)


def _with_facts(post: Post, document: Document, head: Head) -> Post:
    """The post with what the head says of it: exact dates, tags, and its author's own page."""
    at = document.capture.captured_at
    dates = post_dates(document.linked_data)
    published = _moment(head.first("article:published_time") or dates.get("datePublished"), at)
    published = published or post.published
    edited = _moment(head.first("article:modified_time") or dates.get("dateModified"), at)
    if edited and (edited.at is None or (published and published.at and edited.at <= published.at)):
        edited = None
    facts: dict[str, object] = {
        "author": (author := _author(head)),
        "published_at": published,
        "edited_at": edited,
        "tags": (tags := tuple(dict.fromkeys(head.meta.get("article:tag", ())))),
    }
    told = {name for name, value in facts.items() if value}
    kept = (source for source in post.field_sources if source.field not in told)
    return replace(
        post,
        author=author or post.author,
        published=published,
        edited=edited,
        tags=tags,
        field_sources=(*kept, *(FieldSource(name, "head", "stated") for name in facts if name in told)),
    )


def _author(head: Head) -> Person | None:
    """The author as the page's data names them, known by the name of their page."""
    for work in head.works:
        stated = work.get("author")
        fields = Fields(stated) if isinstance(stated, dict) else None
        if fields and (name := fields.text(("name",))):
            url = parse_url(fields.text(("url",)) or "")
            user = _AUTHOR_PATH.search(url.path) if url else None
            return Person(user[1] if user else None, name)
    return None


def _moment(raw: str | None, captured_at: datetime | None) -> Moment | None:
    return read_date(raw, _UTC, captured_at) if raw else None


def _access(
    page: GhostPage, answers: Sequence[Answer], *, is_short: bool | None
) -> tuple[Access, list[Evidence]]:
    """How much of the post was shown, and why that is said; ``is_short`` tells whether fewer comments were had than there are."""
    evidence = [Evidence("prompt", each.text) for each in page.gate]
    has_text = page.post is not None and page.post.text is not None
    if page.gate:
        return ("partial" if has_text else "gated"), evidence
    if not has_text:
        evidence.append(Evidence("no-text", "The page shows no words of the post."))
    statuses = {answer.status for answer in answers if answer.total is None}
    evidence += [
        Evidence("status", f"The API for comments answered with HTTP status {status}.") for status in statuses
    ]
    if page.thread is None:
        evidence.append(Evidence("comments", "The page has no block of comments."))
    if is_short:
        return "partial", evidence
    return ("full" if has_text and is_short is False else "unknown"), evidence


def make_site() -> Ghost:
    """The adapter, for the registry."""
    return Ghost()
