"""Ways to cut a region into comments: by names, nesting, tags, authors, dates, buttons, bullets or blank lines."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from scraper.discussion.lines.region import Region
from scraper.discussion.lines.replies import CommentBlocks
from scraper.page.blocks import Block, Box, common_box

# No site sets replies deeper than this many elements.
_DEEPEST: Final = 64
_NAMED: Final = re.compile(r"(?:comment|reply|answer)s?[-_]?(\d{1,18})\Z", re.IGNORECASE)

Cut = Callable[[Region], list[CommentBlocks]]


def by_bullets(region: Region) -> list[CommentBlocks]:
    """Flattened: each list item with what follows it up to the next one."""
    items: list[CommentBlocks] = []
    seen: Box | None = None
    for block in region.blocks:
        if block.box.tag != "li":
            if items and not region.mark(block).is_meta:
                items[-1].blocks.append(block)
        elif block.box is not seen:
            items.append(CommentBlocks([block], box=block.box))
        else:
            items[-1].blocks.append(block)
        seen = block.box if block.box.tag == "li" else seen
    return items


def _by_name(region: Region) -> list[CommentBlocks]:
    """Elements whose id says that they are a comment, with its number."""
    boxes = [box for box in _boxes(region) if box.name and _NAMED.search(box.name)]
    items = _own_items(region, boxes)
    for item in items:
        match = _NAMED.search((item.box.name if item.box else None) or "")
        item.native_id = match[1] if match else None
    return items


def _by_tag(tag: str) -> Cut:
    """Elements of one tag, nested ones being replies; a comment's own list is none."""

    def cut(region: Region) -> list[CommentBlocks]:
        boxes = [box for box in _boxes(region) if box.tag == tag]
        signs = sorted(region.signs)
        signed = {id(box) for box in boxes if bisect_left(signs, box.start) < bisect_left(signs, box.end)}
        boxes = [box for box in boxes if id(box) in signed or not _lies_in(box, signed)]
        return _own_items(region, boxes)

    return cut


def _lies_in(box: Box, others: set[int]) -> bool:
    return any(id(around) in others for around in box.ancestors() if around is not box)


def _own_items(region: Region, boxes: Iterable[Box]) -> list[CommentBlocks]:
    items = {id(box): CommentBlocks([], box=box) for box in boxes}
    if not items:
        return []
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


def _by_tree(region: Region) -> list[CommentBlocks]:
    """By nesting alone. Where names, dates or buttons stand beside text, that is one comment; else it is a list."""
    items: list[CommentBlocks] = []
    if region.blocks:
        _Splitter(region, items).split(region.blocks)
    return items


class _Splitter:
    """Splits blocks level by level, ``_DEEPEST`` levels down: what is set deeper stays in one piece."""

    def __init__(self, region: Region, items: list[CommentBlocks]) -> None:
        self.region = region
        self.items = items

    def split(self, blocks: list[Block], level: int = 0) -> None:
        """Append the comments that ``blocks`` hold."""
        if level == _DEEPEST:
            self.items.append(CommentBlocks(blocks))
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
        self.items.append(CommentBlocks(own))
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
        child = block.box.child_below(common)
        if child is None or child is not last:
            units.append([])
        units[-1].append(block)
        last = child
    return units


def by_marker(chosen: Callable[[Region, Block], bool]) -> Cut:
    """One comment for each author, date or reply button, at whichever end of a comment these stand."""

    def cut(region: Region) -> list[CommentBlocks]:
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
        return [
            CommentBlocks(part) for group in groups if group for part in _placeholders_apart(region, group)
        ]

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
    spoken = [block.index for block in region.blocks if region.is_text(block)]
    following = ((marker, bisect_right(spoken, marker)) for marker in markers[:-1])
    starts = (spoken[at] if at < len(spoken) else marker + 1 for marker, at in following)
    return [region.blocks[0].index, *starts]


def _placeholders_apart(region: Region, blocks: list[Block]) -> Iterator[list[Block]]:
    """A placeholder that follows a comment's text is a comment of its own, without a name or a date."""
    own: list[Block] = []
    for block in blocks:
        spoken = any(region.is_text(seen) for seen in own)
        if spoken and region.sheet.is_placeholder(block):
            yield own
            own = []
        own.append(block)
    if own:
        yield own


def _by_parents(region: Region) -> list[CommentBlocks]:
    """Consecutive blocks that lie side by side in one element."""
    items: list[CommentBlocks] = []
    for block in region.blocks:
        box = block.box.parent
        if items and items[-1].box is box:
            items[-1].blocks.append(block)
        else:
            items.append(CommentBlocks([block], box=box))
    return [item for item in items if any(region.is_text(block) for block in item.blocks)]


def by_blocks(region: Region) -> list[CommentBlocks]:
    """Each block of text a comment."""
    return [CommentBlocks([block]) for block in region.blocks if region.is_text(block)]


def _is_author(region: Region, block: Block) -> bool:
    return block.index in region.authors


def is_dated(region: Region, block: Block) -> bool:
    """Whether a date stands in the block."""
    return bool(region.mark(block).stamps)


def by_blank_lines(region: Region) -> list[CommentBlocks]:
    """Flattened: what blank lines set apart."""
    items: list[CommentBlocks] = []
    for block in region.blocks:
        if not items or block.glue != "\n":
            items.append(CommentBlocks([]))
        items[-1].blocks.append(block)
    return [item for item in items if any(map(region.is_text, item.blocks))]


# Which is tried first.
CUTS: Final[tuple[Cut, ...]] = (
    _by_name,
    _by_tree,
    _by_tag("li"),
    _by_tag("article"),
    by_marker(_is_author),
    by_marker(is_dated),
    by_marker(Region.is_answerable),
    _by_parents,
    by_blocks,
)
