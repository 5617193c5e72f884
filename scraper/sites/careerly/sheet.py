"""A page with what each block says besides text: what all readings of its parts share."""

from collections.abc import Iterator
from typing import Final

from scraper.page.blocks import Block, Page
from scraper.page.characters import plain
from scraper.page.gates import find_gates
from scraper.sites.careerly import words
from scraper.sites.careerly.marks import mark_block
from scraper.sites.careerly.region import is_author, is_name_like
from scraper.sites.careerly.urls import PostRef, linked_post, profile_id

_SHORT: Final = 60
_SENTENCE_ENDS: Final = ("다.", "요.", "요", "니다", "다", "죠", "죠.", "?", "!", "…", "...", "~", ".")


class Sheet:
    """A page of the post ``ref``. Indexes are those of ``blocks``; ``gated`` are the blocks of sign-up prompts."""

    def __init__(self, page: Page, ref: PostRef) -> None:
        self.page = page
        self.blocks = page.blocks
        self.ref = ref
        self.marks = [mark_block(block) for block in page.blocks]
        self.gates = find_gates(page.blocks, words.PROMPT)
        self.gated = {index for gate in self.gates for index in range(gate.start, gate.end)}

        self.people = {person for index in range(len(self.blocks)) for person in self._followed(index)}

    def _followed(self, index: int) -> list[int]:
        """The name and headline above a button to follow: set in one element with it, or right above."""
        if not any(words.FOLLOW.fullmatch(action) for action in self.marks[index].actions):
            return []
        near = range(max(0, index - 3), index)
        for box in self.blocks[index].box.ancestors():
            if box.end - box.start > 1:
                inside = [other for other in near if other >= box.start and not self.marks[other].is_meta]
                if (
                    box.start >= near.start
                    and inside
                    and all(is_name_like(self.blocks[other]) for other in inside)
                ):
                    return inside
                break
        return []

    def is_person(self, index: int) -> bool:
        """Whether a block names the post's author, or says what they do."""
        block = self.blocks[index]
        return index in self.people or (is_author(block) and not mentions(block))

    def is_text(self, index: int) -> bool:
        """Whether a block's words can belong to a post or a comment."""
        return not (
            self.marks[index].is_meta
            or index in self.gated
            or self.blocks[index].control
            or self.is_menu(index)
        )

    def is_menu(self, index: int) -> bool:
        """Whether a block lies in the frame of the page rather than in the post."""
        for box in self.blocks[index].box.ancestors():
            if box.tag in {"nav", "aside"}:
                return True
            if box.tag in {"header", "footer"}:
                return not (box.parent and box.parent.within("main", "article", "section", "li"))
        return False

    def is_foreign(self, index: int) -> bool:
        """Whether a block as a whole leads to another post."""
        linked = linked_post(self.blocks[index].href)
        return linked is not None and linked != self.ref

    def is_short(self, index: int) -> bool:
        """Whether a block has the length of a name or a headline, on one line."""
        text = self.blocks[index].text
        return len(text) <= _SHORT and "\n" not in text

    def is_sentence(self, index: int) -> bool:
        """Whether a block ends as sentences do."""
        return plain(self.blocks[index].text).endswith(_SENTENCE_ENDS)

    def is_related_heading(self, index: int) -> bool:
        """Whether a block announces other posts."""
        block = self.blocks[index]
        if index in self.gated or not words.RELATED.fullmatch(plain(block.text)) or self.is_sentence(index):
            return bool(block.heading and words.RELATED.fullmatch(plain(block.text)))
        return block.heading > 0 or any(
            self.is_foreign(other) or self.marks[other].has("views", "saves")
            for other in range(index + 1, min(index + 7, len(self.blocks)))
        )

    def texts(self, start: int, end: int) -> list[Block]:
        """The blocks from ``start`` to ``end`` (exclusive) that can be text."""
        return [self.blocks[index] for index in range(max(0, start), end) if self.is_text(index)]

    def is_header_like(self, start: int, end: int) -> bool:
        """Whether the text there is no more than a title, a name, a headline: short, and one sentence at most."""
        found = self.texts(start, end)
        sentences = sum(self.is_sentence(block.index) for block in found)
        return len(found) <= 4 and sentences <= 1 and all(self.is_short(block.index) for block in found)

    def runs(self) -> Iterator[range]:
        """The longest stretches of blocks that say nothing but dates, counts and actions, across prompts.

        A block that is the number of comments and no more ends one: below it the thread may open with a date.
        """
        start = end = None
        for index, mark in enumerate(self.marks):
            if index in self.gated:
                continue
            if start is not None and end is not None and self.is_menu(index) != self.is_menu(start):
                yield range(start, end)
                start = end = None
            if mark.is_meta:
                start = index if start is None else start
                end = index + 1
            if start is not None and end is not None and (not mark.is_meta or self.is_thread_heading(index)):
                yield range(start, end)
                start = end = None
        if start is not None and end is not None:
            yield range(start, end)

    def is_thread_heading(self, index: int) -> bool:
        """Whether a block says how many comments there are, and nothing besides."""
        mark = self.marks[index]
        alone = len(mark.counts) == 1 and not (mark.stamps or mark.labels or mark.numbers)
        return alone and mark.is_meta and mark.has("comments")

    def card_start(self, index: int) -> int:
        """Where the card of another post, whose counts stand at ``index``, begins."""
        for box in self.blocks[index].box.ancestors():
            if self.texts(box.start, index):
                # A box that goes back far is the page around an unwrapped card.
                near = self.texts(max(box.start, index - 4), index)
                if box.start >= index - 4 or all(block.href is None for block in near):
                    return max(box.start, near[-1].index if box.start < index - 4 else box.start)
                return next(block.index for block in near if block.href)
        return index


def mentions(block: Block) -> bool:
    """Whether a block is a mention of a person inside a text rather than a name above one."""
    return block.pieces[0].text.startswith("@") and profile_id(block.pieces[0].href) is not None
