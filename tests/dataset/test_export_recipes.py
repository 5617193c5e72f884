"""The recipes that docs/export.md and docs/dataset.md give for pandas, Polars and DuckDB, run on rows that others stumble over."""

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.export import export
from tests.conftest import REPOSITORY
from tests.dataset.rows import CARD, CONTRACT, Rows, post
from tests.dataset.test_formats import NASTY, REAL, exported
from tests.test_docs import examples

ROWS = Rows(
    posts=[
        *REAL.posts,
        *(post(f"n:{number:02}", title=text, tags=[text]) for number, text in enumerate(NASTY)),
        post("n:old", "0999-02-01T00:00:00.250000Z"),
    ],
    comments=REAL.comments,
    metrics=REAL.metrics,
    revisions=REAL.revisions,
)
TITLES = {row["post_id"]: row["title"] for row in ROWS.posts}
TAGS = {row["post_id"]: row["tags"] for row in ROWS.posts}
MONTHS = {None: 1, "0999-02": 1, "2022-10": len(ROWS.posts) - 2}
ANSWERED = {("a:1", "comment"): 1, ("a:1", "post"): 1, ("a:1", "unknown"): 2, ("a:2", "post"): 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recipes")
    export(ROWS, folder / "dataset", contract=CONTRACT, card=CARD)
    exported(ROWS, folder / "tables", "csv")
    exported(ROWS, folder / "threads", "jsonl")
    return folder


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def _ran(document: str, word: str) -> dict[str, Any]:
    """What the one Python example of a document that has a ``word`` in it leaves behind, and what it ``printed``."""
    path = REPOSITORY / "docs" / document
    [code] = [each.text for each in examples(path) if each.language == "python" and word in each.text]
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(code, names)
    return names | {"printed": printed.getvalue()}


def _none(value: Any) -> Any:
    return value if isinstance(value, str) else None


def test_pandas_reads_csv_and_counts_months() -> None:
    names = _ran("export.md", "pandas.read_csv")
    posts = names["posts"]
    titles = zip(posts["post_id"], posts["title"], strict=True)
    assert {name: _none(title) for name, title in titles} == TITLES
    assert {_none(month): count for month, count in names["months"].items()} == MONTHS


def test_polars_reads_csv_and_counts_months() -> None:
    names = _ran("export.md", "polars.read_csv")
    posts = names["posts"]
    assert dict(posts.select("post_id", "title").iter_rows()) == TITLES
    assert dict(posts.select("post_id", "tags").iter_rows()) == TAGS
    assert dict(names["months"].iter_rows()) == MONTHS


def test_duckdb_reads_csv_and_counts_months() -> None:
    names = _ran("export.md", "read_csv('tables")
    rows = names["posts"].fetchall()
    assert {post_id: title for post_id, title, *_ in rows} == TITLES
    assert {post_id: tags for post_id, *_, tags in rows} == TAGS
    assert dict(names["months"].fetchall()) == MONTHS


def test_python_and_pandas_walk_the_threads_of_json_lines() -> None:
    comments = _ran("export.md", "def thread(post)")["comments"]
    assert comments.groupby(["post_id", "parent"]).size().to_dict() == ANSWERED


def test_duckdb_walks_the_threads_of_json_lines() -> None:
    names = _ran("export.md", "WITH RECURSIVE thread")
    rows = names["answered"].fetchall()
    assert {(post_id, parent): count for post_id, parent, count in rows} == ANSWERED


def test_pandas_and_polars_count_the_months_of_parquet() -> None:
    printed = _ran("dataset.md", "pandas.read_parquet")["printed"]
    assert [line.split() for line in printed.splitlines() if line.startswith("2022-10 ")] == [
        ["2022-10", str(MONTHS["2022-10"])]
    ]
    assert f"│ 2022-10 ┆ {MONTHS['2022-10']} " in printed
    assert "<NA>" in printed
