"""A thread out of JSON: comments with their reply edges, in the order the data has them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scraper.model.record import Comment, CommentKind
from scraper.page.data import Fields
from scraper.sites.careerly import fields

_REPLIES = ("replies", "comments", "children", "childcomments", "subcomments", "recomments", "answercomments")
# Deeper threads than any site shows are read as if they ended here.
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    item: Fields
    kind: CommentKind
    inside: str | None
    depth: int


def thread_of(
    objects: Iterable[object], captured_at: datetime | None, kind: CommentKind = "comment"
) -> tuple[Comment, ...]:
    """The comments of a list of JSON objects, replies nested in them included. An id counts once.

    A reply whose parent is not among them keeps the depth that the data gives, and has no edge.
    """
    entries = _unnested(objects, kind)
    positions = {key: position for position, key in enumerate(entries)}
    said = [fields.parent_id(entry.item) or entry.inside for entry in entries.values()]
    parents = [positions.get(key) if key else None for key in said]
    comments = []
    for position, entry in enumerate(entries.values()):
        depth = _depth(position, parents)
        if depth is None:
            parents[position] = None
        if said[position] and parents[position] is None:
            depth = _said_depth(entry.item)
        comment = fields.read_comment(entry.item, captured_at, entry.kind)
        comments.append(replace(comment, parent=parents[position], depth=depth))
    return tuple(comments)


def _depth(position: int, parents: list[int | None]) -> int | None:
    """How many comments stand above this one; None where they answer each other in a circle."""
    for depth in range(_DEEPEST):
        parent = parents[position]
        if parent is None:
            return depth
        position = parent
    return None


def _said_depth(item: Fields) -> int | None:
    depth = item.get(("depth", "level"))
    return depth if isinstance(depth, int) and not isinstance(depth, bool) else None


def _unnested(objects: Iterable[object], kind: CommentKind) -> dict[str, _Entry]:
    stack = [
        _Entry(Fields(item), kind, None, 0) for item in reversed(list(objects)) if isinstance(item, dict)
    ]
    entries: dict[str, _Entry] = {}
    while stack:
        entry = stack.pop()
        key = entry.item.id(("id", "commentid", "answerid")) or f"~{len(entries)}"
        if key in entries:
            continue
        entries[key] = entry
        nested = entry.item.items(_REPLIES) or []
        if entry.depth < _DEEPEST:
            stack += [
                _Entry(Fields(item), "comment", key, entry.depth + 1)
                for item in reversed(nested)
                if isinstance(item, dict)
            ]
    return entries
