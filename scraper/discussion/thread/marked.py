"""Records that a page's software marks, by ids of its own: which groups hold them, and what they are where no group does."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Holders, Span, span_of, within

# The shape of the dates of records that are not made alike.
_SHAPE: Final = "marked"
_NEAR: Final = 12
# More than so many of the marked elements must be made alike for the rest to be none.
_MOST: Final = 0.5


def marked_groups(
    page: Elements, groups: Sequence[Group], marked: Sequence[int], dates: Sequence[Mark]
) -> tuple[Group, ...]:
    """The groups that hold marked elements, which are in page order, and those between them that no group holds.

    Where the groups hold few of them, the marked ones as one group.
    """
    holding = [(group, held) for group in groups if (held := _held(page, group.spans, marked))]
    had = {each for _, held in holding for each in held}
    if len(had) <= _MOST * len(marked):
        return (_marked_group(page, marked, dates),)
    kept = tuple(group for group, _ in holding)
    beside = {page.parents[span.start] for group in kept for span in group.spans}
    around = Holders([span for group in kept for span in group.spans])
    missing = [
        each
        for each in marked
        if each not in had and (page.parents[each] in beside or around.innermost(each) is not None)
    ]
    return (*kept, _marked_group(page, missing, dates)) if missing else kept


def _marked_group(page: Elements, marked: Sequence[int], dates: Sequence[Mark]) -> Group:
    spans = [span_of(page, each) for each in marked]
    inner = within(spans)
    own = [mark for mark in dates if mark.kind == "date" and not mark.is_other]
    places = [mark.element for mark in own]
    marks = tuple(_dates(span, inner.get(span.start, ()), own, places) for span in spans)
    return Group("comment", _SHAPE, tuple(spans), marks, 0.0)


def is_marked(group: Group) -> bool:
    """Whether the records of a group are only marked, and not made alike."""
    return group.shape == _SHAPE


def _held(page: Elements, spans: Sequence[Span], marked: Sequence[int]) -> set[int]:
    """The marked elements that are records: one begins right there, around it or within."""
    held: set[int] = set()
    for start in (span.start for span in spans):
        at = bisect_left(marked, start)
        around, within_it = marked[at : at + 1], marked[max(at - 1, 0) : at]
        held.update(each for each in around if each - start < _NEAR and page.contains(start, each))
        held.update(each for each in within_it if start - each < _NEAR and page.contains(each, start))
    return held


def _dates(
    span: Span, inner: Sequence[Span], dates: Sequence[Mark], places: Sequence[int]
) -> tuple[Mark, ...]:
    """The dates of a record, which lie at ``places`` in page order; of one that says none its beginning, with no words."""
    own: list[Mark] = []
    at = span.start
    for each in inner:
        own += dates[bisect_left(places, at) : bisect_left(places, each.start)]
        at = max(at, each.end)
    own += dates[bisect_left(places, at) : bisect_left(places, span.end)]
    return tuple(own) or (Mark("date", span.start, -1, "", _SHAPE),)
