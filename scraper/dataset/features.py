"""The contract's columns as Arrow types, and as the features block of a dataset card."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from scraper.records.contract import Column, Row
from scraper.records.times import time_text

_ARROW: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of a config's files: no type is ever inferred from rows."""
    return pa.schema([_field(column) for column in columns])


def card_features(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """``dataset_info.features`` of a card, in the form that ``datasets`` writes and reads."""
    return [_feature(column) for column in columns]


def without_counts(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns that do not hold counts."""
    return tuple(column for column in columns if not column.count)


def column_names(columns: Iterable[Column], prefix: str = "") -> tuple[str, ...]:
    """The names of columns, each followed by those of its fields as ``removed.text``."""
    return tuple(
        name
        for column in columns
        for name in (prefix + column.name, *column_names(column.fields, f"{prefix}{column.name}."))
    )


def type_name(column: Column) -> str:
    """A column's type in a word for people, as ``list<string>``."""
    name = "struct" if column.fields else str(_ARROW[column.type])
    return f"list<{name}>" if column.is_list else name


def projected(value: Any, column: Column) -> Any:
    """A value with no more of its structs than the fields of the column."""
    if not value or not column.fields:
        return value
    structs = value if column.is_list else [value]
    kept = [{part.name: projected(each[part.name], part) for part in column.fields} for each in structs]
    return kept if column.is_list else kept[0]


def projected_row(row: Row, columns: Iterable[Column]) -> dict[str, Any]:
    """A row with no more than the columns, in their order."""
    return {column.name: projected(row[column.name], column) for column in columns}


def store_row(row: Row) -> dict[str, Any]:
    """A row of a Parquet file as the store gives it: its times are texts again."""
    return {name: _store_value(value) for name, value in row.items()}


def _store_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, dict):
        return store_row(value)
    return [_store_value(part) for part in value] if isinstance(value, list) else value


def _field(column: Column) -> pa.Field:
    inner = pa.struct([_field(part) for part in column.fields]) if column.fields else _ARROW[column.type]
    outer = pa.list_(pa.field("element", inner, nullable=False)) if column.is_list else inner
    return pa.field(column.name, outer, nullable=column.nullable)


def _feature(column: Column) -> dict[str, Any]:
    dtype = str(_ARROW[column.type]) if not column.fields else [_feature(part) for part in column.fields]
    kind = "list" if column.is_list else "struct" if column.fields else "dtype"
    return {"name": column.name, kind: dtype}
