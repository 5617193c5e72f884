"""Which texts of a page stand beside its main text: captions, what says so itself, and rows of cards that lead elsewhere."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from scraper.discussion.body.blocks import HEADINGS, Blocks, running
from scraper.discussion.body.furniture import is_caption, is_named_apart, is_notice, is_set_apart
from scraper.discussion.thread.elements import Elements

# What holds more of a page's prose than this is no furniture, whatever it is called.
_MOST: Final = 0.4
_FEWEST_CARDS: Final = 3
_LONGEST_CARD: Final = 500
_SHORTEST_LINK: Final = 10
_CARDS: Final = frozenset(("a", "article", "div", "li", "section"))
_ROWS: Final = frozenset(("p", "table", "tbody", "tr"))


class Beside:
    """Which elements of a page are called, or made like, something that stands beside its main text."""

    def __init__(self, page: Elements, blocks: Blocks) -> None:
        self._page = page
        self._blocks = blocks
        self._notices: dict[tuple[int, int], bool] = {}

    def bar(self, outside: Sequence[range]) -> bytearray:
        """For each text of the page whether it stands beside the main text; ``outside`` are elements that do.

        What pages say by tags counts before what they say by names. A rule that would leave next to nothing is not applied.
        """
        page = self._page
        barred = bytearray(len(page.texts))
        for elements in outside:
            last = max((page.last_text[element] for element in elements), default=0)
            _cover(barred, page.first_text[elements.start], last)
        prose = running(self._blocks.prose, barred)
        for apart, least in self._rules:
            further = _bar_by(page, apart, prose, barred)
            if further != barred and running(self._blocks.prose, further)[-1] >= least * prose[-1]:
                barred = further
        return barred

    @cached_property
    def _rules(self) -> tuple[tuple[list[int], float], ...]:
        """The elements that each rule names, in page order, and how much of the prose it has to leave."""
        page, blocks = self._page, self._blocks
        texts = zip(page.first_text, page.last_text, strict=True)
        saying = [element for element, (first, last) in enumerate(texts) if first < last and element]
        named = [each for each in saying if page.attributes[each]]
        children = Counter(page.parents)
        rows = [each for each in saying if children[each] >= _FEWEST_CARDS]
        return (
            ([each for each in saying if is_caption(page, each) or self._is_notice(each)], 0.0),
            ([each for each in saying if is_set_apart(page, each)], 0.3),
            ([each for each in named if is_named_apart(page, each)], 0.3),
            ([each for each in rows if _is_row_of_cards(page, blocks, each)], 0.4),
        )

    def _is_notice(self, element: int) -> bool:
        """As ``is_notice``; elements around the same texts say the same."""
        texts = self._page.first_text[element], self._page.last_text[element]
        if texts not in self._notices:
            self._notices[texts] = is_notice(self._page, element)
        return self._notices[texts]


def _bar_by(page: Elements, apart: Sequence[int], prose: list[float], barred: bytearray) -> bytearray:
    barred = bytearray(barred)
    end = 0
    for element in apart:
        first, last = page.first_text[element], page.last_text[element]
        if element >= end and prose[last] - prose[first] <= _MOST * prose[-1]:
            _cover(barred, first, last)
            end = page.ends[element]
    return barred


def _cover(barred: bytearray, first: int, last: int) -> None:
    barred[first:last] = b"\x01" * (last - first)


def _is_row_of_cards(page: Elements, blocks: Blocks, element: int) -> bool:
    """Whether most children of an element are short texts under a link of their own."""
    if page.tags[element] in _ROWS:
        return False
    children = page.children(element)
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
