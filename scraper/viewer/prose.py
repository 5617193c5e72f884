"""The text of a row on a page: paragraphs, lists, quotes and fenced code, and nothing else that Markdown could mean.

The rules are few, because the text is a stranger's: each line is taken by what it begins with, and what is left is escaped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.viewer.html import Html, escape, join, outside_link, tag
from scraper.viewer.wording import counted, language

_ITEM: Final = re.compile(r"(?:- |(\d{1,9})\. )(?=\S|\Z)")
_QUOTE: Final = re.compile(r"> ?")
_FENCE: Final = "```"
# Code within a line, and addresses; a sentence's last mark is none of the address.
_WITHIN_LINE: Final = re.compile(r"`([^`\n]{1,2000})`|(https?://[^\s<>\"'`]{1,2000})", re.IGNORECASE)
_AFTER_ADDRESS: Final = ".,;:!?)]}»”’」』"
_DEEPEST: Final = 6
_PARAGRAPH: Final = 12_000
_UNFOLDED: Final = 12_000
_MOST_TOGETHER: Final = 200


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a text as markup, and how many characters of the text it shows."""

    markup: Html
    size: int


def prose(text: str, code: str | None, class_: str = "prose") -> Html:
    """A text in its language, each paragraph in its own direction; of a very long one the rest is folded away."""
    blocks = list(_blocks(text.split("\n"), 0))
    shown, size = 0, 0
    while shown < len(blocks) and (not shown or size + blocks[shown].size <= _UNFOLDED):
        size += blocks[shown].size
        shown += 1
    rest = blocks[shown:]
    parts = [block.markup for block in blocks[:shown]]
    if rest:
        left = counted(sum(block.size for block in rest), "more character")
        parts.append(
            tag("details", tag("summary", f"The rest: {left}"), join(block.markup for block in rest))
        )
    return tag("div", *parts, class_=class_, lang=language(code))


def _blocks(lines: Sequence[str], depth: int) -> Iterator[_Block]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line.strip() == _FENCE:
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == _FENCE), len(lines))
            yield _code("\n".join(lines[at + 1 : end]))
            at = end + 1
        elif depth < _DEEPEST and _ITEM.match(line):
            end = _end_of_list(lines, at)
            yield from _list(lines[at:end], depth)
            at = end
        elif depth < _DEEPEST and line.startswith(">"):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith(">")), len(lines))
            inner = _blocks([_QUOTE.sub("", each, count=1) for each in lines[at:end]], depth + 1)
            for part in _parts(inner):
                yield _joined("blockquote", part)
            at = end
        else:
            end = next((n for n in range(at + 1, len(lines)) if _ends_paragraph(lines[n], depth)), len(lines))
            yield from _paragraphs("\n".join(lines[at:end]))
            at = end


def _ends_paragraph(line: str, depth: int) -> bool:
    is_mark = depth < _DEEPEST and bool(_ITEM.match(line) or line.startswith(">"))
    return not line.strip() or line.strip() == _FENCE or is_mark


def _end_of_list(lines: Sequence[str], at: int) -> int:
    """Where the list that begins at a line ends: items of its kind, and what is indented below them."""
    is_numbered = lines[at][0] != "-"
    end = at + 1
    while end < len(lines):
        line = lines[end]
        item = _ITEM.match(line)
        if (item and bool(item[1]) is is_numbered) or line.startswith("  "):
            end += 1
        elif not line.strip() and end + 1 < len(lines) and lines[end + 1].startswith("  "):
            end += 2
        else:
            break
    return end


def _list(lines: Sequence[str], depth: int) -> Iterator[_Block]:
    """A list, in several where it is long, so that what follows its beginning can be folded away."""
    items: list[list[str]] = []
    numbers: list[str | None] = []
    width = 2
    for line in lines:
        item = _ITEM.match(line)
        if item:
            width = item.end()
            numbers.append(item[1])
            items.append([line[width:]])
        else:
            items[-1].append(line[width:] if not line[:width].strip() else line.lstrip())
    shown = (_joined("li", list(_blocks(each, depth + 1))) for each in items)
    at = 0
    for part in _parts(shown):
        first = numbers[at]
        at += len(part)
        yield _joined("ol" if first else "ul", part, start=None if first == "1" else first)


def _joined(name: str, blocks: Sequence[_Block], **attributes: str | None) -> _Block:
    markup = tag(name, *(each.markup for each in blocks), **attributes)
    return _Block(markup, sum(each.size for each in blocks))


def _parts(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    """The blocks in parts of about a paragraph's greatest size."""
    size, part = 0, list[_Block]()
    for block in blocks:
        size += block.size
        part.append(block)
        if size >= _PARAGRAPH or len(part) >= _MOST_TOGETHER:
            yield part
            size, part = 0, []
    if part:
        yield part


def _code(text: str) -> _Block:
    # A keyboard reaches what is scrolled only where it can be focused.
    return _Block(tag("pre", tag("code", text), tabindex="0", dir="ltr"), len(text))


def _paragraphs(text: str) -> Iterator[_Block]:
    for start in range(0, len(text), _PARAGRAPH):
        part = text[start : start + _PARAGRAPH]
        yield _Block(tag("p", within_line(part), dir="auto"), len(part))


def within_line(text: str) -> Html:
    """Text with its line breaks, code and addresses."""
    parts: list[str] = []
    at = 0
    for match in _WITHIN_LINE.finditer(text):
        parts.append(_broken(text[at : match.start()]))
        at = match.end()
        if match[1] is not None:
            parts.append(tag("code", match[1]))
        else:
            address = match[2].rstrip(_AFTER_ADDRESS)
            parts += [outside_link(address), escape(match[2][len(address) :])]
    parts.append(_broken(text[at:]))
    return Html("".join(parts))


def _broken(text: str) -> Html:
    return Html(escape(text).replace("\n", "<br>"))
