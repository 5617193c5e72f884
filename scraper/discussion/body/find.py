"""Where a page's main text stands, and what in it is none of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Final

from scraper.discussion.body.beside import Beside
from scraper.discussion.body.blocks import Blocks, Run, running
from scraper.discussion.body.furniture import is_named_text, names_of
from scraper.discussion.body.prompts import gate_behind, without_prompts
from scraper.discussion.body.shape import Shape, shape_of
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.render import is_prose, render
from scraper.model.record import Removed

# What a text is made of; none of these is the whole of it.
_PARTS: Final = frozenset(
    ("blockquote", "code", "dd", "dl", "dt", "li", "ol", "p", "pre", "table", "tbody", "td", "th", "tr", "ul")
)
# So much of the prose around lies in the element that holds the text; less where names say that it does.
_HOLDS: Final = 0.85
_HOLDS_BY_NAME: Final = 0.6
_SURE: Final = 0.4
_STANDFIRST: Final = 0.6
_SHORTEST_STANDFIRST: Final = 30
# So much of the text may stand above its title: a kicker, a date.
_ABOVE_TITLE: Final = 0.03
_LEVELS_UP: Final = 4
_ENOUGH: Final = 400


@dataclass(frozen=True, slots=True)
class Body:
    """A page's main text: what of ``element`` is not left out.

    ``size`` are its letters (those of dense scripts three times), ``title`` is the heading that it stands under (-1: none),
    ``confidence`` lies between 0 and 1: how much of the page's prose it is, less where that is next to nothing. ``shape``
    tells how the page's words lie. ``removed`` are the prompts that were taken out.
    """

    element: int
    title: int
    size: int
    confidence: float
    shape: Shape
    removed: tuple[Removed, ...]
    _page: Elements = field(repr=False)
    _running: list[int] = field(repr=False)

    def is_left_out(self, element: int) -> bool:
        """Whether nothing that is said in an element belongs to the text."""
        first, last = self._page.first_text[element], self._page.last_text[element]
        return first < last and self._running[first] == self._running[last]

    @property
    def texts(self) -> tuple[int, int]:
        """The first of the page's texts that is of it, and the one behind the last."""
        running = self._running
        return bisect_right(running, 0) - 1, bisect_left(running, running[-1])

    def without(self, elements: Iterable[int]) -> "Body":
        """The text without what stands in some elements."""
        page, marks = self._page, [after - before for before, after in pairwise(self._running)]
        for element in elements:
            first, last = page.first_text[element], page.last_text[element]
            marks[first:last] = [0] * (last - first)
        return replace(self, _running=list(accumulate(marks, initial=0))) if any(marks) else self

    def text(self) -> str | None:
        """The text as Markdown; an item of a list or kept lines that hold all of it leave no mark."""
        page, (first, last) = self._page, self.texts
        around = page.ancestors(page.text_parent[first]) if first < last else []
        whole = (each for each in around if self.element < each and page.last_text[each] >= last)
        item = next((each for each in whole if page.tags[each] == "li" or is_prose(page, each)), self.element)
        return render(page, item, self.is_left_out)


class Bodies:
    """Finds the main text of a page beside one thread or another."""

    def __init__(self, page: Elements) -> None:
        self._page = page
        self._blocks = Blocks(page)
        self._beside = Beside(page, self._blocks)

    def body(self, outside: Sequence[range] = ()) -> Body | None:
        """The main text of the page in whatever language; None where it shows no words. ``outside`` are elements of its thread."""
        page = self._page
        return _Finder(page, self._blocks, self._beside.bar(outside)).body() if page.texts else None


class _Finder:
    def __init__(self, page: Elements, blocks: Blocks, barred: bytearray) -> None:
        self._page = page
        self._blocks = blocks
        self._barred = barred
        self._prose = running(self._blocks.prose, self._barred)

    def body(self) -> Body | None:
        page = self._page
        region = self._region()
        title = self._title(region)
        first, last = page.first_text[region], page.last_text[region]
        runs = self._blocks.runs(first, last)
        under = [
            run
            for run in runs
            if title < 0 or run.first >= page.last_text[title] or page.last_text[title] > last
        ]
        kept = self._kept(under) or self._kept(runs)
        start, end = (kept[0].first, kept[-1].last) if kept else (first, max(first, page.last_text[title]))
        gates = gate_behind(page, self._blocks, end)
        if not kept and not gates:
            return None
        if kept and title >= 0:
            kept = [*self._standfirst(page.last_text[title], start), *kept]
            start = kept[0].first
        kept, removed = without_prompts(page, self._blocks, kept)
        marks = bytearray(len(page.texts))
        for run in kept:
            marks[run.first : run.last] = b"\x01" * (run.last - run.first)
        size = sum(self._blocks.sizes[block] for block in {run.block for run in kept})
        return Body(
            self._around(region, start),
            title,
            size,
            self._confidence(region, size),
            shape_of(page, self._blocks, self._barred, size),
            (*removed, *gates),
            page,
            list(accumulate(marks, initial=0)),
        )

    def _region(self) -> int:
        """The innermost element that holds nearly all of the prose around it."""
        region = 0
        while True:
            children = [child for child in self._page.children(region) if self._prose_in(child) > 0]
            if not children:
                return region
            best = max(children, key=self._prose_in)
            least = _HOLDS_BY_NAME if self._is_text_alone(best, children) else _HOLDS
            if self._page.tags[best] in _PARTS or self._prose_in(best) < least * self._prose_in(region):
                return region
            region = best

    def _is_text_alone(self, element: int, beside: Sequence[int]) -> bool:
        page = self._page
        if not is_named_text(page, element):
            return False
        name = (page.tags[element], names_of(page, element))
        return not any(
            other != element and (page.tags[other], names_of(page, other)) == name for other in beside
        )

    def _title(self, region: int) -> int:
        """The last heading of the first level before the text begins; -1 where there is none."""
        page = self._page
        latest = self._prose[page.first_text[region]] + _ABOVE_TITLE * self._prose_in(region)
        titles = (
            element
            for element, tag in enumerate(page.tags)
            if tag == "h1" and page.first_text[element] < page.last_text[element]
            if self._prose[page.first_text[element]] <= latest
        )
        return max(titles, default=-1)

    def _kept(self, runs: Sequence[Run]) -> list[Run]:
        """From the first sentence to the last, and the items and cells after it, with the heading right before; in order."""
        blocks = self._blocks
        shown = [run for run in runs if not self._barred[run.first] and not blocks.is_linked(run.block)]
        sure = [place for place, run in enumerate(shown) if blocks.shares[run.block] >= _SURE]
        sure = sure or [place for place, run in enumerate(shown) if blocks.shares[run.block] > 0]
        if not sure:
            return []
        first, last = sure[0], sure[-1] + 1
        if (
            first > 0
            and blocks.is_heading(shown[first - 1].block)
            and self._page.tags[shown[first - 1].block] != "h1"
        ):
            first -= 1
        beside = {self._page.parents[shown[place].block] for place in sure}
        return shown[first:last] + [run for run in shown[last:] if self._is_part(run, beside)]

    def _is_part(self, run: Run, beside: set[int]) -> bool:
        """Whether an item or cell stands where the sentences stand."""
        around = self._page.ancestors(run.block, _LEVELS_UP)[1:]
        return self._page.tags[run.block] in _PARTS and not beside.isdisjoint(around)

    def _standfirst(self, first: int, last: int) -> list[Run]:
        """The sentences and subheadings between the title and what else there is of the text."""
        blocks = self._blocks
        return [
            run
            for run in blocks.runs(first, last)
            if not self._barred[run.first]
            if blocks.shares[run.block] >= _STANDFIRST
            or (blocks.is_heading(run.block) and blocks.sizes[run.block] >= _SHORTEST_STANDFIRST)
        ]

    def _around(self, element: int, first: int) -> int:
        while self._page.first_text[element] > first:
            element = self._page.parents[element]
        return element

    def _prose_in(self, element: int) -> float:
        return self._prose[self._page.last_text[element]] - self._prose[self._page.first_text[element]]

    def _confidence(self, region: int, size: int) -> float:
        whole = self._prose[-1]
        return round(min(1.0, size / _ENOUGH) * (self._prose_in(region) / whole if whole else 0.0), 3)
