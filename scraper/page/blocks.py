"""A readable page: its visible text as blocks in the order a reader meets them, with the evidence around each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from scraper.model.url import Base

_QUOTED: Final = "> "
_CELLS: Final = frozenset(("td", "th"))
_MOST_BLOCKS_IN_CELL: Final = 3


@dataclass(slots=True, eq=False)
class Box:
    """An element that holds whole blocks. ``start`` and ``end`` bound the indexes of the blocks within it.

    ``name`` is the element's id attribute. ``marker`` is the Markdown mark of a list item (``- ``, ``3. ``),
    empty elsewhere. A flattened page has one box, and one for each list item.
    """

    tag: str
    parent: "Box | None"
    depth: int
    start: int
    end: int = 0
    name: str | None = None
    marker: str = ""
    children: "list[Box]" = field(default_factory=list)

    def ancestors(self) -> "Iterator[Box]":
        """This box, the box around it, and so on to the page."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent

    def child_below(self, outer: "Box") -> "Box | None":
        """The child of a box around this one that this one is or lies in; None where it is that box itself."""
        child, box = None, self
        while box is not outer and box.parent is not None:
            child, box = box, box.parent
        return child if box is outer else box

    def within(self, *tags: str) -> bool:
        """Whether this box is, or lies in, an element of one of these tags."""
        box: Box | None = self
        while box is not None and box.tag not in tags:
            box = box.parent
        return box is not None


@dataclass(slots=True)
class Piece:
    """A run of inline text of one element on one line: a label, a name, a number.

    ``href`` is the link it lies in, ``datetime`` the machine form of the ``time`` element it lies in. ``label``
    is its accessible name: what ``aria-label`` or the text of the icon before it tells those who do not see it.
    """

    text: str
    href: str | None = None
    datetime: str | None = None
    label: str | None = None


@dataclass(slots=True, eq=False)
class Block:
    """The text between two block boundaries, as it shows: ``\\n`` is a line break.

    ``pieces`` are its runs of inline text. ``glue`` stands between this block and the one before it: a blank
    line, or a line break where the page was flattened. ``heading`` is 1 to 6, or 0. ``control`` blocks are
    (part of) a button. ``image_alt`` is the text of a picture between this block and the one before it.
    """

    index: int
    text: str
    box: Box
    pieces: tuple[Piece, ...]
    heading: int = 0
    code: bool = False
    control: bool = False
    glue: str = "\n\n"
    image_alt: str | None = None

    @property
    def href(self) -> str | None:
        """The link that the whole block lies in, if it does."""
        first = self.pieces[0].href
        return first if all(piece.href == first for piece in self.pieces) else None

    @property
    def hrefs(self) -> tuple[str, ...]:
        """The links within and around the block, in order."""
        return tuple(dict.fromkeys(piece.href for piece in self.pieces if piece.href))


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its address and its text, and the index of the block that follows it."""

    src: str
    alt: str
    before: int


@dataclass(slots=True)
class Page:
    """The visible blocks of a page with what its head says. ``flattened`` pages have lost their markup.

    ``scripts`` are the inline scripts: the id or else the media type of each, and its text. ``hrefs`` are all
    links, those of pictures too. ``base`` is what they are resolved against where that is not the page's own address.
    """

    blocks: list[Block]
    root: Box
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    images: list[Image] = field(default_factory=list)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    flattened: bool = False
    base: Base | None = None


def common_box(blocks: Sequence[Block]) -> Box:
    """The smallest box that holds all of ``blocks``, which are in page order and at least one."""
    first, last = blocks[0].index, blocks[-1].index
    return next(box for box in blocks[0].box.ancestors() if box.start <= first and box.end > last)


def to_markdown(blocks: Sequence[Block], base: Box | None = None) -> str:
    """The text of ``blocks``: paragraphs apart by blank lines; list items, quotes and code as Markdown; a table's rows as lines.

    Lists, quotes and tables that ``base`` itself lies in are not the text's own, and leave no mark.
    """
    outside = list(base.ancestors()) if base else []
    parts: list[str] = []
    before: list[Box] = []
    row: _Cell | None = None
    is_data: dict[int, bool] = {}
    for block in blocks:
        inside = list(takewhile(lambda box: box not in outside, block.box.ancestors()))[::-1]
        marked = [box for box in inside if box.marker or box.tag == "blockquote"]
        items = [box for box in marked if box.marker]
        fresh = [box for box in items if box not in before]
        cell = _cell(inside, is_data)
        if cell and row and cell.row is row.row:
            parts.append(f"{' ' if cell.box is row.box else ' | '}{_on_one_line(block.text)}")
            row = cell
            continue
        if parts:
            tight = bool(fresh and before) and (before[0] is items[0] or before[0].parent is items[0].parent)
            tight = tight or bool(cell and row and cell.table is row.table)
            parts.append("\n" if tight else block.glue)
        parts.append(_lines(block, _on_one_line(block.text) if cell else block.text, marked, fresh))
        before, row = items, cell
    return "".join(parts)


def _lines(block: Block, text: str, marked: list[Box], fresh: list[Box]) -> str:
    text = f"```\n{text}\n```" if block.code else text
    marks = [box.marker or _QUOTED for box in marked]
    further = [mark if mark == _QUOTED else " " * len(mark) for mark in marks]
    first = further[:]
    if fresh:
        last = max(at for at, box in enumerate(marked) if box.marker)
        first[last] = marks[last]
    return "".join(first) + text.replace("\n", "\n" + "".join(further))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table of data, its row and its table."""

    box: Box
    row: Box
    table: Box


def _cell(inside: Sequence[Box], is_data: dict[int, bool]) -> _Cell | None:
    """The cell among boxes that lie in each other, the outermost first; None in a table that pages are laid out by."""
    table = next((box for box in inside if box.tag == "table"), None)
    row = next((box for box in inside if box.tag == "tr"), None)
    box = next((box for box in inside if box.tag in _CELLS), None)
    if table is None or row is None or box is None:
        return None
    if id(table) not in is_data:
        is_data[id(table)] = _holds_data(table)
    return _Cell(box, row, table) if is_data[id(table)] else None


def _holds_data(table: Box) -> bool:
    """Whether every cell of a table holds some words, and none another table, a list or code."""
    boxes = [table]
    for box in boxes:
        boxes += box.children
    cells = [box for box in boxes if box.tag in _CELLS]
    return all(cell.end - cell.start <= _MOST_BLOCKS_IN_CELL for cell in cells) and not any(
        box.marker or box.tag in {"pre", "table", "blockquote"} for box in boxes[1:]
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split("\n"))
