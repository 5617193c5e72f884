"""Patterns of paths as robots.txt has them (RFC 9309 section 2.2.3), which TDMRep and RSL use too."""

import re
from typing import Final
from urllib.parse import quote

from scraper.model.url import Url, identity

_NOT_ASCII_OR_BLANK: Final = re.compile(r"[^\x21-\x7e]+")


def path_of(page: Url) -> str:
    """What a pattern is held against: the path of a page and its query."""
    return page.path + ("?" + page.query if page.query else "")


def covers(pattern: str, path: str) -> bool:
    """Whether ``pattern`` covers ``path``: it begins with it, ``*`` being anything and a last ``$`` the end.

    Escapes compare by what they stand for (section 2.2.2).
    """
    path = _spelled(path)
    anchored = pattern.endswith("$")
    first, *middle = _spelled(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    if not middle:
        return not anchored or path == first
    last = middle.pop() if anchored else ""
    at = len(first)
    for piece in middle:
        place = path.find(piece, at)
        if place < 0:
            return False
        at = place + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at


def length_of(pattern: str) -> int:
    """The length of a pattern in octets, by which the most specific one is told."""
    return len(_spelled(pattern))


def _spelled(text: str) -> str:
    return identity(_NOT_ASCII_OR_BLANK.sub(lambda match: quote(match[0], errors="replace"), text))
