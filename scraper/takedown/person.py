"""What stands beside a person's name because it is the person's: a linked profile, a picture, the rest of a JSON object."""

import re
from collections.abc import Container, Iterator
from typing import Final

from scraper.takedown.traces import Traces
from scraper.takedown.view import Span, View, fold

_BESIDE: Final = 400
_OBJECT: Final = 4000
# The address that the name itself is linked to, and the picture before it.
_LINKED: Final = re.compile(
    r"<a\b[^<>]*?\bhref\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>\s*(?:<[^<>]*>\s*)*@?\Z", re.IGNORECASE
)
# The line below a linked name, where the element that holds both holds no more: what the person says of themselves.
_BELOW: Final = re.compile(
    r"(?:</\w+>\s*)+<(?P<tag>p|span|div|small|em)\b[^<>]*>(?P<line>[^<>]{1,80})</(?P=tag)>\s*</",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(r"<img\b[^<>]*\bavatar[^<>]*>", re.IGNORECASE)
_SOURCE: Final = re.compile(r"\b(?:data-)?src(?:set)?\s*=\s*[\"']([^\"'<>]*)[\"']", re.IGNORECASE)
_NAME_KEY: Final = re.compile(r"[\"'][\w-]*(?:name|nick|login|author)[\"']\s*:\s*[\"']\Z", re.IGNORECASE)
# The name of a post or group is no person's; what an object says under these keys is about the person it names.
_PERSONAL: Final = re.compile(
    r"avatar|image|photo|picture|headline|bio|introduction|job|company|position|e-?mail|phone|website|homepage|location",
    re.IGNORECASE,
)
# Objects under these keys say more of the same person, and an object under one of the second is itself a part of it.
_MORE: Final = re.compile(
    r"profile|account|contact|details|attributes|media|social|info|sns|links?\Z", re.IGNORECASE
)
_PART: Final = re.compile(
    r"[\"'][\w-]*(?:profile|account|details|attributes|info)[\"']\s*:\s*\Z", re.IGNORECASE
)
_LEVELS: Final = 3
_TOKEN: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"(\s*:)?|[{}\[\]]")


def beside_name(
    view: View, start: int, end: int, traces: Traces, stays: Container[str] = ()
) -> Iterator[Span]:
    """The stretches that go with a person's name, which stands from ``start`` to ``end``; none where it is no name.

    ``stays`` are the folds of what others wrote on the page.
    """
    if not traces.names or fold(view.text[start:end]) not in traces.name_folds:
        return
    before = max(0, start - _BESIDE)
    window = view.text[before:start]
    linked = _LINKED.search(window)
    if linked:
        yield before + linked.start(1), before + linked.end(1)
        below = _BELOW.match(view.text, end)
        if below and not linked[0].endswith("@") and fold(below["line"]) not in stays:
            yield below.span("line")
    pictures = list(_PICTURE.finditer(window))
    for source in _SOURCE.finditer(pictures[-1][0]) if pictures else ():
        first = before + pictures[-1].start()
        yield first + source.start(1), first + source.end(1)
    if _NAME_KEY.search(window):
        yield from _of_object(view.text, start, end)


def _of_object(text: str, start: int, end: int) -> Iterator[Span]:
    """What the JSON object around a place, and the one that this is a part of, say of the person."""
    for _ in range(_LEVELS):
        first = _brace(text, range(start - 1, max(-1, start - _OBJECT), -1), "{", "}")
        last = _brace(text, range(end, min(len(text), end + _OBJECT)), "}", "{")
        if first is None or last is None:
            return
        yield from _of_person(text, first + 1, last)
        if not _PART.search(text[max(0, first - _BESIDE) : first]):
            return
        start, end = first, last + 1


def _of_person(text: str, first: int, last: int) -> Iterator[Span]:
    """The strings of an object that stand under a personal key; in objects within it, where all that lead there are the person's."""
    path: list[str] = []
    key = ""
    for match in _TOKEN.finditer(text, first, last):
        if match[0] in "{[":
            path.append(key)
        elif match[0] in "}]":
            path = path[:-1]
        elif match[2]:
            key = match[1]
            continue
        elif any(map(_PERSONAL.search, (*path, key))) and all(map(_leads_on, path)):
            yield match.span(1)
        key = ""


def _leads_on(key: str) -> bool:
    """Whether what stands under a key is the person's still; what stands in a list has none."""
    return not key or bool(_PERSONAL.search(key) or _MORE.search(key))


def _brace(text: str, places: range, brace: str, other: str) -> int | None:
    """Where the object that encloses a place begins or ends, whichever way ``places`` lead."""
    depth = 0
    for at in places:
        if text[at] == other:
            depth += 1
        elif text[at] == brace:
            if not depth:
                return at
            depth -= 1
    return None
