"""The comments of a post as the tree that they make: what each answers, whatever the page left open."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from scraper.records.contract import Row

Answered = Literal["comment", "post", "unknown"]
"""What a comment answers: a comment that is there, the post, or nobody knows what."""

DEEPEST: Final = 100
"""Levels of a nested thread. Readers of JSON take no more than some hundreds; what lies deeper stands at this level, behind what it answers."""


def parents_of(comments: Sequence[Row]) -> Mapping[str, str | None]:
    """The comment that each comment answers, by ids; None where that is none of ``comments``.

    No way up leads back: of comments that answer each other in a circle the first one answers none.
    """
    ids = {row["comment_id"] for row in comments}
    parents = {row["comment_id"]: row["parent_id"] if row["parent_id"] in ids else None for row in comments}
    led_out: set[str] = set()
    for comment_id in parents:
        way: dict[str, None] = {}
        above: str | None = comment_id
        while above is not None and above not in led_out and above not in way:
            way[above] = None
            above = parents[above]
        if above in way:
            parents[above] = None
        led_out |= way.keys()
    return parents


def answered(row: Row, parent: str | None) -> Answered:
    """What a comment answers, whose parent in the tree is ``parent``."""
    if parent is not None:
        return "comment"
    return "post" if row["parent_id"] is None and row["depth"] == 0 else "unknown"


def nested(comments: Sequence[Row], told: Callable[[Row, Answered], dict[str, Any]]) -> list[dict[str, Any]]:
    """The comments that answer no other, as ``told`` gives each, with those that answer it in its ``replies``, and so on.

    Everywhere in the order of ``comments``; as deep as ``DEEPEST``.
    """
    parents = parents_of(comments)
    children: dict[str | None, list[Row]] = {}
    for row in comments:
        children.setdefault(parents[row["comment_id"]], []).append(row)
    tree: list[dict[str, Any]] = []
    waiting = _waiting(children, None, tree, 1)
    while waiting:
        row, beside, level = waiting.pop()
        comment_id = row["comment_id"]
        replies: list[dict[str, Any]] = []
        beside.append({**told(row, answered(row, parents[comment_id])), "replies": replies})
        below = (replies, level + 1) if level < DEEPEST else (beside, level)
        waiting += _waiting(children, comment_id, *below)
    return tree


def _waiting(
    children: Mapping[str | None, list[Row]], of: str | None, place: list[dict[str, Any]], level: int
) -> list[tuple[Row, list[dict[str, Any]], int]]:
    """What answers one comment, the first last, with the list and the level that it comes to stand in."""
    answers: Iterable[Row] = reversed(children.get(of, ()))
    return [(row, place, level) for row in answers]
