"""Sign-up prompts as rules over blocks. A rule asks for several of the prompt's parts in a row, never for a phrase."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.model.record import Removed
from scraper.page.blocks import Block, Box, to_markdown
from scraper.page.characters import plain

# A prompt is short: from its opening to its last part stand at most this many pieces.
_LONGEST: Final = 32


@dataclass(frozen=True, slots=True)
class GateRule:
    """A prompt: how it opens, what else it always says, and what may stand in between and right after.

    ``phrases`` are its further fixed phrases, ``offers`` its buttons, and ``fine_print`` what may stand around them
    and proves nothing.
    """

    name: str
    opening: re.Pattern[str]
    phrases: re.Pattern[str]
    offers: re.Pattern[str]
    fine_print: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Gate:
    """A prompt on a page: the blocks ``start`` to ``end`` (exclusive). ``offered`` tells whether it has buttons."""

    rule: str
    start: int
    end: int
    offered: bool
    text: str

    def removed(self) -> Removed:
        """What taking the prompt out takes out."""
        return Removed(self.rule, self.text)


def find_gates(blocks: Sequence[Block], rule: GateRule) -> tuple[Gate, ...]:
    """The prompts on a page, in order. Every block of a prompt belongs to it whole.

    A text that quotes the prompt is no prompt: not within a sentence, not on a line of its own, and not part
    by part as paragraphs among paragraphs. Where several places look like the prompt and only some offer
    buttons, those are it.
    """
    gates: list[Gate] = []
    for index, block in enumerate(blocks):
        if gates and index < gates[-1].end:
            continue
        if rule.opening.match(plain(block.pieces[0].text)):
            gate = _gate_at(blocks, index, rule)
            if gate is not None and not _is_quoted(blocks, gate):
                gates.append(gate)
    offered = tuple(gate for gate in gates if gate.offered)
    return offered or tuple(gates)


def _gate_at(blocks: Sequence[Block], start: int, rule: GateRule) -> Gate | None:
    phrases, offered, end, seen = 0, False, start, 0
    for index in range(start, len(blocks)):
        block = blocks[index]
        parts = [_part(text, block, rule) for text in _texts(block, rule)]
        seen += len(parts)
        if "other" in parts or (index > start and "opening" in parts) or seen > _LONGEST:
            break
        phrases += parts.count("phrase")
        offered = offered or "offer" in parts
        end = index + 1 if not {"control", "print"}.issuperset(parts) else end
    if phrases < 2 and not offered:
        return None
    return Gate(rule.name, start, end, offered, to_markdown(blocks[start:end], blocks[start].box))


def _texts(block: Block, rule: GateRule) -> Iterator[str]:
    whole = plain(block.text)
    if len(block.pieces) == 1 and (opening := rule.opening.match(whole) or rule.phrases.match(whole)):
        # Flattening may have glued the prompt into one line.
        yield opening[0]
        yield from filter(
            None, (text.strip() for text in re.split(f"({rule.phrases.pattern})", whole[opening.end() :]))
        )
        return
    yield from (plain(piece.text) for piece in block.pieces)


def _part(text: str, block: Block, rule: GateRule) -> str:
    if rule.opening.fullmatch(text):
        return "opening"
    if rule.phrases.fullmatch(text):
        return "phrase"
    # Text browsers set buttons in brackets.
    if rule.offers.fullmatch(text.strip("[]")):
        return "offer"
    if rule.fine_print.fullmatch(text):
        return "print"
    return "control" if block.control and len(text) <= 40 else "other"


def _is_quoted(blocks: Sequence[Block], gate: Gate) -> bool:
    """Whether the prompt's parts are items of a list, or paragraphs like those on both sides in the same element."""
    if gate.offered:
        return False
    if any(block.box.within("li") for block in blocks[gate.start : gate.end]):
        return True
    if gate.start == 0 or gate.end >= len(blocks):
        return False
    run = blocks[gate.start - 1 : gate.end + 1]
    homes = [_home(block) for block in run]
    return (
        homes[0] is not None
        and len({(id(home), block.box.tag) for home, block in zip(homes, run, strict=True)}) == 1
    )


def _home(block: Block) -> Box | None:
    """The element that holds a block with others; what is set around it alone is none."""
    home = block.box.parent
    while home is not None and home.end - home.start == 1:
        home = home.parent
    return home
