"""``postkeep schema migrate``: what it answers; tests/dataset/test_migrate.py holds what it does."""

from pathlib import Path

import pytest

from scraper.dataset.export import export
from scraper.dataset.read import open_export
from scraper.records.contract import Contract
from tests.cli.terminal import postkeep
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, post
from tests.records.grown_schema import FIRST, LACKING, MINOR, as_first, as_minor


def test_an_export_of_today_is_left_alone_and_that_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    export(Rows(posts=[post("a:1")]), folder, contract=CONTRACT, card=CARD)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = postkeep("schema", "migrate", folder)
    assert ran.exit_code == 0
    assert f"follows schema {CONTRACT.version} already, so nothing was changed" in ran.stdout + ran.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_export_of_the_first_schema_is_brought_forward_and_says_what_only_an_archive_can_fill(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "dataset"
    old = Rows(
        posts=[as_first("posts", post("a:1"))],
        comments=[as_first("comments", comment("a:1", 0)), as_first("comments", comment("a:1", 1))],
    )
    export(old, folder, contract=Contract.load(FIRST), card=CARD)
    ran = postkeep("schema", "migrate", folder)
    assert ran.exit_code == 0
    assert f"Only a new extraction can fill {', '.join(LACKING)}" in ran.stdout + ran.stderr
    now = open_export(folder)
    assert now.manifest.schema_version == MINOR
    assert list(now.rows("comments")) == [as_minor("comments", row) for row in old.comments]
    assert list(now.rows("posts")) == [as_minor("posts", row) for row in old.posts]


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    ran = postkeep("schema", "migrate", tmp_path)
    assert ran.exit_code == 2
    assert "holds what no export wrote: notes.txt" in ran.stderr


@pytest.mark.parametrize("words", [("migrate",), ("forward", "dataset")])
def test_what_is_not_understood_is_answered_with_what_can_be_written(words: tuple[str, ...]) -> None:
    ran = postkeep("schema", *words)
    assert ran.exit_code == 2
    assert "write `postkeep schema`, or `postkeep schema migrate DIR`" in ran.stderr
