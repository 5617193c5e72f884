"""How much the elements of one key are like the records of a thread: each with one date, and with words of its own."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import log2
from operator import attrgetter
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import AROUND_COMMENTS, COMMENT, RECORD
from scraper.discussion.thread.runs import read_runs
from scraper.discussion.thread.spans import Span, span_of
from scraper.discussion.thread.weights import Weights

_HAS_CLOCK: Final = attrgetter("has_clock")
_OPENERS: Final = frozenset(("form", "h1"))
_WHOLE_PAGE: Final = frozenset(("body", "html", "main"))
# A text of so many words says as much as a longer one.
_ENOUGH_WORDS: Final = 63
_DATED_ONCE: Final = 0.3
# What a record counts that dates itself once and says enough.
_MOST_VALUE: Final = log2(1 + _ENOUGH_WORDS) / 6 + _DATED_ONCE
_NAMED_RECORD: Final = 1.25
_NAMED_AUTHOR: Final = 0.5
_UNNAMED_AUTHOR: Final = 0.6
_CLOCKED: Final = 0.2
_ALONE: Final = 0.5
_FOR_SIZE: Final = 0.002
_SAMPLE: Final = 20
_CELL_LEVELS: Final = 4
_TITLE_SHARE: Final = 0.3
# So many say something that no other does; short answers repeat.
_LEAST_SAYING: Final = 0.4
# What a record with its siblings must score more than alone.
_OPENED: Final = 1.3


@dataclass(frozen=True, slots=True)
class Group:
    """The records of a page that are made alike, in its order, with the dates of each."""

    key: str
    shape: str
    spans: tuple[Span, ...]
    marks: tuple[tuple[Mark, ...], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Elements that share a key, by the marks of one shape that each holds.

    ``of_key`` are all elements of that key. ``bound`` is the most that they can score, ``reach`` the range of elements
    that a rating looks at.
    """

    key: str
    shape: str
    elements: tuple[int, ...]
    marks: tuple[tuple[Mark, ...], ...]
    of_key: Sequence[int]
    bound: float
    reach: tuple[int, int]


class Rating:
    """Rates candidates by the words that no group before has taken up."""

    def __init__(self, page: Elements, weights: Weights) -> None:
        self._page = page
        self._weights = weights
        self._inner: dict[str, dict[int, list[int]]] = {}
        self._taken: list[Span] = []
        self._siblings: dict[int, list[int]] = {}

    def take(self, spans: Sequence[Span]) -> None:
        """Leave the words of these records out of those around them."""
        self._taken = sorted([*self._taken, *spans], key=lambda span: span.start)

    def candidate(
        self, key: str, shape: str, owned: Mapping[int, Sequence[Mark]], of_key: Sequence[int]
    ) -> Candidate:
        """The candidate of a key and a shape."""
        page = self._page
        elements = tuple(sorted(owned))
        marks = tuple(tuple(owned[each]) for each in elements)
        count = len(elements)
        values = [_MOST_VALUE if len(each) == 1 else _value(each, _ENOUGH_WORDS) for each in marks]
        most = sum(values) - 0.6 * _undated(len(of_key), count)
        factor = self._likeness_of_one(key, elements[0]) if count == 1 else 1.0
        factor *= (_UNNAMED_AUTHOR + _NAMED_AUTHOR) * _clocked(marks) * _named(key)
        parent = page.parents[elements[0]]
        last = page.ends[parent] if parent >= 0 else page.ends[elements[0]]
        last = max(last, *(page.ends[each] for each in elements))
        return Candidate(
            key, shape, elements, marks, of_key, most * factor + self._for_size(elements), (elements[0], last)
        )

    def rate(self, candidate: Candidate) -> Group | None:
        """The candidate as a group: each record an element, or each with the siblings up to the next."""
        page, elements = self._page, candidate.elements
        closed = self._rate(candidate, [span_of(page, each) for each in elements])
        if len(elements) > 1 and len({page.parents[each] for each in elements}) == 1:
            spans = read_runs(page, elements, self._children(page.parents[elements[0]]))
            opened = self._rate(candidate, spans) if spans else None
            if opened and (closed is None or opened.score > _OPENED * closed.score):
                return opened
        return closed

    def _children(self, element: int) -> list[int]:
        if element not in self._siblings:
            self._siblings[element] = self._page.children(element)
        return self._siblings[element]

    def _rate(self, candidate: Candidate, spans: list[Span]) -> Group | None:
        own = [self._own_words(candidate, span) for span in spans]
        elements, marks = candidate.elements, candidate.marks
        if sum(written > 0 for written, _ in own) < _LEAST_SAYING * len(elements):
            return None
        score = sum(_value(each, written) for each, (written, _) in zip(marks, own, strict=True))
        score -= 0.6 * _undated(len(candidate.of_key), len(elements))
        if score > 0:
            score *= self._likeness(candidate, spans, own)
        score += self._for_size(elements)
        return Group(candidate.key, candidate.shape, tuple(spans), marks, score) if score > 0 else None

    def _for_size(self, elements: Sequence[int]) -> float:
        """Of elements that score the same, the outer ones are the records."""
        return _FOR_SIZE * len(elements) * (1 - min(self._page.depths[elements[0]], 30) / 30)

    def _likeness(self, candidate: Candidate, spans: list[Span], own: list[tuple[int, int]]) -> float:
        """How much the elements are like the records of a thread, and unlike the rows of a list."""
        elements, key = candidate.elements, candidate.key
        count = len(elements)
        factor = _named(key) * _clocked(candidate.marks)
        if sum(2 * written < linked and written < 12 for written, linked in own) > 0.5 * count:
            factor *= 0.3
        if count == 1:
            factor *= self._likeness_of_one(key, elements[0])
            is_part = self._weights.is_later or own[0][0] < 0.7 * self._weights.all_written
            factor *= 1.0 if is_part else 0.2
        sample = spans[:_SAMPLE]
        named = sum(self._weights.names_author(span.start, span.end) for span in sample) / len(sample)
        titled = self._titled(elements)
        return factor * (_UNNAMED_AUTHOR + _NAMED_AUTHOR * named) * (0.15 if titled else 1.0)

    def _likeness_of_one(self, key: str, element: int) -> float:
        """One element alone is a comment only where its name says so, or where it can be answered."""
        page = self._page
        is_named = COMMENT(key) and not AROUND_COMMENTS(key)
        first, last = page.first_text[element], page.last_text[element]
        if not is_named and not self._weights.is_answerable(first, last):
            return 0.0
        if (not is_named or "#" not in key) and self._opens[page.ends[element]] > self._opens[element]:
            return 0.0
        return _ALONE

    @cached_property
    def _opens(self) -> list[int]:
        """How many forms and headings of the first level stand before each element."""
        return list(accumulate((tag in _OPENERS for tag in self._page.tags), initial=0))

    def _titled(self, elements: Sequence[int]) -> bool:
        """Whether most of the elements are led by a link to something else, each to another: rows of a list."""
        if not self._weights.titles:
            return False
        sample = elements[:_SAMPLE]
        titles = [title for each in sample if (title := self._title(self._cell(each, elements)))]
        return len(titles) > 0.6 * len(sample) and len(set(titles)) > 0.5 * len(titles)

    def _title(self, element: int) -> str | None:
        page, titles = self._page, self._weights.titles
        at = bisect_left(titles, (element,))
        length = self._weights.length(page.first_text[element], page.last_text[element])
        while at < len(titles) and titles[at][0] < page.ends[element]:
            _, words, is_heading = titles[at]
            if is_heading or len(words) > _TITLE_SHARE * length:
                return words.lower().removeprefix("re:").strip()
            at += 1
        return None

    def _cell(self, element: int, elements: Sequence[int]) -> int:
        """The outermost element around one that holds none of the others; one alone has no row around it."""
        page = self._page
        if len(elements) == 1:
            return element
        for _ in range(_CELL_LEVELS):
            around = page.parents[element]
            if around < 0 or page.tags[around] in _WHOLE_PAGE:
                break
            inside = bisect_left(elements, page.ends[around]) - bisect_left(elements, around)
            if inside > bisect_left(elements, page.ends[element]) - bisect_left(elements, element):
                break
            element = around
        return element

    def _own_words(self, candidate: Candidate, span: Span) -> tuple[int, int]:
        """The written and the linked words of a span without those of records in it."""
        weights = self._weights
        written, linked = weights.written(span.first, span.last), weights.linked(span.first, span.last)
        inner = [span_of(self._page, each) for each in self._nested(candidate, span.start)]
        at = bisect_left(self._taken, span.start + 1, key=lambda each: each.start)
        if inner or (at < len(self._taken) and self._taken[at].start < span.end):
            until = bisect_left(self._taken, span.end, key=lambda each: each.start)
            end = 0
            for each in sorted([*inner, *self._taken[at:until]], key=lambda each: (each.start, -each.end)):
                if each.start >= end:
                    written -= weights.written(each.first, each.last)
                    linked -= weights.linked(each.first, each.last)
                    end = each.end
        return max(written, 0), max(linked, 0)

    def _nested(self, candidate: Candidate, start: int) -> Sequence[int]:
        if candidate.key not in self._inner:
            self._inner[candidate.key] = _nested(self._page, candidate.of_key)
        return self._inner[candidate.key].get(start, ())


def _value(marks: Sequence[Mark], words: int) -> float:
    """What one record counts: one date is right, two are those of two records."""
    if len(marks) > 1:
        return min(1.5 - len(marks), -0.5)
    return log2(1 + min(words, _ENOUGH_WORDS)) / 6 + _DATED_ONCE


def _undated(of_key: int, count: int) -> int:
    """The elements of the key that hold no date, but for one: a form, a placeholder, an advertisement."""
    return max(0, of_key - count - (1 if of_key > 3 else 0))


def _named(key: str) -> float:
    return _NAMED_RECORD if RECORD(key) else 1.0


def _clocked(marks: Sequence[Sequence[Mark]]) -> float:
    clocked = [any(map(_HAS_CLOCK, each)) for each in marks]
    return 1.0 - _CLOCKED + _CLOCKED * (sum(clocked) / len(marks))


def _nested(page: Elements, elements: Sequence[int]) -> dict[int, list[int]]:
    """For each of the elements, which are in page order, those of them that lie directly in it."""
    inner: dict[int, list[int]] = {}
    around: list[int] = []
    for each in elements:
        while around and each >= page.ends[around[-1]]:
            around.pop()
        if around:
            inner.setdefault(around[-1], []).append(each)
        around.append(each)
    return inner
