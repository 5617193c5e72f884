"""A page's texts as blocks: the paragraphs, items, headings and cells that a reader sees, and how much prose is in each."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from scraper.discussion.thread.elements import Elements

HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE: Final = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "center", "cite", "code", "data", "del",
    "dfn", "em", "font", "g-emoji", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output",
    "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))  # fmt: skip
# Scripts that say in one character what others say in three.
_DENSE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_DENSITY: Final = 3
_MARKS: Final = re.compile(r"[.!?。！？…।؟,;:、，；：،]")
# A block of fewer letters is a label; one of as many is a sentence, with marks or (the second) without.
_LABEL: Final = 30
_SENTENCE: Final = 60
_UNMARKED_SENTENCE: Final = 80


class Run(NamedTuple):
    """Texts of one block in a row: those from ``first`` to ``last`` (exclusive)."""

    block: int
    first: int
    last: int


class Blocks:
    """The blocks of a page: each is named by its element, the innermost around a text that is not set in a line.

    ``sizes`` and ``linked`` are the letters of each block and those of them in links, ``shares`` how much of it is
    prose (0 to 1), ``prose`` the letters of prose of each text. Letters of dense scripts count three times. A heading's
    link to itself is none.
    """

    def __init__(self, page: Elements) -> None:
        self._page = page
        self._of_text: list[int] = []
        self.sizes: dict[int, int] = {}
        self.linked: dict[int, int] = {}
        self._count()
        self.shares = {block: self._share(block) for block in self.sizes}
        self.prose = [
            0.0 if page.links[parent] >= 0 else size * self.shares[block]
            for size, block, parent in zip(self._text_sizes, self._of_text, page.text_parent, strict=True)
        ]

    def _count(self) -> None:
        page = self._page
        around: list[int] = []
        for element, tag in enumerate(page.tags):
            parent = page.parents[element]
            around.append(around[parent] if tag in _INLINE and parent >= 0 else element)
        self._marks: dict[int, int] = {}
        self._text_sizes: list[int] = []
        links: list[int] = []
        for text, parent in zip(page.texts, page.text_parent, strict=True):
            block, size = around[parent], letters(text)
            link = page.links[parent]
            linked = size if link >= 0 and self._leads_away(link, block) else 0
            self._of_text.append(block)
            self._text_sizes.append(size)
            links.append(linked)
            self.sizes[block] = self.sizes.get(block, 0) + size
            self.linked[block] = self.linked.get(block, 0) + linked
            if not linked:
                self._marks[block] = self._marks.get(block, 0) + len(_MARKS.findall(text))
        self._running_sizes = list(accumulate(self._text_sizes, initial=0))
        self._running_links = list(accumulate(links, initial=0))

    def _leads_away(self, link: int, block: int) -> bool:
        href = self._page.attributes[link].get("href") or "#"
        return not (href.startswith("#") and self._page.tags[block] in HEADINGS)

    def _share(self, block: int) -> float:
        plain = self.sizes[block] - self.linked[block]
        if self.is_linked(block) or plain < _LABEL or self._page.tags[block] in HEADINGS:
            return 0.0
        if not self._marks.get(block, 0):
            return 0.6 if plain >= _UNMARKED_SENTENCE else 0.2
        return 1.0 if plain >= _SENTENCE else 0.4

    def is_linked(self, block: int) -> bool:
        """Whether most of a block is links."""
        return self.linked[block] > 0.5 * self.sizes[block]

    def is_heading(self, block: int) -> bool:
        """Whether a block is a heading that leads nowhere else."""
        return self._page.tags[block] in HEADINGS and not self.is_linked(block)

    def size_in(self, element: int) -> int:
        """The letters in an element."""
        page = self._page
        return self._running_sizes[page.last_text[element]] - self._running_sizes[page.first_text[element]]

    def linked_in(self, element: int) -> int:
        """The letters of links in an element."""
        page = self._page
        return self._running_links[page.last_text[element]] - self._running_links[page.first_text[element]]

    def runs(self, first: int, last: int) -> list[Run]:
        """The texts from ``first`` to ``last`` (exclusive), those of one block in a row together."""
        if first >= last:
            return []
        blocks = self._of_text
        beside = pairwise(blocks[first:last])
        ends = [at for at, (one, other) in enumerate(beside, first + 1) if one != other]
        return [Run(blocks[end - 1], start, end) for start, end in pairwise((first, *ends, last))]


def letters(text: str) -> int:
    """The letters of a text, those of dense scripts three times."""
    return len(text) if text.isascii() else len(text) + (_DENSITY - 1) * len(_DENSE.findall(text))


def running(values: Sequence[float], barred: bytearray) -> list[float]:
    """The sums of ``values`` up to each place, without those at places that are barred."""
    shown = [0.0 if bar else value for bar, value in zip(barred, values, strict=True)]
    return list(accumulate(shown, initial=0.0))
