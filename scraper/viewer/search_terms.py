"""Terms by which the reader's search finds a text: what is put into its index, and what assets/search-terms.js makes of a query.

Words of scripts that glue particles to them or put no space between (Korean, Chinese, Japanese, Thai) are found by pairs of characters: ``댓글을`` is
``댓글``, ``글을`` and the last character alone, so that the query ``댓글`` finds it and each single character is the begin of some
term. Other words are terms as they are. Both are folded first: one form of each character (NFKC), no case, no accents.

The classes of characters are read from the file that the browser reads, written from Unicode 14; characters that came
later separate words, so that Python and browser agree whatever newer tables they have.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final, NamedTuple

# A term longer than this is found by its begin.
TERM_LENGTH: Final = 32


class Run(NamedTuple):
    """Characters of a folded text that stand together; those of ``is_paired`` are found by pairs."""

    text: str
    is_paired: bool


def terms_of(text: str) -> set[str]:
    """The terms under which ``text`` is in the index."""
    terms: set[str] = set()
    for run in runs_of(text):
        if run.is_paired:
            terms.update(map(str.__add__, run.text, run.text[1:]))
            terms.add(run.text[-1])
        else:
            terms.add(run.text[:TERM_LENGTH])
    return terms


def runs_of(text: str) -> Iterator[Run]:
    """The words of ``text``, folded, and its stretches of paired characters."""
    for match in _RUN.finditer(folded(text)):
        yield Run(match[0], is_paired=match.lastindex is not None)


def folded(text: str) -> str:
    """``text`` without what a reader may write either way: width, case, accents and characters that do not show."""
    if text.isascii():
        return text.lower()
    assigned = _UNASSIGNED.sub(" ", text)
    folded = unicodedata.normalize("NFKD", assigned).casefold()
    return unicodedata.normalize("NFC", _DROPPED.sub("", folded))


def _classes() -> dict[str, Sequence[int]]:
    asset = (resources.files("scraper.viewer") / "assets" / "search-classes.js").read_text(encoding="ascii")
    classes: dict[str, Sequence[int]] = json.loads(asset[asset.index("{") : asset.rindex("}") + 1])
    return classes


def _set_of(gaps_and_lengths: Sequence[int]) -> str:
    """The inside of a regular expression's set: the characters of a class."""
    parts: list[str] = []
    at = 0
    for gap, length in zip(gaps_and_lengths[::2], gaps_and_lengths[1::2], strict=True):
        first = at + gap
        at = first + length
        parts.append(f"\\U{first:08x}-\\U{at - 1:08x}")
    return "".join(parts)


_CLASSES: Final = _classes()
_UNASSIGNED: Final = re.compile(f"[^{_set_of(_CLASSES['assigned'])}]")
_DROPPED: Final = re.compile(f"[{_set_of(_CLASSES['dropped'])}]+")
_RUN: Final = re.compile(f"([{_set_of(_CLASSES['paired'])}]+)|[{_set_of(_CLASSES['spelled'])}]+")
