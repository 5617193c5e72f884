"""Records that no element is around: runs of siblings, each with one dated element at the same place."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.spans import Span

_MOST_SIBLINGS: Final = 40
# Of so many records it is looked at what stands before their dates.
_SAMPLE: Final = 20
# What texts are made of, whatever the runs before had.
_PARTS: Final = frozenset(("p", "ul", "ol", "dl", "blockquote", "pre", "table", "br", "img", "figure"))


def read_runs(page: Elements, elements: Sequence[int], siblings: Sequence[int]) -> list[Span]:
    """The part of each of the ``elements``, which stand among ``siblings``; none where most stand alone.

    A record begins with what stands before the date of each alike, and reaches to the next; or it ends with its date, where behind the
    last date nothing stands that stands between them.
    """
    place = {each: at for at, each in enumerate(siblings)}
    places = [place[each] for each in elements]
    gaps = sorted(later - earlier for earlier, later in pairwise(places))
    if not 1 < gaps[len(gaps) // 2] <= _MOST_SIBLINGS:
        return []
    labels = [page.labels[each] for each in siblings]
    between = {label for first, last in pairwise(places) for label in labels[first + 1 : last]}
    if between.isdisjoint(labels[places[-1] + 1 :]) and not between.isdisjoint(labels[: places[0]]):
        return _ending(page, places, siblings, labels, between)
    return _beginning(page, places, siblings, labels, between, gaps[0])


def _beginning(
    page: Elements,
    places: Sequence[int],
    siblings: Sequence[int],
    labels: Sequence[str],
    between: set[str],
    least: int,
) -> list[Span]:
    lead = _lead(places, labels, least)
    starts = [each - lead for each in places]
    last = places[-1] + 1
    while last < len(siblings) and (labels[last] in between or page.tags[siblings[last]] in _PARTS):
        last += 1
    spans = []
    for start, end in zip(starts, [*starts[1:], last], strict=True):
        first_text = page.first_text[siblings[start]]
        spans.append(
            Span(siblings[start], page.ends[siblings[end - 1]], first_text, _until(page, siblings, end))
        )
    return spans


def _lead(places: Sequence[int], labels: Sequence[str], least: int) -> int:
    """How many siblings before each date are the same."""
    lead = 0
    sample = places[:_SAMPLE]
    while lead + 1 < least and lead < places[0]:
        if len({labels[each - lead - 1] for each in sample}) > 1:
            break
        lead += 1
    return lead


def _ending(
    page: Elements, places: Sequence[int], siblings: Sequence[int], labels: Sequence[str], between: set[str]
) -> list[Span]:
    first = places[0]
    while first > 0 and (labels[first - 1] in between or page.tags[siblings[first - 1]] in _PARTS):
        first -= 1
    spans = []
    for start, end in zip([first, *(each + 1 for each in places[:-1])], places, strict=True):
        first_text = page.last_text[siblings[start - 1]] if start else page.first_text[siblings[start]]
        last = siblings[end]
        spans.append(Span(siblings[start], page.ends[last], first_text, page.last_text[last]))
    return spans


def _until(page: Elements, siblings: Sequence[int], end: int) -> int:
    """The first text of the sibling at ``end``, or where all siblings end."""
    if end < len(siblings):
        return page.first_text[siblings[end]]
    return page.last_text[page.parents[siblings[-1]]]
