"""What a takedown takes out of texts, made ready to be looked for."""

import binascii
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import filterfalse
from typing import Final

from scraper.takedown.view import fold

RUN: Final = 24
"""Letters and digits in a row that are taken for somebody's words, wherever they stand."""

EXCERPT: Final = 8
"""Letters and digits in a row that are taken for somebody's words where they stand by themselves near a name or an address."""

# A shorter address stands near too much.
_ANCHOR: Final = 6
_TAIL: Final = re.compile(r"[\W_]{1,40}\Z")
# Of fewer letters of ASCII, and of digits alone, addresses are full whoever they lead to.
_CALLING: Final = 3
# Of pieces of a text that begin at every thirteenth character, each stretch of RUN holds one.
_PIECE: Final = RUN // 2
_STRIDE: Final = RUN - _PIECE + 1


@dataclass(frozen=True, slots=True)
class Said:
    """One text on a page, in page order: a post or a comment with its author's name; ``is_taken`` says whether it goes."""

    text: str
    name: str | None
    is_taken: bool


@dataclass(frozen=True)
class Wanted:
    """What is to be taken out.

    ``texts`` are what was written, ``names`` what the person is called, ``literals`` addresses that lead to what goes, each
    as a reader sees it. ``ids`` are a person's native ids, which only count where something says that they are a person's.
    ``others`` are texts that stay although a part of them may equal a part of those that go. ``marks`` say near a text that
    it is one that goes, and stay. ``callings`` are names that count in an address where they are a part of it; in the
    addresses that are ``spared`` they do not.
    """

    texts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    literals: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    callings: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    _folds: frozenset[str] = field(init=False)
    _runs: frozenset[str] = field(init=False)
    _signs: frozenset[str] = field(init=False)
    _pieces: frozenset[str] = field(init=False)
    _name_folds: frozenset[str] = field(init=False)
    _mark_folds: frozenset[str] = field(init=False)
    _id_folds: dict[str, str] = field(init=False)
    _address: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        folds = frozenset(folded for text in self.texts if (folded := fold(text)))
        runs = (text[at : at + RUN] for text in folds for at in range(len(text) - RUN + 1))
        signs = (text.strip() for text in self.texts if text.strip() and not fold(text))
        object.__setattr__(self, "_folds", frozenset(text for text in folds if len(text) < RUN))
        object.__setattr__(self, "_runs", frozenset(runs))
        object.__setattr__(self, "_signs", frozenset(signs))
        long = [text for text in folds if len(text) >= RUN]
        pieces = (text[at : at + _PIECE] for text in long for at in range(len(text) - _PIECE + 1))
        object.__setattr__(self, "_pieces", frozenset(pieces))
        object.__setattr__(self, "_name_folds", frozenset(map(fold, self.names)) - {""})
        object.__setattr__(self, "_mark_folds", frozenset(map(fold, self.marks)) - {""})
        object.__setattr__(self, "_id_folds", {native: fold(native) for native in self.ids})
        forms = [_literal(text) for text in self.literals]
        forms += [_as_person(text) for text in self.ids | self.names]
        forms += [_as_calling(text) for text in self.callings]
        address = re.compile("|".join(sorted(forms, key=len, reverse=True))) if forms else None
        object.__setattr__(self, "_address", address)

    @property
    def folds(self) -> frozenset[str]:
        """The texts too short for a run of ``RUN``, as ``fold`` has them."""
        return self._folds

    @property
    def runs(self) -> frozenset[str]:
        """Every run of ``RUN`` letters and digits in the longer texts."""
        return self._runs

    @property
    def signs(self) -> frozenset[str]:
        """The texts without a letter or a digit."""
        return self._signs

    @cached_property
    def grams(self) -> frozenset[str]:
        """Every run of ``EXCERPT`` letters and digits in the texts."""
        folds = map(fold, self.texts)
        return frozenset(text[at : at + EXCERPT] for text in folds for at in range(len(text) - EXCERPT + 1))

    @cached_property
    def tails(self) -> frozenset[str]:
        """The marks that the texts end with, blanks left out."""
        ends = (_TAIL.search(text) for text in self.texts)
        return frozenset("".join(end[0].split()) for end in ends if end) - {""}

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What says near a text that it is one that goes, as ``fold`` has it: names, addresses, marks."""
        found = self._name_folds | frozenset(map(fold, self.literals | self.marks))
        return frozenset(anchor for anchor in found if anchor in self._name_folds or len(anchor) >= _ANCHOR)

    @cached_property
    def calls(self) -> "Wanted":
        """Of it what a sentence of ours may call a person."""
        return Wanted(names=self._telling_names)

    def addresses(self, text: str) -> "Wanted":
        """What of it can lead to what goes: for URLs and what surrounds an answer, where a name may be any word."""
        return self._with_callings if text not in self.spared else self._without_callings

    @cached_property
    def _with_callings(self) -> "Wanted":
        return replace(self._without_callings, callings=self._telling_names)

    @cached_property
    def _telling_names(self) -> frozenset[str]:
        """The names that are no mere number or a letter or two."""
        names = (name for name in self.names if not (name.isascii() and len(name) < _CALLING))
        return frozenset(filterfalse(str.isdecimal, names))

    @cached_property
    def _without_callings(self) -> "Wanted":
        return Wanted(texts=self.texts, ids=self.ids | self.names, literals=self.literals)

    @property
    def address(self) -> re.Pattern[str] | None:
        """What finds a literal, or an id where it is a person's; None where there are none."""
        return self._address

    def may_be_in(self, reading: str) -> bool:
        """A quick look: False only where nothing that goes stands in ``reading`` as it is."""
        folded = fold(reading)
        if any(short in folded for short in (*self._folds, *self._name_folds, *self._mark_folds)) or any(
            sign in reading for sign in self._signs
        ):
            return True
        # A hit is rare, so only every thirteenth piece is looked at before every run is.
        if not self._pieces.isdisjoint(
            [folded[at : at + _PIECE] for at in range(0, len(folded), _STRIDE)]
        ) and not self._runs.isdisjoint([folded[at : at + RUN] for at in range(len(folded) - RUN + 1)]):
            return True
        is_named = any(text in reading for text in self.literals) or any(
            native in reading or folded_native in folded for native, folded_native in self._id_folds.items()
        )
        return is_named and self._address is not None and self._address.search(reading) is not None


def _literal(text: str) -> str:
    before = r"(?<![\w-])" if text[:1].isalnum() else ""
    return rf"{before}{re.escape(text)}(?![\w-])"


def _as_person(native: str) -> str:
    """An id where a path, a key or a class says that it is a person's."""
    group = f"id_{binascii.crc32(native.encode()):08x}"
    word = r"(?:users?|authors?|members?|profiles?|people|writers?|creators?|owners?)"
    return (
        rf"(?i:{word}[\w-]{{0,20}}?(?<![0-9])[\"'\\]{{0,4}}[\s:=/@-]{{1,4}}[\"'\\]{{0,4}}@?"
        rf"(?P<{group}>{re.escape(native)})(?![\w-]))"
    )


def _as_calling(name: str) -> str:
    """A name that is a part of an address of its own; one that may be a common word, only where a person is called so."""
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    spelled = "|".join(re.sub(r"(?:\\?\s)+", r"[\\s+_-]+", re.escape(form)) for form in sorted(forms))
    before = "@=~" if name.isascii() and name.isalnum() else "/@=~?&#:+,;\"'"
    group = f"calling_{binascii.crc32(name.encode()):08x}"
    return rf"(?i:(?<=[{before}])(?P<{group}>{spelled})(?=$|[/?&#:+,.;\"'<>\s]))"
