"""Which rows of the records stay behind when the others are published."""

import pytest

from scraper.errors import StopError
from scraper.jobs.outgoing import Outgoing
from scraper.model.exclusions import Exclusions
from scraper.model.record import GATED_SINCE
from scraper.records.history import PostRows
from tests.dataset.rows import CONTRACT, Rows, comment, post, revision

GATED = {"access": "gated", "text": None, "language": None}
WITHDRAWN = {
    "status": "withdrawn",
    "status_at": "2023-01-02T03:04:05Z",
    "title": None,
    "text": None,
    "language": None,
}
ROWS = Rows(
    posts=[
        post("a:free", rights=[]),
        post("a:noarchive"),
        post("a:gated", rights=[], **GATED),
        post("a:gated-since", rights=[], access_evidence=[{"kind": GATED_SINCE, "detail": "A gate."}]),
        post("a:withdrawn", rights=[], **WITHDRAWN),
        post("a:gone", rights=[], **WITHDRAWN | {"status": "gone"}),
        post("a:forgotten", rights=[]),
    ],
    comments=[comment("a:free", 0), comment("a:free", 1), comment("a:gated", 0)],
    revisions=[revision("a:gated", 1, "이전"), revision("a:free#1", 1, "이전")],
)
FORGOTTEN = Exclusions(frozenset({"a:forgotten", "a:free#1"}))


def passed(*, is_publication: bool) -> tuple[Outgoing, list[PostRows]]:
    outgoing = Outgoing(CONTRACT, FORGOTTEN, is_publication=is_publication)
    return outgoing, list(outgoing.posts(ROWS))


def kept(config: str) -> list[str]:
    rows = (row for post in passed(is_publication=True)[1] for row in post.of(config))
    return [row.get("comment_id") or row.get("item_id") or row["post_id"] for row in rows]


def test_noarchive_gated_withdrawn_and_forgotten_rows_are_never_published() -> None:
    assert sorted(kept("posts")) == ["a:free", "a:gone"]


def test_what_belongs_to_them_stays_behind_too() -> None:
    assert kept("comments") == ["a:free#0"]
    assert kept("revisions") == []


def test_each_post_that_stays_behind_says_why() -> None:
    reasons = passed(is_publication=True)[0].withheld
    assert "asks not to be archived" in reasons["a:noarchive"]
    assert "behind a gate" in reasons["a:gated"]
    assert "has a gate in place of its text now" in reasons["a:gated-since"]
    assert "taken back" in reasons["a:withdrawn"]
    assert reasons["a:forgotten"]


def test_an_export_of_ones_own_has_what_is_known_of_gated_and_withdrawn_posts() -> None:
    assert passed(is_publication=False)[0].withheld.keys() == {"a:noarchive", "a:forgotten"}


def test_what_goes_out_is_counted_by_host_and_reservation() -> None:
    outgoing, posts = passed(is_publication=True)
    assert outgoing.hosts == {"example.org": len(posts)}
    assert outgoing.comments == 1


def test_a_reply_to_a_comment_that_stays_behind_is_a_reply_to_nothing() -> None:
    rows = Rows(posts=[post("a:free", rights=[])], comments=[comment("a:free", 1), comment("a:free", 2)])
    rows.comments[1] |= {"parent_id": "a:free#1", "depth": 1}
    [only] = Outgoing(CONTRACT, FORGOTTEN).posts(rows)
    assert [(row["comment_id"], row["parent_id"]) for row in only.comments] == [("a:free#2", None)]


def test_a_row_that_merging_broke_stops_everything() -> None:
    rows = Rows(posts=[post("a:free", rights=[]) | {"views": -1}])
    with pytest.raises(StopError, match=r"A row of posts breaks the schema.*views"):
        list(Outgoing(CONTRACT).posts(rows))
