"""One comment, one id, over all the readings of a post: derived ids give way when the site's own appear."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict, TypeVar

from scraper.records.comment_ids import CommentIdBasis
from scraper.records.reading import Reading
from scraper.records.row_types import CommentRow

_Item = TypeVar("_Item")
_AUTHOR_RANK: Final[Mapping[str | None, int]] = {"id": 2, "name": 1, None: 0}


class CommentId(TypedDict):
    """The columns of a comment's id."""

    comment_id: str
    comment_id_basis: CommentIdBasis


@dataclass(slots=True, eq=False)
class _Comment:
    """A comment over time: its latest row, the row with the best id it has had, and all its ids."""

    latest: CommentRow
    best: CommentRow
    ids: set[str]

    def see(self, row: CommentRow) -> None:
        self.latest = row
        self.ids.add(row["comment_id"])
        if _id_rank(row) > _id_rank(self.best):
            self.best = row

    def may_be(self, row: CommentRow) -> bool:
        """Whether nothing speaks against it: at least one id is derived, and the authors can be one person."""
        if self.best["comment_id_basis"] == row["comment_id_basis"] == "site":
            return False
        mine, other = self.latest["author_id_basis"], row["author_id_basis"]
        return mine != other or bool(self.latest["author_id"] == row["author_id"])


def identities(readings: Sequence[Reading]) -> list[Mapping[str, CommentId]]:
    """For each of ``readings``, which are in merging order: from its comment ids to the columns of the id that stays.

    The columns are ``comment_id`` and ``comment_id_basis``. Two ids are of one comment where at least one of them
    is derived, the texts are equal and the authors do not contradict each other (an id and a name cannot). Two
    rows of one reading are always two comments.
    """
    if len(readings) == 1:
        return [{row["comment_id"]: _id_columns(row) for row in readings[0].comments}]
    comments: list[_Comment] = []
    matches = [_recognise(comments, reading.comments) for reading in readings]
    return [
        {comment_id: _id_columns(comment.best) for comment_id, comment in of_reading.items()}
        for of_reading in matches
    ]


def all_ids(comment_ids: Collection[str], readings: Sequence[Reading]) -> set[str]:
    """All ids under which single ``readings`` of one post, in merging order, know any of the comments."""
    pairs = [(mine, row["comment_id"]) for ids in identities(readings) for mine, row in ids.items()]
    lasting = {last for mine, last in pairs if mine in comment_ids or last in comment_ids}
    return {mine for mine, last in pairs if last in lasting}


def _id_columns(row: CommentRow) -> CommentId:
    return {"comment_id": row["comment_id"], "comment_id_basis": row["comment_id_basis"]}


def _recognise(comments: list[_Comment], rows: Sequence[CommentRow]) -> dict[str, _Comment]:
    """The comment of each row of one reading: one seen before, where it can be matched, or a new one."""
    matches = _by_id(comments, rows)
    for pairs in (_by_author, _by_text):
        taken = set(matches.values())
        missing = [comment for comment in comments if comment not in taken]
        fresh = [row for row in rows if row["comment_id"] not in matches and row["text"] is not None]
        matches |= {row["comment_id"]: comment for comment, row in pairs(missing, fresh)}
    for row in rows:
        if row["comment_id"] in matches:
            matches[row["comment_id"]].see(row)
        else:
            matches[row["comment_id"]] = _Comment(row, row, {row["comment_id"]})
            comments.append(matches[row["comment_id"]])
    return matches


def _by_id(comments: Iterable[_Comment], rows: Iterable[CommentRow]) -> dict[str, _Comment]:
    """The comments that have the ids of these rows, those first that are known by them today."""
    matches: dict[str, _Comment] = {}
    today = {comment.best["comment_id"]: comment for comment in comments}
    ever = {comment_id: comment for comment in comments for comment_id in comment.ids}
    taken: set[_Comment] = set()
    for owners in (today, ever):
        for row in rows:
            comment = owners.get(row["comment_id"])
            if comment is not None and row["comment_id"] not in matches and comment not in taken:
                matches[row["comment_id"]] = comment
                taken.add(comment)
    return matches


def _by_author(missing: Iterable[_Comment], fresh: Iterable[CommentRow]) -> list[tuple[_Comment, CommentRow]]:
    """Pairs of one author and text, in page order."""
    before = _grouped(missing, lambda comment: (comment.latest["author_id"], comment.latest["text"]))
    now = _grouped(fresh, lambda row: (row["author_id"], row["text"]))
    pairs = [pair for key in now for pair in zip(before.get(key, []), now[key], strict=False)]
    return [(comment, row) for comment, row in pairs if comment.may_be(row)]


def _by_text(missing: Iterable[_Comment], fresh: Iterable[CommentRow]) -> list[tuple[_Comment, CommentRow]]:
    """Pairs of one text: in page order where there are as many before as now, else those that kept their place."""
    before = _grouped(missing, lambda comment: comment.latest["text"])
    now = _grouped(fresh, lambda row: row["text"])
    pairs: list[tuple[_Comment, CommentRow]] = []
    for text, rows in now.items():
        comments = before.get(text, [])
        if len(comments) == len(rows):
            pairs += zip(comments, rows, strict=True)
        else:
            at = {comment.latest["position"]: comment for comment in comments}
            pairs += [(at[row["position"]], row) for row in rows if row["position"] in at]
    return [(comment, row) for comment, row in pairs if comment.may_be(row)]


def _grouped(items: Iterable[_Item], key: Callable[[_Item], Hashable]) -> dict[Hashable, list[_Item]]:
    groups: defaultdict[Hashable, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _id_rank(row: CommentRow) -> tuple[bool, int]:
    return row["comment_id_basis"] == "site", _AUTHOR_RANK[row["author_id_basis"]]
