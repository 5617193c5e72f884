"""How the row of an item and what a later visit says about it become one row.

Unknown never overwrites known, less exact never overwrites more exact, and a gate never overwrites a text.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar, cast, get_args

from scraper.model.record import GATED_SINCE
from scraper.records.reading import Departure
from scraper.records.row_types import AccessEvidenceStruct, CommentRow, CountsRawStruct, PostRow

_Row = TypeVar("_Row", PostRow, CommentRow)

# Columns that are taken together or not at all.
_AUTHOR: Final = ("author_id", "author_id_basis", "author_name")
_PUBLISHED: Final = (
    "published_at",
    "published_raw",
    "published_zone",
    "published_zone_basis",
    "published_precision",
)
_STATUS: Final = ("status", "status_at")
_EDITED: Final = ("edited_at", "edited_raw")
_PLACE: Final = ("parent_id", "parent_basis", "depth")
_POST_TEXT: Final = ("title", "text", "language", "access", "access_evidence", "removed", "redactions")
_COMMENT_TEXT: Final = ("text", "language", "removed", "redactions")
_POST_ORIGIN: Final = (
    "captured_at",
    "captured_at_basis",
    "warc_record_id",
    "payload_digest",
    "extractor",
    "field_sources",
)
_COMMENT_ORIGIN: Final = ("captured_at", "warc_record_id", "payload_digest", "extractor", "field_sources")

PostNumber = Literal["views", "saves", "likes", "reposts", "shares", "score", "comments_declared"]
POST_NUMBERS: Final[tuple[PostNumber, ...]] = get_args(PostNumber)
_POST_COUNTS: Final = frozenset({*POST_NUMBERS, "counts_raw", "counts_observed_at"})
_COMMENT_COUNTS: Final = frozenset({"likes", "score"})

_PRECISIONS: Final = (None, "year", "month", "day", "hour", "minute", "second")
_AUTHOR_BASES: Final = (None, "name", "id")
_WITHOUT_TEXT: Final = frozenset({"gone", "withdrawn", "placeholder", "absent"})
_ACCESS_RANK: Final = {"gated": 0, "partial": 1, "unknown": 2, "full": 2}


def merge_post(old: PostRow, new: PostRow) -> PostRow:
    """The row of a post after another visit; ``revision`` stays that of ``old``."""
    row = _with(_merged(old, new), new if _gives_better_text(old, new) else old, _POST_TEXT)
    is_counted_anew = any(new[name] is not None and new[name] != old[name] for name in POST_NUMBERS)
    row = row | {
        "rights": new["rights"] or old["rights"],
        "counts_raw": _raw_counts(old, new) if is_counted_anew else old["counts_raw"],
        "counts_observed_at": (new if is_counted_anew else old)["counts_observed_at"],
        "access_evidence": _with_gate_since(row, new),
    }
    if is_deleted(row):
        row = _emptied(row)
    return _dated(old, new, row, _POST_ORIGIN, _POST_COUNTS)


def is_deleted(row: PostRow | CommentRow) -> bool:
    """Whether the post or comment is one that its page no longer shows."""
    return row["status"] in _WITHOUT_TEXT


def departed_post(old: PostRow, departure: Departure, seen_at: str | None) -> PostRow:
    """The row of a post after a visit that found it gone; ``extractor`` stays that of what was read of it."""
    if old["status"] == departure.status:
        return old
    return _emptied(old) | {
        "status": departure.status,
        "status_at": seen_at,
        "captured_at": seen_at,
        "captured_at_basis": departure.captured_at_basis,
        "warc_record_id": departure.warc_record_id,
        "payload_digest": departure.payload_digest,
    }


def _emptied(post: PostRow) -> PostRow:
    """The row of a post that shows nothing of itself, because it is gone or withdrawn."""
    return post | {
        "title": None,
        "text": None,
        "language": None,
        "tags": None,
        "links": None,
        "images": None,
        "access_evidence": [],
        "removed": [],
        "redactions": [],
    }


def departed_comment(old: CommentRow, departure: Departure, seen_at: str | None) -> CommentRow:
    """The row of a comment after the page that showed it is gone."""
    if is_deleted(old):
        return old
    return _hidden(old, seen_at) | {
        "captured_at": seen_at,
        "warc_record_id": departure.warc_record_id,
        "payload_digest": departure.payload_digest,
    }


def _hidden(comment: CommentRow, seen_at: str | None) -> CommentRow:
    return comment | {
        "status": "absent",
        "status_at": seen_at,
        "text": None,
        "language": None,
        "removed": [],
        "redactions": [],
    }


def merge_comment(old: CommentRow, new: CommentRow, *, keeps_position: bool) -> CommentRow:
    """The row of a comment after another visit; ``revision`` stays that of ``old``."""
    withheld = new["text"] is None and new["status"] in {"present", "unknown"}
    row = _with(_merged(old, new), old if withheld or _stays_hidden(old, new) else new, _COMMENT_TEXT)
    row = _with(row, old if new["depth"] is None and new["parent_id"] is None else new, _PLACE)
    if keeps_position:
        row = row | {"position": old["position"]}
    return _dated(old, new, row, _COMMENT_ORIGIN, _COMMENT_COUNTS)


def absent_comment(old: CommentRow, post: PostRow) -> CommentRow:
    """The row of a comment that the reading with this post row shows to be gone."""
    if old["status"] == "absent":
        return old
    return _hidden(old, post["captured_at"]) | {
        "captured_at": post["captured_at"],
        "warc_record_id": post["warc_record_id"],
        "payload_digest": post["payload_digest"],
        "extractor": post["extractor"],
    }


def _merged(old: _Row, new: _Row) -> _Row:
    row = _with(old, new, [name for name, value in new.items() if value is not None])
    row = _with(row, new if _author_rank(new) >= _author_rank(old) else old, _AUTHOR)
    row = _with(row, new if _date_rank(new) > _date_rank(old) else old, _PUBLISHED)
    is_same_status = new["status"] in {old["status"], "unknown"} or _is_gate(new)
    row = _with(row, old if is_same_status else new, _STATUS)
    row = _with(row, old if _keeps_edit(old, new) else new, _EDITED)
    return _with(row, old, ("first_seen", "revision"))


def _keeps_edit(old: _Row, new: _Row) -> bool:
    """Whether the edit of a text stays as it was told before: relative dates of one edit move from visit to visit."""
    is_same_text = new["text"] in {old["text"], None}
    if old["edited_at"] is None:
        is_told_before = old["edited_raw"] is not None and is_same_text
        return new["edited_at"] is None and (new["edited_raw"] is None or is_told_before)
    return new["edited_at"] is None or is_same_text


def _dated(old: _Row, new: _Row, row: _Row, origin: tuple[str, ...], counts: frozenset[str]) -> _Row:
    """``row`` with the origin of the visit that last changed anything but counts."""
    before, compared = dict(old), dict(row)
    is_changed = any(
        value != before[name] for name, value in compared.items() if name not in counts and name not in origin
    )
    return _with(row, new if is_changed else old, origin)


def _gives_better_text(old: PostRow, new: PostRow) -> bool:
    before, now = old["text"], new["text"]
    if is_deleted(new) and not _is_gate(new):
        return True
    if _stays_hidden(old, new):
        return False
    if now is None:
        return before is None and new["title"] is not None
    if before is not None and old["access"] == new["access"] == "partial":
        return not before.startswith(now.rstrip("….") or " ")
    return before is None or _ACCESS_RANK[new["access"]] >= _ACCESS_RANK[old["access"]]


def _stays_hidden(old: _Row, new: _Row) -> bool:
    """Whether ``old`` shows no text because of its status, and ``new`` does not know a status."""
    return is_deleted(old) and (new["status"] == "unknown" or _is_gate(new))


def _with_gate_since(row: PostRow, new: PostRow) -> list[AccessEvidenceStruct]:
    """The evidence of a post that keeps its last good text, with whether a gate stands in its place now."""
    evidence = row["access_evidence"]
    if _is_gate(new) and row["text"] is not None:
        if any(item["kind"] == GATED_SINCE for item in evidence):
            return evidence
        seen = f" ({new['captured_at']})" if new["captured_at"] else ""
        return [
            *evidence,
            {"kind": GATED_SINCE, "detail": f"The page shows a gate instead of this text{seen}."},
        ]
    is_open_again = new["text"] is not None
    return [item for item in evidence if item["kind"] != GATED_SINCE] if is_open_again else evidence


def _is_gate(row: PostRow | CommentRow) -> bool:
    """Whether a gate withheld the whole post, and with it whether it is still there."""
    return row.get("access") == "gated"


def _raw_counts(old: PostRow, new: PostRow) -> list[CountsRawStruct]:
    """The raw form of each known count, in the order of ``POST_NUMBERS``."""
    raw = {count["name"]: count for count in (*old["counts_raw"], *new["counts_raw"])}
    return [raw[name] for name in (*POST_NUMBERS[:-1], "comments") if name in raw]


def _with(row: _Row, source: _Row, names: Iterable[str]) -> _Row:
    """``row`` with some columns of another."""
    values = cast("Mapping[str, Any]", source)
    return cast("_Row", {**row, **{name: values[name] for name in names}})


def _author_rank(row: PostRow | CommentRow) -> int:
    return _AUTHOR_BASES.index(row["author_id_basis"])


def _date_rank(row: PostRow | CommentRow) -> tuple[bool, bool, int]:
    precision = _PRECISIONS.index(row["published_precision"])
    return row["published_raw"] is not None, row["published_at"] is not None, precision
