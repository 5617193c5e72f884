"""How the row of an item and what a later visit says about it become one row.

Unknown never overwrites known, less exact never overwrites more exact, and a gate never overwrites a text.
"""

from typing import Final

from scraper.model.record import GATED_SINCE
from scraper.records.contract import Row
from scraper.records.reading import Departure

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
_PLACE: Final = ("parent_id", "depth")
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
_COMMENT_ORIGIN: Final = ("captured_at", "warc_record_id", "payload_digest", "extractor")

POST_NUMBERS: Final = ("views", "saves", "likes", "reposts", "shares", "score", "comments_declared")
_POST_COUNTS: Final = frozenset({*POST_NUMBERS, "counts_raw", "counts_observed_at"})
_COMMENT_COUNTS: Final = frozenset({"likes", "score"})

_PRECISIONS: Final = (None, "year", "month", "day", "hour", "minute", "second")
_AUTHOR_BASES: Final = (None, "name", "id")
_WITHOUT_TEXT: Final = frozenset({"gone", "withdrawn", "placeholder", "absent"})
# What a post shows of itself, as it stands once the post is gone or withdrawn.
_NOTHING_SHOWN: Final[Row] = {
    **dict.fromkeys(("title", "text", "language", "tags", "links", "images")),
    **{name: [] for name in ("access_evidence", "removed", "redactions")},
}
_ACCESS_RANK: Final = {"gated": 0, "partial": 1, "unknown": 2, "full": 2}


def merge_post(old: Row, new: Row) -> Row:
    """The row of a post after another visit; ``revision`` stays that of ``old``."""
    row = _merged(old, new)
    row |= _columns(new if _gives_better_text(old, new) else old, _POST_TEXT)
    row["rights"] = new["rights"] or old["rights"]
    if _changed(old, new, POST_NUMBERS):
        row["counts_raw"] = _raw_counts(old, new)
        row["counts_observed_at"] = new["counts_observed_at"]
    else:
        row |= _columns(old, ("counts_raw", "counts_observed_at"))
    row["access_evidence"] = _with_gate_since(row, new)
    if is_deleted(row):
        row |= _NOTHING_SHOWN
    return _dated(old, new, row, _POST_ORIGIN, _POST_COUNTS)


def is_deleted(row: Row) -> bool:
    """Whether the post or comment is one that its page no longer shows."""
    return row["status"] in _WITHOUT_TEXT


def departed_post(old: Row, departure: Departure, seen_at: str | None) -> Row:
    """The row of a post after a visit that found it gone; ``extractor`` stays that of what was read of it."""
    if old["status"] == departure.status:
        return old
    status: Row = {"status": departure.status, "status_at": seen_at}
    return (
        old
        | status
        | _NOTHING_SHOWN
        | _departed_origin(departure, seen_at)
        | {"captured_at_basis": departure.captured_at_basis}
    )


def departed_comment(old: Row, departure: Departure, seen_at: str | None) -> Row:
    """The row of a comment after the page that showed it is gone."""
    if is_deleted(old):
        return old
    return _hidden(old, seen_at) | _departed_origin(departure, seen_at)


def _departed_origin(departure: Departure, seen_at: str | None) -> Row:
    return {
        "captured_at": seen_at,
        "warc_record_id": departure.warc_record_id,
        "payload_digest": departure.payload_digest,
    }


def _hidden(comment: Row, seen_at: str | None) -> Row:
    gone: Row = {"status": "absent", "status_at": seen_at, "text": None, "language": None}
    return comment | gone | {"removed": [], "redactions": []}


def merge_comment(old: Row, new: Row, *, keeps_position: bool) -> Row:
    """The row of a comment after another visit; ``revision`` stays that of ``old``."""
    row = _merged(old, new)
    withheld = new["text"] is None and new["status"] in {"present", "unknown"}
    row |= _columns(old if withheld or _stays_hidden(old, new) else new, _COMMENT_TEXT)
    if new["depth"] is None and new["parent_id"] is None:
        row |= _columns(old, _PLACE)
    else:
        row |= _columns(new, _PLACE)
    if keeps_position:
        row["position"] = old["position"]
    return _dated(old, new, row, _COMMENT_ORIGIN, _COMMENT_COUNTS)


def absent_comment(old: Row, post: Row) -> Row:
    """The row of a comment that the reading with this post row shows to be gone."""
    if old["status"] == "absent":
        return old
    return _hidden(old, post["captured_at"]) | _columns(post, _COMMENT_ORIGIN)


def _merged(old: Row, new: Row) -> Row:
    row = old | {name: value for name, value in new.items() if value is not None}
    row |= _columns(new if _author_rank(new) >= _author_rank(old) else old, _AUTHOR)
    row |= _columns(new if _date_rank(new) > _date_rank(old) else old, _PUBLISHED)
    row |= _columns(old if new["status"] in {old["status"], "unknown"} or _is_gate(new) else new, _STATUS)
    if old["edited_at"] is not None and new["text"] in {old["text"], None}:
        row["edited_at"] = old["edited_at"]
    return row | _columns(old, ("first_seen", "revision"))


def _dated(old: Row, new: Row, row: Row, origin: tuple[str, ...], counts: frozenset[str]) -> Row:
    """``row`` with the origin of the visit that last changed anything but counts."""
    compared = row.keys() - counts - set(origin)
    return row | _columns(new if any(row[name] != old[name] for name in compared) else old, origin)


def _gives_better_text(old: Row, new: Row) -> bool:
    before: str | None = old["text"]
    now: str | None = new["text"]
    if is_deleted(new) and not _is_gate(new):
        return True
    if _stays_hidden(old, new):
        return False
    if now is None:
        return before is None and new["title"] is not None
    if before is not None and old["access"] == new["access"] == "partial":
        return not before.startswith(now.rstrip("….") or " ")
    return before is None or _ACCESS_RANK[new["access"]] >= _ACCESS_RANK[old["access"]]


def _stays_hidden(old: Row, new: Row) -> bool:
    """Whether ``old`` shows no text because of its status, and ``new`` does not know a status."""
    return is_deleted(old) and (new["status"] == "unknown" or _is_gate(new))


def _with_gate_since(row: Row, new: Row) -> list[Row]:
    """The evidence of a post that keeps its last good text, with whether a gate stands in its place now."""
    evidence: list[Row] = row["access_evidence"]
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


def _is_gate(row: Row) -> bool:
    """Whether a gate withheld the whole post, and with it whether it is still there."""
    return row.get("access") == "gated"


def _changed(old: Row, new: Row, numbers: tuple[str, ...]) -> bool:
    return any(new[name] is not None and new[name] != old[name] for name in numbers)


def _raw_counts(old: Row, new: Row) -> list[Row]:
    """The raw form of each known count, in the order of ``POST_NUMBERS``."""
    raw = {count["name"]: count for count in (*old["counts_raw"], *new["counts_raw"])}
    return [raw[name] for name in (*POST_NUMBERS[:-1], "comments") if name in raw]


def _columns(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row[name] for name in names}


def _author_rank(row: Row) -> int:
    return _AUTHOR_BASES.index(row["author_id_basis"])


def _date_rank(row: Row) -> tuple[bool, bool, int]:
    precision = _PRECISIONS.index(row["published_precision"])
    return row["published_raw"] is not None, row["published_at"] is not None, precision
