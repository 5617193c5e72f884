"""The files of an export as DuckDB, Polars and pandas read them: the same rows, types, nulls and times in UTC."""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from scraper.dataset.export import export
from scraper.dataset.features import arrow_schema, store_row
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post, revision

ROWS = Rows(
    posts=[
        post("a:1", "2021-05-01T00:00:00Z", tags=["하나", "둘"], edited_at="2021-05-02T00:00:00.000250Z"),
        post("a:2", "2022-12-31T23:59:59Z", views=2**53 + 1, removed=[], likes=None),
        post("a:3", None, title=None),
    ],
    comments=[comment("a:1", 0, is_accepted=True), comment("a:3", 0, text=None, language=None)],
    metrics=[metric("a:1", None, views=3), metric("a:1", "2026-01-01T00:00:00Z", score=-2)],
    revisions=[revision("a:1", 1, "처음")],
)
Read = Callable[[Path, str], Iterable[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read")
    export(ROWS, folder, contract=CONTRACT, card=CARD)
    return folder


def _duckdb(folder: Path, config: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        # Times are shown in the zone of the session; the files say UTC.
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute("SELECT * FROM read_parquet(?)", [f"{folder}/data/{config}/*.parquet"])
        names = [name for name, *_ in found.description or ()]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def _polars(folder: Path, config: str) -> list[dict[str, Any]]:
    return pl.read_parquet(f"{folder}/data/{config}/*.parquet").to_dicts()


def _pandas(folder: Path, config: str) -> list[dict[str, Any]]:
    frame = pd.read_parquet(folder / "data" / config, dtype_backend="pyarrow")
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict(orient="records")]


def _plain(value: Any) -> Any:
    """A value of any reader as the store has it; each reader has its own word for nothing and its own lists."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        assert value.utcoffset() == timedelta(0)
        text: str = value.isoformat().replace("+00:00", "Z")
        return text
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) or hasattr(value, "tolist") else value


def _by_text(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


@pytest.mark.parametrize("config", CONTRACT.configs)
@pytest.mark.parametrize("read", [_duckdb, _polars, _pandas])
def test_each_reader_gives_the_rows(folder: Path, read: Read, config: str) -> None:
    found = [_plain(row) for row in read(folder, config)]
    assert _by_text(found) == _by_text(ROWS.rows(config))


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("published_at", "TIMESTAMP WITH TIME ZONE"),
        ("views", "BIGINT"),
        ("tags", "VARCHAR[]"),
        ("text", "VARCHAR"),
        ("removed", "STRUCT(rule VARCHAR, text VARCHAR)[]"),
    ],
)
def test_duckdb_sees_the_types_of_the_schema(folder: Path, of: str, words: str) -> None:
    with duckdb.connect() as connection:
        query = "DESCRIBE SELECT * FROM read_parquet(?)"
        found = connection.execute(query, [f"{folder}/data/posts/*.parquet"]).fetchall()
    types = {name: str(kind) for name, kind, *_ in found}
    assert types[of].replace('"', "") == words


@pytest.mark.parametrize("config", CONTRACT.configs)
def test_polars_and_pandas_see_the_types_of_the_schema(folder: Path, config: str) -> None:
    arrow = arrow_schema(CONTRACT.columns(config))
    frame = pd.read_parquet(folder / "data" / config, dtype_backend="pyarrow")
    in_polars = pl.from_arrow(arrow.empty_table())
    assert isinstance(in_polars, pl.DataFrame)
    [path, *_] = (folder / "data" / config).iterdir()
    assert pl.read_parquet_schema(path) == in_polars.schema
    assert list(frame.columns) == arrow.names
    for field in arrow:
        if not pa.types.is_nested(field.type):
            assert frame.dtypes[field.name] == pd.ArrowDtype(field.type), field.name


def test_a_query_over_two_tables_is_a_line_of_sql(folder: Path) -> None:
    with duckdb.connect() as connection:
        query = f"""
            SELECT p.post_id, count(c.comment_id)
            FROM '{folder}{os.sep}data/posts/*.parquet' p
            LEFT JOIN '{folder}{os.sep}data/comments/*.parquet' c USING (post_id)
            GROUP BY ALL ORDER BY 1
        """
        assert connection.execute(query).fetchall() == [("a:1", 1), ("a:2", 0), ("a:3", 1)]


def test_a_row_read_by_pyarrow_is_a_row_of_the_store(folder: Path) -> None:
    rows = [store_row(row) for row in pl.read_parquet(f"{folder}/data/metrics/*.parquet").to_dicts()]
    assert rows == list(ROWS.rows("metrics"))
