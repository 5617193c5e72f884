"""What a page that is no post lists: the main links of its recurring rows, the boards it leads to, and where it goes on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from scraper.discussion.pages import without_page
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import PROFILE, TITLE
from scraper.discussion.thread.weights import count_words
from scraper.model.url import Base, is_near, parse_url

# Where a page leads to the rest of its site.
_BESIDE: Final = frozenset(("nav", "footer", "aside"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# A link of such a query does something, or shows the same otherwise.
_ACTION: Final = re.compile(
    r"(?:^|[_.-])(?:vote|up|down|like|unlike|report|delete|remove|log(?:in|out|on|off)|sign(?:in|up|out)|register|reply|quote|edit|new|create|"
    r"mark(?:read|_read)?|subscribe|watch|follow|share|print|rss|feed|sort(?:by)?|order(?:by)?|dir|token|csrf|nonce|sid|hash|action|do)(?:[_.-]|$)",
    re.IGNORECASE,
)
_ACTION_PATH: Final = re.compile(
    r"/(?:log-?in|log-?out|sign-?(?:in|up|out)|register|reply|report|search|feed|rss|wp-login\.php|wp-admin|account|cart|privacy|terms|help|faq|contact|about)(?:[/.?]|$)"
    r"|\.(?:rss|xml|json|atom|pdf|zip|jpe?g|png|gif|webp)$",
    re.IGNORECASE,
)
_BOARD: Final = re.compile(
    r"(?:^|/)(?:forums?|boards?|categor(?:y|ies)|c|f|tags?|node|sub|r|communit(?:y|ies)|groups?|b)/[^/]+(?:/[*0]+)*/?$|viewforum|forumdisplay|board=|board\.php|[?&](?:f|fid|forum|cat|category)=0(?:$|&(?!t))",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
_SLUG: Final = re.compile(r"[^/]*(?:[-_+].*[-_+]|[^\x00-\x7f]|%[0-9A-F]{2})[^/]*")
# The last part of an address in a folder that is one word: what lies beside it is of its kind.
_WORD: Final = re.compile(r"[a-z]+", re.IGNORECASE)
_ROW_LEVELS: Final = 5
_LEAST_ROWS: Final = 3
_ENOUGH_WORDS: Final = 8
_MOST_TOPICS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Topics:
    """What a list leads to, as absolute URLs in page order: the ``topics`` of its rows, and the ``boards`` that list more.

    ``is_list`` tells that most of the topics stand in rows that date themselves, under titles of their own.
    """

    topics: tuple[str, ...]
    boards: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class _Link:
    element: int
    url: str
    form: str
    words: int
    is_title: bool
    is_dated: bool


def find_topics(page: Elements, marks: Sequence[Mark], url: str, base: Base) -> Topics:
    """The topics that a page lists: of all forms of addresses the one whose links say most, row after row."""
    forms: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in _links(page, marks, url, base):
        forms[link.form].append(link)
    rated = sorted(((_rate(links), form) for form, links in forms.items()), reverse=True)
    topics = next((forms[form] for score, form in rated if score > 0 and not _BOARD.search(form)), [])
    boards = [form for score, form in rated if score > 0 and _BOARD.search(form)]
    urls = tuple(dict.fromkeys(link.url for link in topics))[:_MOST_TOPICS]
    rows = {link.url for link in topics if link.is_title and link.is_dated}
    return Topics(
        urls,
        tuple(dict.fromkeys(link.url for form in boards for link in forms[form]))[:_MOST_TOPICS],
        len(rows) >= _LEAST_ROWS and len(rows) > 0.5 * len(urls),
    )


def _rate(links: Sequence[_Link]) -> float:
    """How much links of one form look like the titles of rows; 0 where they are too few."""
    said: dict[str, _Link] = {}
    for link in links:
        if link.url not in said or link.words > said[link.url].words:
            said[link.url] = link
    if not said:
        return 0.0
    words = sum(min(link.words, _ENOUGH_WORDS) for link in said.values()) / len(said)
    titled = sum(link.is_title for link in said.values()) / len(said)
    dated = sum(link.is_dated for link in said.values()) / len(said)
    if len(said) < _LEAST_ROWS and titled + dated < 2:
        return 0.0
    return len(said) * words * (0.5 + titled + dated)


def _links(page: Elements, marks: Sequence[Mark], url: str, base: Base) -> Iterator[_Link]:
    dated = sorted({mark.element for mark in marks})
    own, _ = without_page(url)
    for element, tag in enumerate(page.tags):
        attributes = page.attributes[element]
        if tag != "a" or "nofollow" in (attributes.get("rel") or "").lower().split():
            continue
        href = attributes.get("href") or ""
        if not href or href[0] == "#" or PROFILE(href):
            continue
        around = page.ancestors(element)
        if any(page.tags[each] in _BESIDE for each in around):
            continue
        target = base.resolve(href)
        parsed = parse_url(target or "")
        if parsed is None or not is_near(parsed.href, url) or _is_action(parsed.path, parsed.query):
            continue
        plain, _ = without_page(parsed.href)
        if plain == own or (parsed.path in {"", "/"} and not parsed.query):
            continue
        is_title = any(page.tags[each] in _HEADINGS or TITLE(_names(page, each)) for each in around[:4])
        is_dated = _holds_mark(page, around[:_ROW_LEVELS], dated)
        yield _Link(
            element, plain, _form(*_place(plain)), count_words(page.text_of(element)), is_title, is_dated
        )


def _place(url: str) -> tuple[str, str]:
    parsed = parse_url(url)
    return (parsed.path, parsed.query) if parsed else (url, "")


def _names(page: Elements, element: int) -> str:
    return page.attributes[element].get("class") or ""


def _holds_mark(page: Elements, around: Sequence[int], dated: Sequence[int]) -> bool:
    """Whether a row around a link dates itself, and only a few times."""
    for element in around:
        inside = sum(element <= each < page.ends[element] for each in dated)
        if inside:
            return inside <= _LEAST_ROWS
    return False


def _is_action(path: str, query: str) -> bool:
    if _ACTION_PATH.search(path):
        return True
    return any(
        _ACTION.search(name) or (name.lower() in {"do", "action", "mode"})
        for name, _ in parse_qsl(query, keep_blank_values=True)
    )


def _form(path: str, query: str) -> str:
    """What addresses of one kind share: the names in them, without the numbers and slugs that tell one from the other."""
    segments = []
    for segment in path.split("/"):
        if _DIGITS.search(segment) and not segment.isdigit():
            segments.append("*0" if len(segment) > 4 else _DIGITS.sub("0", segment))
        else:
            segments.append("*" if _SLUG.fullmatch(segment) else _DIGITS.sub("0", segment))
    if len(segments) > 2 and _WORD.fullmatch(segments[-1]):
        segments[-1] = "~"
    names = "&".join(
        f"{name}={_DIGITS.sub('0', value) if value[:1].isdigit() else ''}" for name, value in parse_qsl(query)
    )
    return "/".join(segments) + (f"?{names}" if names else "")
