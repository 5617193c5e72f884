"""HTML to a readable page."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.page.block_builder import BlockBuilder
from scraper.page.blocks import Page
from scraper.page.bounds import check_cost
from scraper.page.pictures import write_out_characters

# Of a page too costly to parse whole: what it says of itself stands in its head.
_HEAD: Final = 16_384
_INDENTED_SOURCE: Final = re.compile(r">[ \t]*\n\s*<")


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
    builder = BlockBuilder(compact=_INDENTED_SOURCE.search(html, max(body, 0)) is None)
    if parser.body is not None:
        builder.walk(parser.body)
    page = Page(
        blocks=builder.blocks,
        root=builder.root,
        title=title_of(parser),
        images=builder.images,
        hrefs=builder.hrefs,
    )
    _read_head(parser, page)
    return page


def opening_text(parser: LexborHTMLParser, html: str, most: int) -> str:
    """The words of the tree of ``html`` as its blocks have them: all of them, or more than ``most`` characters from the first on.

    Raises:
        HostilePageError: blocks lie in each other by the hundreds.
    """
    body = html.find("<body")
    builder = BlockBuilder(compact=_INDENTED_SOURCE.search(html, max(body, 0)) is None, most=most)
    if parser.body is not None:
        builder.walk(parser.body)
    return " ".join(block.text for block in builder.blocks)


def title_of(parser: LexborHTMLParser) -> str | None:
    """The title of a page; None where it has none."""
    title = parser.css_first("title")
    return " ".join(title.text().split()) or None if title else None


def read_node(node: LexborNode) -> Page:
    """What is readable in one element, by itself. Line breaks of its source show in ``pre`` elements alone.

    Raises:
        HostilePageError: blocks lie in each other by the hundreds.
    """
    builder = BlockBuilder(compact=True, on_one_line=True)
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
