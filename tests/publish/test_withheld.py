"""Which rows of the records stay behind when the others are published."""

from typing import cast

from scraper.jobs.publication.withholding import withheld_from_export, withheld_from_publication
from scraper.model.exclusions import Exclusions
from scraper.records.merging import GATED_SINCE
from scraper.records.store import Records
from tests.dataset.rows import Rows, comment, post, revision

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
RECORDS = cast("Records", ROWS)
FORGOTTEN = Exclusions(frozenset({"a:forgotten", "a:free#1"}))


def kept(config: str) -> list[str]:
    withheld = withheld_from_publication(RECORDS, FORGOTTEN)
    rows = (row for row in map(dict, ROWS.rows(config)) if not withheld.holds(row))
    return [row.get("comment_id") or row.get("item_id") or row["post_id"] for row in rows]


def test_noarchive_gated_withdrawn_and_forgotten_rows_are_never_published() -> None:
    assert sorted(kept("posts")) == ["a:free", "a:gone"]


def test_what_belongs_to_them_stays_behind_too() -> None:
    assert kept("comments") == ["a:free#0"]
    assert kept("revisions") == []


def test_each_post_that_stays_behind_says_why() -> None:
    reasons = withheld_from_publication(RECORDS, FORGOTTEN).posts
    assert "asks not to be archived" in reasons["a:noarchive"]
    assert "behind a gate" in reasons["a:gated"]
    assert "has a gate in place of its text now" in reasons["a:gated-since"]
    assert "taken back" in reasons["a:withdrawn"]
    assert reasons["a:forgotten"]


def test_an_export_of_ones_own_has_what_is_known_of_gated_and_withdrawn_posts() -> None:
    assert withheld_from_export(RECORDS, FORGOTTEN).posts.keys() == {"a:noarchive", "a:forgotten"}
