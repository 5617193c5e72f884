"""Groups of elements that are made alike, each of which dates itself once and says something of its own.

A group is told by a key that its elements share (a class, a form of ids, a place) and by a shape of dates of which each has
one. Of all pairs of key and shape the best is taken; what is left of the page may hold a second layer: comments under
answers, replies that are marked otherwise.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import AROUND_COMMENTS, COMMENT, RECORD
from scraper.discussion.thread.weights import Weights

_WHOLE_PAGE: Final = frozenset(("body", "html", "main"))
_MOST_GROUPS: Final = 6
_LEAST_SCORE: Final = 0.4
# What a record of a thread scores at least, on the average of its group.
_LEAST_SHARE: Final = 0.28
# A text of so many words says as much as a longer one.
_ENOUGH_WORDS: Final = 63
_SAMPLE: Final = 20
_CELL_LEVELS: Final = 4
_TITLE_SHARE: Final = 0.3
# So many say something that no other does; short answers repeat.
_LEAST_SAYING: Final = 0.4
_MOST_UNDATED: Final = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A record's part of the page: the elements ``start`` to ``end``, and the texts ``first`` to ``last``, each exclusive."""

    start: int
    end: int
    first: int
    last: int

    def holds(self, element: int) -> bool:
        """Whether an element lies in it."""
        return self.start <= element < self.end


@dataclass(frozen=True, slots=True)
class Group:
    """The records of a page that are made alike, in its order, with the dates of each."""

    key: str
    shape: str
    spans: tuple[Span, ...]
    marks: tuple[tuple[Mark, ...], ...]
    score: float


def find_groups(page: Elements, marks: Sequence[Mark], weights: Weights) -> tuple[Group, ...]:
    """The groups of records on a page, the best first."""
    return tuple(_Search(page, marks, weights).groups())


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Elements that share a key, by the marks of one shape that each holds."""

    key: str
    shape: str
    owned: Mapping[int, Sequence[Mark]]


class _Search:
    """Looks for groups among the marks that no group before has taken up."""

    def __init__(self, page: Elements, marks: Sequence[Mark], weights: Weights) -> None:
        self._page = page
        self._weights = weights
        self._marks = [mark for mark in marks if not mark.is_other]
        self._keys = [page.keys(element) for element in range(len(page.tags))]
        self._of_key: defaultdict[str, list[int]] = defaultdict(list)
        for element, keys in enumerate(self._keys):
            if page.tags[element] not in _WHOLE_PAGE:
                for key in keys:
                    self._of_key[key].append(element)
        self._inner: dict[str, dict[int, list[int]]] = {}
        self._spans: list[Span] = []

    def groups(self) -> Iterable[Group]:
        taken_shapes: set[str] = set()
        groups: list[Group] = []
        refused: set[tuple[str, str]] = set()
        candidates = list(self._candidates())
        while len(groups) < _MOST_GROUPS:
            rated = [
                group
                for each in candidates
                if each.shape not in taken_shapes
                and (each.key, each.shape) not in refused
                and (group := self._rated(each))
            ]
            best = self._best(rated, groups, refused)
            if best is None:
                return groups
            groups.append(best)
            taken_shapes.add(best.shape)
            self._spans = sorted([*self._spans, *best.spans], key=lambda span: span.start)
        return groups

    def _best(self, rated: list[Group], groups: list[Group], refused: set[tuple[str, str]]) -> Group | None:
        for group in sorted(rated, key=lambda each: -each.score):
            if group.score < _LEAST_SCORE:
                return None
            if group.score / len(group.spans) >= _LEAST_SHARE and all(
                _is_apart(group, other) for other in groups
            ):
                return group
            refused.add((group.key, group.shape))
        return None

    def _candidates(self) -> Iterable[_Candidate]:
        shapes: defaultdict[str, list[Mark]] = defaultdict(list)
        for mark in self._marks:
            shapes[mark.shape].append(mark)
        for shape, marks in shapes.items():
            owned: defaultdict[str, defaultdict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
            for mark in marks:
                for key, owner in self._owners(mark.element):
                    owned[key][owner].append(mark)
            for key, owners in owned.items():
                if len(self._of_key[key]) <= _MOST_UNDATED * len(owners) + 2:
                    yield _Candidate(key, shape, owners)

    def _owners(self, element: int) -> Iterable[tuple[str, int]]:
        """For each key of the elements around one the innermost of them."""
        seen: set[str] = set()
        for each in self._page.ancestors(element):
            if self._page.tags[each] in _WHOLE_PAGE:
                continue
            for key in self._keys[each]:
                if key not in seen:
                    seen.add(key)
                    yield key, each

    def _rated(self, candidate: _Candidate) -> Group | None:
        elements = sorted(candidate.owned)
        closed = self._rate(candidate, elements, [self._span(each) for each in elements])
        if len(elements) > 1 and len({self._page.parents[each] for each in elements}) == 1:
            opened = self._rate(candidate, elements, self._runs(elements))
            if opened and (closed is None or opened.score > 1.3 * closed.score):
                return opened
        return closed

    def _rate(self, candidate: _Candidate, elements: list[int], spans: list[Span]) -> Group | None:
        owned = candidate.owned
        own = [self._own_words(candidate.key, span) for span in spans]
        written = [words for words, _ in own]
        if sum(words > 0 for words in written) < _LEAST_SAYING * len(elements):
            return None
        score = sum(
            log2(1 + min(words, _ENOUGH_WORDS)) / 6 + 0.3
            if len(owned[each]) == 1
            else min(1.5 - len(owned[each]), -0.5)
            for each, words in zip(elements, written, strict=True)
        )
        score -= 0.6 * max(0, self._undated(candidate, elements))
        score *= self._likeness(candidate, elements, spans, own)
        score += 0.002 * len(elements) * (1 - min(self._page.depths[elements[0]], 30) / 30)
        marks = tuple(tuple(owned[each]) for each in elements)
        return Group(candidate.key, candidate.shape, tuple(spans), marks, score) if score > 0 else None

    def _undated(self, candidate: _Candidate, elements: list[int]) -> int:
        """The elements of the key that hold no date, but for one: a form, a placeholder, an advertisement."""
        count = len(self._of_key[candidate.key])
        return count - len(elements) - (1 if count > 3 else 0)

    def _likeness(
        self, candidate: _Candidate, elements: list[int], spans: list[Span], own: list[tuple[int, int]]
    ) -> float:
        """How much the elements are like the records of a thread, and unlike the rows of a list."""
        count, key = len(elements), candidate.key
        factor = 1.25 if RECORD.search(key) else 1.0
        if sum(2 * written < linked and written < 12 for written, linked in own) > 0.5 * count:
            factor *= 0.3
        if count == 1:
            factor *= self._likeness_of_one(key, elements[0], own[0][0])
        sample = range(min(count, _SAMPLE))
        named = sum(self._weights.names_author(spans[at].start, spans[at].end) for at in sample) / len(sample)
        titled = self._titled([elements[at] for at in sample], elements)
        clocked = sum(any(mark.has_clock for mark in candidate.owned[each]) for each in elements) / count
        return factor * (0.6 + 0.5 * named) * (0.15 if titled else 1.0) * (0.8 + 0.2 * clocked)

    def _likeness_of_one(self, key: str, element: int, written: int) -> float:
        """One element alone is a comment only where its name says so."""
        if COMMENT.search(key) is None or AROUND_COMMENTS.search(key) is not None:
            return 0.0
        inside = range(element, self._page.ends[element])
        if "#" not in key and any(self._page.tags[each] in {"form", "h1"} for each in inside):
            return 0.0
        return 0.5 if written < 0.7 * self._weights.all_written else 0.1

    def _titled(self, sample: list[int], elements: list[int]) -> bool:
        """Whether most of the elements are led by a link to something else, each to another: rows of a list."""
        titles = [title for each in sample if (title := self._title(self._cell(each, elements)))]
        return len(titles) > 0.6 * len(sample) and len(set(titles)) > 0.5 * len(titles)

    def _title(self, element: int) -> str | None:
        page, titles = self._page, self._weights.titles
        at = bisect_left(titles, (element,))
        while at < len(titles) and titles[at][0] < page.ends[element]:
            _, words, is_heading = titles[at]
            if is_heading or len(words) > _TITLE_SHARE * len(page.text_of(element)):
                return words.lower().removeprefix("re:").strip()
            at += 1
        return None

    def _cell(self, element: int, elements: list[int]) -> int:
        """The outermost element around one that holds none of the others."""
        page = self._page
        for _ in range(_CELL_LEVELS):
            around = page.parents[element]
            if around < 0 or page.tags[around] in _WHOLE_PAGE:
                break
            inside = bisect_left(elements, page.ends[around]) - bisect_left(elements, around)
            if inside > bisect_left(elements, page.ends[element]) - bisect_left(elements, element):
                break
            element = around
        return element

    def _span(self, element: int) -> Span:
        page = self._page
        return Span(element, page.ends[element], page.first_text[element], page.last_text[element])

    def _runs(self, elements: list[int]) -> list[Span]:
        """Each of the elements with its siblings up to the next; the last with as many as those before have."""
        page = self._page
        parent = page.parents[elements[0]]
        following = [*elements[1:], page.ends[parent]]
        lengths = [self._siblings(start, end) for start, end in zip(elements, following, strict=True)]
        usual = sorted(lengths[:-1])[len(lengths[:-1]) // 2]
        spans = []
        for start, end in zip(elements, following, strict=True):
            last = start
            for _ in range(usual - 1):
                after = page.ends[last]
                if after >= end or page.parents[after] != parent:
                    break
                last = after
            spans.append(Span(start, page.ends[last], page.first_text[start], page.last_text[last]))
        return spans

    def _siblings(self, start: int, end: int) -> int:
        count = 0
        while start < end:
            start = self._page.ends[start]
            count += 1
        return count

    def _own_words(self, key: str, span: Span) -> tuple[int, int]:
        """The written and the linked words of a span without those of records in it."""
        page = self._page
        inner = [
            Span(each, page.ends[each], page.first_text[each], page.last_text[each])
            for each in self._nested(key, span)
        ]
        at = bisect_left(self._spans, span.start, key=lambda each: each.start)
        while at < len(self._spans) and self._spans[at].start < span.end:
            taken = self._spans[at]
            if taken.start != span.start and not any(each.holds(taken.start) for each in inner):
                inner.append(taken)
            at += 1
        inner = [
            each for each in inner if not any(each != other and other.holds(each.start) for other in inner)
        ]
        written = self._weights.written(span.first, span.last) - sum(
            self._weights.written(each.first, each.last) for each in inner
        )
        linked = self._weights.linked(span.first, span.last) - sum(
            self._weights.linked(each.first, each.last) for each in inner
        )
        return max(written, 0), max(linked, 0)

    def _nested(self, key: str, span: Span) -> list[int]:
        if key not in self._inner:
            self._inner[key] = nested(self._page, self._of_key[key])
        return self._inner[key].get(span.start, [])


def nested(page: Elements, elements: Sequence[int]) -> dict[int, list[int]]:
    """For each of the elements, which are in page order, those of them that lie directly in it."""
    inner: dict[int, list[int]] = {each: [] for each in elements}
    around: list[int] = []
    for each in elements:
        while around and each >= page.ends[around[-1]]:
            around.pop()
        if around:
            inner[around[-1]].append(each)
        around.append(each)
    return inner


def _is_apart(group: Group, other: Group) -> bool:
    """Whether a group holds no other look at the records of one before it: at one and the same place in each."""
    starts = [span.start for span in other.spans]
    inside: defaultdict[int, int] = defaultdict(int)
    for span in group.spans:
        at = bisect_left(starts, span.start + 1) - 1
        while at >= 0 and not other.spans[at].holds(span.start):
            at -= 1
        if at >= 0:
            inside[at] += 1
            if starts[at] == span.start:
                return False
    return not inside or max(inside.values()) > 1 or len(inside) <= 0.5 * len(other.spans)
