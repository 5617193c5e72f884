"""Where one comment ends and the next begins: several ways to cut a thread, and the declared count to choose by."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, takewhile
from typing import Final

from scraper.page.blocks import Block, Box, common_box
from scraper.page.characters import plain
from scraper.sites.careerly import words
from scraper.sites.careerly.region import Region
from scraper.sites.careerly.replies import Item, link_replies

# No site sets replies deeper than this many elements.
_DEEPEST: Final = 64
# Fewer comments do not tell how all are made.
_TELLING: Final = 2
_NAMED: Final = re.compile(r"(?:comment|reply|answer)s?[-_]?(\d{1,18})\Z", re.IGNORECASE)


_Cut = Callable[[Region], list[Item]]


def cut_thread(region: Region, declared: int | None) -> tuple[list[Item], Region]:
    """The comments of a region in page order, and the region without what is above and below them.

    Each way of cutting is tried in turn; the first whose number of comments is the declared one wins, then the
    first whose number of comments that are no replies is. Where none agrees (a page that shows part of its
    comments) the first that gives sound comments is taken, one that gives no more than declared before one
    that gives more.
    """
    sound: list[tuple[list[Item], Region]] = []
    for candidate in _candidates(region):
        for items in _cuts(candidate):
            if items and _is_sound(candidate, items):
                link_replies(candidate, items)
                if len(items) == declared:
                    return items, candidate
                if not _invitations(candidate):
                    sound.append((items, candidate))
    top = [found for found in sound if sum(not item.depth for item in found[0]) == declared]
    fitting = [found for found in sound if declared is None or len(found[0]) <= declared]
    return next(iter(top or fitting or sound), ([], region))


def _cuts(region: Region) -> Iterator[list[Item]]:
    for cut in _CUTS:
        items = cut(region)
        yield items
        alike = _without_strangers(region, items)
        if len(alike) < len(items):
            yield alike


def _without_strangers(region: Region, items: list[Item]) -> list[Item]:
    """The items without those above and below that nobody signs, where all others are signed."""
    signed = [any(block.index in region.authors for block in item.blocks) for item in items]
    if sum(signed) < _TELLING:
        return items
    first, last = signed.index(True), len(signed) - signed[::-1].index(True)
    while last < len(items) and _is_placeholder(items[last]):
        last += 1
    while first and _is_placeholder(items[first - 1]):
        first -= 1
    return items[first:last]


def _is_placeholder(item: Item) -> bool:
    return any(words.DELETED_COMMENT.fullmatch(plain(block.text)) for block in item.blocks)


def _candidates(region: Region) -> Iterator[Region]:
    plain_regions = [part for whole in _without_composer(region) for part in (*_narrowed(whole), whole)]
    yield from plain_regions
    for candidate in plain_regions:
        names = candidate.names()
        if names:
            yield Region(candidate.blocks, candidate.marks, names)


def _narrowed(region: Region) -> Iterator[Region]:
    """The region without what stands outside the element that holds all names."""
    found = [block for block in region.blocks if block.index in region.authors]
    if len(found) >= _TELLING:
        box = common_box([found[0], found[-1]])
        inside = [block for block in region.blocks if box.start <= block.index < box.end]
        if len(inside) < len(region.blocks):
            yield Region(inside, region.marks)


def _without_composer(region: Region) -> Iterator[Region]:
    """The region without the invitation to comment above and below the thread; and with it, should it be a comment."""
    inviting = _invitations(region)
    kept = [block for block in region.blocks if block.index not in inviting]
    if inviting and kept:
        yield Region(kept, region.marks)
    yield region


def _invitations(region: Region) -> set[int]:
    """The blocks above and below all that is said which invite to say something."""
    spoken = [block for block in region.blocks if region.is_text(block)]
    inviting = [bool(words.COMPOSER.fullmatch(plain(block.text))) for block in spoken]
    sent = {
        block.index for block, below in pairwise(region.blocks) if words.SUBMIT.fullmatch(plain(below.text))
    }
    # A letter above an invitation is the portrait of who is invited.
    met = (
        first.index
        for first, told in zip(spoken, inviting[1:], strict=False)
        if told and len(first.text) <= 2
    )
    sent.update(met)
    opening = (told or block.index in sent for block, told in zip(spoken, inviting, strict=True))
    above = list(takewhile(lambda pair: pair[1], zip(spoken, opening, strict=True)))
    below = takewhile(lambda pair: pair[1], zip(reversed(spoken), reversed(inviting), strict=True))
    return {block.index for block, _ in [*above, *below]}


def _is_sound(region: Region, items: list[Item]) -> bool:
    covered = {block.index for item in items for block in item.blocks}
    first, last = min(covered), max(covered)
    for item in items:
        if sum(block.index in region.authors for block in item.blocks) > 1:
            return False
        if sum(bool(region.mark(block).stamps) for block in item.blocks) > 1:
            return False
        if not any(block.index in region.authors or region.is_text(block) for block in item.blocks):
            return False
        if all(block.index in region.authors or region.mark(block).is_byline for block in item.blocks):
            return False
    left = (block for block in region.blocks if first <= block.index <= last and block.index not in covered)
    return not any(region.is_text(block) or region.mark(block).has("likes") for block in left)


def _by_bullets(region: Region) -> list[Item]:
    """Flattened: each list item with what follows it up to the next one."""
    items: list[Item] = []
    seen: Box | None = None
    for block in region.blocks:
        if block.box.tag != "li":
            if items and not region.mark(block).is_meta:
                items[-1].blocks.append(block)
        elif block.box is not seen:
            items.append(Item([block], box=block.box))
        else:
            items[-1].blocks.append(block)
        seen = block.box if block.box.tag == "li" else seen
    return items


def _by_name(region: Region) -> list[Item]:
    """Elements whose id says that they are a comment, with its number."""
    boxes = [box for box in _boxes(region) if box.name and _NAMED.search(box.name)]
    items = _own_items(region, boxes)
    for item in items:
        match = _NAMED.search((item.box.name if item.box else None) or "")
        item.native_id = match[1] if match else None
    return items


def _by_tag(tag: str) -> _Cut:
    """Elements of one tag, nested ones being replies; a comment's own list is none."""

    def cut(region: Region) -> list[Item]:
        boxes = [box for box in _boxes(region) if box.tag == tag]
        signs = sorted(region.signs)
        signed = {id(box) for box in boxes if bisect_left(signs, box.start) < bisect_left(signs, box.end)}
        boxes = [box for box in boxes if id(box) in signed or not _lies_in(box, signed)]
        return _own_items(region, boxes)

    return cut


def _lies_in(box: Box, others: set[int]) -> bool:
    return any(id(around) in others for around in box.ancestors() if around is not box)


def _own_items(region: Region, boxes: Iterable[Box]) -> list[Item]:
    items = {id(box): Item([], box=box) for box in boxes}
    for block in region.blocks:
        own = next((items[id(box)] for box in block.box.ancestors() if id(box) in items), None)
        if own:
            own.blocks.append(block)
    full = [item for item in items.values() if any(not block.control for block in item.blocks)]
    return sorted(full, key=lambda item: item.blocks[0].index)


def _boxes(region: Region) -> Iterator[Box]:
    """The boxes that lie wholly within the region and hold some of it, outermost first."""
    if not region.blocks:
        return
    first, last = region.blocks[0].index, region.blocks[-1].index
    seen: set[int] = set()
    for block in region.blocks:
        fresh = []
        for box in block.box.ancestors():
            if id(box) in seen or box.start < first or box.end > last + 1:
                break
            seen.add(id(box))
            fresh.append(box)
        yield from reversed(fresh)


def _by_tree(region: Region) -> list[Item]:
    """By nesting alone. Where names, dates or buttons stand beside text, that is one comment; else it is a list."""
    items: list[Item] = []
    if region.blocks:
        _Splitter(region, items).split(region.blocks)
    return items


class _Splitter:
    """Splits blocks level by level, ``_DEEPEST`` levels down: what is set deeper stays in one piece."""

    def __init__(self, region: Region, items: list[Item]) -> None:
        self.region = region
        self.items = items

    def split(self, blocks: list[Block], level: int = 0) -> None:
        """Append the comments that ``blocks`` hold."""
        if level == _DEEPEST:
            self.items.append(Item(blocks))
            return
        units = _units(blocks)
        spoken = [unit for unit in units if self._has_text(unit)]
        if len(units) == 1 or any(self._only_signs(unit) for unit in units):
            self._comment(units, level)
        elif len(spoken) == 1 and len(spoken[0]) > 1:
            self.split(spoken[0], level + 1)
        else:
            for unit in spoken:
                self.split(unit, level + 1)

    def _comment(self, units: list[list[Block]], level: int) -> None:
        own: list[Block] = []
        spoken = False
        replies: list[list[Block]] = []
        for unit in units:
            if spoken and len(unit) > 1 and self._has_text(unit) and self._has_sign(unit):
                replies.append(unit)
            else:
                own += unit
                spoken = spoken or self._has_text(unit)
        self.items.append(Item(own))
        for unit in replies:
            self.split(unit, level + 1)

    def _has_text(self, unit: list[Block]) -> bool:
        return any(self.region.is_text(block) for block in unit)

    def _has_sign(self, unit: list[Block]) -> bool:
        return any(block.index in self.region.signs for block in unit)

    def _only_signs(self, unit: list[Block]) -> bool:
        return self._has_sign(unit) and not self._has_text(unit)


def _units(blocks: list[Block]) -> list[list[Block]]:
    """``blocks`` by the child of their common box that they lie in."""
    common = common_box(blocks)
    units: list[list[Block]] = []
    last: Box | None = None
    for block in blocks:
        child = None
        for box in block.box.ancestors():
            if box is common:
                break
            child = box
        if child is None or child is not last:
            units.append([])
        units[-1].append(block)
        last = child
    return units


def _by_marker(chosen: Callable[[Region, Block], bool]) -> _Cut:
    """One comment for each author, date or reply button, at whichever end of a comment these stand."""

    def cut(region: Region) -> list[Item]:
        markers = [block.index for block in region.blocks if chosen(region, block)]
        if not markers:
            return []
        heads = not any(region.is_text(block) for block in region.blocks if block.index < markers[0])
        starts = _head_starts(region, markers) if heads else _tail_starts(region, markers)
        groups: list[list[Block]] = [[] for _ in starts]
        for block in region.blocks:
            position = bisect_right(starts, block.index) - 1
            if position >= 0:
                groups[position].append(block)
        return [Item(part) for group in groups if group for part in _placeholders_apart(region, group)]

    return cut


def _head_starts(region: Region, markers: list[int]) -> list[int]:
    by_index = {block.index: block for block in region.blocks}
    starts, after = [], region.blocks[0].index - 1
    for marker in markers:
        outer = _outer(by_index[marker].box, after)
        starts.append(max(outer.start, after + 1) if outer else marker)
        after = marker
    return starts


def _outer(box: Box, after: int) -> Box | None:
    """The widest box around ``box`` that starts after the block ``after``."""
    outer = None
    for around in box.ancestors():
        if around.start <= after:
            break
        outer = around
    return outer


def _tail_starts(region: Region, markers: list[int]) -> list[int]:
    said = [block.index for block in region.blocks if region.is_text(block)]
    following = ((marker, bisect_right(said, marker)) for marker in markers[:-1])
    starts = (said[at] if at < len(said) else marker + 1 for marker, at in following)
    return [region.blocks[0].index, *starts]


def _placeholders_apart(region: Region, blocks: list[Block]) -> Iterator[list[Block]]:
    """A placeholder that follows a comment's text is a comment of its own, without a name or a date."""
    own: list[Block] = []
    for block in blocks:
        spoken = any(region.is_text(seen) for seen in own)
        if spoken and words.DELETED_COMMENT.fullmatch(plain(block.text)):
            yield own
            own = []
        own.append(block)
    if own:
        yield own


def _by_parents(region: Region) -> list[Item]:
    """Consecutive blocks that lie side by side in one element."""
    items: list[Item] = []
    for block in region.blocks:
        box = block.box.parent
        if items and items[-1].box is box:
            items[-1].blocks.append(block)
        else:
            items.append(Item([block], box=box))
    return [item for item in items if any(region.is_text(block) for block in item.blocks)]


def _by_blocks(region: Region) -> list[Item]:
    """Each block of text a comment."""
    return [Item([block]) for block in region.blocks if region.is_text(block)]


def _is_author(region: Region, block: Block) -> bool:
    return block.index in region.authors


def _is_dated(region: Region, block: Block) -> bool:
    return bool(region.mark(block).stamps)


def _is_reply_button(region: Region, block: Block) -> bool:
    return any("답글" in action for action in region.mark(block).actions)


_CUTS: Final[tuple[_Cut, ...]] = (
    _by_name,
    _by_tree,
    _by_tag("li"),
    _by_tag("article"),
    _by_marker(_is_author),
    _by_marker(_is_dated),
    _by_marker(_is_reply_button),
    _by_parents,
    _by_blocks,
)


def cut_flattened(region: Region, declared: int | None) -> tuple[list[Item], Region]:
    """The comments of a flattened page, whose bullets and blank lines are all that is left of its markup."""
    lines = _by_blocks(region)
    items = _by_bullets(region)
    region.speak(item.blocks[0] for item in items if not any(map(region.is_text, item.blocks)))
    if items or len(lines) == declared:
        return items or lines, region
    dated = _by_marker(_is_dated)(region)
    return dated if len(dated) == declared else _by_blank_lines(region), region


def _by_blank_lines(region: Region) -> list[Item]:
    items: list[Item] = []
    for block in region.blocks:
        if region.is_text(block):
            if not items or block.glue != "\n":
                items.append(Item([]))
            items[-1].blocks.append(block)
    return items
