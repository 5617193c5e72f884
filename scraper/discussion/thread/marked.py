"""Records that a page's software marks, by ids of its own: which groups hold them, and what they are where no group does."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Span, span_of, within

# The shape of the dates of records that are not made alike.
_SHAPE: Final = "marked"
_NEAR: Final = 12
# More than so many of the marked elements must be made alike for the rest to be none.
_MOST: Final = 0.5


def marked_groups(
    page: Elements, groups: Sequence[Group], marked: Sequence[int], dates: Sequence[Mark]
) -> tuple[Group, ...]:
    """The groups that hold marked elements, which are in page order; where they hold few of them, the marked ones as one group."""
    holding = [(group, held) for group in groups if (held := _held(page, group.spans, marked))]
    if sum(held for _, held in holding) > _MOST * len(marked):
        return tuple(group for group, _ in holding)
    spans = [span_of(page, each) for each in marked]
    inner = within(spans)
    own = [mark for mark in dates if mark.kind == "date" and not mark.is_other]
    return (
        Group(
            "comment",
            _SHAPE,
            tuple(spans),
            tuple(_dates(span, inner.get(span.start, ()), own) for span in spans),
            0.0,
        ),
    )


def is_marked(group: Group) -> bool:
    """Whether the records of a group are only marked, and not made alike."""
    return group.shape == _SHAPE


def _held(page: Elements, spans: Sequence[Span], marked: Sequence[int]) -> int:
    """How many of the marked elements are records: one begins right there, around it or within."""
    starts = [span.start for span in spans]
    places = ((bisect_right(starts, each), each) for each in marked)
    near = ((starts[max(at - 1, 0) : at + 1], each) for at, each in places)
    return sum(
        any(
            abs(start - each) < _NEAR and (page.contains(start, each) or page.contains(each, start))
            for start in around
        )
        for around, each in near
    )


def _dates(span: Span, inner: Sequence[Span], dates: Sequence[Mark]) -> tuple[Mark, ...]:
    """The dates of a record; of one that says none its beginning, with no words."""
    own = (
        mark
        for mark in dates
        if span.holds(mark.element) and not any(each.holds(mark.element) for each in inner)
    )
    return tuple(own) or (Mark("date", span.start, -1, "", _SHAPE),)
