"""Whatever the contract's columns can hold comes back from the files as it went in."""

import tempfile
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dataset.features import arrow_schema, store_row
from scraper.dataset.layout import year_of
from scraper.dataset.parquet import ConfigWriter
from scraper.records.contract import Column
from scraper.records.times import time_text
from tests.dataset.rows import CONTRACT, revision
from tests.examples import examples

_SINGLE: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "timestamp": st.datetimes(timezones=st.just(UTC)).map(time_text),
}
_MONTHS = st.sampled_from(["2021-12", "2022-01", "2022-02", "undated"])


def _values(column: Column) -> st.SearchStrategy[Any]:
    single = _row(column.fields) if column.fields else _SINGLE[column.type]
    if column.values:
        single = st.sampled_from(column.values)
    held = st.lists(single, max_size=3) if column.is_list else single
    return st.none() | held if column.nullable else held


def _row(columns: tuple[Column, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({column.name: _values(column) for column in columns})


def _by_file(rows: list[tuple[str, dict[str, Any]]], *, months: bool) -> dict[str, list[dict[str, Any]]]:
    files: dict[str, list[dict[str, Any]]] = {}
    for month, row in rows:
        files.setdefault(f"{month if months else year_of(month)}.parquet", []).append(row)
    return files


@pytest.mark.parametrize("config", CONTRACT.configs)
@examples(25)
@given(data=st.data())
def test_rows_come_back_equal_and_in_order(config: str, data: st.DataObject) -> None:
    columns = CONTRACT.columns(config)
    schema = arrow_schema(columns)
    rows = data.draw(st.lists(st.tuples(_MONTHS, _row(columns)), max_size=5))
    months = data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "built")
        writer = ConfigWriter(config, columns, folder, Path(name), year_limit=0 if months else 10**9)
        for month, row in rows:
            writer.add(month, [row])
        paths = writer.finish()
        assert list(paths) == sorted(folder.rglob("*.parquet"))
        found = {path.name: pq.read_table(path) for path in paths}
    assert all(table.schema.equals(schema) for table in found.values())
    read = {file: [store_row(row) for row in table.to_pylist()] for file, table in found.items()}
    assert read == _by_file(rows, months=months)


def test_a_time_in_a_row_becomes_that_instant(tmp_path: Path) -> None:
    columns = [column for column in CONTRACT.columns("metrics") if column.name == "observed_at"]
    writer = ConfigWriter("metrics", columns, tmp_path / "built", tmp_path, year_limit=10**9)
    writer.add("undated", [{"observed_at": "2022-10-15T20:44:00Z"}])
    [path] = writer.finish()
    assert pq.read_table(path).to_pylist() == [{"observed_at": datetime(2022, 10, 15, 20, 44, tzinfo=UTC)}]


def test_rows_are_not_gathered_in_memory(tmp_path: Path) -> None:
    row = revision("a:1", 1, "글")
    rows = (("2022-01", row | {"text": f"{number:020}" * 1000}) for number in range(4000))
    columns = CONTRACT.columns("revisions")
    writer = ConfigWriter("revisions", columns, tmp_path / "built", tmp_path, year_limit=10**9)
    tracemalloc.start()
    try:
        for month, each in rows:
            writer.add(month, [each])
        [path] = writer.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pq.read_metadata(path).num_rows == 4000
    assert peak < 4000 * 20_000 / 4
