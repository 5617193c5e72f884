"""What a page is, decided by evidence that is added up, and said with its reasons."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from scraper.discussion.body.authors import find_authors
from scraper.discussion.body.find import Body
from scraper.discussion.body.furniture import names_of
from scraper.discussion.body.head import Head
from scraper.discussion.body.published import find_published
from scraper.discussion.body.shape import Shape
from scraper.discussion.sales import OWN, SHOP, WORD, is_call
from scraper.discussion.thread.elements import Elements

Kind = Literal[
    "thread", "article with comments", "article", "list", "product", "front page", "login", "error", "other"
]

POSTS: Final[frozenset[Kind]] = frozenset(("thread", "article with comments", "article"))
_ARTICLES: Final = ("Article", "Posting", "Report")
_FORUMS: Final = frozenset(("DiscussionForumPosting", "QAPage"))
_LISTS: Final = frozenset(("CollectionPage", "ItemList", "SearchResultsPage"))
_PLACES: Final = frozenset(("LocalBusiness", "Service", "SoftwareApplication"))
_SOLD: Final = frozenset(("AggregateOffer", "Offer", "Product"))
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
_FRONT: Final = re.compile(r"(?i)/*(?:[a-z]{2}(?:-[a-z]{2})?/*)?(?:(?:index|default|home)\.\w{2,5})?")
_ENDING: Final = re.compile(r"\.\w{2,5}\Z")
_NO_WORD: Final = re.compile(r"[-_+%.\d]+")
_NUMBER: Final = re.compile(r"\d{4}")
# Of these numbers more say no more than so many do.
_DEEPEST: Final = 6
_MOST_WORDS: Final = 6
_LONGEST_RUN: Final = 4_000
_MOST_FIELDS: Final = 30
# A page with so large a share of such words is full of them.
_FULL_OF_OWN: Final = 1 / 50
_FULL_OF_SALES: Final = 1 / 60
_LITTLE: Final = 500
# What says less than this, and nothing of itself, is no post that could be told: letters as a body counts them.
_LEAST_WORDS: Final = 60
_LISTED: Final = 0.5
# How much each piece of evidence (0 to 1) speaks for a post: fitted on the corpora's pages by tests/eval/weigh.py, in quarters.
WEIGHTS: Final[Mapping[str, float]] = {
    "its data says that it is an article or a post": 0.75,
    "its head says that it is an article": 1.0,
    "its head says when it was published": 1.0,
    "a date stands at its title": 1.0,
    "it names an author": 1.0,
    "its address is that of a post": 1.0,
    "its address spells out a title": 1.5,
    "its address lies deep": 1.0,
    "its address ends in a number": 0.75,
    "its words are mostly one text": 0.75,
    "its sentences stand side by side": 1.75,
    "it speaks in paragraphs": 0.75,
    "most of it is one article": 1.0,
    "it holds code": 0.75,
    "it holds comments": 3.0,
    "its data says that it is sold": -1.5,
    "its data says that it is a place or a service": -0.5,
    "its names are those of a page of a shop or of a list": -1.0,
    "its address is that of a shop or of a list": -0.75,
    "it has forms": -1.0,
    "it speaks of itself": -1.5,
    "it is full of words of shops": -0.75,
    "it calls for a sale": -1.0,
}
BIAS: Final = -1.5
# What data says that it is an article is one, if its words are behind a password.
_SAID: Final = frozenset(
    ("its data says that it is an article or a post", "its head says that it is an article")
)
# By these a page says itself that it is a post.
_OF_ITSELF: Final = frozenset((
    "its data says that it is an article or a post", "its head says that it is an article", "its head says when it was published",
    "a date stands at its title", "it names an author",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page is, why (half sentences, the weightiest first), and the sum of the ``evidence`` weighed (above 0: a post).

    ``evidence`` gives for each name of ``WEIGHTS`` how much of it there is, 0 to 1.
    """

    kind: Kind
    reasons: tuple[str, ...]
    score: float
    evidence: Mapping[str, float] = field(default_factory=dict, repr=False)

    @property
    def is_post(self) -> bool:
        """Whether the page holds a post."""
        return self.kind in POSTS


@dataclass(frozen=True, slots=True)
class Seen:
    """What else is to be seen of a page: its ``url``, the ``status`` of the answer, whether it asks for a password, how many
    ``fields`` it has to fill in, how many comments were found, how many of its letters are links (0 to 1), and whether it is
    signed and dated as comments are."""

    url: str
    status: int = 200
    asks_password: bool = False
    fields: int = 0
    comments: int = 0
    linked: float = 0.0
    is_signed: bool = False


def kind_of(page: Elements, head: Head, body: Body | None, seen: Seen) -> PageKind:
    """What a page is. An answer that is an error or a login is told by itself; else evidence is added up."""
    if seen.status >= 400:
        return PageKind("error", (f"it was answered with {seen.status}",), BIAS)
    evidence = {name: float(value) for name, value in _evidence(page, head, body, seen) if value}
    says_little = seen.comments < 2 and (body is None or body.size < _LITTLE)
    if seen.asks_password and says_little and not _SAID & evidence.keys():
        return PageKind("login", ("it asks for a password and says little else",), BIAS)
    weighed = {name: WEIGHTS[name] * value for name, value in evidence.items()}
    score = round(sum(weighed.values()) + BIAS, 2)
    if score > 0 and not seen.comments and (reason := _nothing_told(head, body, evidence)):
        return PageKind("other", (reason,), BIAS, evidence)
    side = sorted(
        (name for name, weight in weighed.items() if (weight > 0) == (score > 0)),
        key=lambda name: -abs(weighed[name]),
    )
    reasons = tuple(side[:3]) or ("nothing says that it is a post",)
    return PageKind(
        _post(head, seen) if score > 0 else _other(evidence, head, seen), reasons, score, evidence
    )


def _nothing_told(head: Head, body: Body | None, evidence: Mapping[str, float]) -> str | None:
    """Why a page that shows no comments is none that could be told to be a post; None where it may be one."""
    if body is None:
        return "it shows no words"
    if _OF_ITSELF & evidence.keys():
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


def _other(evidence: Mapping[str, float], head: Head, seen: Seen) -> Kind:
    if _FRONT.fullmatch(urlsplit(seen.url).path):
        return "front page"
    if "Product" in head.types:
        return "product"
    if _LISTS & head.types or seen.linked > _LISTED:
        return "list"
    return "product" if "its data says that it is sold" in evidence else "other"


def _evidence(page: Elements, head: Head, body: Body | None, seen: Seen) -> Iterator[tuple[str, float]]:
    yield from _of_data(page, head)
    yield from _of_address(seen.url)
    yield from _of_shape(body.shape if body else Shape())
    yield from _of_words(page)
    yield (
        "its head says when it was published",
        head.first("article:published_time", "datepublished") is not None,
    )
    published = find_published(page, head, body)
    is_dated = published is not None and published.source in {"markup", "text"}
    yield "a date stands at its title", seen.is_signed or is_dated
    yield "it names an author", seen.is_signed or bool(find_authors(page, head, body))
    yield (
        "its names are those of a page of a shop or of a list",
        _PAGE_NAMES.search(names_of(page, 0)) is not None,
    )
    yield "it holds code", "pre" in page.tags or "code" in page.tags
    yield "it has forms", min(seen.fields / _MOST_FIELDS, 1)
    yield "it holds comments", min(seen.comments / 2, 1)


def _of_data(page: Elements, head: Head) -> Iterator[tuple[str, float]]:
    """What JSON-LD, microdata and OpenGraph say that the page is."""
    itemtypes = {
        (attributes["itemtype"] or "").rstrip("/").rpartition("/")[2]
        for attributes in page.attributes
        if "itemtype" in attributes
    }
    stated = (head.first("og:type") or "").lower()
    yield (
        "its data says that it is an article or a post",
        any(name.endswith(_ARTICLES) or name in _FORUMS for name in head.types | itemtypes),
    )
    yield "its head says that it is an article", stated in {"article", "blog"}
    has_price = head.first("product:price:amount", "og:price:amount") is not None
    is_rated = "AggregateRating" in head.every_type and "Recipe" not in head.every_type
    is_sold = bool(_SOLD & (head.every_type | itemtypes))
    yield "its data says that it is sold", is_sold or is_rated or has_price or "product" in stated
    yield (
        "its data says that it is a place or a service",
        any(name in _PLACES or name.endswith("Business") for name in head.types),
    )


def _of_address(url: str) -> Iterator[tuple[str, float]]:
    path = urlsplit(url).path
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    words = len([word for word in _NO_WORD.split(_ENDING.sub("", last)) if word])
    yield "its address lies deep", min(len(segments) / _DEEPEST, 1)
    yield "its address spells out a title", min(words / _MOST_WORDS, 1)
    yield "its address ends in a number", _NUMBER.search(last) is not None
    yield "its address is that of a post", _POST_PATH.search(path) is not None
    yield "its address is that of a shop or of a list", _SALE_PATH.search(path) is not None


def _of_shape(shape: Shape) -> Iterator[tuple[str, float]]:
    yield "its words are mostly one text", shape.text
    yield "its sentences stand side by side", min(shape.run / _LONGEST_RUN, 1)
    yield "it speaks in paragraphs", shape.paragraphs
    yield "most of it is one article", shape.article


def _of_words(page: Elements) -> Iterator[tuple[str, float]]:
    words = WORD.findall(" ".join(page.texts).lower())
    whole = max(len(words), 1)
    yield "it speaks of itself", min(sum(map(OWN.__contains__, words)) / whole / _FULL_OF_OWN, 1)
    yield "it is full of words of shops", min(sum(map(SHOP.__contains__, words)) / whole / _FULL_OF_SALES, 1)
    yield "it calls for a sale", any(map(is_call, page.texts))
