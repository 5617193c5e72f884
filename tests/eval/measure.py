"""How well comments were read: the measures of the testbed's README.

A comment matches when the F1 of its 4-grams of tokens with those of the truth is at least 0.5, one to one, the best pairs first.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Words: WordPress shows other quotation marks than were typed. What has none (an emoji) is compared sign by sign.
_WORD: Final = re.compile(r"\w+")
_SIGN: Final = re.compile(r"\S")
_MATCHES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: its text, its author's name, and the position of the comment it answers."""

    text: str
    author: str | None = None
    parent: int | None = None


@dataclass(slots=True)
class Score:
    """Counts over all comments of a corpus."""

    found: int = 0
    true: int = 0
    matched: int = 0
    text: float = 0.0
    words: int = 0
    words_found: int = 0
    words_true: int = 0
    authors: int = 0
    edges_found: int = 0
    edges_true: int = 0
    edges: int = 0

    def add(self, found: Sequence[Said], truth: Sequence[Said]) -> None:
        """Count one page."""
        pairs = match(found, truth)
        mine, yours = (_words(said) for said in (found, truth))
        self.words += (mine & yours).total()
        self.words_found += mine.total()
        self.words_true += yours.total()
        self.found += len(found)
        self.true += len(truth)
        self.matched += len(pairs)
        self.text += sum(f1(found[ours].text, truth[theirs].text) for ours, theirs in pairs.items())
        self.authors += sum(found[ours].author == truth[theirs].author for ours, theirs in pairs.items())
        ours = {
            (pairs[child], pairs[said.parent])
            for child, said in enumerate(found)
            if said.parent is not None and child in pairs and said.parent in pairs
        }
        known = set(pairs.values())
        theirs = {
            (child, said.parent)
            for child, said in enumerate(truth)
            if said.parent is not None and {child, said.parent} <= known
        }
        self.edges_found += len(ours)
        self.edges_true += len(theirs)
        self.edges += len(ours & theirs)

    @property
    def precision(self) -> float:
        """The part of what was found that is true."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The part of what is true that was found."""
        return self.matched / self.true if self.true else 0.0

    @property
    def comment_f1(self) -> float:
        """Of comments found with comments that are there."""
        return _f1(self.matched, self.found, self.true)

    @property
    def text_f1(self) -> float:
        """As ``comment_f1``, each pair counting by how alike its texts are."""
        return _f1(self.text, self.found, self.true)

    @property
    def words_f1(self) -> float:
        """Of the words of all comments of a page together, however they were cut into comments."""
        return _f1(self.words, self.words_found, self.words_true)

    @property
    def edge_f1(self) -> float:
        """Of reply edges among matched comments."""
        return _f1(self.edges, self.edges_found, self.edges_true)


def match(found: Sequence[Said], truth: Sequence[Said]) -> dict[int, int]:
    """Positions of found comments with those of the true ones they match."""
    alike = sorted(
        (
            (-f1(ours.text, theirs.text), abs(here - there), here, there)
            for here, ours in enumerate(found)
            for there, theirs in enumerate(truth)
        ),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for likeness, _, here, there in alike:
        if -likeness >= _MATCHES and here not in pairs and there not in taken:
            pairs[here] = there
            taken.add(there)
    return pairs


def f1(one: str, other: str) -> float:
    """The F1 of the 4-grams of tokens of two texts; texts of fewer tokens are one gram."""
    mine, yours = _grams(one), _grams(other)
    return _f1((mine & yours).total(), mine.total(), yours.total())


def _words(all_said: Sequence[Said]) -> Counter[str]:
    return Counter(word for said in all_said for word in _WORD.findall(said.text.lower()))


def _grams(text: str) -> Counter[tuple[str, ...]]:
    tokens = _WORD.findall(text.lower()) or _SIGN.findall(text)
    size = min(4, len(tokens)) or 1
    return Counter(tuple(tokens[at : at + size]) for at in range(max(1, len(tokens) - size + 1)))


def _f1(matched: float, found: int, true: int) -> float:
    return 2 * matched / (found + true) if found + true else 1.0
