"""The part of a page that holds the thread, and which of its blocks are names, headlines, buttons and words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile
from typing import Final

from scraper.discussion.lines.marks import Mark
from scraper.discussion.lines.sheet import Sheet
from scraper.page.blocks import Block, common_box

# A name with a headline and where the person works.
_MOST_LINES: Final = 3


class Region:
    """The blocks that hold the thread, prompts left out.

    ``authors`` and ``headlines`` are the indexes of blocks that name a person and say what they do; ``signs``
    of those that tell that a comment is near: names, dates, buttons to like and answer.
    """

    def __init__(self, sheet: Sheet, blocks: list[Block], names: Iterable[int] = ()) -> None:
        self.sheet = sheet
        self.blocks = blocks
        # Where some buttons are marked as such, what is not so marked is none.
        self.buttoned = any(block.control for block in blocks)
        self.authors = sheet.authors.intersection(block.index for block in blocks).union(names)
        self.signs = {block.index for block in blocks if self._is_sign(block)}
        self.headlines: set[int] = set()
        self._words: set[int] = set()
        self.headlines = self._find_headlines()
        self._words = self._find_words()

    def names(self) -> set[int]:
        """Where no link names anybody: lines that read like a name, set apart in an element above the words."""
        groups: list[list[Block]] = []
        for block in self.blocks:
            if self.is_text(block):
                if not groups or groups[-1][0].box.parent is not block.box.parent:
                    groups.append([])
                groups[-1].append(block)
        heads = (group for group, _ in pairwise(groups) if len(group) <= _MOST_LINES)
        if self.authors:
            return set()
        return {head[0].index for head in heads if all(map(self.sheet.is_name_like, head))}

    def mark(self, block: Block) -> Mark:
        """What a block says besides text."""
        return self.sheet.marks[block.index]

    def is_text(self, block: Block) -> bool:
        """Whether the block can be a comment's words."""
        index = block.index
        if index in self._words:
            return True
        return self.sheet.worded[index] and index not in self.authors and index not in self.headlines

    def speak(self, blocks: Iterable[Block]) -> None:
        """Take blocks for the words of a comment, whatever they look like."""
        self._words.update(block.index for block in blocks)

    def is_dated(self, block: Block) -> bool:
        """Whether the block is the date of a comment, names around it or not."""
        mark = self.mark(block)
        return bool(mark.stamps) and (mark.is_meta or mark.is_byline or block.index in self.authors)

    def _is_sign(self, block: Block) -> bool:
        mark = self.mark(block)
        return (
            block.index in self.authors
            or self.is_dated(block)
            or any(map(self.sheet.words.comment_action.fullmatch, mark.actions))
            or any(label.count in {None, "likes"} for label, _ in mark.counts)
        )

    def _find_headlines(self) -> set[int]:
        """The lines between a name and the words: above a date, in one element with the name, or in most comments."""
        starts = [position for position, block in enumerate(self.blocks) if block.index in self.authors]
        parts = [self.blocks[start:end] for start, end in zip(starts, [*starts[1:], None], strict=False)]
        dated = [self._above_date(part) for part in parts]
        if sum(above is not None for above in dated) * 2 <= len(parts):
            dated = [None] * len(parts)
        headlines = [
            {*(above or ()), *self._beside_name(part)} for above, part in zip(dated, parts, strict=True)
        ]
        opening = [
            None if lines else self._opening(part) for lines, part in zip(headlines, parts, strict=True)
        ]
        # A line above a word like a button's may be the words themselves, and one of two paragraphs the first.
        unsure = sum(not sure for _, sure in filter(None, opening))
        headed = sum(map(bool, headlines)) + sum(sure for _, sure in filter(None, opening))
        spoken = sum(any(map(self._may_speak, part[1:])) for part in parts) - unsure
        if headed * 2 >= spoken:
            headlines.append({line for line, _ in filter(None, opening)})
        return set().union(*headlines)

    def _opening(self, part: list[Block]) -> tuple[int, bool] | None:
        """The first line below a name where it reads like a headline, and whether clearly words stand below it."""
        above = list(takewhile(lambda block: not block.control, part[1:]))
        spoken = [block for block in above if self._may_speak(block)]
        if len(spoken) < 2 or not self.is_text(spoken[0]) or not self.sheet.is_name_like(spoken[0]):
            return None
        first, second = spoken[:2]
        if common_box([first, second]).start == first.index:
            # An element of their own, apart from the name, makes them paragraphs of one text.
            return None
        beside = first.box.parent is second.box.parent and first.box.tag == second.box.tag == "p"
        return first.index, self._speaks(second) and not beside

    def _speaks(self, block: Block) -> bool:
        return self.is_text(block) or self.sheet.is_placeholder(block)

    def _may_speak(self, block: Block) -> bool:
        """Whether a block can be a comment's words, those that look like a button's among buttons included."""
        mark = self.mark(block)
        if block.control or block.index in self.authors:
            return False
        if self._speaks(block):
            return True
        told = mark.stamps or mark.edited or mark.badge or mark.accepted or not mark.is_meta
        worded = bool(mark.actions or mark.counts or mark.numbers)
        return self.buttoned and worded and not told

    def _above_date(self, part: list[Block]) -> list[int] | None:
        """The short lines between the name and a date that words follow; None where no words do."""
        position = next((at for at, block in enumerate(part) if self.is_dated(block)), None)
        if position is None or position > 3 or not any(map(self.is_text, part[position + 1 :])):
            return None
        between = part[1:position]
        return [block.index for block in between] if all(map(self._is_short, between)) else None

    def _beside_name(self, part: list[Block]) -> list[int]:
        name = part[0]
        for box in name.box.ancestors():
            if box.end - box.start > 1:
                inside = [block for block in part[1:] if block.index < box.end]
                beyond = next((block for block in part if block.index >= box.end), None)
                alone = box.start == name.index and box.end - box.start == len(inside) + 1
                alone = alone and box.tag != "li"
                if alone and beyond and self._could_speak(beyond) and all(map(self._is_short, inside)):
                    return [block.index for block in inside if self.is_text(block)]
                return []
        return []

    def _could_speak(self, block: Block) -> bool:
        if self.sheet.is_placeholder(block):
            return False
        return self.is_text(block) or (not block.control and self._is_bare_label(block))

    def _is_bare_label(self, block: Block) -> bool:
        return self.sheet.words.label_alone.fullmatch(self.sheet.texts_plain[block.index]) is not None

    def _is_short(self, block: Block) -> bool:
        return self.sheet.is_short(block.index)

    def _find_words(self) -> set[int]:
        """Comments that are a word like a button's: where the usual buttons stand below it besides."""
        if self.buttoned and self.authors:
            return set(self._wordless())
        runs = list(self._tails())
        usual = Counter(_without_repeats(map(self._word, tail)) for spoken, tail in runs if spoken)
        if usual:
            tail_words = max(usual, key=lambda tail: (usual[tail], -len(tail)))
        elif runs:
            tail_words = _without_repeats(map(self._word, runs[0][1][1:]))
        else:
            return set()
        return {index for spoken, tail in runs for index in self._surplus(tail, tail_words, spoken=spoken)}

    def _wordless(self) -> Iterator[int]:
        """The first words of each comment that would else have none."""
        spoken, waiting = False, None
        for block in self.blocks:
            if block.index in self.authors:
                if not spoken and waiting is not None:
                    yield waiting
                spoken, waiting = False, None
            elif block.index not in self.headlines:
                spoken = spoken or self.is_text(block)
                waiting = block.index if waiting is None and self._may_speak(block) else waiting
        if not spoken and waiting is not None:
            yield waiting

    def _tails(self) -> Iterator[tuple[bool, list[Block]]]:
        """The stretches of buttons, and whether words stand right above each. Dates are no part of them.

        Words without a button below them count where a name or a date tells that a comment ends there.
        """
        bare = not any(self._tells_comments(block) for block in self.blocks)
        spoken, dated, named_like, tail = False, False, False, list[Block]()
        for block in self.blocks:
            text, named = self.is_text(block), block.index in self.authors or block.index in self.headlines
            fresh = named or _opens_item(block)
            if text or fresh:
                if tail or (spoken and not named_like and (fresh or dated or bare)):
                    yield spoken, tail
                spoken, dated, tail = text, False, []
                named_like = not self.authors and self.sheet.is_name_like(block)
            if self.is_dated(block):
                dated = True
            elif not (text or named):
                tail.append(block)
        if tail or spoken:
            yield spoken, tail

    def _tells_comments(self, block: Block) -> bool:
        return self.is_answerable(block) or block.index in self.authors or self.is_dated(block)

    def is_answerable(self, block: Block) -> bool:
        """Whether the block is a button to answer a comment, or to see its answers."""
        return any(map(self.sheet.words.reply.search, self.mark(block).actions))

    def _word(self, block: Block) -> str:
        mark = self.mark(block)
        words = [*(label.word for label, _ in mark.counts), *mark.actions]
        return " ".join(words)

    def _surplus(self, tail: list[Block], usual: tuple[str, ...], *, spoken: bool) -> Iterator[int]:
        words = tuple(map(self._word, tail))
        position = 0
        if not spoken and len(tail) == 2 * len(usual) == 2 and words == usual * 2:
            # A comment that says just what its only button says.
            tail = tail[:1]
            usual = ()
        while position < len(tail):
            if usual and words[position : position + len(usual)] == usual:
                position += len(usual)
                continue
            block = tail[position]
            bare = not (self.mark(block).counts or block.control)
            if bare and self._is_bare_label(block):
                yield block.index
            position += 1


def _without_repeats(words: Iterable[str]) -> tuple[str, ...]:
    """The last words, back to one that comes twice: no row of buttons has the same twice."""
    kept: list[str] = []
    for word in reversed(list(words)):
        if word in kept:
            break
        kept.insert(0, word)
    return tuple(kept)


def _opens_item(block: Block) -> bool:
    return any(box.tag == "li" and box.start == block.index for box in block.box.ancestors())
