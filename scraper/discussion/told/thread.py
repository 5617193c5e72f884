"""A thread out of JSON: comments with their reply edges, in the order the data has them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.discussion.conventions import Conventions
from scraper.discussion.told import fields
from scraper.discussion.told.content import read_text
from scraper.model.record import Comment, CommentKind, FieldSource, Moment, ParentBasis, Removed
from scraper.page.characters import plain
from scraper.page.data import Fields

COMMENT_IDS: Final = ("databaseid", "id", "commentid", "answerid", "replyid", "uuid")
_REPLIES: Final = (
    "replies",
    "comments",
    "children",
    "childcomments",
    "subcomments",
    "recomments",
    "answercomments",
)
_PARENT: Final = (
    *("parentcommentid", "parentid", "parentanswerid", "parentcomment", "parent"),
    *(
        "parentdatabaseid",
        "parentuuid",
        "inreplyto",
        "inreplytoid",
        "replytoid",
        "replyto",
        "replytocommentid",
    ),
)
# Deeper threads than any site shows are read as if they ended here.
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    item: Fields
    kind: CommentKind
    inside: str | None
    depth: int


def thread_of(
    objects: Iterable[object],
    conventions: Conventions,
    captured_at: datetime | None,
    kind: CommentKind = "comment",
    source: str = "next-data",
) -> tuple[Comment, ...]:
    """The comments of a list of JSON objects, replies nested in them included. An id, or an object without one, counts once.

    A reply whose parent is not among them keeps the depth that the data gives, and has no edge. ``source`` names the data.
    """
    entries = _unnested(objects, kind)
    positions = {key: position for position, key in enumerate(entries)}
    stated = [_parent_id(entry.item) or entry.inside for entry in entries.values()]
    parents = [positions.get(key) if key else None for key in stated]
    comments = []
    for position, entry in enumerate(entries.values()):
        depth = _depth(position, parents)
        if depth is None:
            parents[position] = None
        if stated[position] and parents[position] is None:
            depth = _said_depth(entry.item)
        comment = _comment(entry, conventions, captured_at)
        parent = parents[position]
        basis: ParentBasis | None = None if parent is None else "stated"
        sources = (FieldSource("*", source, "stated"),)
        comments.append(
            replace(comment, parent=parent, parent_basis=basis, depth=depth, field_sources=sources)
        )
    return tuple(comments)


def _unnested(objects: Iterable[object], kind: CommentKind) -> dict[str, _Entry]:
    stack = [
        _Entry(Fields(item), kind, None, 0) for item in reversed(list(objects)) if isinstance(item, dict)
    ]
    entries: dict[str, _Entry] = {}
    while stack:
        entry = stack.pop()
        key = entry.item.id(COMMENT_IDS) or f"~{id(entry.item.value)}"
        if key in entries:
            continue
        entries[key] = entry
        nested = entry.item.objects(_REPLIES) or []
        if entry.depth < _DEEPEST:
            stack += [_Entry(Fields(item), "comment", key, entry.depth + 1) for item in reversed(nested)]
    return entries


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


def _parent_id(item: Fields) -> str | None:
    holder = item.fields(_PARENT)
    number = holder.id(COMMENT_IDS) if holder else item.id(_PARENT)
    return None if number == "0" else number


def _comment(entry: _Entry, conventions: Conventions, captured_at: datetime | None) -> Comment:
    """One comment or answer, its place in the thread left open."""
    item, words = entry.item, conventions.words
    text = read_text(item)
    published, edited = fields.read_dates(item, conventions.zone, captured_at)
    notice = text if text and words.deleted_comment.fullmatch(plain(text)) else None
    gone = fields.is_deleted(item) or notice is not None or fields.withheld_by(item) is not None
    suffix = words.edited_suffix.search(text) if text else None
    if text and suffix:
        text, edited = text[: suffix.start()], edited or Moment(raw=suffix[0].strip())
    return Comment(
        text=None if gone else text,
        kind=entry.kind,
        native_id=item.id(COMMENT_IDS),
        author=fields.read_person(item, words),
        is_post_author=item.flag(fields.WRITER),
        is_accepted=item.flag(fields.ACCEPTED),
        published=published,
        edited=edited,
        likes=fields.read_count(item, "likes"),
        status="placeholder" if gone else "present",
        removed=(Removed(conventions.deleted_comment_rule, notice),) if notice else (),
    )
