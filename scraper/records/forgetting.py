"""A reading without what has a tombstone, and without what a takedown has left of a page."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from scraper.model.decision import Returned
from scraper.model.redaction import is_blacked_out
from scraper.records.comment_ids import CommentIds
from scraper.records.history import PostRows, in_order
from scraper.records.identity import all_ids
from scraper.records.people import Pseudonyms
from scraper.records.reading import Reading
from scraper.records.row_types import CommentRow


def tombstones_today(forgotten: AbstractSet[str], former: Mapping[str, AbstractSet[str]]) -> dict[str, str]:
    """The tombstone of each id of today that has one: its own, or that of an id which the same had in ``former``."""
    of_former = {today: min(ids & forgotten) for today, ids in former.items() if ids & forgotten}
    return of_former | {each: each for each in forgotten}


def without_forgotten(reading: Reading, forgotten: Mapping[str, str]) -> Reading | None:
    """``reading`` without the comments that are forgotten or blacked out; None where that is the post itself.

    ``forgotten`` leads from ids to their tombstones. A reply to one of them stays, as a reply to nothing that is known.
    """
    post = reading.post
    if post["post_id"] in forgotten or post["author_id"] in forgotten or is_blacked_out(post["text"]):
        return None
    kept = [row for row in reading.comments if not _goes(row, forgotten)]
    if len(kept) == len(reading.comments):
        return reading
    met = {each for row in reading.comments for each in _shown(row) if each and each in forgotten}
    places = {row["comment_id"]: place for place, row in enumerate(kept)}
    comments = tuple(
        without_lost_parent(row, places) | {"position": places[row["comment_id"]]} for row in kept
    )
    post = post | {"comments_captured": len(comments)}
    left_out = len(reading.comments) - len(comments)
    return replace(
        reading,
        post=post,
        comments=comments,
        forgotten=tuple(Returned(each, forgotten[each]) for each in sorted(met)),
        left_out=left_out,
    )


def all_without_forgotten(readings: Iterable[Reading], forgotten: AbstractSet[str]) -> list[Reading]:
    """The readings of one post, from several archives, without what any of these has forgotten.

    A comment goes from every reading, whatever id that knows it by; a post goes with all its readings.
    """
    ordered = in_order(readings)
    gone = {each: each for each in forgotten | all_ids(forgotten, ordered)}
    kept = [without_forgotten(reading, gone) for reading in ordered]
    return [] if None in kept else [reading for reading in kept if reading is not None]


def rows_without_forgotten(
    rows: PostRows, forgotten: AbstractSet[str], people: Pseudonyms
) -> PostRows | None:
    """The rows of a post without the comments that are ``forgotten``, or whose authors are; None where that is the post itself.

    A comment is known by the id too that it would have without one of its site.
    """
    if rows.post["post_id"] in forgotten or rows.post["author_id"] in forgotten:
        return None
    ids_of = _with_derived_ids(rows, forgotten, people)
    kept = [row for row in rows.comments if not ids_of[row["comment_id"]] & forgotten]
    if len(kept) == len(rows.comments):
        return rows
    ids = {row["comment_id"] for row in kept}
    gone = {row["comment_id"]: row["position"] for row in rows.comments if row["comment_id"] not in ids}
    before = sorted(gone.values())
    comments = tuple(
        without_lost_parent(row, ids) | {"position": row["position"] - bisect_left(before, row["position"])}
        for row in kept
    )
    captured = sum(row["status"] != "absent" for row in comments)
    return replace(
        rows,
        post=rows.post | {"comments_captured": captured},
        comments=comments,
        revisions=tuple(row for row in rows.revisions if row["item_id"] not in gone),
        is_checked=False,
    )


def _with_derived_ids(
    rows: PostRows, forgotten: AbstractSet[str], people: Pseudonyms
) -> dict[str, set[str | None]]:
    """By the id of each comment the ids by which it may be forgotten."""
    ids_of: dict[str, set[str | None]] = {
        row["comment_id"]: {row["comment_id"], row["author_id"]} for row in rows.comments
    }
    post_id = rows.post["post_id"]
    if any(each.startswith(f"{post_id}#~") for each in forgotten):
        ids = CommentIds(post_id, people)
        for row in rows.comments:
            ids_of[row["comment_id"]].add(ids.give("", row["author_id"], row["text"])[0])
    return ids_of


def without_lost_parent(row: CommentRow, kept: Container[str]) -> CommentRow:
    """The row of a comment as a reply to nothing that is known, where what it answers is not among the ids that are ``kept``."""
    if row["parent_id"] is None or row["parent_id"] in kept:
        return row
    return row | {"parent_id": None, "parent_basis": None}


def _shown(row: CommentRow) -> tuple[str | None, ...]:
    """The ids of whom a row shows anything: a comment without its words is but a place in the thread."""
    has_words = row["text"] is not None and not is_blacked_out(row["text"])
    return (row["comment_id"], row["author_id"]) if has_words else (row["author_id"],)


def _goes(row: CommentRow, forgotten: Mapping[str, str]) -> bool:
    return row["comment_id"] in forgotten or row["author_id"] in forgotten or is_blacked_out(row["text"])
