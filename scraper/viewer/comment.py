"""A comment on its post's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from scraper.records.row_types import CommentRow, RemovedStruct, RevisionRow
from scraper.viewer.history import changes, history, last_words
from scraper.viewer.html import Html, fragment, inside, join, outside, tag, timed
from scraper.viewer.paths import comment_anchor, post_path, record_anchor
from scraper.viewer.prose import prose
from scraper.viewer.thread import Placed, page_of
from scraper.viewer.wording import counted, moment, number, published, writer

DELETED: Final = frozenset({"absent", "placeholder"})
"""The states of comments that their page no longer shows."""
_DEEPEST: Final = 5
_HUES: Final = 8
_PARENT_BASES: Final = {
    "stated": "as the page states",
    "nesting": "by where it stands on the page",
    "quote": "by what it quotes",
    "mention": "by whom it addresses",
}


@dataclass(frozen=True, slots=True)
class ThreadContext:
    """What a comment needs to know of the rest of its post.

    ``comments`` are all comments of the post in page order; ``origin`` is the record that the post was read from. ``is_gone`` says that
    the page itself is there no more.
    """

    post_id: str
    here: str
    comments: Sequence[CommentRow]
    versions: Mapping[str, Sequence[RevisionRow]]
    origin: str
    is_gone: bool

    def link(self, page: int, anchor: str) -> Html:
        """The way to an element on a page of the post."""
        path = post_path(self.post_id, page)
        return fragment(anchor) if path == self.here else inside(f"{path}#{anchor}", self.here)


def comment_html(placed: Placed, context: ThreadContext) -> Html:
    """The part of the page that is a comment: who, when, in answer to what, the text, what changed, whence."""
    row = placed.row
    classes = f"comment d{min(placed.indent, _DEEPEST)}"
    if row["status"] in DELETED:
        classes += " deleted"
    heading = tag(
        "h3", tag("span", f"{number(placed.number)}.", class_="nr"), " ", who(row), *_badges(row, context)
    )
    return tag(
        "article",
        tag("header", heading, _meta(placed, context)),
        _body(row, context),
        _edits(row, context),
        _details(row, context),
        class_=classes,
        id=comment_anchor(row["comment_id"]),
    )


def who(row: CommentRow) -> Html:
    """Whoever wrote a comment, with a mark by which the eye finds them again."""
    hue = crc32(row["author_id"].encode()) % _HUES if row["author_id"] else "none"
    name = tag("bdi", writer(row["author_id"], row["author_name"]))
    return tag("span", name, class_=f"who h{hue}")


def _badges(row: CommentRow, context: ThreadContext) -> list[Html]:
    words = [
        "author of the post" if row["is_post_author"] else None,
        "accepted answer" if row["is_accepted"] else "answer" if row["kind"] == "answer" else None,
        _fate(row, context),
        "edited" if row["revision"] > 1 or row["edited_at"] or row["edited_raw"] else None,
    ]
    return [tag("span", word, class_=f"badge {word.split()[0]}") for word in words if word]


def _fate(row: CommentRow, context: ThreadContext) -> str | None:
    if row["status"] == "absent" and context.is_gone:
        return "gone"
    return "deleted" if row["status"] in DELETED else None


def _meta(placed: Placed, context: ThreadContext) -> Html:
    row = placed.row
    parts = [
        tag(
            "a",
            timed(row["published_at"], published(row)),
            href=fragment(comment_anchor(row["comment_id"])),
            title="Link to this comment",
        )
    ]
    if placed.parent:
        above = context.comments[placed.parent - 1]
        name = f"{number(placed.parent)}. {writer(above['author_id'], above['author_name'])}"
        way = context.link(page_of(placed.parent), comment_anchor(above["comment_id"]))
        parts.append(join(["in answer to ", tag("a", tag("bdi", name), href=way)]))
    elif row["parent_id"]:
        parts.append(join(["in answer to a comment that was not kept"]))
    parts += [
        join([counted(value, word)])
        for value, word in ((row["likes"], "like"), (row["score"], "point"))
        if value is not None
    ]
    address = outside(row["url"]) if row["url"] else None
    if address:
        parts.append(tag("a", "on its site", href=address, rel="noreferrer noopener nofollow"))
    return tag("p", join(parts, " · "), class_="meta")


def _body(row: CommentRow, context: ThreadContext) -> Html:
    if row["text"] is not None:
        return prose(row["text"], row["language"])
    match row["status"]:
        case "absent" if context.is_gone:
            told = f"Gone with its page, as seen {moment(row['status_at'])}."
        case "absent":
            told = f"Deleted: its page did not show it any more when it was seen {moment(row['status_at'])}."
        case "placeholder":
            told = f"Deleted or hidden: its page shows a placeholder in its stead, seen {moment(row['status_at'] or row['captured_at'])}."
        case _:
            told = "Its text is not in what was shown."
    words = last_words(context.versions.get(row["comment_id"], ())) if row["status"] in DELETED else None
    return join([tag("p", told, class_="missing"), words or ""])


def _edits(row: CommentRow, context: ThreadContext) -> Html | None:
    versions = context.versions.get(row["comment_id"], ())
    edits = len(changes(versions))
    if not edits:
        return None
    summary = tag("summary", f"What changed: {counted(edits, 'edit')}")
    return tag("details", summary, history(versions, row["language"]), class_="edits")


def _details(row: CommentRow, context: ThreadContext) -> Html:
    pairs: list[tuple[str, str | None]] = [
        (
            "Id",
            f"{row['comment_id']} ({'given by its site' if row['comment_id_basis'] == 'site' else 'derived'})",
        ),
        ("Writer", row["author_id"]),
        ("Date on the page", row["published_raw"]),
        ("Edited", (row["edited_at"] and moment(row["edited_at"])) or row["edited_raw"]),
        ("What it answers is known", _PARENT_BASES.get(row["parent_basis"] or "")),
        ("First seen", moment(row["first_seen"])),
        ("Last change seen", moment(row["captured_at"])),
        ("Read by", row["extractor"]),
    ]
    shown = [part for name, value in pairs if value for part in (tag("dt", name), tag("dd", value))]
    if row["warc_record_id"] != context.origin:
        way = context.link(1, record_anchor(row["warc_record_id"]))
        shown += [tag("dt", "WARC record"), tag("dd", tag("a", row["warc_record_id"], href=way))]
    return tag(
        "details",
        tag("summary", "Details"),
        tag("dl", *shown),
        removed_list(row["removed"]),
        class_="more",
    )


def removed_list(removed: Sequence[RemovedStruct]) -> Html | None:
    """What was taken out of a text, rule and words."""
    if not removed:
        return None
    items = [
        tag("li", tag("code", each["rule"]), ": ", tag("q", each["text"], dir="auto")) for each in removed
    ]
    return tag("ul", *items, class_="removed")
