"""Which comment answers which, by how deep and in whose element each is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scraper.discussion.lines.region import Region
from scraper.page.blocks import Block, Box, common_box

# So many comments below one are looked at to see whether they are set like it.
_NEAR: Final = 50


@dataclass(slots=True, eq=False)
class CommentBlocks:
    """One comment: its own blocks, those of its replies left out. ``parent`` is a position among the items."""

    blocks: list[Block]
    native_id: str | None = None
    parent: int | None = None
    depth: int | None = None
    box: Box | None = None


def link_replies(region: Region, items: Sequence[CommentBlocks]) -> None:
    """Set ``parent`` and ``depth`` of comments in page order.

    A comment answers the one in whose element it is set, or below which it is set deeper: in a list, together
    with others, or in an element that holds only the two.
    """
    for position, item in enumerate(items):
        above = position - 1 if position else None
        while above is not None and not _answers(region, items, position, above):
            above = items[above].parent
        item.parent = above
        item.depth = 0 if above is None else (items[above].depth or 0) + 1


def _answers(region: Region, items: Sequence[CommentBlocks], position: int, above: int) -> bool:
    upper, lower = items[above], items[position]
    own, below = _from_name(region, upper), _from_name(region, lower)
    both = common_box([own[0], below[-1]])
    uppers, lowers = _children(both, own), _children(both, below)
    if len(lowers) != 1 or lowers[0] is None or lowers[0] in uppers:
        return False
    if len(uppers) > 1:
        return True
    if _set_at(region, lower) <= _set_at(region, upper):
        return False
    return _is_reply_list(region, items, position, lowers[0]) or (
        _holds_only(items, position, above, both) and not _is_holder(items, above, both)
    )


def _from_name(region: Region, item: CommentBlocks) -> list[Block]:
    """The blocks of a comment without what announces it: above its name, or else above its words."""
    starts = (
        at for at, block in enumerate(item.blocks) if block.index in region.authors or region.is_text(block)
    )
    return item.blocks[next(starts, 0) :]


def _is_reply_list(region: Region, items: Sequence[CommentBlocks], position: int, holder: Box) -> bool:
    """Whether ``holder`` is a list by its tag, or holds more comments set like this one."""
    lower = items[position]
    if len(_children(holder, lower.blocks)) > 1:
        return False
    around = (box for box in lower.blocks[0].box.ancestors() if box.depth >= holder.depth)
    opening = next(block.index for block in region.blocks if block.index >= holder.start)
    if opening < lower.blocks[0].index or any(box.tag in {"ul", "ol"} for box in around):
        return True
    following = items[position + 1 : position + 1 + _NEAR]
    inside = (item for item in following if item.blocks[0].index < holder.end)
    return any(_set_at(region, item) <= _set_at(region, lower) for item in inside)


def _holds_only(items: Sequence[CommentBlocks], position: int, above: int, both: Box) -> bool:
    """Whether ``both`` opens with the upper comment, ends with the lower one, and is not all of the thread."""
    opens = above > 0 and items[above - 1].blocks[-1].index < both.start
    ends = position + 1 < len(items) and items[position + 1].blocks[0].index >= both.end
    whole = (above == 0 and position + 1 == len(items)) or not (opens or ends)
    return not whole and (opens or above == 0) and (ends or position + 1 == len(items))


def _is_holder(items: Sequence[CommentBlocks], position: int, box: Box) -> bool:
    """Whether ``box`` is what sets a reply apart from the comment it answers: what else it holds are more of them."""
    reply = items[position]
    if reply.parent is None:
        return False
    outer = common_box([items[reply.parent].blocks[0], reply.blocks[-1]])
    held = next(iter(_children(outer, reply.blocks)))
    return held is not None and (held.start, held.end) == (box.start, box.end)


def _children(box: Box, blocks: Sequence[Block]) -> list[Box | None]:
    """The children of ``box`` that hold ``blocks``; None stands for blocks that lie in it directly."""
    children: list[Box | None] = []
    for block in blocks:
        child = block.box.child_below(box)
        if child not in children:
            children.append(child)
    return children


def _set_at(region: Region, item: CommentBlocks) -> int:
    """How deep a comment is set: its name, or else its first words."""
    named = next((block for block in item.blocks if block.index in region.authors), None)
    words = next((block for block in item.blocks if region.is_text(block)), item.blocks[0])
    return (named or words).box.depth
