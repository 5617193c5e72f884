"""What a block says besides text: dates, counts, actions. Labels and forms decide, in whatever element they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scraper.discussion.moments import Stamp
from scraper.discussion.vocabulary import Patterns
from scraper.model.record import Count, CountName
from scraper.page.blocks import Block, Piece
from scraper.page.characters import plain
from scraper.page.counts import parse_count
from scraper.page.dates import is_date, may_hold_date

# Longer blocks are text; the longest line of counts and dates is far shorter.
_LONGEST: Final = 100
_LONGEST_WORDS: Final = 40
# So many counts in a row are a row of facts, whatever stands beside them.
_TELLING: Final = 2
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Label:
    """The word beside a number, and the count it names; None where that is no count of a post."""

    word: str
    count: CountName | None


@dataclass(slots=True)
class Mark:
    """The parts of a block that are not text. ``rest`` are the pieces that no label or form explains.

    ``counts`` pairs a label with its number; ``labels`` and ``numbers`` stand alone in this block. A byline is a date
    with names around it, and no sentence.
    """

    stamps: tuple[Stamp, ...] = ()
    counts: tuple[tuple[Label, str], ...] = ()
    labels: tuple[Label, ...] = ()
    numbers: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    edited: str | None = None
    badge: bool = False
    accepted: bool = False
    rest: tuple[Piece, ...] = ()
    is_byline: bool = False

    @property
    def is_meta(self) -> bool:
        """Whether nothing in the block is left that could be text."""
        return not self.rest

    def has(self, *names: CountName) -> bool:
        """Whether a number stands beside the label of one of these counts."""
        return any(label.count in names for label, _ in self.counts)

    def add(self, other: "Mark") -> None:
        """Take over what another mark explains."""
        self.stamps += other.stamps
        self.counts += other.counts
        self.labels += other.labels
        self.numbers += other.numbers
        self.actions += other.actions
        self.edited = self.edited or other.edited
        self.badge = self.badge or other.badge
        self.accepted = self.accepted or other.accepted


class Marker:
    """Marks blocks by the words of a site's pages."""

    def __init__(self, words: Patterns) -> None:
        self.words = words
        # A page says many things once for each comment, and a site on each page: dates, buttons, counts.
        self._explained = lru_cache(maxsize=4096)(self._explain)

    def mark(self, block: Block, shown: str) -> Mark:
        """The mark of one block, of which ``shown`` is the plain text."""
        mark = self._explained_block(block, shown)
        mark.is_byline = self._is_byline(mark)
        return mark

    def _explained_block(self, block: Block, shown: str) -> Mark:
        length = len(block.text)
        wordy = length > _LONGEST_WORDS and _DIGIT.search(block.text) is None
        if length > _LONGEST or wordy or block.code:
            return Mark(rest=block.pieces)
        machine = next(filter(None, [piece.datetime for piece in block.pieces]), None)
        labels = filter(None, [piece.label for piece in block.pieces])
        labelled = any(map(self.words.label_opening.match, labels))
        if not labelled and (whole := self._explained(shown, machine)):
            return whole
        if len(block.pieces) == 1 and machine is None and not labelled:
            return self._facts(shown, block.pieces[0]) or Mark(rest=block.pieces)
        return self._explained_pieces(block.pieces)

    def _explained_pieces(self, pieces: tuple[Piece, ...]) -> Mark:
        mark = Mark()
        for piece in pieces:
            if not self._add_piece(piece, mark):
                mark.rest += (piece,)
        if mark.rest and self._add_others(
            [self._other_count(plain(piece.text)) for piece in mark.rest], mark
        ):
            mark.rest = ()
        if len(mark.counts) >= _TELLING and len(mark.counts) > len(mark.rest) and not self._is_byline(mark):
            mark.rest = ()
        badged = (mark.badge or mark.accepted) and len(mark.rest) < len(pieces)
        if not mark.rest or self._is_byline(mark) or badged:
            return mark
        # A word or number set off inside a sentence explains nothing.
        return Mark(rest=pieces)

    def _is_byline(self, mark: Mark) -> bool:
        return bool(mark.stamps) and 0 < len(mark.rest) <= 4 and not any(map(self._is_sentence, mark.rest))

    def _is_sentence(self, piece: Piece) -> bool:
        return len(piece.text) > 40 or self.words.clause_end.search(piece.text) is not None

    def _facts(self, shown: str, piece: Piece) -> Mark | None:
        """The mark of a line of facts, a date among them, where separators set off a name or something else unknown."""
        parts = [part for part in self.words.separator.split(shown) if part]
        if len(parts) == 1:
            parts = shown.split(", ")
        if len(parts) < 2:
            return None
        mark = Mark()
        for part in parts:
            if not self._add_part(part, mark, None):
                mark.rest += (Piece(self.words.name_opening.sub("", part), piece.href),)
        return mark if len(mark.rest) < len(parts) and self._is_byline(mark) else None

    def _add_piece(self, piece: Piece, mark: Mark) -> bool:
        if counted := self._labelled_count(piece):
            mark.counts += (counted,)
        elif explained := self._explained(plain(piece.text), piece.datetime):
            mark.add(explained)
        elif piece.datetime is not None and is_date(piece.datetime):
            mark.stamps += (Stamp(piece.text, piece.datetime),)
        else:
            return False
        return True

    def _labelled_count(self, piece: Piece) -> tuple[Label, str] | None:
        label = self.words.label_opening.match(plain(piece.label)) if piece.label else None
        if label is None or not self.words.number_alone.fullmatch(plain(piece.text)):
            return None
        return self._label(label["label"]), piece.text

    def _label(self, word: str) -> Label:
        return Label(word, self.words.count_names.get(word))

    def _explain(self, text: str, machine: str | None) -> Mark | None:
        """The mark of a text whose every part is explained, by itself or as a count among counts; None for any other."""
        mark = Mark()
        parts = filter(None, self.words.separator.split(text))
        others = [self._other_count(part) for part in parts if not self._add_part(part, mark, machine)]
        return mark if self._add_others(others, mark) else None

    def _other_count(self, text: str) -> tuple[Label, str] | None:
        counted = self.words.other_count.fullmatch(text)
        return (Label(counted["label"], None), counted["number"]) if counted else None

    @staticmethod
    def _add_others(others: Sequence[tuple[Label, str] | None], mark: Mark) -> bool:
        """Take in counts under unknown labels, which a known count beside them explains; tells whether all are explained."""
        counts = [other for other in others if other]
        if others and (len(counts) < len(others) or not any(label.count for label, _ in mark.counts)):
            return False
        mark.counts += tuple(counts)
        return True

    def _add_part(self, part: str, mark: Mark, machine: str | None) -> bool:
        form = self.words.part.fullmatch(part)
        if form is None:
            return self._add_dated(part, mark, machine)
        match form.lastgroup:
            case "label_alone":
                mark.labels += (self._label(form["label"]),)
                mark.actions += (part,)
            case "action":
                mark.actions += (part,)
            case "badge":
                mark.badge = True
            case "accepted":
                mark.accepted = True
            case "number":
                mark.numbers += (part,)
        return True

    def _add_dated(self, part: str, mark: Mark, machine: str | None) -> bool:
        edited = self.words.edited.search(part)
        if edited:
            mark.edited = edited[0]
            part = (part[: edited.start()] + part[edited.end() :]).strip()
        if not part:
            return True
        first = self.words.count.search(part) if _DIGIT.search(part) else None
        if first and not first.start() and (counts := self._counts(part)):
            mark.counts += tuple(counts)
            return True
        if may_hold_date(part):
            bare = self.words.around_date.sub("", part).removeprefix("(").removesuffix(")")
            if is_date(bare):
                mark.stamps += (Stamp(bare, machine),)
                return True
        if first is None:
            return False
        head = self.words.total.sub("", part[: first.start()]).strip()
        if head and not is_date(head):
            return False
        counts = self._counts(part[first.start() :])
        if counts is None:
            return False
        if head:
            mark.stamps += (Stamp(head, machine),)
        mark.counts += tuple(counts)
        return True

    def _counts(self, text: str) -> list[tuple[Label, str]] | None:
        counts, position = [], 0
        while position < len(text):
            match = self.words.count.match(text, position)
            if match is None:
                return None
            label = self._label(match["label"] or match["named"] or match["behind"])
            counts.append((label, match["number"] or match["first"]))
            position = match.end()
            while position < len(text) and text[position] in " ,":
                position += 1
        return counts


@lru_cache(maxsize=16)
def marker_of(words: Patterns) -> Marker:
    """The marker of a site's words; it keeps what it has explained."""
    return Marker(words)


def gather_counts(marks: Sequence[Mark]) -> tuple[Count, ...]:
    """The counts of consecutive blocks; a label and its number may stand in blocks of their own.

    The first number that a label has counts, where it can be read. ``0`` is a number like any other.
    """
    pairs: list[tuple[Label, str]] = []
    waiting: Label | None = None
    for mark in marks:
        pairs += mark.counts
        if mark.numbers and waiting and not mark.labels:
            pairs.append((waiting, mark.numbers[0]))
        elif len(mark.labels) == len(mark.numbers):
            pairs += zip(mark.labels, mark.numbers, strict=True)
        waiting = mark.labels[-1] if mark.labels and not mark.numbers else None
    counts: dict[CountName, Count] = {}
    for label, raw in pairs:
        count = parse_count(label.count, raw) if label.count else None
        if count and (count.name not in counts or counts[count.name].value is None):
            counts[count.name] = count
    return tuple(counts.values())
