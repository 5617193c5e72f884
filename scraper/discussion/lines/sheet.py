"""A page with what each block says besides text, and who signs it: what all readings of its parts share."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise, takewhile
from typing import Final

from scraper.discussion.conventions import Conventions, PostReference
from scraper.discussion.lines.marks import marker_of
from scraper.discussion.moments import Stamp, read_stamp
from scraper.model.record import Moment, Person
from scraper.page.blocks import Block, Box, Page, Piece
from scraper.page.characters import plain
from scraper.page.gates import find_gates

_SHORT: Final = 60
_LONGEST_BYLINE: Final = 100
_LONGEST_NAME: Final = 40
_LONGEST_NOTICE: Final = 120
_LONGEST_HEADING: Final = 60
# A heading of other posts stands so many blocks above the first of them at most.
_NEAR: Final = 6
_SECTIONS: Final = ("main", "article", "section", "li")


class Sheet:
    """A page of the post ``post``, captured at ``captured_at``. Indexes are those of ``blocks``.

    ``plain`` is what the blocks say; of a flattened link, its words. ``worded`` tells which blocks are more than dates, counts, buttons and names
    beside a date. ``authors`` are the blocks that name the person who speaks,
    ``gated`` those of sign-up prompts, ``frame`` those of menus, footers, banners and notices of the site, ``initials``
    letters in the place of a portrait.
    """

    def __init__(
        self, page: Page, post: PostReference, conventions: Conventions, captured_at: datetime | None
    ) -> None:
        self.page = page
        self.blocks = page.blocks
        self.post = post
        self.conventions = conventions
        self.words = conventions.words
        self.captured_at = captured_at
        self.moment = cache(self._moment)
        self.texts_plain = [plain(block.text) for block in page.blocks]
        self.plain = (
            [plain(" ".join(piece.text for piece in block.pieces)) for block in page.blocks]
            if page.flattened
            else self.texts_plain
        )
        self.marks = list(map(marker_of(self.words).mark, page.blocks, self.plain))
        self.worded = [
            not (block.control or mark.is_meta or mark.is_byline)
            for block, mark in zip(page.blocks, self.marks, strict=True)
        ]
        self.authors = {block.index for block in page.blocks if self._names_author(block)}
        self.initials = {
            block.index
            for block, name in pairwise(page.blocks)
            if name.index in self.authors and is_initial(block.text, name.pieces[0].text)
        }
        self.gates = find_gates(page.blocks, conventions.prompt)
        self.gated = {index for gate in self.gates for index in range(gate.start, gate.end)}
        self._sentences: list[bool | None] = [None] * len(page.blocks)
        self.frame = self._find_frame()

    def _find_frame(self) -> set[int]:
        menus: dict[Box, bool] = {}
        frame = {block.index for block in self.blocks if self._lies_in_menu(block.box, menus)}
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
        menu = self.words.menu.fullmatch
        if menu(self.plain[index]) or all(menu(plain(piece.text)) for piece in self.blocks[index].pieces):
            return True
        return all(map(menu, self.plain[index].split(" ")))

    def _lies_in_menu(self, box: Box, menus: dict[Box, bool]) -> bool:
        """Whether the element, or one around it, is a menu; ``menus`` holds what is known of elements."""
        lies = menus.get(box)
        if lies is None:
            outer = box.parent is not None and self._lies_in_menu(box.parent, menus)
            lies = menus[box] = outer or self._is_menu(box)
        return lies

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
        return bool(self.marks[index].stamps) or self.follows(index) or index in self.authors

    def follows(self, index: int) -> bool:
        """Whether a block is a button to follow somebody."""
        return any(map(self.words.follow.fullmatch, self.marks[index].actions))

    def _opens_post(self, index: int) -> bool:
        bannered = self.blocks[index + 1 : index + 2] and self.blocks[index + 1].control
        spoken = self.is_substantial(index) and not bannered
        return spoken or self.blocks[index].heading > 0 or self._is_signed(index)

    def _is_notice(self, index: int) -> bool:
        """Whether the site speaks here of itself, its app or its cookies, with a button beside."""
        shown = self.plain[index]
        if (
            index in self.gated
            or not 1 < len(shown) <= _LONGEST_NOTICE
            or not self.words.notice.search(shown)
        ):
            return False
        if index + 1 == len(self.blocks):
            return len(self.blocks[index].pieces) > 1
        return self.blocks[index + 1].control or self._is_consent(index + 1)

    def _is_consent(self, index: int) -> bool:
        return self.words.consent.fullmatch(self.plain[index]) is not None

    def _names_author(self, block: Block) -> bool:
        left = self.words.nobody.fullmatch(self.texts_plain[block.index]) is not None
        return left or self._linked_name(block) is not None or self._signature(block) is not None

    def _linked_name(self, block: Block) -> Piece | None:
        """The linked name that a block opens with, behind a label or the initial that stands for a portrait."""
        pieces = block.pieces
        profile_id = self.conventions.links.profile_id
        if len(block.text) > _LONGEST_BYLINE or not any(piece.href for piece in pieces[:2]):
            return None
        if len(pieces) > 1:
            label = profile_id(pieces[0].href) is None and self.words.name_label.fullmatch(
                plain(pieces[0].text)
            )
            if label or is_initial(pieces[0].text, pieces[1].text):
                pieces = pieces[1:]
        first = pieces[0]
        return None if profile_id(first.href) is None or first.text.startswith("@") else first

    def _signature(self, block: Block) -> str | None:
        signed = (
            self.words.signed.fullmatch(self.texts_plain[block.index]) if len(block.pieces) == 1 else None
        )
        return signed and signed["name"]

    def person(self, block: Block) -> Person | None:
        """The person a block names; None for a member who has left, or whom the page does not name."""
        signature = self._signature(block)
        first = self._linked_name(block) or block.pieces[0]
        nobody = self.words.nobody.fullmatch
        if nobody(self.texts_plain[block.index]) or nobody(plain(first.text)):
            return None
        if signature:
            return Person(None, signature)
        return Person(self.conventions.links.profile_id(first.href), first.text)

    def mentions(self, index: int) -> bool:
        """Whether a block is a mention of a person inside a text rather than a name above one."""
        first = self.blocks[index].pieces[0]
        return first.text.startswith("@") and self.conventions.links.profile_id(first.href) is not None

    def _moment(self, stamp: Stamp) -> Moment:
        """The moment of a date on the page."""
        return read_stamp(stamp, self.conventions.zone, self.captured_at)

    @cached_property
    def _text(self) -> list[bool]:
        left_out = self.gated | self.frame | self.initials
        return [worded and index not in left_out for index, worded in enumerate(self.worded)]

    @cached_property
    def _foreign(self) -> list[bool]:
        post_of = self.conventions.links.post
        leading = {href for block in self.blocks if (href := block.href)}
        foreign = {href for href in leading if post_of(href) not in {None, self.post}}
        return [block.href in foreign and post_of(block.text) is None for block in self.blocks]

    @cached_property
    def _placeholders(self) -> list[bool]:
        deleted = self.words.deleted_comment.fullmatch
        return [deleted(text) is not None for text in self.texts_plain]

    @cached_property
    def _names(self) -> list[bool]:
        return [
            len(text) <= _LONGEST_NAME
            and not text.startswith("@")
            and any(map(str.isalpha, text))
            and self.words.sentence_end.search(text) is None
            for text in self.texts_plain
        ]

    def is_text(self, index: int) -> bool:
        """Whether a block's words can belong to a post or a comment."""
        return self._text[index]

    def is_foreign(self, index: int) -> bool:
        """Whether a block as a whole leads to another post, and is more than its address."""
        return self._foreign[index]

    def is_placeholder(self, block: Block) -> bool:
        """Whether a block stands in the place of a deleted comment."""
        return self._placeholders[block.index]

    def is_name_like(self, block: Block) -> bool:
        """Whether a block reads like a name or a headline: short, and no sentence."""
        return self._names[block.index]

    def is_short(self, index: int) -> bool:
        """Whether a block has the length of a name or a headline, on one line."""
        text = self.blocks[index].text
        return len(text) <= _SHORT and "\n" not in text

    def is_sentence(self, index: int) -> bool:
        """Whether a block ends as sentences do."""
        ends = self._sentences[index]
        if ends is None:
            ends = self._sentences[index] = self.words.sentence_end.search(self.plain[index]) is not None
        return ends

    def is_substantial(self, index: int) -> bool:
        """Whether a block is more than a title, a name or a headline."""
        return self.is_sentence(index) or not self.is_short(index)

    def is_footer(self, index: int) -> bool:
        """Whether a block is the small print below a page."""
        shown = self.plain[index]
        policies = self.words.policies.fullmatch(shown) is not None and not self.is_sentence(index)
        return policies or self.words.imprint.fullmatch(shown) is not None

    @cached_property
    def related_headings(self) -> frozenset[int]:
        """The blocks that announce other posts."""
        return frozenset(filter(self._announces_others, range(len(self.blocks))))

    def _announces_others(self, index: int) -> bool:
        shown = self.plain[index]
        if not 1 < len(shown) <= _LONGEST_HEADING or not self.words.related.search(shown):
            return False
        if index in self.gated or index in self.frame or self.marks[index].counts:
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
        return [self.blocks[index] for index in range(max(0, start), end) if self._text[index]]

    def is_header_like(self, start: int, end: int) -> bool:
        """Whether the text there is no more than a title, a name, a headline."""
        return len(self.texts(start, end)) <= 4 and self.is_light(start, end)

    def is_light(self, start: int, end: int) -> bool:
        """Whether the text there is lines of a menu or a header: short, and one sentence at most."""
        lines = self.texts(start, end)
        return all(self.is_short(line.index) for line in lines) and (
            sum(self.is_sentence(line.index) for line in lines) <= 1
        )

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


def is_initial(text: str, name: str) -> bool:
    """Whether a letter or two stand for the portrait of the person whose name follows."""
    return len(text) <= 2 and text.isalpha() and name.startswith(text)
