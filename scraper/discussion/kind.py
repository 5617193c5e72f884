"""What a page is, decided by evidence that is added up, and said with its reasons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from scraper.discussion.body.authors import find_authors
from scraper.discussion.body.blocks import HEADINGS
from scraper.discussion.body.find import Body
from scraper.discussion.body.furniture import names_of
from scraper.discussion.body.head import Head
from scraper.discussion.body.published import find_published
from scraper.discussion.thread.elements import Elements

Kind = Literal[
    "thread", "article with comments", "article", "list", "product", "front page", "login", "error", "other"
]

POSTS: Final[frozenset[Kind]] = frozenset(("thread", "article with comments", "article"))
_ARTICLES: Final = ("Article", "Posting", "Report")
_FORUMS: Final = frozenset(("DiscussionForumPosting", "QAPage"))
_LISTS: Final = frozenset(("CollectionPage", "ItemList", "SearchResultsPage"))
_PLACES: Final = frozenset(("LocalBusiness", "Service", "SoftwareApplication"))
_POST_PATH: Final = re.compile(
    r"(?i)(?:^|[/_.-])(?:blogs?|news|articles?|posts?|story|stories|threads?|topics?|t|questions?|guides?|learn|wiki|docs?"
    r"|documentation|tutorials?|magazine|insights?|journal|press|library|knowledge|handbook|manual|reference|help|advice|tips"
    r"|education|how-to|forums?|viewtopic|showthread|discussions?|comments)(?:[/_.-]|$)"
)
_SALE_PATH: Final = re.compile(
    r"(?i)(?:^|[/_.-])(?:products?|shop|store|items?|dp|itm|buy|collections?|category|categories|cat|c|tags?|services?|solutions?"
    r"|features?|pricing|plans?|about|contact|industries|platform|locations?|careers?|jobs|search|courses?|topics|browse|listings?"
    r"|for-sale|deals|software|tools?|directory|archive)(?:[/_.-]|$)"
)
_PAGE_NAMES: Final = re.compile(
    r"(?i)page-template|(?<![a-z])(?:home|tax-|plp|pdp)|archive|category|product|collection|woocommerce|catalog|landing|search"
)
_PRICE: Final = re.compile(r"[$€£¥₩]\s?\d|\d\s?(?:€|kr\b|USD|EUR)")
_FRONT: Final = re.compile(r"(?i)/*(?:[a-z]{2}(?:-[a-z]{2})?/*)?(?:(?:index|default|home)\.\w{2,5})?")
_DEEPEST: Final = 5
_LITTLE: Final = 500
# What says less than this, and nothing of itself, is no post that could be told: letters as a body counts them.
_LEAST_WORDS: Final = 60
_LISTED: Final = 0.5
# How much each piece of evidence speaks for a post, fitted on WCXB's page types and rounded to quarters; all are 0 to 1.
_WEIGHTS: Final = {
    "its data says that it is an article or a post": 1.25,
    "its head says that it is an article": 1.0,
    "its head says when it was published": 1.0,
    "a date stands at its title as markup": 1.5,
    "a date stands at its title": 0.75,
    "it names an author": 1.0,
    "its address is that of a post": 1.5,
    "its address spells out a title": 1.0,
    "its address lies deep": 1.5,
    "its words are mostly one text": 2.25,
    "its sentences stand side by side": 1.0,
    "it holds code": 2.0,
    "it holds comments": 3.0,
    "it is the front page": -1.5,
    "its data says that it is a product": -1.5,
    "its data says that it is a place or a service": -1.25,
    "its names are those of a page of a shop or of a list": -1.0,
    "its address is that of a shop or of a list": -0.75,
    "its address is one word": -0.75,
    "it has forms": -1.0,
    "it is made of headings": -1.5,
    "it is full of prices": -0.75,
}
_BIAS: Final = -2.0
# By these a page says itself that it is a post.
_OF_ITSELF: Final = frozenset((
    "its data says that it is an article or a post", "its head says that it is an article", "its head says when it was published",
    "a date stands at its title as markup", "a date stands at its title", "it names an author",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page is, why (half sentences, the weightiest first), and the sum of evidence (above 0: a post)."""

    kind: Kind
    reasons: tuple[str, ...]
    score: float

    @property
    def is_post(self) -> bool:
        """Whether the page holds a post."""
        return self.kind in POSTS


@dataclass(frozen=True, slots=True)
class Seen:
    """What else is to be seen of a page: its ``url``, the ``status`` of the answer, whether it asks for a password, how many
    comments were found, and how many of its letters are links (0 to 1)."""

    url: str
    status: int = 200
    asks_password: bool = False
    comments: int = 0
    linked: float = 0.0


def kind_of(page: Elements, head: Head, body: Body | None, seen: Seen) -> PageKind:
    """What a page is. An answer that is an error or a login is told by itself; else evidence is added up."""
    if seen.status >= 400:
        return PageKind("error", (f"it was answered with {seen.status}",), _BIAS)
    if seen.asks_password and seen.comments < 2 and (body is None or body.size < _LITTLE):
        return PageKind("login", ("it asks for a password and says little else",), _BIAS)
    weighed = {name: _WEIGHTS[name] * value for name, value in _evidence(page, head, body, seen) if value}
    score = round(sum(weighed.values()) + _BIAS, 2)
    side = sorted(
        (name for name, weight in weighed.items() if (weight > 0) == (score > 0)),
        key=lambda name: -abs(weighed[name]),
    )
    reasons = tuple(side[:3]) or ("nothing says that it is a post",)
    if score > 0 and not seen.comments and (reason := _nothing_told(head, body, weighed)):
        return PageKind("other", (reason,), _BIAS)
    return PageKind(_post(head, seen) if score > 0 else _other(weighed, head, seen), reasons, score)


def _nothing_told(head: Head, body: Body | None, weighed: dict[str, float]) -> str | None:
    """Why a page that shows no comments is none that could be told to be a post; None where it may be one."""
    if body is None:
        return "it shows no words"
    if _OF_ITSELF & weighed.keys():
        return None
    if body.title < 0 and not head.title:
        return "it has no title, no author and no date"
    return "it says next to nothing" if body.size < _LEAST_WORDS else None


def _post(head: Head, seen: Seen) -> Kind:
    if seen.comments < 2:
        return "thread" if _FORUMS & head.types else "article"
    is_article = (head.first("og:type") or "").lower() == "article" or any(
        name.endswith("Article") for name in head.types
    )
    return "article with comments" if is_article and not _FORUMS & head.types else "thread"


def _other(weighed: dict[str, float], head: Head, seen: Seen) -> Kind:
    if "it is the front page" in weighed:
        return "front page"
    if "its data says that it is a product" in weighed:
        return "product"
    return "list" if _LISTS & head.types or seen.linked > _LISTED else "other"


def _evidence(page: Elements, head: Head, body: Body | None, seen: Seen) -> Iterator[tuple[str, float]]:
    yield from _of_head(page, head, body)
    yield from _of_address(seen.url, body.share if body else 0.0)
    yield from _of_shape(page, body)
    yield "it holds comments", seen.comments >= 2


def _of_head(page: Elements, head: Head, body: Body | None) -> Iterator[tuple[str, float]]:
    published = find_published(page, head, body)
    source = published.source if published else None
    yield (
        "its data says that it is an article or a post",
        any(name.endswith(_ARTICLES) or name in _FORUMS for name in head.types),
    )
    yield "its head says that it is an article", (head.first("og:type") or "").lower() in {"article", "blog"}
    yield (
        "its head says when it was published",
        head.first("article:published_time", "datepublished") is not None,
    )
    yield "a date stands at its title as markup", source == "markup"
    yield "a date stands at its title", source == "text"
    yield "it names an author", bool(find_authors(page, head, body))
    yield "its data says that it is a product", "Product" in head.types
    yield (
        "its data says that it is a place or a service",
        any(name in _PLACES or name.endswith("Business") for name in head.types),
    )


def _of_address(url: str, share: float) -> Iterator[tuple[str, float]]:
    """What an address tells; where ``share`` of a page's words are one text, that it is a host's first page tells less."""
    path = urlsplit(url).path
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    breaks = last.count("-") + last.count("_")
    yield "it is the front page", (1 - share) if _FRONT.fullmatch(path) else 0.0
    yield "its address lies deep", min(len(segments), _DEEPEST) / _DEEPEST
    yield "its address spells out a title", breaks >= 3
    yield "its address is one word", bool(last) and "-" not in last
    yield "its address is that of a post", _POST_PATH.search(path) is not None
    yield "its address is that of a shop or of a list", _SALE_PATH.search(path) is not None


def _of_shape(page: Elements, body: Body | None) -> Iterator[tuple[str, float]]:
    headings = sum(tag in HEADINGS for tag in page.tags)
    size = body.size if body else 1
    prices = sum(len(_PRICE.findall(text)) for text in page.texts)
    yield "its words are mostly one text", body.share if body else 0.0
    yield "its sentences stand side by side", body.coherence if body else 0.0
    yield "it holds code", "pre" in page.tags or "code" in page.tags
    yield "it has forms", min(page.tags.count("form"), 4) / 4
    yield "it is made of headings", min(1.0, headings * 150 / size)
    yield "it is full of prices", min(1.0, prices * 300 / size)
    yield (
        "its names are those of a page of a shop or of a list",
        _PAGE_NAMES.search(names_of(page, 0)) is not None,
    )
