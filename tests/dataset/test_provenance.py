"""What the card says of how its rows came to be: conduct, versions, changes."""

import dataclasses
import json
from pathlib import Path

import pytest

from scraper.dataset.changes import changes_between
from scraper.dataset.context import CardContext, Conduct, Migration, Publication, PublishedVersion
from scraper.dataset.export import Form, export
from scraper.dataset.manifest import Manifest
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post

ROWS = Rows(
    posts=[post("a:1"), post("a:2", None)],
    comments=[comment("a:1", 0)],
    metrics=[metric("a:1", None, views=1)],
)
CONDUCT = Conduct(
    hosts=2,
    requests=1200,
    failed=3,
    refused=40,
    refused_by_robots=38,
    strained=5,
    shortest_gap=2.04,
    gaps_owed=7384,
)
V1 = PublishedVersion("v1", "1.0.0", {"posts": 1, "comments": 2})
FULL = dataclasses.replace(
    CARD,
    takedowns=("one", "two", "three"),
    conduct=CONDUCT,
    publication=Publication("v2", (V1,), ("`posts`: 1 → 2 rows.",)),
    migration=Migration("0.9.0", ("posts.tags",)),
)


def _card(context: CardContext, folder: Path, rows: Rows = ROWS) -> str:
    export(rows, folder, contract=CONTRACT, card=context)
    return (folder / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def published_card(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _card(FULL, tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def unpublished_card(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _card(CARD, tmp_path_factory.mktemp("unpublished"))


@pytest.mark.parametrize(
    "sentence",
    [
        "1,200 requests (those for robots.txt included) to 2 hosts",
        "40 were refused by the crawler's own rules before they were made, 38 of them by robots.txt.",
        "5 were answered by 429 or 5xx",
        "and 3 not at all.",
        "next request to the same host was 2.0 s; the waits that were owed add up to 2:03:04 h.",
        "Takedown requests that these rows honour: 3.",
        "| tag | schema | posts | comments | metrics |",
        f"| `v2` | {CONTRACT.version} | 2 | 1 | 1 |",
        "| `v1` | 1.0.0 | 1 | 2 | none |",
        "Since `v1`:\n\n- `posts`: 1 → 2 rows.\n",
        'revision="v2")` loads just that one',
        "  version = {v2},\n",
        "read under schema 0.9.0 and brought forward",
        "Only a new extraction can fill `posts.tags`.",
    ],
)
def test_a_published_card_says(published_card: str, sentence: str) -> None:
    assert sentence in published_card


@pytest.mark.parametrize(
    "sentence",
    [
        "No host was visited for it: its pages were handed in as files.",
        "was never published by its tool",
        "There is no earlier version to compare with.",
        f"Schema {CONTRACT.version}. A version that only adds columns raises its second number, any other change the first.\n",
    ],
)
def test_a_card_that_was_never_published_says(unpublished_card: str, sentence: str) -> None:
    assert sentence in unpublished_card


def test_the_context_comes_back_from_the_manifest(tmp_path: Path) -> None:
    _card(FULL, tmp_path)
    assert Manifest.read(tmp_path).card == FULL
    assert json.loads((tmp_path / "manifest.json").read_text())["takedowns"] == ["one", "two", "three"]


def _manifest(
    folder: Path, rows: Rows = ROWS, card: CardContext = CARD, form: Form | None = None
) -> Manifest:
    export(rows, folder, contract=CONTRACT, card=card, form=form or Form())
    return Manifest.read(folder)


def test_changes_between_two_exports_are_told_by_config(tmp_path: Path) -> None:
    grown = Rows(
        posts=[post("a:1", views=7), post("a:2", None)],
        comments=[comment("a:1", 0), comment("a:1", 1), comment("a:2", 0)],
    )
    old, new = (
        _manifest(tmp_path),
        _manifest(tmp_path, grown, dataclasses.replace(CARD, takedowns=("one", "two"))),
    )
    assert changes_between(old, new) == (
        "Takedowns that are honoured: 2 (+2).",
        "`posts`: 2 rows as before, 1 of 2 files new or changed; only counts moved.",
        "`comments`: 1 → 3 rows, 2 of 2 files new or changed.",
        "`metrics`: 1 → 0 rows, 0 of 0 files new or changed; only counts moved.",
    )
    assert changes_between(old, old) == ()


def test_a_change_of_form_or_schema_is_told_first(tmp_path: Path) -> None:
    old, bare = _manifest(tmp_path), _manifest(tmp_path, form=Form(with_text=False))
    newer = dataclasses.replace(bare, schema_version="2.0.0")
    first, second, *_, last = changes_between(old, newer)
    assert first == f"The schema went from {CONTRACT.version} to 2.0.0."
    redrafted = dataclasses.replace(bare, schema_digest="sha256:other")
    assert changes_between(bare, redrafted) == (f"Schema {CONTRACT.version}, a draft until then, changed.",)
    assert second == "The texts were left out: this is the form without text."
    assert last == "`revisions` was left out."
    assert "The texts were added." in changes_between(bare, old)
