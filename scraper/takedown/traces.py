"""The traces of a subject in texts, made ready to be looked for."""

import binascii
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import filterfalse
from typing import Final

from scraper.takedown.view import Span, fold

FRAME: Final = frozenset("\"'`<>{}[]()=&\\/:;,\n\r\t")
RUN: Final = 24
"""Letters and digits in a row that are taken for somebody's words, wherever they stand."""

EXCERPT: Final = 8
"""Letters and digits in a row that are taken for somebody's words where they stand by themselves near a name or an address."""

_ANSWERS: Final = 1 << 15
_SHORT: Final = 256
# A shorter address stands near too much.
_ANCHOR: Final = 6
_TAIL: Final = re.compile(r"[\W_]{1,40}\Z")
# Of fewer letters of ASCII, and of digits alone, addresses are full whoever they lead to.
_CALLING: Final = 3
# Of pieces of a text that begin at every thirteenth character, each stretch of RUN holds one.
PIECE: Final = RUN // 2
STRIDE: Final = RUN - PIECE + 1


@dataclass(frozen=True, slots=True)
class Statement:
    """One text on a page, in page order: a post or a comment with its author's name; ``is_taken`` says whether it goes."""

    text: str
    name: str | None
    is_taken: bool


class Answers:
    """Which short texts, such as headers and the names of classes, were looked into already: the same ones stand on all pages of a site."""

    def __init__(self) -> None:
        self._answers: dict[str, bool] = {}

    def of(self, text: str, look: Callable[[str], bool]) -> bool:
        """Whether a text holds what goes; ``look`` tells where it was not looked into, or long ago."""
        answer = self._answers.get(text)
        if answer is None:
            answer = look(text)
            if len(text) <= _SHORT:
                if len(self._answers) >= _ANSWERS:
                    self._answers.clear()
                self._answers[text] = answer
        return answer


@dataclass(frozen=True)
class Traces:
    """How what is taken down shows in texts.

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
    texts_seen: Answers = field(init=False, repr=False, compare=False, default_factory=Answers)
    tokens_seen: Answers = field(init=False, repr=False, compare=False, default_factory=Answers)

    def __post_init__(self) -> None:
        folds = frozenset(folded for text in self.texts if (folded := fold(text)))
        runs = (text[at : at + RUN] for text in folds for at in range(len(text) - RUN + 1))
        signs = (text.strip() for text in self.texts if text.strip() and not fold(text))
        object.__setattr__(self, "_folds", frozenset(text for text in folds if len(text) < RUN))
        object.__setattr__(self, "_runs", frozenset(runs))
        object.__setattr__(self, "_signs", frozenset(signs))
        long = [text for text in folds if len(text) >= RUN]
        pieces = (text[at : at + PIECE] for text in long for at in range(len(text) - PIECE + 1))
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
    def signs(self) -> frozenset[str]:
        """The texts without a letter or a digit."""
        return self._signs

    @cached_property
    def grams(self) -> frozenset[str]:
        """Every run of ``EXCERPT`` letters and digits in the texts."""
        folds = map(fold, self.texts)
        return frozenset(text[at : at + EXCERPT] for text in folds for at in range(len(text) - EXCERPT + 1))

    @property
    def name_folds(self) -> frozenset[str]:
        """The names, as ``fold`` has them."""
        return self._name_folds

    @cached_property
    def others_by_piece(self) -> dict[str, list[tuple[int, str]]]:
        """The longer of the texts that stay, as ``fold`` has them, by a piece of each that begins at a stride of any page: how far into it, and it."""
        by_piece: dict[str, list[tuple[int, str]]] = {}
        for text in {folded for other in self.others if len(folded := fold(other)) >= RUN}:
            for at in range(STRIDE):
                by_piece.setdefault(text[at : at + PIECE], []).append((at, text))
        return by_piece

    @cached_property
    def shorter_others(self) -> frozenset[str]:
        """The shorter of the texts that stay, as ``fold`` has them."""
        return frozenset(folded for other in self.others if 0 < len(folded := fold(other)) < RUN)

    @cached_property
    def ends_with_mark(self) -> bool:
        """Whether any of the texts ends with a mark."""
        return any(text.rstrip() and is_mark(text.rstrip()[-1]) for text in self.texts)

    def passages_in(self, folded: str) -> list[Span]:
        """The longest stretches of a fold of which each part of ``RUN`` characters is one of the texts'."""
        # A hit is rare, so only every thirteenth piece is looked at before the runs around it are.
        at = [at for at in range(0, len(folded), STRIDE) if folded[at : at + PIECE] in self._pieces]
        places: set[int] = set()
        for piece in at:
            places.update(range(max(0, piece - STRIDE + 1), piece + 1))
        return stretches(folded, self._runs, RUN, sorted(places)) if places else []

    @cached_property
    def tails(self) -> frozenset[str]:
        """The marks that the texts end with, blanks left out."""
        ends = (_TAIL.search(text) for text in self.texts)
        return frozenset("".join(end[0].split()) for end in ends if end) - {""}

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What says near a text that it is one that goes, as ``fold`` has it: names, addresses, marks."""
        folds = self._name_folds | frozenset(map(fold, self.literals | self.marks))
        return frozenset(anchor for anchor in folds if anchor in self._name_folds or len(anchor) >= _ANCHOR)

    @cached_property
    def calls(self) -> "Traces":
        """Of it what a sentence of ours may call a person."""
        return Traces(names=self._telling_names)

    def addresses(self, text: str) -> "Traces":
        """What of it can lead to what goes: for URLs and what surrounds an answer, where a name may be any word."""
        return self._with_callings if text not in self.spared else self._without_callings

    @cached_property
    def _with_callings(self) -> "Traces":
        return replace(self._without_callings, callings=self._telling_names)

    @cached_property
    def _telling_names(self) -> frozenset[str]:
        """The names that are no mere number or a letter or two."""
        names = (name for name in self.names if not (name.isascii() and len(name) < _CALLING))
        return frozenset(filterfalse(str.isdecimal, names))

    @cached_property
    def _without_callings(self) -> "Traces":
        return Traces(texts=self.texts, ids=self.ids | self.names, literals=self.literals)

    def may_be_in(self, reading: str, folded: str) -> bool:
        """A quick look: False only where nothing that goes stands in ``reading`` as it is; ``folded`` is its fold."""
        if any(short in folded for short in (*self._folds, *self._name_folds, *self._mark_folds)) or any(
            sign in reading for sign in self._signs
        ):
            return True
        return bool(self.passages_in(folded)) or any(True for _ in self.addresses_in(reading, folded))

    def addresses_in(self, reading: str, folded: str) -> Iterator[re.Match[str]]:
        """Where literals stand in a reading, and ids that are a person's; ``folded`` is its fold."""
        is_named = any(text in reading for text in self.literals) or any(
            native in reading or folded_native in folded for native, folded_native in self._id_folds.items()
        )
        if is_named and self._address is not None:
            yield from self._address.finditer(reading)


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


def stretches(
    text: str, passages: frozenset[str], size: int, places: Iterable[int] | None = None
) -> list[Span]:
    """The longest stretches of which each part of ``size`` characters is a known one; ``places`` are those where one may begin."""
    spans: list[Span] = []
    begun, end = None, 0
    if places is None:
        places = range(len(text) - size + 1) if passages else ()
    for at in places:
        if text[at : at + size] in passages:
            if begun is not None and at > end:
                spans.append((begun, end))
                begun = None
            begun = at if begun is None else begun
            end = at + size
    if begun is not None:
        spans.append((begun, end))
    return spans


def is_mark(character: str) -> bool:
    """Whether a character is punctuation that is no frame."""
    return not (character.isalnum() or character.isspace() or character in FRAME or character == "_")
