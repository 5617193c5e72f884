"""Groups of elements that are made alike, each of which dates itself once and says something of its own.

A group is told by a key that its elements share (a class, a form of ids, a place) and by a shape of dates of which each has
one. Of all pairs of key and shape the best is taken; what is left of the page may hold a second layer: comments under
answers, replies that are marked otherwise.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import QUOTING, RECORD
from scraper.discussion.thread.rating import Candidate, Group, Rating
from scraper.discussion.thread.spans import Span
from scraper.discussion.thread.weights import Weights

_WHOLE_PAGE: Final = frozenset(("body", "html", "main"))
_MOST_GROUPS: Final = 6
_LEAST_SCORE: Final = 0.4
# What a record of a thread scores at least, on the average of its group.
_LEAST_SHARE: Final = 0.28
_MOST_UNDATED: Final = 4
# A record is no further around its date.
_MOST_LEVELS: Final = 40
_CELL_LEVELS: Final = 4
_LEAST_TO_LEAD: Final = 3
# Rows and items without a name: those of other tables and lists are of another kind.
_ROWS: Final = frozenset(("tr<tbody", "tr<table", "li<ul", "li<ol", "dd<dl"))
# A candidate's best possible or true score, negative; whether it is true; its place among the candidates.
_Entry = tuple[float, bool, int]


def find_groups(page: Elements, marks: Sequence[Mark], weights: Weights) -> tuple[Group, ...]:
    """The groups of records on a page, the best first."""
    return tuple(_Search(page, marks, weights).groups())


class _Search:
    """Looks for groups among the marks that no group before has taken up, the most promising candidates first."""

    def __init__(self, page: Elements, marks: Sequence[Mark], weights: Weights) -> None:
        self._page = page
        self._marks = [mark for mark in marks if not mark.is_other]
        self._of_key = _OfKey(page)
        self._rating = Rating(page, weights)
        self._candidates = list(self._candidates_of_all_shapes())
        self._rated: dict[int, Group | None] = {}

    def groups(self) -> Iterable[Group]:
        groups: list[Group] = []
        left = set(range(len(self._candidates)))
        while len(groups) < _MOST_GROUPS:
            best = self._best(left, groups)
            if best is None:
                break
            groups.append(best)
            left = {at for at in left if self._candidates[at].shape != best.shape}
            self._rating.take(best.spans)
            self._forget(best.spans)
        return groups

    def _best(self, left: set[int], groups: Sequence[Group]) -> Group | None:
        """The best of the candidates ``left``; those that are found to be none leave them."""
        queue = [self._entry(at) for at in left]
        heapify(queue)
        while queue:
            value, is_rated, at = heappop(queue)
            if -value < _LEAST_SCORE:
                break
            if not is_rated:
                self._rated[at] = self._rating.rate(self._candidates[at])
                heappush(queue, self._entry(at))
                continue
            group = self._rated[at]
            if group is None:
                continue
            if group.score / len(group.spans) >= _LEAST_SHARE and all(
                _is_apart(group, other)
                and not _dates_alike(group, other)
                and not self._leads(group, other)
                and not self._is_quoted(group, other)
                for other in groups
            ):
                return group
            left.discard(at)
        return None

    def _leads(self, group: Group, other: Group) -> bool:
        """Whether most records of a group stand right before one of a group before it, with nothing else around both.

        An answer stands behind what it answers: what stands before is what is quoted.
        """
        if len(other.spans) < _LEAST_TO_LEAD:
            return False
        starts = [span.start for span in other.spans]
        leading = 0
        for span in group.spans:
            at = bisect_left(starts, span.start)
            if at < len(starts) and span.end <= starts[at]:
                before = other.spans[at - 1].start if at else -1
                behind = starts[at + 1] if at + 1 < len(starts) else len(self._page.tags)
                leading += any(
                    before < each <= span.start and self._page.ends[each] <= behind
                    for each in self._page.ancestors(starts[at], _CELL_LEVELS)[1:]
                )
        return 2 * leading > len(group.spans)

    def _is_quoted(self, group: Group, other: Group) -> bool:
        """Whether most records of a group are quotations in records of a group before it."""
        page = self._page
        starts = [span.start for span in other.spans]
        quoted = 0
        for span in group.spans:
            at = bisect_left(starts, span.start) - 1
            if at >= 0 and other.spans[at].holds(span.start):
                around = page.ancestors(span.start, span.start - starts[at])
                quoted += any(
                    page.tags[each] == "blockquote" or QUOTING(page.attributes[each].get("class") or "")
                    for each in around
                    if each > starts[at]
                )
        return 2 * quoted > len(group.spans)

    def _entry(self, at: int) -> _Entry:
        if at not in self._rated:
            return -self._candidates[at].bound, False, at
        group = self._rated[at]
        return -(group.score if group else 0.0), True, at

    def _forget(self, taken: Sequence[Span]) -> None:
        """Drop the ratings of candidates around records that have been taken."""
        starts = [span.start for span in taken]
        for at in list(self._rated):
            first, last = self._candidates[at].reach
            if bisect_left(starts, last) > bisect_left(starts, first):
                del self._rated[at]

    def _candidates_of_all_shapes(self) -> Iterable[Candidate]:
        shapes: defaultdict[str, list[Mark]] = defaultdict(list)
        for mark in self._marks:
            shapes[mark.shape].append(mark)
        for shape, marks in shapes.items():
            owned: defaultdict[str, defaultdict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
            for mark in marks:
                for key, owner in self._owners(mark.element):
                    owned[key][owner].append(mark)
            yield from self._candidates_of(shape, owned)

    def _candidates_of(
        self, shape: str, owned: dict[str, defaultdict[int, list[Mark]]]
    ) -> Iterable[Candidate]:
        """The candidates that may reach what a group must, one for all keys that name the same elements."""
        names: dict[tuple[tuple[int, ...], ...], str] = {}
        alike: dict[str, Sequence[int]] = {}
        for key, owners in owned.items():
            of_key = self._of_key.elements(self._page.tags[next(iter(owners))], key)
            if key in _ROWS:
                lists = {self._page.parents[each] for each in owners}
                of_key = [each for each in of_key if self._page.parents[each] in lists]
            alike[key] = of_key
            if len(of_key) > _MOST_UNDATED * len(owners) + 2:
                continue
            same = (tuple(owners), tuple(of_key)) if len(owners) > 1 else (tuple(owners), (len(names),))
            if same not in names or (RECORD(key) and not RECORD(names[same])):
                names[same] = key
        for key in names.values():
            candidate = self._rating.candidate(key, shape, owned[key], alike[key])
            if candidate.bound >= max(_LEAST_SCORE, _LEAST_SHARE * len(candidate.elements)):
                yield candidate

    def _owners(self, element: int) -> Iterable[tuple[str, int]]:
        """For each key of the elements around one the innermost of them."""
        page = self._page
        owners: dict[str, int] = {}
        for _ in range(_MOST_LEVELS):
            if element < 0:
                break
            if page.tags[element] not in _WHOLE_PAGE:
                for key in page.keys(element):
                    owners.setdefault(key, element)
            element = page.parents[element]
        return owners.items()


class _OfKey:
    """The elements of a page by the keys that they share; those of one tag with all keys in common are told together."""

    def __init__(self, page: Elements) -> None:
        self._page = page
        self._of_tag: dict[str, dict[str, list[list[int]]]] = {}
        self._elements: dict[str, Sequence[int]] = {}

    def elements(self, tag: str, key: str) -> Sequence[int]:
        """The elements of a key, which are of this tag, in page order."""
        if key not in self._elements:
            if tag not in self._of_tag:
                self._of_tag[tag] = self._kinds(tag)
            kinds = self._of_tag[tag][key]
            self._elements[key] = kinds[0] if len(kinds) == 1 else sorted(chain.from_iterable(kinds))
        return self._elements[key]

    def _kinds(self, tag: str) -> dict[str, list[list[int]]]:
        """For each key of a tag the elements of each kind that has it."""
        kinds: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for element, each in enumerate(self._page.tags):
            if each == tag:
                kinds[self._page.keys(element)].append(element)
        of_key: defaultdict[str, list[list[int]]] = defaultdict(list)
        for keys, elements in kinds.items():
            for key in keys:
                of_key[key].append(elements)
        return of_key


def _is_apart(group: Group, other: Group) -> bool:
    """Whether a group holds no other look at the records of one before it: at one and the same place in each."""
    inside: defaultdict[int, int] = defaultdict(int)
    around: list[int] = []
    following = 0
    for span in group.spans:
        while following < len(other.spans) and other.spans[following].start <= span.start:
            while around and not other.spans[around[-1]].holds(other.spans[following].start):
                around.pop()
            around.append(following)
            following += 1
        while around and not other.spans[around[-1]].holds(span.start):
            around.pop()
        if around:
            inside[around[-1]] += 1
            if other.spans[around[-1]].start == span.start:
                return False
    return not inside or max(inside.values()) > 1 or len(inside) <= 0.5 * len(other.spans)


def _dates_alike(group: Group, other: Group) -> bool:
    """Whether most records of a group lie around one of a group before it with the same date: the same records, from without."""
    starts = [span.start for span in other.spans]
    alike = 0
    for span, marks in zip(group.spans, group.marks, strict=True):
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        alike += last - first == 1 and other.marks[first][0].raw == marks[0].raw
    return 2 * alike > len(group.spans)
