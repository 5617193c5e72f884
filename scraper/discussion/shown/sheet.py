"""A page with what each block says besides text: what all readings of its parts share."""

from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import Final

from scraper.discussion.shown.marks import mark_block
from scraper.discussion.shown.people import is_author, is_initial
from scraper.page.blocks import Block, Box, Page
from scraper.page.characters import plain
from scraper.page.gates import find_gates
from scraper.sites.careerly import words
from scraper.sites.careerly.urls import PostRef, linked_post, profile_id

_SHORT: Final = 60
# A heading of other posts stands so many blocks above the first of them at most.
_NEAR: Final = 6
_SECTIONS: Final = ("main", "article", "section", "li")


class Sheet:
    """A page of the post ``ref``. Indexes are those of ``blocks``.

    ``gated`` are the blocks of sign-up prompts, ``frame`` those of menus, footers, banners and notices of the site,
    ``initials`` letters in the place of a portrait.
    """

    def __init__(self, page: Page, ref: PostRef) -> None:
        self.page = page
        self.blocks = page.blocks
        self.ref = ref
        self.plain = [plain(_said(block, page)) for block in page.blocks]
        self.marks = list(map(mark_block, page.blocks, self.plain))
        self.initials = {
            block.index
            for block, name in pairwise(page.blocks)
            if is_author(name) and is_initial(block.text, name.pieces[0].text)
        }
        self.gates = find_gates(page.blocks, words.PROMPT)
        self.gated = {index for gate in self.gates for index in range(gate.start, gate.end)}
        self.frame = self._find_frame()

    def _find_frame(self) -> set[int]:
        frame = {
            index for index, block in enumerate(self.blocks) if any(map(self._is_menu, block.box.ancestors()))
        }
        for index in range(len(self.blocks)):
            if self._is_notice(index):
                following = range(index + 1, len(self.blocks))
                frame.update((index, *takewhile(self._is_consent, following)))
        top = -1
        for index in range(len(self.blocks)):
            if index in frame or self._is_menu_words(index):
                top = index if index not in self.gated else top
            elif self._opens_post(index):
                break
        below = takewhile(
            lambda index: index in frame or self._is_link_to_menu(index),
            reversed(range(top + 1, len(self.blocks))),
        )
        return frame.union(range(top + 1), below)

    def _is_link_to_menu(self, index: int) -> bool:
        block = self.blocks[index]
        return self._is_menu_words(index) and (block.control or all(piece.href for piece in block.pieces))

    def _is_menu_words(self, index: int) -> bool:
        pieces = (plain(piece.text) for piece in self.blocks[index].pieces)
        apart = self.plain[index].split(" ")
        whole = words.MENU.fullmatch(self.plain[index]) is not None or all(map(words.MENU.fullmatch, pieces))
        return whole or all(map(words.MENU.fullmatch, apart))

    def _is_menu(self, box: Box) -> bool:
        """Whether an element is a menu by its tag; those of a post or a comment can be headers and footers too."""
        if box.tag not in {"header", "footer"}:
            return box.tag in {"nav", "aside"}
        inside = range(box.start, box.end)
        if box.within(*_SECTIONS) or any(map(self._is_signed, inside)):
            return False
        if box.tag == "footer":
            return not all(self.marks[index].is_meta for index in inside)
        return not any(self.marks[index].counts or self._is_signed(index) for index in range(box.start))

    def _is_signed(self, index: int) -> bool:
        mark = self.marks[index]
        follows = any(map(words.FOLLOW.fullmatch, mark.actions))
        return bool(mark.stamps) or follows or is_author(self.blocks[index])

    def _opens_post(self, index: int) -> bool:
        bannered = self.blocks[index + 1 : index + 2] and self.blocks[index + 1].control
        spoken = self.is_substantial(index) and not bannered
        return spoken or self.blocks[index].heading > 0 or self._is_signed(index)

    def _is_notice(self, index: int) -> bool:
        """Whether the site speaks here of itself, its app or its cookies, with a button beside."""
        if index in self.gated or not words.NOTICE.fullmatch(self.plain[index]):
            return False
        if index + 1 == len(self.blocks):
            return len(self.blocks[index].pieces) > 1
        return self.blocks[index + 1].control or self._is_consent(index + 1)

    def _is_consent(self, index: int) -> bool:
        return words.CONSENT.fullmatch(self.plain[index]) is not None

    def is_text(self, index: int) -> bool:
        """Whether a block's words can belong to a post or a comment."""
        return not (
            self.marks[index].is_meta
            or self.marks[index].is_byline
            or index in self.gated
            or self.blocks[index].control
            or index in self.frame
            or index in self.initials
        )

    def is_foreign(self, index: int) -> bool:
        """Whether a block as a whole leads to another post, and is more than its address."""
        block = self.blocks[index]
        linked = linked_post(block.href)
        return linked is not None and linked != self.ref and linked_post(block.text) is None

    def is_short(self, index: int) -> bool:
        """Whether a block has the length of a name or a headline, on one line."""
        text = self.blocks[index].text
        return len(text) <= _SHORT and "\n" not in text

    def is_sentence(self, index: int) -> bool:
        """Whether a block ends as sentences do."""
        return words.SENTENCE_END.search(self.plain[index]) is not None

    def is_substantial(self, index: int) -> bool:
        """Whether a block is more than a title, a name or a headline."""
        return self.is_sentence(index) or not self.is_short(index)

    def is_footer(self, index: int) -> bool:
        """Whether a block is the small print below a page."""
        said = self.plain[index]
        policies = words.POLICIES.fullmatch(said) is not None and not self.is_sentence(index)
        return policies or words.IMPRINT.fullmatch(said) is not None

    def is_related_heading(self, index: int) -> bool:
        """Whether a block announces other posts."""
        if index in self.gated or index in self.frame or not words.RELATED.fullmatch(self.plain[index]):
            return False
        below = range(index + 1, min(index + 1 + _NEAR, len(self.blocks)))
        unbroken = list(takewhile(lambda other: not self.blocks[other].control, below))
        if any(map(self.is_foreign, unbroken[:1] if self.is_sentence(index) else unbroken)):
            return True
        asks = self.plain[index].endswith("?") and any(map(self.is_text, below[:1]))
        counted = any(self.marks[other].has("views", "saves") for other in below)
        return self.blocks[index].heading > 0 or (counted and (asks or not self.is_sentence(index)))

    def texts(self, start: int, end: int) -> list[Block]:
        """The blocks from ``start`` to ``end`` (exclusive) that can be text."""
        return [self.blocks[index] for index in range(max(0, start), end) if self.is_text(index)]

    def is_header_like(self, start: int, end: int) -> bool:
        """Whether the text there is no more than a title, a name, a headline."""
        return len(self.texts(start, end)) <= 4 and self.is_light(start, end)

    def is_light(self, start: int, end: int) -> bool:
        """Whether the text there is lines of a menu or a header: short, and one sentence at most."""
        found = self.texts(start, end)
        sentences = sum(self.is_sentence(block.index) for block in found)
        return sentences <= 1 and all(self.is_short(block.index) for block in found)

    def runs(self) -> Iterator[range]:
        """The longest stretches of blocks that say nothing but dates, counts and actions, across prompts.

        A block that is the number of comments and no more ends one: below it the thread may open with a date.
        """
        start = end = None
        for index, mark in enumerate(self.marks):
            if index in self.gated:
                continue
            if start is not None and end is not None and (index in self.frame) != (start in self.frame):
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


def _said(block: Block, page: Page) -> str:
    """What a block says; of a flattened link, its words."""
    return " ".join(piece.text for piece in block.pieces) if page.flattened else block.text


def mentions(block: Block) -> bool:
    """Whether a block is a mention of a person inside a text rather than a name above one."""
    return block.pieces[0].text.startswith("@") and profile_id(block.pieces[0].href) is not None
