"""A tree to the blocks that a reader sees: one walk, which cuts the text where block elements begin and end."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from scraper.page.blocks import Block, Box, Image, Piece
from scraper.page.bounds import check_depth
from scraper.page.pictures import address, without_scripts

_INVISIBLE: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "select",
        "textarea",
        "datalist",
        "input",
        "area",
        "map",
        "title",
        "meta",
        "link",
        "base",
        "param",
        "source",
        "track",
        "colgroup",
        "progress",
        "meter",
    ]
)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "output",
        "picture",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
# Elements without any of these attributes, and of no such tag, say nothing of the text in them.
_TELLING: Final = frozenset(("hidden", "style", "href", "aria-label", "role"))
_TELLING_TAGS: Final = frozenset(("time", "pre", "code", "button", "h1", "h2", "h3", "h4", "h5", "h6"))
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLOCK_STYLE: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_PRE_STYLE: Final = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\n\f]+")
# A line break that shows, while a block is being put together; page text never holds it (see characters).
_BREAK: Final = "\x00"
_EMPTY: Final = " \t\n\r\f\x00"
# A line break inside a text node that starts on its tag's line and goes on unindented.
_OWN_BREAK: Final = re.compile(r"\A(?!\s*\n)(?!.*\n[ \t]+\S).*\S[ \t]*\n+\S", re.DOTALL)


class _State(NamedTuple):
    """What the elements around a text say of it."""

    href: str | None = None
    datetime: str | None = None
    label: str | None = None
    pre: bool = False
    code: bool = False
    heading: int = 0
    control: bool = False


# A text, what is said of it, and the number of the element that it stands right in.
_Run = tuple[str, _State, int]
# Stands on the stack where an element ends: what holds outside it, and its box if it is a block.
_Leave = tuple[_State, int, Box | None]


class BlockBuilder:
    """Walks the tree once, without recursion, and cuts the text where block elements begin and end."""

    def __init__(self, *, compact: bool, on_one_line: bool = False, most: int | None = None) -> None:
        self.compact = compact
        self._on_one_line = on_one_line
        # How many characters are still to be read; None where all are.
        self._left = most
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.hrefs: list[str] = []
        self.root = Box("body", None, 0, 0)
        self._box = self.root
        self._state = _State()
        self._element = self._elements = 0
        self._runs: list[_Run] = []
        self._image: str | None = None
        self._icon: str | None = None

    def walk(self, body: LexborNode) -> None:
        """Visit every node under ``body`` in document order."""
        self._visit([body.first_child])

    def walk_into(self, node: LexborNode) -> None:
        """Visit ``node`` and every node under it in document order."""
        stack: list[LexborNode | _Leave | None] = []
        self._enter(node, node.tag or "", stack)
        self._visit(stack)

    def _visit(self, stack: "list[LexborNode | _Leave | None]") -> None:
        while stack and (self._left is None or self._left >= 0):
            node = stack.pop()
            if node is None:
                continue
            if isinstance(node, tuple):
                self._leave(*node)
                continue
            tag = node.tag or ""
            if tag == "-text":
                stack.append(self._add_texts(node))
                continue
            stack.append(node.next)
            if tag == "svg":
                self._see_icon(node)
            elif tag == "noscript":
                self._see_without_scripts(node)
            elif tag not in _INVISIBLE and tag[:1].isalpha():
                self._enter(node, tag, stack)
        self._flush()
        self.root.end = len(self.blocks)

    def _add_texts(self, node: LexborNode) -> LexborNode | None:
        """Add a text with those right after it, which what stood between was taken out of; gives the node after them."""
        text, following = node.text_content or "", node.next
        while following is not None and following.tag == "-text":
            text += following.text_content or ""
            following = following.next
        self._add_text(text)
        return following

    def _add_text(self, text: str) -> None:
        state, element = self._state, self._element
        if self._on_one_line and "\n" in text and not self._box.within("pre"):
            text = text.replace("\n", " ")
        if self._icon and text.strip():
            self._elements += 1
            state, element, self._icon = state._replace(label=self._icon), self._elements, None
        self._runs.append((text, state, element))

    def _see_icon(self, node: LexborNode) -> None:
        title = node.css_first("title")
        self._icon = node.attributes.get("aria-label") or (title.text().strip() if title else None)

    def _enter(self, node: LexborNode, tag: str, stack: list[LexborNode | _Leave | None]) -> None:
        if tag == "br":
            self._runs.append((_BREAK, self._state, self._element))
            return
        if tag == "img":
            self._see_image(node)
            return
        attributes = node.attributes
        is_plain = _TELLING.isdisjoint(attributes)
        style = "" if is_plain else attributes.get("style") or ""
        if (tag == "dialog" or not is_plain) and _is_hidden(tag, attributes, style):
            return
        state, element, box = self._state, self._element, None
        inline = tag in _INLINE and not (style and _BLOCK_STYLE.search(style))
        if not inline:
            self._flush()
            box = self._box = self._open_box(tag, attributes)
        self._elements += 1
        self._element = self._elements
        if not is_plain or tag in _TELLING_TAGS or (state.label and not inline):
            self._state = self._state_in(tag, attributes, style, inline=inline)
        stack.append((state, element, box))
        stack.append(node.first_child)

    def _state_in(
        self, tag: str, attributes: Mapping[str, str | None], style: str, *, inline: bool
    ) -> _State:
        outside, href = self._state, attributes.get("href")
        if href:
            self.hrefs.append(href)
        return _State(
            href or outside.href,
            attributes.get("datetime") if tag == "time" else outside.datetime,
            attributes.get("aria-label") or (outside.label if inline or outside.control else None),
            outside.pre or tag == "pre" or (bool(style) and _PRE_STYLE.search(style) is not None),
            outside.code or tag in {"pre", "code"},
            _HEADINGS.get(tag, outside.heading),
            outside.control or tag == "button" or attributes.get("role") == "button",
        )

    def _leave(self, state: _State, element: int, box: Box | None) -> None:
        if box is not None:
            self._flush()
            box.end = len(self.blocks)
            self._box = box.parent or self.root
        self._state, self._element = state, element

    def _open_box(self, tag: str, attributes: Mapping[str, str | None]) -> Box:
        parent = self._box
        check_depth(parent.depth + 1)
        box = Box(tag, parent, parent.depth + 1, len(self.blocks), name=attributes.get("id"))
        # Elsewhere an li is an element like any other: pages misuse it, and nothing numbers it there.
        if tag == "li" and parent.tag in {"ul", "ol", "menu"}:
            position = 1 + sum(child.tag == "li" for child in parent.children[-1:])
            previous = parent.children[-1].marker if position > 1 else ""
            ordinal = int(previous[:-2]) + 1 if previous[:-2].isdigit() else 1
            box.marker = f"{ordinal}. " if parent.tag == "ol" else "- "
        parent.children.append(box)
        return box

    def _see_image(self, node: LexborNode) -> None:
        self._image = self._icon = node.attributes.get("alt") or ""
        self.images.append(Image(address(node), self._image, len(self.blocks)))

    def _see_without_scripts(self, node: LexborNode) -> None:
        """Take in the pictures of ``noscript``, unless they stand for one right before that says where it lies."""
        last = self.images[-1] if self.images else None
        if (
            last
            and last.src
            and last.before == len(self.blocks)
            and node.prev is not None
            and node.prev.tag == "img"
        ):
            return
        for picture in without_scripts(node):
            image = Image(address(picture), picture.attributes.get("alt") or "", len(self.blocks))
            if image.src and all(image.src != other.src for other in self.images[-1:]):
                self.images.append(image)

    def _flush(self) -> None:
        self._icon = None
        if not self._runs:
            return
        runs, self._runs = self._runs, []
        joined, state, _ = runs[0]
        if len(runs) > 1:
            joined = "".join([text for text, _, _ in runs])
        if not joined.strip(_EMPTY):
            return
        is_plain = (
            len(runs) == 1 and "\n" not in joined and _BREAK not in joined and not (state.pre or state.code)
        )
        keep = not is_plain and (
            any(state.pre for _, state, _ in runs) or ("\n" in joined and self._breaks_show(runs))
        )
        self.blocks.append(
            Block(
                len(self.blocks),
                _SPACES.sub(" ", joined).strip() if is_plain else _text(runs, keep=keep),
                self._box,
                _pieces(runs, joined, keep=keep),
                state.heading,
                state.code and self._box.within("pre"),
                state.control,
                image_alt=self._image,
            )
        )
        self._image = None
        if self._left is not None:
            self._left -= len(self.blocks[-1].text)

    def _breaks_show(self, runs: list[_Run]) -> bool:
        return any("\n" in text and (self.compact or _OWN_BREAK.search(text)) for text, _, _ in runs)


def _is_hidden(tag: str, attributes: Mapping[str, str | None], style: str) -> bool:
    return (
        "hidden" in attributes
        or (tag == "dialog" and "open" not in attributes)
        or (bool(style) and _HIDDEN_STYLE.search(style) is not None)
    )


def _text(runs: list[_Run], *, keep: bool) -> str:
    parts = []
    for text, state, _ in runs:
        code = state.code and not state.pre and text.strip()
        parts.append(f"`{text}`" if code else text)
    joined = "".join(parts)
    if keep:
        return "\n".join(line.rstrip() for line in joined.replace(_BREAK, "\n").split("\n")).strip("\n")
    lines = _SPACES.sub(" ", joined).split(_BREAK)
    return "\n".join(line.strip() for line in lines).strip("\n")


def _pieces(runs: list[_Run], joined: str, *, keep: bool) -> tuple[Piece, ...]:
    if len(runs) == 1 and _BREAK not in joined and not keep:
        shown = " ".join(joined.split())
        return (_piece(shown, runs[0][1]),) if shown else ()
    pieces: list[Piece] = []
    before: int | None = None
    for text, state, element in runs:
        lines = text.replace("\n", _BREAK).split(_BREAK) if keep else text.split(_BREAK)
        for position, line in enumerate(lines):
            shown = " ".join(line.split())
            if not shown:
                continue
            if position == 0 and before == element and pieces:
                pieces[-1].text = f"{pieces[-1].text} {shown}"
            else:
                pieces.append(_piece(shown, state))
            before = element
        if len(lines) > 1:
            before = None
    return tuple(pieces)


def _piece(text: str, state: _State) -> Piece:
    return Piece(text, state.href, state.datetime, state.label)
