"""The history of a post: all its readings become one row each for post and comments, and the rows of what changed.

Merging is pure and knows no order of arrival: readings of unknown time come first, then by time of capture, then
in the order of their visits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final, Generic, Literal, TypeVar, cast

from scraper.model.record import ASKED_WITH, HIDDEN_REPLIES, SIGNED_IN
from scraper.records.contract import Row
from scraper.records.identity import CommentId, identities
from scraper.records.merging import (
    POST_NUMBERS,
    PostNumber,
    absent_comment,
    departed_comment,
    departed_post,
    is_deleted,
    merge_comment,
    merge_post,
)
from scraper.records.reading import Departure, Reading
from scraper.records.row_types import CommentRow, MetricRow, PostRow, RevisionRow
from scraper.records.times import time_text

_Row = TypeVar("_Row", PostRow, CommentRow)
_Texts = dict[Literal["title", "text"], str | None]
_PERSONAL: Final = frozenset({ASKED_WITH, SIGNED_IN})
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PostRows:
    """All rows of one post.

    Comments are sorted by position, metrics by time with unknown first, revisions by item, field and revision.
    ``is_checked`` says that post and comments are those of one reading, which the store has held against the contract.
    """

    post: PostRow
    comments: tuple[CommentRow, ...]
    metrics: tuple[MetricRow, ...]
    revisions: tuple[RevisionRow, ...]
    is_checked: bool = field(default=False, compare=False)

    @classmethod
    def of_rows(
        cls, post: Row, comments: tuple[Row, ...], metrics: tuple[Row, ...], revisions: tuple[Row, ...]
    ) -> "PostRows":
        """The rows of a post as an export has them, which may be of another version than the types are of."""
        return cls(
            cast("PostRow", post),
            cast("tuple[CommentRow, ...]", comments),
            cast("tuple[MetricRow, ...]", metrics),
            cast("tuple[RevisionRow, ...]", revisions),
        )

    def of(self, config: str) -> tuple[Row, ...]:
        """The rows of one config of the dataset."""
        every = {
            "posts": (self.post,),
            "comments": self.comments,
            "metrics": self.metrics,
            "revisions": self.revisions,
        }
        return every[config]

    def without_deleted_texts(self) -> "PostRows":
        """The same without the revisions of what is deleted."""
        deleted = {row["comment_id"] for row in self.comments if is_deleted(row)}
        if is_deleted(self.post):
            deleted.add(self.post["post_id"])
        if not deleted:
            return self
        return replace(self, revisions=tuple(row for row in self.revisions if row["item_id"] not in deleted))


def merge(
    readings: Iterable[Reading], departures: Sequence[Departure] = (), *, keep_deleted_text: bool = False
) -> PostRows:
    """The rows that all visits to one post give together; the same visit twice counts once.

    A comment that a visit which saw all declared comments no longer found is absent; so is one that stood on a page of
    comments of a site that counts the replies to what it deleted and shows none, where these make up for what was not
    seen. One that a lesser visit did not find is left as it was. What a gate withheld keeps the last good text, and ``access`` then still speaks of
    that text. A reading of pages that came cut off, or that a person asked for, counts only where there is no other.

    What was deleted shows no text from then on, until it is seen again. Its revisions are left out as long as it is
    deleted, unless ``keep_deleted_text``.

    Raises:
        ValueError: there are no readings, or they are not of one post.
    """
    ordered = in_order(readings)
    if len({reading.post_id for reading in ordered}) != 1:
        raise ValueError("merging takes the readings of exactly one post")
    ordered = [reading for reading in ordered if not is_personal(reading.post)] or ordered
    ordered = [reading for reading in ordered if not reading.is_cut] or ordered
    history = _History(ordered[0])
    left = in_order(departures)
    for reading, ids in zip(ordered, identities(ordered), strict=True):
        while left and _place(left[0]) < _place(reading):
            history.depart(left.pop(0))
        history.add(_renamed(reading, ids))
    for departure in left:
        history.depart(departure)
    rows = history.rows() if keep_deleted_text else history.rows().without_deleted_texts()
    rows = replace(rows, is_checked=len(ordered) == 1 and not departures)
    return _as_personal(rows, ordered[0].post) if is_personal(ordered[0].post) else rows


def is_personal(post: PostRow) -> bool:
    """Whether a person asked for what a post was read from, or was signed in, so that it may show what signed-out readers do not see."""
    return any(item["kind"] in _PERSONAL for item in post["access_evidence"])


def _as_personal(rows: PostRows, first: PostRow) -> PostRows:
    """The rows of a post of which every reading is such a one, whatever became of it since."""
    if is_personal(rows.post):
        return rows
    evidence = [item for item in first["access_evidence"] if item["kind"] in _PERSONAL]
    return replace(rows, post=rows.post | {"access_evidence": [*rows.post["access_evidence"], *evidence]})


_Visited = TypeVar("_Visited", Reading, Departure)


def in_order(visited: Iterable[_Visited]) -> list[_Visited]:
    """Each visit once, in the order in which they are merged."""
    return sorted({each.visit_id: each for each in visited}.values(), key=_place)


def _place(visited: Reading | Departure) -> tuple[datetime, int, str]:
    """Where a visit stands among all of its post."""
    return visited.captured_at or _UNDATED, visited.sequence, visited.visit_id


@dataclass(slots=True)
class _Versions:
    """The versions of one item's texts, and the revision it is at."""

    item_id: str
    item_type: Literal["post", "comment"]
    revision: int = 1
    rows: list[RevisionRow] = field(default_factory=list)
    _texts: _Texts = field(default_factory=dict)

    def note(self, texts: _Texts, origin: PostRow | CommentRow, *, is_completion: bool) -> None:
        """Take the texts as they are after a visit; ``origin`` is a row of that visit.

        A text that comes to be known is a version, but no revision: nobody has edited it. Nor has anyone where
        ``is_completion``: more of the same text was shown, and takes the place of the part that was known.
        """
        if is_completion and self._texts.get("text") not in {None, texts["text"]}:
            self.rows = [
                row
                for row in self.rows
                if (row["field"], row["revision"]) != ("text", self._revision_of_text())
            ]
            del self._texts["text"]
        changed = {
            name: text
            for name, text in texts.items()
            if (text != self._texts[name] if name in self._texts else text is not None)
        }
        if changed.keys() & self._texts.keys():
            self.revision += 1
        self._texts |= changed
        self.rows += [
            {
                "item_id": self.item_id,
                "item_type": self.item_type,
                "field": name,
                "revision": self.revision,
                "observed_at": origin["captured_at"],
                "text": text,
                "warc_record_id": origin["warc_record_id"],
            }
            for name, text in changed.items()
        ]

    def _revision_of_text(self) -> int:
        return max(row["revision"] for row in self.rows if row["field"] == "text")


@dataclass(slots=True)
class _Item(Generic[_Row]):
    """A post or comment while its readings are merged."""

    row: _Row
    versions: _Versions

    def settle(self, row: _Row, origin: _Row) -> None:
        """Take ``row`` as what the item is after the visit that ``origin`` is a row of."""
        self.versions.note(_texts(row), origin, is_completion=_completes(self.row, row))
        is_same = row["revision"] == self.versions.revision
        self.row = row if is_same else cast("_Row", {**row, "revision": self.versions.revision})


def _texts(row: PostRow | CommentRow) -> _Texts:
    """The texts that are known. A title is known to be missing only where the text it would stand over is known."""
    texts: _Texts = {}
    if row["text"] is not None:
        texts["text"] = row["text"]
    if "title" in row and (row["title"] is not None or row["text"] is not None):
        texts["title"] = row["title"]
    return texts


class _History:
    """What the readings of one post, added in merging order, come to."""

    def __init__(self, first: Reading) -> None:
        self._post = _Item(first.post, _Versions(first.post_id, "post"))
        self._is_begun = False
        self._comments: dict[str, _Item[CommentRow]] = {}
        self._most_comments = 0
        self._unaccounted: int | None = None
        self._numbers: dict[PostNumber, int] = {}
        self._metrics: list[MetricRow] = []

    def depart(self, departure: Departure) -> None:
        if not self._is_begun:
            return
        seen_at = time_text(departure.captured_at) if departure.captured_at else None
        self._post.row = departed_post(self._post.row, departure, seen_at)
        for item in self._comments.values():
            item.row = departed_comment(item.row, departure, seen_at)
        self._post.row = self._post.row | {"comments_captured": self._captured()}

    def add(self, reading: Reading) -> None:
        self._is_begun = True
        self._add_comments(reading)
        post = reading.post | {"comments_captured": self._captured()}
        self._post.settle(merge_post(self._post.row, post), post)
        self._add_metrics(post)

    def rows(self) -> PostRows:
        comments = sorted(
            self._comments.values(), key=lambda item: (item.row["position"], item.row["comment_id"])
        )
        items: tuple[_Item[PostRow] | _Item[CommentRow], ...] = (self._post, *comments)
        versions = [row for item in items for row in item.versions.rows]
        return PostRows(
            post=self._post.row,
            comments=tuple(item.row for item in comments),
            metrics=tuple(self._metrics),
            revisions=tuple(sorted(versions, key=itemgetter("item_id", "field", "revision"))),
        )

    def _captured(self) -> int:
        return sum(item.row["status"] != "absent" for item in self._comments.values())

    def _add_comments(self, reading: Reading) -> None:
        whole = _declared_are_seen(reading)
        keeps_position = not whole and len(reading.comments) < self._most_comments
        self._most_comments = max(self._most_comments, len(reading.comments))
        missing = set(self._comments)
        for row in reading.comments:
            comment_id = row["comment_id"]
            item = self._comments.get(comment_id)
            if item is None:
                self._comments[comment_id] = item = _Item(row, _Versions(comment_id, "comment"))
                item.settle(row, row)
            else:
                item.settle(merge_comment(item.row, row, keeps_position=keeps_position), row)
                missing.discard(comment_id)
        for comment_id in self._proven_absent(reading, missing):
            item = self._comments[comment_id]
            item.row = absent_comment(item.row, reading.post)

    def _proven_absent(self, reading: Reading, missing: set[str]) -> set[str]:
        """Of the ``missing``, which a visit did not find, those that are surely deleted.

        Where replies to what was deleted are counted and not shown, the visit that saw every page still tells what they
        hang on: a comment that is there would be shown. It proves nothing where more declared comments than before are
        accounted for neither by what it saw nor by such replies.
        """
        if _declared_are_seen(reading):
            self._unaccounted = 0
            return missing
        declared = reading.post["comments_declared"]
        if declared is None or not _hides_replies(reading):
            return set()
        hidden = {each for each in missing if self._hangs_on(each, missing)}
        alive = sum(self._comments[each].row["status"] != "absent" for each in hidden)
        unaccounted = declared - _seen(reading) - alive
        if self._unaccounted is not None and unaccounted > self._unaccounted:
            return set()
        self._unaccounted = unaccounted
        return missing - hidden

    def _hangs_on(self, comment_id: str, missing: set[str]) -> bool:
        """Whether a comment answers one that is missing, or one that answers such a one."""
        above = {comment_id}
        parent = self._comments[comment_id].row["parent_id"]
        while parent in self._comments and parent not in above:
            if parent in missing:
                return True
            above.add(parent)
            parent = self._comments[parent].row["parent_id"]
        return False

    def _add_metrics(self, post: PostRow) -> None:
        """A row with the numbers of this visit, where one of them is new."""
        present = {name: number for name in POST_NUMBERS if (number := post[name]) is not None}
        if not present.items() <= self._numbers.items():
            self._numbers |= present
            self._metrics.append(
                {
                    "post_id": post["post_id"],
                    "observed_at": post["captured_at"],
                    "views": post["views"],
                    "saves": post["saves"],
                    "likes": post["likes"],
                    "reposts": post["reposts"],
                    "shares": post["shares"],
                    "score": post["score"],
                    "comments": post["comments_declared"],
                }
            )


def _completes(before: _Row, now: _Row) -> bool:
    """Whether the text of a row is that of the one before, of which only a part was shown."""
    old, new = before["text"], now["text"]
    if before.get("access") != "partial" or old is None or new is None:
        return False
    return bool(new.startswith(old.rstrip("….")))


def _renamed(reading: Reading, ids: Mapping[str, CommentId]) -> Reading:
    """``reading`` with the ids by which its comments are known over all readings."""
    if all(comment_id == columns["comment_id"] for comment_id, columns in ids.items()):
        return reading

    def rename(row: CommentRow) -> CommentRow:
        mine, parent = ids[row["comment_id"]], row["parent_id"]
        return row | {
            "comment_id": mine["comment_id"],
            "comment_id_basis": mine["comment_id_basis"],
            "parent_id": parent and ids[parent]["comment_id"],
        }

    return replace(reading, comments=tuple(rename(row) for row in reading.comments))


def _declared_are_seen(reading: Reading) -> bool:
    """Whether the visit saw every comment that the page declares."""
    declared = reading.post["comments_declared"]
    return declared is not None and _seen(reading) >= declared and reading.post["access"] != "gated"


def _hides_replies(reading: Reading) -> bool:
    """Whether the visit saw every page of comments, of a site that counts replies to deleted ones and shows none."""
    kinds = {evidence["kind"] for evidence in reading.post["access_evidence"]}
    return HIDDEN_REPLIES in kinds and reading.post["access"] != "gated"


def _seen(reading: Reading) -> int:
    """How many comments the visit saw, those taken down since included."""
    return len(reading.comments) + reading.left_out
