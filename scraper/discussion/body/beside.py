"""Which texts of a page stand beside its main text: captions, what says so itself, and rows of cards that lead elsewhere."""

from collections.abc import Callable, Sequence
from typing import Final

from scraper.discussion.body.blocks import HEADINGS, Blocks, running
from scraper.discussion.body.furniture import is_caption, is_named_apart, is_set_apart
from scraper.discussion.thread.elements import Elements

# What holds more of a page's prose than this is no furniture, whatever it is called.
_MOST: Final = 0.4
_FEWEST_CARDS: Final = 3
_LONGEST_CARD: Final = 500
_SHORTEST_LINK: Final = 10
_CARDS: Final = frozenset(("a", "article", "div", "li", "section"))
_ROWS: Final = frozenset(("p", "table", "tbody", "tr"))


def bar(page: Elements, blocks: Blocks, outside: Sequence[range]) -> bytearray:
    """For each text of a page whether it stands beside the main text; ``outside`` are elements that do.

    What pages say by tags counts before what they say by names. A rule that would leave next to nothing is not applied.
    """
    barred = bytearray(len(page.texts))
    for elements in outside:
        last = max((page.last_text[element] for element in elements), default=0)
        _cover(barred, page.first_text[elements.start], last)
    prose = running(blocks.prose, barred)
    rules: tuple[tuple[Callable[[int], bool], float], ...] = (
        (lambda element: is_caption(page, element), 0.0),
        (lambda element: is_set_apart(page, element), 0.3),
        (lambda element: is_named_apart(page, element), 0.3),
        (lambda element: _is_row_of_cards(page, blocks, element), 0.4),
    )
    for is_apart, least in rules:
        further = _bar_by(page, is_apart, prose, barred)
        if running(blocks.prose, further)[-1] >= least * prose[-1]:
            barred = further
    return barred


def _bar_by(
    page: Elements, is_apart: Callable[[int], bool], prose: list[float], barred: bytearray
) -> bytearray:
    barred = bytearray(barred)
    element, count = 1, len(page.tags)
    while element < count:
        first, last = page.first_text[element], page.last_text[element]
        if first < last and is_apart(element) and prose[last] - prose[first] <= _MOST * prose[-1]:
            _cover(barred, first, last)
            element = page.ends[element]
        else:
            element += 1
    return barred


def _cover(barred: bytearray, first: int, last: int) -> None:
    barred[first:last] = b"\x01" * (last - first)


def _is_row_of_cards(page: Elements, blocks: Blocks, element: int) -> bool:
    """Whether most children of an element are short texts under a link of their own."""
    if page.tags[element] in _ROWS:
        return False
    children = page.children(element)
    if len(children) < _FEWEST_CARDS:
        return False
    cards = sum(_is_card(page, blocks, child) for child in children)
    return cards >= _FEWEST_CARDS and cards >= 0.6 * len(children)


def _is_card(page: Elements, blocks: Blocks, element: int) -> bool:
    if page.tags[element] not in _CARDS:
        return False
    size, linked = blocks.size_in(element), blocks.linked_in(element)
    if linked < _SHORTEST_LINK or size - linked > _LONGEST_CARD:
        return False
    if page.tags[element] == "a" or linked == size:
        return True
    headings = (inner for inner in range(element + 1, page.ends[element]) if page.tags[inner] in HEADINGS)
    heading = next(headings, None)
    return heading is not None and 0 < 0.9 * blocks.size_in(heading) <= blocks.linked_in(heading)
