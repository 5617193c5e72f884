"""How deep comments stand, by what they answer."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.model.record import Comment


def with_depths(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """The comments with their depths; None where none answers another, for such data may have lost that.

    Comments that answer each other in a circle answer none.
    """
    if not any(comment.parent is not None or comment.kind == "answer" for comment in comments):
        return tuple(replace(comment, depth=None) for comment in comments)
    placed = uncircled([comment.parent for comment in comments])
    return tuple(
        replace(comment, depth=depth)
        if parent == comment.parent
        else replace(comment, parent=None, parent_basis=None, depth=depth)
        for comment, (parent, depth) in zip(comments, placed, strict=True)
    )


def uncircled(parents: Sequence[int | None]) -> list[tuple[int | None, int]]:
    """For each comment, of which ``parents`` has what it answers, that again with its depth; of a circle the first to stand there answers none."""
    above = list(parents)
    depths: list[int | None] = [None] * len(above)
    for at in range(len(above)):
        path: dict[int, None] = {}
        each: int | None = at
        while each is not None and depths[each] is None and each not in path:
            path[each] = None
            each = above[each]
        if each in path:
            above[at], depths[at] = None, 0
            continue
        depth = -1 if each is None else depths[each] or 0
        for below in reversed(path):
            depth += 1
            depths[below] = depth
    return [(parent, depth or 0) for parent, depth in zip(above, depths, strict=True)]
