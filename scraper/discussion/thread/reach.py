"""How far the records of a group reach: out to the elements around each that hold more of it, and no other record."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Span, span_of

_WHOLE_PAGE: Final = frozenset(("body", "html", "main"))
_MOST_LEVELS: Final = 5


def widen(page: Elements, groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups, with the spans of each taken out to where most records hold more texts: a cell with the author, beside the words."""
    starts = sorted(span.start for group in groups for span in group.spans)
    return tuple(replace(group, spans=_widened(page, group.spans, starts)) for group in groups)


def _widened(page: Elements, spans: tuple[Span, ...], starts: Sequence[int]) -> tuple[Span, ...]:
    if len(spans) < 2 or any(span.end != page.ends[span.start] for span in spans):
        return spans
    best, around = spans, [span.start for span in spans]
    for _ in range(_MOST_LEVELS):
        around = [page.parents[each] for each in around]
        if not _are_apart(page, around, spans, starts):
            break
        wider = tuple(span_of(page, each) for each in around)
        more = sum(_texts(wide) > _texts(span) for wide, span in zip(wider, best, strict=True))
        if 2 * more > len(spans):
            best = wider
    return best


def _are_apart(page: Elements, around: Sequence[int], spans: Sequence[Span], starts: Sequence[int]) -> bool:
    """Whether elements around records are of one tag, and each holds no record but its own and those in that."""
    if len(set(around)) < len(spans) or len({page.tags[each] for each in around}) > 1:
        return False
    if page.tags[around[0]] in _WHOLE_PAGE or any(each < 0 for each in around):
        return False
    for each, span in zip(around, spans, strict=True):
        inside = bisect_left(starts, page.ends[each]) - bisect_left(starts, each)
        own = bisect_left(starts, span.end) - bisect_left(starts, span.start)
        if inside > own:
            return False
    return True


def _texts(span: Span) -> int:
    return span.last - span.first
