"""Text laid out for a terminal: made safe first, then measured in columns, so that no line is wider than it may be."""

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import get_character_cell_size

from scraper.cli.printing import printable
from scraper.model.outcome import Span, Style

NARROWEST: Final = 20
_TAB: Final = "    "
_ELLIPSIS: Final = "…"
# Prose in longer lines is hard to read.
WIDEST_PROSE: Final = 100
_JOINER: Final = "\u200d"
_AS_PICTURE: Final = "\ufe0f"
# What a terminal may draw as one picture; more than that is no picture, and is measured piece by piece.
_WIDEST_CLUSTER: Final = 8
# No line begins with these: the end of a clause stays with it.
_CLOSING: Final = frozenset("、。，．・：；？！）］｝」』】〉》〕…‥ー,.:;?!)]}")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")


def clean(text: str) -> str:
    """A stretch of text within one line: tabs and breaks as spaces, what could drive the terminal as escapes."""
    return printable(" ".join(text.replace("\t", " ").splitlines()))


def width_of(text: str) -> int:
    """The columns that a terminal gives a clean text at most (Unicode Standard Annex 11)."""
    return len(text) if text.isascii() else sum(width for _, width in _clusters(text))


def cut(text: str, width: int) -> str:
    """A clean text in so many columns; where it is longer, its beginning with ``…``."""
    if width_of(text) <= width:
        return text
    taken, columns = [], len(_ELLIPSIS)
    for cluster, size in _clusters(text):
        columns += size
        if columns > width:
            break
        taken.append(cluster)
    return "".join(taken).rstrip() + _ELLIPSIS if width >= len(_ELLIPSIS) else ""


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A clean text in exactly so many columns."""
    short = cut(text, width)
    spaces = " " * (width - width_of(short))
    return spaces + short if right else short + spaces


def paragraphs(text: str, width: int) -> Iterator[str]:
    """A text of any lines, wrapped; no more than one empty line between two, and none at the ends."""
    was_empty = True
    waiting = False
    for line in text.splitlines():
        safe = printable(line.replace("\t", _TAB)).rstrip()
        if not safe:
            waiting = not was_empty
            continue
        if waiting:
            yield ""
        yield from wrapped(safe, width)
        waiting = was_empty = False


def wrapped(text: str, width: int) -> Iterator[str]:
    """One clean line as lines of so many columns: broken at spaces and between wide characters, its indentation kept."""
    if text.isascii() and len(text) <= width:
        yield text
        return
    indent = min(len(text) - len(text.lstrip(" ")), width // 2)
    line, columns = [" " * indent], indent
    for piece, size in _pieces(text.lstrip(" ")):
        if piece == " " and columns == indent:
            continue
        if columns + size <= width:
            line.append(piece)
            columns += size
            continue
        if piece == " ":
            continue
        if columns > indent:
            yield "".join(line).rstrip()
            line, columns = [" " * indent], indent
        for part, part_size in [(piece, size)] if size <= width - indent else _clusters(piece):
            if columns + part_size > width:
                yield "".join(line).rstrip()
                line, columns = [" " * indent], indent
            line.append(part)
            columns += part_size
    if columns > indent or len(line) > 1:
        yield "".join(line).rstrip()


def flowing(
    spans: Iterator[Span] | list[Span], width: int, between: str = " · "
) -> Iterator[tuple[Span, ...]]:
    """Stretches side by side with something between them, as many in a line as fit; one that is longer is wrapped."""
    line: list[Span] = []
    columns = 0
    for span in spans:
        size = width_of(span.text)
        if line and columns + width_of(between) + size > width:
            yield tuple(line)
            line, columns = [], 0
        if size > width:
            *full, rest = wrapped(span.text, width)
            yield from ((Span(part, span.style),) for part in full)
            line, columns = [Span(rest, span.style)], width_of(rest)
            continue
        if line:
            line.append(Span(between, "dim"))
            columns += width_of(between)
        line.append(span)
        columns += size
    if line:
        yield tuple(line)


def labelled(
    label: str, text: str, width: int, label_width: int, style: Style = "plain"
) -> Iterator[tuple[Span, ...]]:
    """A text beside its label, wrapped below itself; where that leaves little room, below the label."""
    beside = width - label_width - 1
    if beside >= NARROWEST:
        for number, line in enumerate(wrapped(text, beside)):
            yield (Span(padded(label if number == 0 else "", label_width) + " ", "dim"), Span(line, style))
        return
    if label:
        yield (Span(cut(label, width), "dim"),)
    for line in wrapped(text, width - 2):
        yield (Span("  "), Span(line, style))


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Words, single spaces, and wide characters one by one: between any two of them a line may end."""
    piece: list[str] = []
    columns = 0
    for cluster, size in _clusters(text):
        if piece and _may_break(piece[-1], cluster):
            yield "".join(piece), columns
            piece, columns = [], 0
        piece.append(cluster)
        columns += size
    if piece:
        yield "".join(piece), columns


def _may_break(before: str, after: str) -> bool:
    if " " in {before, after}:
        return True
    return after[0] not in _CLOSING and (_is_wide(before) or _is_wide(after))


def _is_wide(cluster: str) -> bool:
    """Whether a line may end at either side of a character: Korean is written with spaces, and is broken there."""
    return get_character_cell_size(cluster[0]) > 1 and not _HANGUL.match(cluster)


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """The characters as a reader sees them, marks and joined pictures with what they belong to; each with its columns at most."""
    start, columns, joins = 0, -1, False
    for at, character in enumerate(text):
        size = get_character_cell_size(character) + (character == _AS_PICTURE)
        belongs = size == 0 or character == _AS_PICTURE or joins
        if columns >= 0 and (not belongs or columns + size > _WIDEST_CLUSTER):
            yield text[start:at], columns
            start, columns = at, 0
        columns = max(columns, 0) + size
        joins = character == _JOINER
    if text:
        yield text[start:], columns
