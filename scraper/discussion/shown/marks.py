"""What a block says besides text: dates, counts, actions. Labels and forms decide, in whatever element they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scraper.model.record import Count, CountName
from scraper.page.blocks import Block, Piece
from scraper.page.characters import plain
from scraper.page.counts import parse_count
from scraper.page.dates import is_date
from scraper.sites.careerly import words

# Longer blocks are text; the longest line of counts and dates is far shorter.
_LONGEST = 100
_LONGEST_WORDS = 40
# So many counts in a row are a row of facts, whatever stands beside them.
_TELLING = 2
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.?!,~…]\Z|.{3}(?:다|요|죠|은|는|을|를)\Z")
_AROUND_DATE = re.compile(
    r"\A(?:작성일?|게시일?|등록일?|수정일?)\s?:?\s?|\s?(?:에\s?)?(?:작성|게시|작성됨|게시됨)\Z"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as it stands on the page, with the machine form beside it where there is one."""

    raw: str
    machine: str | None = None


@dataclass(slots=True)
class Mark:
    """The parts of a block that are not text. ``rest`` are the pieces that no label or form explains.

    ``counts`` pairs a label with its number; ``labels`` and ``numbers`` stand alone in this block.
    """

    stamps: list[Stamp] = field(default_factory=list)
    counts: list[tuple[str, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    edited: str | None = None
    badge: bool = False
    accepted: bool = False
    rest: list[Piece] = field(default_factory=list)

    @property
    def is_meta(self) -> bool:
        """Whether nothing in the block is left that could be text."""
        return not self.rest

    @property
    def is_byline(self) -> bool:
        """Whether the block is a date with names around it, and no sentence."""
        return bool(self.stamps) and 0 < len(self.rest) <= 4 and not any(map(_is_sentence, self.rest))

    def has(self, *names: CountName) -> bool:
        """Whether a number stands beside the label of one of these counts."""
        return any(words.COUNT_LABELS.get(label) in names for label, _ in self.counts)


def _is_sentence(piece: Piece) -> bool:
    return len(piece.text) > 40 or _SENTENCE_END.search(piece.text) is not None


def mark_block(block: Block, said: str) -> Mark:
    """The mark of one block, of which ``said`` is the plain text."""
    mark = Mark()
    wordy = len(block.text) > _LONGEST_WORDS and _DIGIT.search(block.text) is None
    if len(block.text) > _LONGEST or wordy or block.code:
        mark.rest = list(block.pieces)
        return mark
    machine = next((piece.datetime for piece in block.pieces if piece.datetime), None)
    labelled = any(piece.label and words.LABEL_OPENING.match(piece.label) for piece in block.pieces)
    if not labelled and _explain(said, mark, machine):
        return mark
    if len(block.pieces) == 1 and machine is None and not labelled:
        return _facts(said, block.pieces[0]) or Mark(rest=list(block.pieces))
    mark = Mark()
    for piece in block.pieces:
        if not (
            _is_labelled_count(piece, mark)
            or _explain(plain(piece.text), mark, piece.datetime)
            or _is_machine_date(piece, mark)
        ):
            mark.rest.append(piece)
    if len(mark.counts) >= _TELLING and len(mark.counts) > len(mark.rest) and not mark.is_byline:
        mark.rest = []
    badged = (mark.badge or mark.accepted) and len(mark.rest) < len(block.pieces)
    if not mark.rest or mark.is_byline or badged:
        return mark
    # A word or number set off inside a sentence explains nothing.
    return Mark(rest=list(block.pieces))


def _facts(said: str, piece: Piece) -> Mark | None:
    """The mark of a line of facts, a date among them, where separators set off a name or something else unknown."""
    parts = [part for part in words.SEPARATOR.split(said) if part]
    if len(parts) == 1:
        parts = said.split(", ")
    mark = Mark()
    for part in parts:
        if not _explain_part(part, mark, None):
            mark.rest.append(Piece(words.NAME_LABEL_BEFORE.sub("", part), piece.href))
    return mark if len(parts) > 1 and len(mark.rest) < len(parts) and mark.is_byline else None


def _is_labelled_count(piece: Piece, mark: Mark) -> bool:
    label = words.LABEL_OPENING.match(plain(piece.label)) if piece.label else None
    if label is None or not words.NUMBER_ALONE.fullmatch(plain(piece.text)):
        return False
    mark.counts.append((label["label"], piece.text))
    return True


def _is_machine_date(piece: Piece, mark: Mark) -> bool:
    if piece.datetime is None or not is_date(piece.datetime):
        return False
    mark.stamps.append(Stamp(piece.text, piece.datetime))
    return True


def _explain(text: str, mark: Mark, machine: str | None) -> bool:
    if not text:
        return True
    found = Mark()
    for part in words.SEPARATOR.split(text):
        if part and not _explain_part(part, found, machine):
            return False
    for name in ("stamps", "counts", "labels", "numbers", "actions"):
        getattr(mark, name).extend(getattr(found, name))
    mark.edited = mark.edited or found.edited
    mark.badge = mark.badge or found.badge
    mark.accepted = mark.accepted or found.accepted
    return True


def _explain_part(part: str, mark: Mark, machine: str | None) -> bool:
    label = words.LABEL_ALONE.fullmatch(part)
    if label:
        mark.labels.append(label["label"])
        mark.actions.append(part)
    elif words.ACTION.fullmatch(part):
        mark.actions.append(part)
    elif words.BADGE.fullmatch(part):
        mark.badge = True
    elif words.ACCEPTED.fullmatch(part):
        mark.accepted = True
    elif words.NUMBER_ALONE.fullmatch(part):
        mark.numbers.append(part)
    elif not (words.FIELD.fullmatch(part) or words.PINNED.fullmatch(part) or words.ADDRESS.fullmatch(part)):
        return _explain_dated(part, mark, machine)
    return True


def _explain_dated(part: str, mark: Mark, machine: str | None) -> bool:
    edited = words.EDITED.search(part)
    if edited:
        mark.edited = edited[0]
        part = (part[: edited.start()] + part[edited.end() :]).strip()
    bare = _AROUND_DATE.sub("", part).removeprefix("(").removesuffix(")")
    if not part or is_date(bare):
        if part:
            mark.stamps.append(Stamp(bare, machine))
        return True
    first = words.COUNT.search(part)
    if first is None:
        return False
    head = words.TOTAL.sub("", part[: first.start()]).strip()
    if head and not is_date(head):
        return False
    counts = _counts(part[first.start() :])
    if counts is None:
        return False
    if head:
        mark.stamps.append(Stamp(head, machine))
    mark.counts.extend(counts)
    return True


def _counts(text: str) -> list[tuple[str, str]] | None:
    counts, position = [], 0
    while position < len(text):
        match = words.COUNT.match(text, position)
        if match is None:
            return None
        counts.append((match["label"] or match["named"], match["number"] or match["first"]))
        position = match.end()
        while position < len(text) and text[position] in " ,":
            position += 1
    return counts


def gather_counts(marks: Sequence[Mark]) -> tuple[Count, ...]:
    """The counts of consecutive blocks; a label and its number may stand in blocks of their own.

    The first number that a label has counts. ``0`` is a number like any other.
    """
    pairs: list[tuple[str, str]] = []
    waiting: str | None = None
    for mark in marks:
        pairs += mark.counts
        if mark.numbers and waiting and not mark.labels:
            pairs.append((waiting, mark.numbers[0]))
        elif len(mark.labels) == len(mark.numbers):
            pairs += zip(mark.labels, mark.numbers, strict=True)
        waiting = mark.labels[-1] if mark.labels and not mark.numbers else None
    counts: dict[CountName, Count] = {}
    for label, raw in pairs:
        name = words.COUNT_LABELS.get(label)
        count = parse_count(name, raw) if name else None
        if count:
            counts.setdefault(count.name, count)
    return tuple(counts.values())
