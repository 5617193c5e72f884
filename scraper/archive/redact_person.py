"""What stands beside a person's name because it is the person's: a linked profile, a picture, the rest of a JSON object."""

import re
from collections.abc import Iterator
from typing import Final

from scraper.archive.redact_view import View, fold
from scraper.archive.redact_wanted import Wanted

_BESIDE: Final = 400
_OBJECT: Final = 4000
# The address that the name itself is linked to, and the picture before it.
_LINKED: Final = re.compile(
    r"<a\b[^<>]*?\bhref\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>\s*(?:<[^<>]*>\s*)*@?\Z", re.IGNORECASE
)
_PICTURE: Final = re.compile(r"<img\b[^<>]*\bavatar[^<>]*>", re.IGNORECASE)
_SOURCE: Final = re.compile(r"\b(?:data-)?src(?:set)?\s*=\s*[\"']([^\"'<>]*)[\"']", re.IGNORECASE)
_NAME_KEY: Final = re.compile(r"[\"'][\w-]*(?:name|nick|login|author)[\"']\s*:\s*[\"']\Z", re.IGNORECASE)
# The name of a post or group is no person's; what an object says under these keys is about the person it names.
_PERSONAL: Final = re.compile(
    r"\"[\w-]*(?:avatar|image|photo|picture|headline|bio|introduction|job|company|position|e-?mail|phone|website|homepage|location)"
    r"[\w-]*\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"",
    re.IGNORECASE,
)


def beside_name(view: View, start: int, end: int, wanted: Wanted) -> Iterator[int]:
    """The characters that go with a person's name, which stands from ``start`` to ``end``; none where it is no name."""
    if fold(view.text[start:end]) not in {fold(name) for name in wanted.names}:
        return
    before = max(0, start - _BESIDE)
    window = view.text[before:start]
    linked = _LINKED.search(window)
    if linked:
        yield from range(before + linked.start(1), before + linked.end(1))
    pictures = list(_PICTURE.finditer(window))
    for source in _SOURCE.finditer(pictures[-1][0]) if pictures else ():
        first = before + pictures[-1].start()
        yield from range(first + source.start(1), first + source.end(1))
    if _NAME_KEY.search(window):
        yield from _of_object(view.text, start, end)


def _of_object(text: str, start: int, end: int) -> Iterator[int]:
    """What the JSON object around a place says of the person itself; objects within it may be others'."""
    first = _brace(text, range(start - 1, max(-1, start - _OBJECT), -1), "{", "}")
    last = _brace(text, range(end, min(len(text), end + _OBJECT)), "}", "{")
    if first is None or last is None:
        return
    for match in _PERSONAL.finditer(text, first, last):
        inner = text[first + 1 : match.start()]
        if inner.count("{") == inner.count("}"):
            yield from range(*match.span(1))


def _brace(text: str, places: range, wanted: str, other: str) -> int | None:
    """Where the object that encloses a place begins or ends, whichever way ``places`` lead."""
    depth = 0
    for at in places:
        if text[at] == other:
            depth += 1
        elif text[at] == wanted:
            if not depth:
                return at
            depth -= 1
    return None
