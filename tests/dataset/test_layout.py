"""Where rows lie."""

from pathlib import PurePosixPath

import pytest

from scraper.dataset.layout import data_file, is_data_file, month_of, year_of
from scraper.dataset.read import by_post
from scraper.errors import StopError
from scraper.records.contract import Row


@pytest.mark.parametrize(
    ("published_at", "month", "year"),
    [
        ("2022-10-15T20:44:00Z", "2022-10", "2022"),
        ("2021-12-31T23:59:59.999999Z", "2021-12", "2021"),
        (None, "undated", "undated"),
    ],
)
def test_a_post_lies_in_the_year_it_was_published(published_at: str | None, month: str, year: str) -> None:
    assert month_of(published_at) == month
    assert year_of(month) == year


@pytest.mark.parametrize("part", ["2022", "2022-01", "2022-12", "undated"])
def test_data_files_are_known_by_their_names(part: str) -> None:
    assert is_data_file(data_file("posts", part))


@pytest.mark.parametrize(
    "name",
    [
        "data/posts/2022-13.parquet",
        "data/posts/22.parquet",
        "data/posts/2022.csv",
        "data/posts/notes.parquet",
        "data/2022.parquet",
        "more/posts/2022.parquet",
        "data/posts/more/2022.parquet",
        "2022.parquet",
    ],
)
def test_other_files_are_not_taken_for_data_files(name: str) -> None:
    assert not is_data_file(PurePosixPath(name))


def test_what_belongs_to_a_post_is_found_with_it() -> None:
    rows: list[Row] = [{"post_id": "a:1"}, {"post_id": "a:12"}]
    revisions: list[Row] = [{"item_id": "a:1"}, {"item_id": "a:1#7#8"}, {"item_id": "a:12#7"}]
    found = by_post({"posts": iter(rows), "revisions": iter(revisions)})
    assert [[post.of(name) for name in ("posts", "comments", "revisions")] for post in found] == [
        [(rows[0],), (), tuple(revisions[:2])],
        [(rows[1],), (), tuple(revisions[2:])],
    ]


@pytest.mark.parametrize("orphan", ["a:0", "a:1", "a:3"])
def test_rows_of_a_post_that_is_missing_are_an_error(orphan: str) -> None:
    rows = {"posts": iter([{"post_id": "a:0-0"}, {"post_id": "a:2"}]), "metrics": iter([{"post_id": orphan}])}
    with pytest.raises(StopError, match=f"rows of the post {orphan} but not the post itself"):
        list(by_post(rows))
