"""Exports as folders: their files, their bytes, and what becomes of an older one."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scraper.dataset.export import Form, export
from scraper.dataset.layout import PLOTS
from scraper.errors import StopError
from scraper.records.history import PostRows
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision

ROWS = Rows(
    posts=[
        post("a:1", "2022-01-31T23:59:59Z"),
        post("a:2", "2022-02-01T00:00:00Z"),
        post("a:3", "2023-05-01T00:00:00Z"),
        post("a:4", None),
    ],
    comments=[comment("a:2", 0, published_raw="2024년 1월"), comment("a:4", 0)],
    metrics=[metric("a:3", "2026-01-01T00:00:00Z", views=3)],
    revisions=[revision("a:2#0", 1, "댓글"), revision("a:3", 1, "글")],
)


def _export(rows: Rows, folder: Path, *, year_limit: int = 10**9) -> dict[str, bytes]:
    export(rows, folder, contract=CONTRACT, card=CARD, form=Form(year_limit=year_limit))
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _ids(folder: Path, file: str, column: str = "post_id") -> list[str]:
    ids: list[str] = pq.read_table(folder / file).column(column).to_pylist()
    return ids


def test_rows_lie_in_the_year_their_post_was_published(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert sorted(_export(ROWS, folder)) == [
        "CITATION.cff",
        "README.md",
        "croissant.json",
        "data/comments/2022.parquet",
        "data/comments/undated.parquet",
        "data/metrics/2023.parquet",
        "data/posts/2022.parquet",
        "data/posts/2023.parquet",
        "data/posts/undated.parquet",
        "data/revisions/2022.parquet",
        "data/revisions/2023.parquet",
        "manifest.json",
        *sorted(PLOTS),
    ]
    assert _ids(folder, "data/posts/2022.parquet") == ["a:1", "a:2"]
    assert _ids(folder, "data/comments/2022.parquet", "comment_id") == ["a:2#0"]
    assert _ids(folder, "data/revisions/2023.parquet", "item_id") == ["a:3"]


def test_comments_lie_in_page_order_whatever_their_ids(tmp_path: Path) -> None:
    thread = [comment("a:1", place, comment_id=f"a:1#{99 - place}") for place in range(12)]
    _export(Rows(posts=[post("a:0"), post("a:1")], comments=[comment("a:0", 0), *thread]), tmp_path / "out")
    assert _ids(tmp_path / "out", "data/comments/2022.parquet", "comment_id") == [
        "a:0#0",
        *(f"a:1#{99 - place}" for place in range(12)),
    ]


@pytest.mark.thorough
def test_a_year_above_the_limit_is_parted_into_months(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    size = len(_export(ROWS, folder)["data/posts/2022.parquet"])
    parted = _export(ROWS, folder, year_limit=size - 1)
    assert sorted(name for name in parted if name.startswith("data/posts")) == [
        "data/posts/2022-01.parquet",
        "data/posts/2022-02.parquet",
        "data/posts/2023.parquet",
        "data/posts/undated.parquet",
    ]
    assert _ids(folder, "data/posts/2022-02.parquet") == ["a:2"]
    assert "data/posts/2022.parquet" in _export(ROWS, folder, year_limit=size)


@pytest.mark.thorough
def test_two_exports_of_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    assert _export(ROWS, tmp_path / "one") == _export(ROWS, tmp_path / "two")
    assert _export(ROWS, tmp_path / "one", year_limit=0) == _export(ROWS, tmp_path / "three", year_limit=0)


def test_the_bytes_of_a_year_do_not_depend_on_other_years(tmp_path: Path) -> None:
    many = [post(f"a:{number:05}", text=f"{number} 글 " * 50) for number in range(1200)]
    others = [post(f"a:{number:05}x", "2021-01-01T00:00:00Z") for number in range(0, 1200, 7)]
    alone = _export(Rows(posts=many), tmp_path / "alone")
    among = _export(Rows(posts=many + others), tmp_path / "among")
    assert alone["data/posts/2022.parquet"] == among["data/posts/2022.parquet"]


def test_files_of_an_older_export_that_no_longer_belong_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    _export(ROWS, folder)
    assert sorted(_export(Rows(posts=[post("a:9", "2020-01-01T00:00:00Z")]), folder)) == [
        "CITATION.cff",
        "README.md",
        "croissant.json",
        "data/posts/2020.parquet",
        "manifest.json",
        *sorted(PLOTS),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_of_nothing_is_a_card_that_says_so(tmp_path: Path) -> None:
    files = _export(Rows(), tmp_path / "out")
    assert sorted(files) == ["CITATION.cff", "README.md", "croissant.json", "manifest.json"]
    card = files["README.md"].decode()
    assert "has no rows yet" in card
    assert "configs:" not in card


def test_files_carry_a_page_index_and_zstd(tmp_path: Path) -> None:
    _export(ROWS, tmp_path / "out")
    column = pq.read_metadata(tmp_path / "out/data/posts/2022.parquet").row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index
    assert column.has_column_index


def test_the_digest_on_the_card_changes_with_one_file_of_its_config_only(tmp_path: Path) -> None:
    changed = dataclasses.replace(ROWS, metrics=[metric("a:3", "2026-01-01T00:00:00Z", views=4)])
    before, after = (_export(rows, tmp_path / "out")["README.md"].decode() for rows in (ROWS, changed))
    old, new = (
        [line for line in card.splitlines() if "description: sha256:" in line] for card in (before, after)
    )
    assert [one == other for one, other in zip(old, new, strict=True)] == [True, True, False, True]


class _Failing(Rows):
    """A source that breaks down in the middle."""

    def __iter__(self) -> Iterator[PostRows]:
        yield from super().__iter__()
        raise OSError(28, "No space left on device")


def test_an_export_that_fails_leaves_the_older_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = _export(ROWS, folder)
    with pytest.raises(StopError, match=r"could not be written to .*out: .*No space left.*unchanged"):
        export(_Failing(posts=[post("a:1")]), folder, contract=CONTRACT, card=CARD)
    after = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_null_where_the_schema_has_none_stops_the_export(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="required field was null"):
        export(Rows(posts=[post("a:1") | {"site": None}]), tmp_path / "out", contract=CONTRACT, card=CARD)
    assert not (tmp_path / "out").exists()
