"""What a page may cost to parse. The parser is quadratic in depth and in attributes; both are bounded before it."""

import re
from typing import Final

from scraper.errors import SkippableError

MAX_CHARACTERS: Final = 24_000_000
MAX_DEPTH: Final = 400
MAX_ATTRIBUTES: Final = 1_000
# Below this many tags no nesting is deep enough to matter.
_FEW_TAGS: Final = 2 * MAX_DEPTH
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)")
_LONG_TAG: Final = 4 * MAX_ATTRIBUTES
_QUOTED: Final = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_VOID: Final = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# Their end tags may be left out, so an open one says nothing about depth (HTML standard, 13.1.2.4).
_IMPLIED: Final = frozenset(
    ("p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot", "rt")
)


class HostilePageError(SkippableError):
    """A page is built so that parsing it would take minutes."""


def check_cost(html: str) -> None:
    """Raise HostilePageError where ``html`` is too long, nests too deep or has a tag of too many attributes."""
    if len(html) > MAX_CHARACTERS:
        raise HostilePageError(f"The page has {len(html):,} characters; at most {MAX_CHARACTERS:,} are read.")
    deep = html.count("<") > _FEW_TAGS
    if not deep and len(html) < _LONG_TAG:
        return
    depth = 0
    for match in _TAG.finditer(html):
        closing, name, attributes = match.groups()
        if len(attributes) > _LONG_TAG and len(_QUOTED.sub("", attributes).split()) > MAX_ATTRIBUTES:
            raise HostilePageError(f"The page has a tag of more than {MAX_ATTRIBUTES:,} attributes.")
        if deep:
            depth = _depth_after(depth, bool(closing), name.lower())
            if depth > MAX_DEPTH:
                raise HostilePageError(f"The page nests more than {MAX_DEPTH:,} elements in each other.")


def _depth_after(depth: int, closing: bool, name: str) -> int:  # noqa: FBT001 - one caller, next to it
    if name in _VOID or name in _IMPLIED:
        return depth
    return max(0, depth - 1) if closing else depth + 1
