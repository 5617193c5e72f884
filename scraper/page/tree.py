"""HTML to a readable page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.page.blocks import Block, Box, Image, Page, Piece
from scraper.page.bounds import check_cost, check_depth
from scraper.page.pictures import address, without_scripts, write_out_characters

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
# Of a page too costly to parse whole: what it says of itself stands in its head.
_HEAD: Final = 16_384
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLOCK_STYLE: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_PRE_STYLE: Final = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_INDENTED_SOURCE: Final = re.compile(r">[ \t]*\n\s*<")
_SPACES: Final = re.compile(r"[ \t\n\f]+")
# A line break that shows, while a block is being put together; page text never holds it (see characters).
_BREAK: Final = "\x00"
_EMPTY: Final = " \t\n\r\f\x00"
# A line break inside a text node that starts on its tag's line and goes on unindented.
_OWN_BREAK: Final = re.compile(r"\A(?!\s*\n)(?!.*\n[ \t]+\S).*\S[ \t]*\n+\S", re.DOTALL)


def parse_html(html: str) -> LexborHTMLParser:
    """The tree of ``html``, in which pictures that stand for characters are these.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    check_cost(html)
    parser = LexborHTMLParser(html)
    write_out_characters(parser)
    return parser


def parse_head(html: str) -> LexborHTMLParser:
    """The tree of the first characters of ``html``, which a page too costly to parse is told by."""
    return LexborHTMLParser(html[:_HEAD])


def read_html(html: str) -> Page:
    """The readable page of ``html``.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    return read_tree(parse_html(html), html)


def read_tree(parser: LexborHTMLParser, html: str) -> Page:
    """The readable page of the tree of ``html``.

    Line breaks inside text show where the source cannot have put them there itself: in ``pre`` (by tag or inline
    style), everywhere in a page whose source has no line breaks between tags (as React renders), and elsewhere
    in text that starts on the line of its tag and goes on unindented.

    Raises:
        HostilePageError: blocks lie in each other by the hundreds.
    """
    body = html.find("<body")
    builder = _Builder(compact=_INDENTED_SOURCE.search(html, max(body, 0)) is None)
    if parser.body is not None:
        builder.walk(parser.body)
    title = parser.css_first("title")
    page = Page(
        blocks=builder.blocks,
        root=builder.root,
        title=" ".join(title.text().split()) or None if title else None,
        images=builder.images,
        hrefs=builder.hrefs,
    )
    _read_head(parser, page)
    return page


def read_node(node: LexborNode) -> Page:
    """What is readable in one element, by itself. Line breaks of its source show in ``pre`` elements alone.

    Raises:
        HostilePageError: blocks lie in each other by the hundreds.
    """
    builder = _Builder(compact=True, on_one_line=True)
    builder.walk_into(node)
    return Page(blocks=builder.blocks, root=builder.root, images=builder.images, hrefs=builder.hrefs)


def _read_head(parser: LexborHTMLParser, page: Page) -> None:
    for node in parser.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name:
            page.meta.setdefault(name.lower(), attributes.get("content") or "")
    for node in parser.css("link[rel=canonical][href]"):
        page.meta.setdefault("canonical", node.attributes.get("href") or "")
    for node in parser.css("script"):
        attributes = node.attributes
        if "src" not in attributes:
            label = attributes.get("id") or (attributes.get("type") or "").lower()
            page.scripts.append((label, node.text()))


@dataclass(slots=True, eq=False)
class _State:
    """What holds for the text inside one element; put back when the element ends."""

    box: Box
    href: str | None = None
    datetime: str | None = None
    label: str | None = None
    pre: bool = False
    code: bool = False
    heading: int = 0
    control: bool = False


@dataclass(slots=True)
class _Leave:
    """Stands on the stack where an element ends: the state outside it, and its box if it is a block."""

    state: _State
    box: Box | None


class _Builder:
    """Walks the tree once, without recursion, and cuts the text where block elements begin and end."""

    def __init__(self, *, compact: bool, on_one_line: bool = False) -> None:
        self.compact = compact
        self._on_one_line = on_one_line
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.hrefs: list[str] = []
        self.root = Box("body", None, 0, 0)
        self._state = _State(self.root)
        self._runs: list[tuple[str, _State]] = []
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
        while stack:
            node = stack.pop()
            if isinstance(node, _Leave):
                self._leave(node)
            elif node is not None:
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
        state = self._state
        if self._on_one_line and "\n" in text and not state.box.within("pre"):
            text = text.replace("\n", " ")
        if self._icon and text.strip():
            state, self._icon = replace(state, label=self._icon), None
        self._runs.append((text, state))

    def _see_icon(self, node: LexborNode) -> None:
        title = node.css_first("title")
        self._icon = node.attributes.get("aria-label") or (title.text().strip() if title else None)

    def _enter(self, node: LexborNode, tag: str, stack: list[LexborNode | _Leave | None]) -> None:
        attributes = node.attributes
        style = attributes.get("style") or ""
        if tag == "br":
            self._runs.append((_BREAK, self._state))
            return
        if tag == "img":
            self._see_image(node)
            return
        if (attributes or tag == "dialog") and _is_hidden(tag, attributes, style):
            return
        outside, box = self._state, None
        inline = tag in _INLINE and not (style and _BLOCK_STYLE.search(style))
        if not inline:
            self._flush()
            box = self._open_box(tag, attributes)
        href = attributes.get("href")
        if href:
            self.hrefs.append(href)
        self._state = _State(
            box or outside.box,
            href or outside.href,
            attributes.get("datetime") if tag == "time" else outside.datetime,
            attributes.get("aria-label") or (outside.label if inline or outside.control else None),
            outside.pre or tag == "pre" or (bool(style) and _PRE_STYLE.search(style) is not None),
            outside.code or tag in {"pre", "code"},
            _HEADINGS.get(tag, outside.heading),
            outside.control or tag == "button" or attributes.get("role") == "button",
        )
        stack.append(_Leave(outside, box))
        stack.append(node.first_child)

    def _leave(self, leave: _Leave) -> None:
        if leave.box is not None:
            self._flush()
            leave.box.end = len(self.blocks)
        self._state = leave.state

    def _open_box(self, tag: str, attributes: Mapping[str, str | None]) -> Box:
        parent = self._state.box
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
        joined = "".join([text for text, _ in runs])
        if not joined.strip(_EMPTY):
            return
        state = runs[0][1]
        keep = any(run.pre for _, run in runs) or ("\n" in joined and self._breaks_show(runs))
        self.blocks.append(
            Block(
                index=len(self.blocks),
                text=_text(runs, keep=keep),
                box=state.box,
                pieces=_pieces(runs, joined, keep=keep),
                heading=state.heading,
                code=state.code and state.box.within("pre"),
                control=state.control,
                image_alt=self._image,
            )
        )
        self._image = None

    def _breaks_show(self, runs: list[tuple[str, _State]]) -> bool:
        return any("\n" in text and (self.compact or _OWN_BREAK.search(text)) for text, _ in runs)


def _is_hidden(tag: str, attributes: Mapping[str, str | None], style: str) -> bool:
    return (
        "hidden" in attributes
        or (tag == "dialog" and "open" not in attributes)
        or (bool(style) and _HIDDEN_STYLE.search(style) is not None)
    )


def _text(runs: list[tuple[str, _State]], *, keep: bool) -> str:
    parts = []
    for text, state in runs:
        code = state.code and not state.pre and text.strip()
        parts.append(f"`{text}`" if code else text)
    joined = "".join(parts)
    if keep:
        return "\n".join(line.rstrip() for line in joined.replace(_BREAK, "\n").split("\n")).strip("\n")
    lines = _SPACES.sub(" ", joined).split(_BREAK)
    return "\n".join(line.strip() for line in lines).strip("\n")


def _pieces(runs: list[tuple[str, _State]], joined: str, *, keep: bool) -> tuple[Piece, ...]:
    if len(runs) == 1 and _BREAK not in joined and not keep:
        state = runs[0][1]
        shown = " ".join(joined.split())
        return (Piece(shown, state.href, state.datetime, state.label),) if shown else ()
    pieces: list[Piece] = []
    before: _State | None = None
    for text, state in runs:
        lines = text.replace("\n", _BREAK).split(_BREAK) if keep else text.split(_BREAK)
        for position, line in enumerate(lines):
            shown = " ".join(line.split())
            if not shown:
                continue
            if position == 0 and before is state and pieces:
                pieces[-1].text = f"{pieces[-1].text} {shown}"
            else:
                pieces.append(Piece(shown, state.href, state.datetime, state.label))
            before = state
        if len(lines) > 1:
            before = None
    return tuple(pieces)
