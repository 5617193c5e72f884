"""What changed between two versions of a text, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from scraper.viewer.html import Html, join, tag
from scraper.viewer.wording import counted, language

# A word with the space after it, or a mark; of scripts that set no spaces each character.
_WORDS: Final = re.compile(
    r"(?:[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s])\s*|\s+"
)
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
# Matching takes time with the product of the lengths; beyond this a text is matched by lines, or not at all.
_MOST_PAIRS: Final = 4_000_000
_UNCHANGED: Final = 400
_AROUND: Final = 160


def diff(old: str, new: str, code: str | None) -> Html:
    """Both versions in one text, what went as ``<del>`` and what came as ``<ins>``; long stretches that stayed are cut short."""
    parts: list[str] = []
    pieces = list(_pieces(old, new))
    for at, (before, after) in enumerate(pieces):
        if before == after:
            parts += _stayed(before, is_first=at == 0, is_last=at == len(pieces) - 1)
        else:
            parts += [tag("del", before)] if before else []
            parts += [tag("ins", after)] if after else []
    return tag("p", join(parts), class_="diff", lang=language(code), dir="auto")


def _stayed(text: str, *, is_first: bool, is_last: bool) -> list[str]:
    if len(text) <= _UNCHANGED:
        return [text]
    before = "" if is_first else text[:_AROUND]
    after = "" if is_last else text[-_AROUND:]
    left = counted(len(text) - len(before) - len(after), "unchanged character")
    return [before, tag("span", f" … {left} … ", class_="cut", lang="en"), after]


def _pieces(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Pairs of what stood before and stands after, in order; the two are the same where nothing changed."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    shared, end = "".join(before[:head]), "".join(before[len(before) - tail :])
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    if shared:
        yield shared, shared
    if len(before) * len(after) <= _MOST_PAIRS:
        yield from _matched(before, after)
    else:
        yield from _by_lines("".join(before), "".join(after))
    if end:
        yield end, end


def _by_lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = _LINES.findall(old), _LINES.findall(new)
    if len(before) * len(after) > _MOST_PAIRS:
        yield old, new
        return
    for gone, come in _matched(before, after):
        words = _WORDS.findall(gone), _WORDS.findall(come)
        if gone != come and len(words[0]) * len(words[1]) <= _MOST_PAIRS // 100:
            yield from _matched(*words)
        else:
            yield gone, come


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    for _, start, end, start_after, end_after in SequenceMatcher(None, before, after).get_opcodes():
        yield "".join(before[start:end]), "".join(after[start_after:end_after])


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items two sequences have in common at their beginnings."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
