"""Where a page says when something was written, or by whom: the places that a thread's records are known by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.names import AUTHOR, PROFILE
from scraper.discussion.thread.spans import Span, span_of
from scraper.discussion.words import CLOCK, OF_OTHERS
from scraper.page.dates import edit_mark, may_hold_date, search_dates

# The attributes that state dates, the most exact first: those of numbers stand behind the first.
_STATING: Final = ("datetime", "title", "content")
_NUMBERED: Final = re.compile(
    r"(?:data-)?(?:[a-z]+-)*(?:u|unix-?)?(?:time|timestamp|time-?stamp|ts|date|utc|epoch|created|posted|published)(?:-[a-z]+)*|(?:date|time)-?time",
    re.IGNORECASE,
)
EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?")
# Texts that date what they stand with are short, and say little else.
_LONGEST: Final = 160
_MOST_OTHER_WORDS: Final = 10
# A whole date that begins so early in a text, behind a label, dates it whatever follows.
_EARLY: Final = 16
# What is left of a value may be a zone or a fraction of a second.
_MOST_ZONE: Final = 6
# So much may be said beside the date that an attribute states.
_MOST_BESIDE: Final = 24
_MOST_TEXTS: Final = 6
_LONGEST_LABEL: Final = 40
_LONGEST_NAME: Final = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """A date or a name on a page.

    ``element`` holds it; ``text`` is the text it stands in from ``start`` to ``end``, or -1 where an attribute states it.
    ``shape`` is the same for marks that stand in the same way. ``has_clock`` tells a date with a time of day.
    ``is_other`` tells a date of something else: when the author joined, when the text was edited.
    """

    kind: Literal["date", "author"]
    element: int
    text: int
    raw: str
    shape: str
    start: int = 0
    end: int = 0
    has_clock: bool = False
    is_other: bool = False

    def texts(self, page: Elements) -> range:
        """The texts that the mark takes up."""
        if self.text >= 0:
            return range(self.text, self.text + 1)
        return range(page.first_text[self.element], page.last_text[self.element])


def find_dates(page: Elements) -> tuple[Mark, ...]:
    """The dates of a page in its order, those in prose left out."""
    stated = tuple(_stated_dates(page))
    seen = {text for mark in stated for text in mark.texts(page)}
    written = (_written_date(page, text) for text in range(len(page.texts)) if text not in seen)
    return tuple(sorted((*stated, *filter(None, written)), key=lambda mark: (mark.element, mark.text)))


def find_authors(page: Elements, part: Span | None = None) -> tuple[Mark, ...]:
    """The names of authors by how they are marked, of a page or of a part of it."""
    part = part or span_of(page, 0)
    return tuple(_authors(page, range(part.start, part.end)))


def _stated_dates(page: Elements) -> Iterator[Mark]:
    numbered = sorted(key for key in set().union(*page.attributes) if _is_numbered(key))
    keys = (*_STATING[:1], *(key for key in numbered if key not in _STATING), *_STATING[1:])
    stating = frozenset(keys)
    for element, attributes in enumerate(page.attributes):
        if not attributes or stating.isdisjoint(attributes):
            continue
        if page.last_text[element] - page.first_text[element] > _MOST_TEXTS:
            continue
        for key in keys:
            value = (attributes.get(key) or "").strip()
            raw = _stated(page, element, key, value) if 0 < len(value) <= _LONGEST_LABEL else None
            if raw:
                is_other = _is_other(page, page.first_text[element], "")
                yield Mark(
                    "date",
                    element,
                    -1,
                    raw,
                    _shape(page, element, key),
                    0,
                    len(raw),
                    has_clock=True,
                    is_other=is_other,
                )
                break


@lru_cache(maxsize=1024)
def _is_numbered(attribute: str) -> bool:
    return _NUMBERED.fullmatch(attribute) is not None


def _stated(page: Elements, element: int, key: str, value: str) -> str | None:
    """The date that an attribute states; None where it states none."""
    if key not in _STATING and EPOCH.fullmatch(value):
        return value
    if (key == "content" and page.tags[element] != "meta") or not may_hold_date(value):
        return None
    if key == "datetime" and (page.tags[element] in {"time", "ins", "del"} or value[:4].isdigit()):
        return value
    spans = search_dates(value) if key != "datetime" else ()
    if not spans or len(value) - (spans[0].end - spans[0].start) > _MOST_BESIDE:
        return None
    return value if len(value) - len(spans[0].raw) <= _MOST_ZONE else spans[0].raw


def _written_date(page: Elements, text: int) -> Mark | None:
    """The first date in a text that says little else."""
    words = page.texts[text]
    if len(words) > _LONGEST or not may_hold_date(words):
        return None
    spans = search_dates(words)
    if not spans:
        return None
    span = spans[0]
    rest = words[: span.start] + " " + words[span.end :]
    has_clock = CLOCK.search(span.raw) is not None
    is_label = has_clock and span.start <= _EARLY and words[: span.start].rstrip()[-1:] in {"", ":"}
    if len(rest.split()) > _MOST_OTHER_WORDS and not is_label:
        return None
    element = page.text_parent[text]
    return Mark(
        "date",
        element,
        text,
        span.raw,
        _shape(page, element, ""),
        span.start,
        span.end,
        has_clock,
        _is_other(page, text, words[: span.start]) or edit_mark(words),
    )


def _is_other(page: Elements, text: int, own: str) -> bool:
    """Whether the words before a date say that it is no date of writing."""
    before = page.texts[text - 1] if text else ""
    labels = (own, before if len(before) <= _LONGEST_LABEL and not own.strip() else "")
    return any(label and (OF_OTHERS.search(label) is not None or edit_mark(label)) for label in labels)


def is_edit(page: Elements, mark: Mark) -> bool:
    """Whether the words around a date, or those before it, say that it is that of an edit."""
    first = page.first_text[mark.element] if mark.text < 0 else mark.text
    own = page.texts[mark.text] if mark.text >= 0 else ""
    before = page.texts[first - 1] if first else ""
    return edit_mark(own) or (len(before) <= _LONGEST_LABEL and edit_mark(before))


def _authors(page: Elements, elements: range) -> Iterator[Mark]:
    for element in elements:
        attributes = page.attributes[element]
        first, last = page.first_text[element], page.last_text[element]
        if not attributes or first == last or last - first > 2:
            continue
        named = " ".join(
            filter(None, (attributes.get("class"), attributes.get("itemprop"), attributes.get("rel")))
        )
        is_marked = AUTHOR(named) or (page.tags[element] == "a" and PROFILE(attributes.get("href") or ""))
        name = page.text_of(element)
        if is_marked and len(name) <= _LONGEST_NAME:
            yield Mark("author", element, -1, name, _shape(page, element, "author"), 0, len(name))


def _shape(page: Elements, element: int, key: str) -> str:
    parent = page.parents[element]
    around = page.parents[parent] if parent >= 0 else -1
    labels = (page.labels[each] for each in (around, parent, element) if each >= 0)
    return f"{key}|{'>'.join(labels)}"
