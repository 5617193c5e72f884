"""When a post was published: by its data, its head, the ``time`` near its title, what stands there, or its address."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from scraper.discussion.body.find import Body
from scraper.discussion.body.furniture import names_of
from scraper.discussion.body.head import Head
from scraper.discussion.korean import KOREAN
from scraper.discussion.thread.elements import Elements
from scraper.model.record import TO_THE_DAY
from scraper.page.dates import Zone, read_date, search_dates

Source = Literal["linked data", "head", "markup", "text", "url"]

_META: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publish_date", "publishdate",
    "publish-date", "published_date", "published-date", "pubdate", "publication_date", "article:published", "article.published",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "cxenseparse:recs:publishtime", "originalpublicationdate",
    "displaydate", "timestamp", "date", "article_date_original", "rnews:datepublished", "vr:published_time", "datecreated",
    "last-modified", "article:modified_time", "og:updated_time", "datemodified", "lastmod",
)  # fmt: skip
_TELLS: Final = re.compile(
    r"(?i)(?<![a-z])(?:date|datum|dates|published|pubdate|publish|posted|timestamp|time|fecha|data)(?![a-z])|(?:entry|post|article|publish)-?(?:date|time)"
)
_CHANGED: Final = re.compile(
    rf"(?i)updat|modif|edit|aktualis|geändert|actualiz|mis à jour|{KOREAN.edited}|{KOREAN.date_label}|更新|zuletzt|last\b"
)
_ZONE: Final = Zone("UTC", "assumed")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_IN_ADDRESS: Final = re.compile(
    r"(?<!\d)((?:19[89]|20[0-4])\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_LONGEST: Final = 120
_LONGEST_LABEL: Final = 25
_MOST: Final = 6
_BEFORE: Final = 40
# Of a page without a main text so many texts are looked at.
_UNTITLED: Final = 400
_AFTER: Final = 40


@dataclass(frozen=True, slots=True)
class Published:
    """A date as it is stated, and where."""

    raw: str
    source: Source


def find_published(page: Elements, head: Head, body: Body | None, url: str = "") -> Published | None:
    """When the post was published; where only a change of it is dated, that. None where nothing dates it."""
    ways: tuple[tuple[Source, Callable[[], Iterable[str]]], ...] = (
        ("linked data", lambda: _of_works(head)),
        ("head", lambda: _of_meta(head)),
        ("markup", lambda: _of_markup(page, body)),
        ("text", lambda: _of_texts(page, *_near(page, body))),
        ("text", lambda: _of_texts(page, *_after(page, body))),
        ("url", lambda: _of_address(url)),
    )
    vague: Published | None = None
    for source, read in ways:
        for raw in read():
            moment = read_date(raw, _ZONE, None)
            if moment is not None and moment.precision in TO_THE_DAY and moment.at is not None:
                return Published(raw.strip(), source)
            if vague is None and _YEAR.search(raw):
                vague = Published(raw.strip(), source)
    return vague


def _of_works(head: Head) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for work in head.works:
            if isinstance(value := work.get(key), str):
                yield value


def _of_meta(head: Head) -> Iterator[str]:
    for name in _META:
        yield from head.meta.get(name, ())


def _near(page: Elements, body: Body | None) -> tuple[int, int, int]:
    """Texts around the title and the beginning of the text, and the first after the title."""
    if body is None:
        return 0, min(len(page.texts), _UNTITLED), 0
    start = page.first_text[body.element]
    title = body.title
    if title >= 0:
        start = page.first_text[title]
    return (
        max(0, start - _BEFORE),
        min(len(page.texts), max(start, page.first_text[body.element]) + _AFTER),
        start,
    )


def _of_markup(page: Elements, body: Body | None) -> list[str]:
    """Machine dates of elements around the title, those that say of what first, then the nearest to it."""
    first, last, start = _near(page, body)
    dated: list[tuple[int, int, str]] = []
    for element, attributes in enumerate(page.attributes):
        if not attributes:
            continue
        raw = attributes.get("datetime") or (
            attributes.get("content") if attributes.get("itemprop") else None
        )
        if not raw or not _YEAR.search(raw):
            continue
        what = f"{attributes.get('itemprop') or ''} {names_of(page, element)}"
        if page.tags[element] != "time" and "date" not in what.lower():
            continue
        if attributes.get("itemprop") == "datePublished":
            rank = 0
        elif _CHANGED.search(what):
            rank = 3
        else:
            rank = 1 if first <= page.first_text[element] <= last else 2
        dated.append((rank, abs(page.first_text[element] - start), raw))
    return [raw for _, _, raw in sorted(dated)]


def _after(page: Elements, body: Body | None) -> tuple[int, int, int]:
    """The texts right after the text."""
    end = page.last_text[body.element] if body else len(page.texts)
    return end, min(len(page.texts), end + _AFTER), end


def _of_texts(page: Elements, first: int, last: int, start: int) -> list[str]:
    """Dates in short texts, those that stand as dates first, then those nearest to ``start``."""
    dated: list[tuple[int, int, str]] = []
    for text in range(first, last):
        words = page.texts[text]
        if len(words) > _LONGEST or not _YEAR.search(words):
            continue
        for span in search_dates(words):
            if not _YEAR.search(span.raw):
                continue
            tells = _TELLS.search(names_of(page, page.text_parent[text])) or len(words) - len(span.raw) < 40
            before = words[: span.start] or _label_before(page, text)
            rank = (0 if tells else 1) + (2 if _CHANGED.search(before[-40:]) else 0)
            dated.append((rank, abs(text - start), span.raw))
    return [raw for _, _, raw in sorted(dated)[:_MOST]]


def _label_before(page: Elements, text: int) -> str:
    """The text before another where it is a label: short, and no date itself."""
    label = page.texts[text - 1] if text else ""
    return label if len(label) <= _LONGEST_LABEL and not search_dates(label) else ""


def _of_address(url: str) -> Iterator[str]:
    if match := _IN_ADDRESS.search(url):
        yield "-".join(match.groups())
