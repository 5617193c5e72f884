"""Flattened text, a page as text archives keep it, to a readable page."""

import re
from typing import Final

from scraper.page.blocks import Block, Box, Page, Piece

_BULLET: Final = re.compile(
    r"(?P<indent>[ \t\xa0]*)(?:(?P<bullet>[•‣◦▪*\-])|(?P<number>\d{1,3})\.)[ \t\xa0]+(?P<text>\S.*)"
)
# A heading as Markdown has it; a hashtag has no space behind its mark.
_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(\S.*)")
# A link as Markdown has it, around words or a picture.
_LINK: Final = re.compile(r"\[(?:!\[[^\[\]]*\]\([^()\s]*\)|(?P<text>[^\[\]]+))\]\((?P<href>[^()\s]*)\)")
_BOLD: Final = re.compile(r"\*\*([^*]+)\*\*")
# Text browsers number links, and say where they lead at the end of the page.
_REFERENCES: Final = re.compile(
    r"\n[ \t]*(?:References|Visible links:?)[ \t]*\n(?:\s*\d{1,4}\. \S+:\S+[ \t]*(?:\n|\Z))+\s*\Z"
)
_REFERENCE_MARK: Final = re.compile(r"\[\d{1,4}\](?=\S)")


def read_flattened(text: str) -> Page:
    """The readable page of ``text``: each line a block, a blank line or a line break before it.

    A bulleted line is a list item; what follows it indented at least as far as its words belongs to it. A line
    that Markdown marks as a heading is one. The pieces of a line that is Markdown links alone are these links.
    The marks of numbered links, and the list of where they lead, are left out.
    """
    root = Box("body", None, 0, 0)
    page = Page(blocks=[], root=root, flattened=True)
    item, margin, glue = root, 0, "\n\n"
    for line in _without_references(text).split("\n"):
        if not line.strip():
            glue = "\n\n"
            continue
        bullet = _BULLET.fullmatch(line.rstrip())
        heading = _HEADING.fullmatch(line.strip())
        indent = len(line) - len(line.lstrip())
        if bullet:
            item = _open_item(root, bullet, len(page.blocks))
            margin = max(1, bullet.start("text"))
        elif indent < margin:
            item, margin = root, 0
        shown = bullet["text"] if bullet else heading[2] if heading else line.strip()
        level = len(heading[1]) if heading else 0
        page.blocks.append(Block(len(page.blocks), shown, item, _pieces(shown), heading=level, glue=glue))
        item.end = len(page.blocks)
        glue = "\n"
    root.end = len(page.blocks)
    return page


def _without_references(text: str) -> str:
    listed = _REFERENCES.search(text) if "\nReferences" in text or "Visible links" in text else None
    return _REFERENCE_MARK.sub("", text[: listed.start()]) if listed else text


def _pieces(line: str) -> tuple[Piece, ...]:
    links = list(_LINK.finditer(line))
    if not links or any(map(str.isalnum, _LINK.sub("", line))):
        return (Piece(line.strip()),)
    return tuple(Piece(_BOLD.sub(r"\1", link["text"] or "").strip(), link["href"]) for link in links)


def _open_item(root: Box, bullet: re.Match[str], start: int) -> Box:
    marker = f"{bullet['number']}. " if bullet["number"] else "- "
    item = Box("li", root, 1, start, marker=marker)
    root.children.append(item)
    return item
