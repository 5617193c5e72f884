"""A record's part of a page, and how such parts lie in each other."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from scraper.discussion.thread.elements import Elements


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


def span_of(page: Elements, element: int) -> Span:
    """The span of one element."""
    return Span(element, page.ends[element], page.first_text[element], page.last_text[element])


class Holders:
    """Which of some spans an element lies in, however many they are and however they lie."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._bounds = sorted({bound for span in spans for bound in (span.start, span.end)})
        self._innermost: list[int | None] = []
        order = sorted(range(len(spans)), key=lambda at: -spans[at].start)
        # The spans that hold what stands behind a bound, the last to begin first, among some that have ended.
        around: list[tuple[int, int]] = []
        for bound in self._bounds:
            while order and spans[order[-1]].start <= bound:
                at = order.pop()
                heappush(around, (-spans[at].start, at))
            while around and spans[around[0][1]].end <= bound:
                heappop(around)
            self._innermost.append(around[0][1] if around else None)

    def innermost(self, element: int) -> int | None:
        """The index of the last to begin of those that hold an element, the first of several; None where none does."""
        at = bisect_right(self._bounds, element) - 1
        return self._innermost[at] if at >= 0 else None


def within(spans: Sequence[Span]) -> dict[int, list[Span]]:
    """For each of the spans, which are in page order, by its start: those of them that lie directly in it."""
    inner: dict[int, list[Span]] = {}
    around: list[Span] = []
    for span in spans:
        while around and not around[-1].holds(span.start):
            around.pop()
        if around:
            inner.setdefault(around[-1].start, []).append(span)
        around.append(span)
    return inner


def own_texts(span: Span, inner: Mapping[int, Sequence[Span]]) -> list[int]:
    """The texts of a span without those of the records in it."""
    texts: list[int] = []
    at = span.first
    for each in inner.get(span.start, ()):
        texts += range(at, each.first)
        at = max(at, each.last)
    return [*texts, *range(at, span.last)]


def own_elements(span: Span, inner: Mapping[int, Sequence[Span]]) -> Iterator[int]:
    """The elements of a span without those of the records in it."""
    at = span.start
    for each in inner.get(span.start, ()):
        yield from range(at, each.start)
        at = max(at, each.end)
    yield from range(at, span.end)
