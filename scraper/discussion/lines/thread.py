"""Where one comment ends and the next begins: several ways to cut a thread, and the declared count to choose by."""

from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import Final

from scraper.discussion.lines.cuts import CUTS, by_blank_lines, by_blocks, by_bullets, by_marker, is_dated
from scraper.discussion.lines.region import Region
from scraper.discussion.lines.replies import CommentBlocks, link_replies
from scraper.page.blocks import common_box

# Fewer comments do not tell how all are made.
_TELLING: Final = 2


def cut_thread(region: Region, declared: int | None) -> tuple[list[CommentBlocks], Region]:
    """The comments of a region in page order, and the region without what is above and below them.

    Each way of cutting is tried in turn; the first whose number of comments is the declared one wins, then the
    first whose number of comments that are no replies is. Where none agrees (a page that shows part of its
    comments) the first that gives sound comments is taken, one that gives no more than declared before one
    that gives more.
    """
    sound: list[tuple[list[CommentBlocks], Region]] = []
    for candidate in _candidates(region):
        for items in _cuts(candidate):
            if items and _is_sound(candidate, items):
                link_replies(candidate, items)
                if len(items) == declared:
                    return items, candidate
                if not _invitations(candidate):
                    sound.append((items, candidate))
    top = [cut for cut in sound if sum(not item.depth for item in cut[0]) == declared]
    fitting = [cut for cut in sound if declared is None or len(cut[0]) <= declared]
    return next(iter(top or fitting or sound), ([], region))


def _cuts(region: Region) -> Iterator[list[CommentBlocks]]:
    for cut in CUTS:
        items = cut(region)
        yield items
        alike = _without_strangers(region, items)
        if len(alike) < len(items):
            yield alike


def _without_strangers(region: Region, items: list[CommentBlocks]) -> list[CommentBlocks]:
    """The items without those above and below that nobody signs, where all others are signed."""
    signed = [any(block.index in region.authors for block in item.blocks) for item in items]
    if sum(signed) < _TELLING:
        return items
    first, last = signed.index(True), len(signed) - signed[::-1].index(True)
    while last < len(items) and _is_placeholder(region, items[last]):
        last += 1
    while first and _is_placeholder(region, items[first - 1]):
        first -= 1
    return items[first:last]


def _is_placeholder(region: Region, item: CommentBlocks) -> bool:
    return any(map(region.sheet.is_placeholder, item.blocks))


def _candidates(region: Region) -> Iterator[Region]:
    plain_regions = [part for whole in _without_composer(region) for part in (*_narrowed(whole), whole)]
    yield from plain_regions
    for candidate in plain_regions:
        names = candidate.names()
        if names:
            yield Region(candidate.sheet, candidate.blocks, names)


def _narrowed(region: Region) -> Iterator[Region]:
    """The region without what stands outside the element that holds all names."""
    names = [block for block in region.blocks if block.index in region.authors]
    if len(names) >= _TELLING:
        box = common_box([names[0], names[-1]])
        inside = [block for block in region.blocks if box.start <= block.index < box.end]
        if len(inside) < len(region.blocks):
            yield Region(region.sheet, inside)


def _without_composer(region: Region) -> Iterator[Region]:
    """The region without the invitation to comment above and below the thread; and with it, should it be a comment."""
    inviting = _invitations(region)
    kept = [block for block in region.blocks if block.index not in inviting]
    if inviting and kept:
        yield Region(region.sheet, kept)
    yield region


def _invitations(region: Region) -> set[int]:
    """The blocks above and below all that is said which invite to say something."""
    spoken = [block for block in region.blocks if region.is_text(block)]
    words, texts = region.sheet.words, region.sheet.texts_plain
    inviting = [words.composer.fullmatch(texts[block.index]) is not None for block in spoken]
    sent = {
        block.index for block, below in pairwise(region.blocks) if words.submit.fullmatch(texts[below.index])
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


def _is_sound(region: Region, items: list[CommentBlocks]) -> bool:
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


def cut_flattened(region: Region, declared: int | None) -> tuple[list[CommentBlocks], Region]:
    """The comments of a flattened page, whose bullets and blank lines are all that is left of its markup."""
    lines = by_blocks(region)
    items = by_bullets(region)
    region.speak(item.blocks[0] for item in items if not any(map(region.is_text, item.blocks)))
    if items or len(lines) == declared:
        return items or lines, region
    parts = by_blank_lines(region)
    dated = by_marker(is_dated)(region)
    return dated if len(dated) == declared != len(parts) else parts, region
