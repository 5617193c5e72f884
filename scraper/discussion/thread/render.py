"""The words of a part of a page as Markdown: paragraphs apart by blank lines, list items, quotes, code and tables marked."""

from collections.abc import Callable
from typing import Final

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.quotes import without_attributions
from scraper.discussion.thread.spans import Span, span_of

_INLINE: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "nobr", "noscript", "output", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "g-emoji"),
    )
)  # fmt: skip
# Of letters with their line breaks kept so much is words; code has more signs.
_PROSE: Final = 0.88
_CELLS: Final = frozenset(("td", "th"))
_MARKED: Final = frozenset(("li", "blockquote"))


def render(
    page: Elements, element: int, is_left_out: Callable[[int], bool], span: Span | None = None
) -> str | None:
    """The words in an element without those in elements that are left out; None where nothing is left.

    Of an element that reaches beyond ``span`` only what lies in the span is read.
    """
    writer = _Writer()
    walk = _Walk(page, writer, is_left_out)
    walk.enter(element, span or span_of(page, element))
    return writer.text()


def is_prose(page: Elements, element: int) -> bool:
    """Whether an element keeps the lines of a letter, and none of code."""
    if page.tags[element] != "pre" or page.attributes[element].get("class"):
        return False
    source = _source(page, element)
    plain = sum(each.isalnum() or each.isspace() for each in source)
    return plain >= _PROSE * len(source) and "code" not in page.tags[element : page.ends[element]]


def _source(page: Elements, element: int) -> str:
    return "".join(page.sources[page.first_text[element] : page.last_text[element]]).strip("\n")


class _Writer:
    """Puts lines and paragraphs together, with the marks of the lists and quotes that they stand in."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._line: list[str] = []
        self._marks: list[str] = []
        self._break = ""
        self._space = False

    def add(self, text: str, *, space: bool) -> None:
        if self._line and (space or self._space):
            self._line.append(" ")
        self._line.append(text)
        self._space = False

    def wish_space(self) -> None:
        self._space = True

    def divide(self) -> None:
        """Set what follows on this line apart from what stands on it."""
        if self._line:
            self.add("|", space=True)
            self._space = True

    def end_line(self, glue: str) -> None:
        line = "".join(self._line).strip()
        self._line, self._space = [], False
        if line:
            self._put(line)
            self._break = ""
        if len(glue) > len(self._break):
            self._break = glue

    def put_code(self, code: str) -> None:
        self.end_line("\n\n")
        self._put(f"```\n{code}\n```")
        self._break = "\n\n"

    def open_mark(self, mark: str) -> None:
        self._marks.append(mark)

    def close_mark(self) -> None:
        self._marks.pop()

    def _put(self, line: str) -> None:
        first = "".join(self._marks)
        further = "".join(mark if mark == "> " else " " * len(mark) for mark in self._marks)
        if self._parts:
            self._parts.append(self._break or "\n")
        self._parts.append(first + line.replace("\n", "\n" + further))
        self._marks = [mark if mark == "> " else " " * len(mark) for mark in self._marks]

    def text(self) -> str | None:
        self.end_line("")
        return "".join(self._parts).strip() or None


class _Walk:
    """Goes through the elements and texts of a part of a page in document order."""

    def __init__(self, page: Elements, writer: _Writer, is_left_out: Callable[[int], bool]) -> None:
        self._page = page
        self._writer = writer
        self._is_left_out = is_left_out
        # Of each numbered list, the number of the item last seen, and the element behind it.
        self._items: dict[int, tuple[int, int]] = {}

    def enter(self, root: int, span: Span) -> None:
        """Read what lies in ``root``; a list, a quote or kept lines that it is itself an item or the whole of leave no mark."""
        page, writer = self._page, self._writer
        if is_prose(page, root):
            self._lines(without_attributions(_source(page, root)))
            return
        start = root + 1 if page.tags[root] in _MARKED else root
        element, text = max(start, span.start), max(page.first_text[root], span.first)
        end, last = min(page.ends[root], span.end), min(page.last_text[root], span.last)
        open_elements: list[int] = []
        while element < end or text < last:
            while (
                open_elements
                and element >= page.ends[open_elements[-1]]
                and text >= page.last_text[open_elements[-1]]
            ):
                self._leave(open_elements.pop())
            if element < end and page.first_text[element] <= text:
                if self._is_left_out(element):
                    text = max(text, page.last_text[element])
                    element = page.ends[element]
                    writer.wish_space()
                    continue
                if page.tags[element] == "pre":
                    writer.put_code(without_attributions(_source(page, element)))
                    text = max(text, page.last_text[element])
                    element = page.ends[element]
                    continue
                self._open(element)
                open_elements.append(element)
                element += 1
                continue
            self._text(text)
            text += 1
        while open_elements:
            self._leave(open_elements.pop())

    def _text(self, text: int) -> None:
        source, writer = self._page.sources[text], self._writer
        if self._page.is_compact and "\n" in source.strip():
            self._lines(source)
        else:
            writer.add(self._page.texts[text], space=source[:1].isspace())
        if source[-1:].isspace():
            writer.wish_space()

    def _lines(self, source: str) -> None:
        """Add a text whose line breaks show; blank lines part paragraphs."""
        writer = self._writer
        for at, line in enumerate(source.strip().split("\n")):
            if at:
                writer.end_line("\n")
            if words := " ".join(line.split()):
                writer.add(words, space=not at and source[:1].isspace())
            else:
                writer.end_line("\n\n")

    def _open(self, element: int) -> None:
        tag, writer = self._page.tags[element], self._writer
        if tag == "br":
            writer.end_line("\n")
        elif tag == "li":
            writer.end_line("\n")
            writer.open_mark(self._item_mark(element))
        elif tag == "blockquote":
            writer.end_line("\n\n")
            writer.open_mark("> ")
        elif tag == "code":
            writer.add("`", space=False)
        elif tag == "tr":
            writer.end_line("\n")
        elif tag in _CELLS:
            writer.divide()
        elif tag not in _INLINE:
            writer.end_line("\n\n")

    def _leave(self, element: int) -> None:
        tag, writer = self._page.tags[element], self._writer
        if tag == "li":
            writer.end_line("\n")
            writer.close_mark()
        elif tag == "blockquote":
            writer.end_line("\n\n")
            writer.close_mark()
        elif tag == "code":
            writer.add("`", space=False)
        elif tag in _CELLS or tag == "br":
            return
        elif tag == "tr":
            writer.end_line("\n")
        elif tag not in _INLINE:
            writer.end_line("\n\n")

    def _item_mark(self, element: int) -> str:
        parent = self._page.parents[element]
        if parent < 0 or self._page.tags[parent] != "ol":
            return "- "
        number, each = self._items.get(parent, (0, parent + 1))
        while each <= element:
            number += self._page.tags[each] == "li"
            each = self._page.ends[each]
        self._items[parent] = number, each
        return f"{number}. "
