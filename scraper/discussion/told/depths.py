"""How deep comments stand, by what they answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from scraper.model.record import Comment

_DEEPEST: Final = 64


def with_depths(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """The comments with their depths; None where none answers another, for such data may have lost that.

    Comments that answer each other in a circle answer none.
    """
    if not any(comment.parent is not None or comment.kind == "answer" for comment in comments):
        return tuple(replace(comment, depth=None) for comment in comments)
    placed = list(comments)
    for at, comment in enumerate(comments):
        depth = depth_of(at, placed)
        placed[at] = (
            replace(comment, depth=depth)
            if depth is not None
            else replace(comment, parent=None, parent_basis=None, depth=0)
        )
    return tuple(placed)


def depth_of(position: int, comments: Sequence[Comment]) -> int | None:
    """How many comments stand above one; None where they answer each other in a circle."""
    at: int = position
    for depth in range(_DEEPEST + len(comments)):
        parent = comments[at].parent
        if parent is None:
            return depth
        at = parent
    return None
