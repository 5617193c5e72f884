"""A row as the card shows it: a real one, shortened, and nothing but text whatever stands in it."""

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from scraper.records.contract import Column, Row

_LONGEST_TEXT: Final = 160
_LONGEST_LIST: Final = 3
# What ends a block of code, opens an element or stands for a character in HTML.
_MARKUP: Final = frozenset("`<>&")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NONE: Final = "There is no post to show."
_GATED: Final = "None is shown: this page can be read by everybody, and the rows by those who were let in."


def sample(row: Row | None, columns: Sequence[Column], *, gated: bool = False) -> str:
    """A post as JSON in a block of code, with a sentence before it; of a ``gated`` dataset that sentence alone.

    ``columns`` are those of the form that is written. Columns without a value are not shown.
    """
    if gated or row is None:
        return _GATED if gated else _NONE
    values = {column.name: _projected(row[column.name], column) for column in columns}
    shown = {name: _shortened(value) for name, value in values.items() if value is not None and value != []}
    text = _harmless(json.dumps(shown, ensure_ascii=False, indent=2))
    return (
        f"A row of `posts` as it is published, but that long texts are cut (`…`), lists end after {_LONGEST_LIST}, columns "
        f"without a value are not shown, and characters that could pass for markup are escaped:\n\n```json\n{text}\n```"
    )


def _projected(value: Any, column: Column) -> Any:
    """A value with no more of its structs than the fields of the column."""
    if not value or not column.fields:
        return value
    structs = value if column.is_list else [value]
    kept = [{part.name: _projected(each[part.name], part) for part in column.fields} for each in structs]
    return kept if column.is_list else kept[0]


def _shortened(value: Any) -> Any:
    match value:
        case str() if len(value) > _LONGEST_TEXT:
            return value[:_LONGEST_TEXT].rstrip() + "…"
        case list() | tuple():
            return [_shortened(each) for each in value[:_LONGEST_LIST]]
        case dict():
            return {name: _shortened(each) for name, each in value.items()}
    return value


def _harmless(text: str) -> str:
    """JSON with escapes for markup and for characters that are not seen."""
    return re.sub(r"[^\n -~]|[`<>&]", lambda match: _escaped(match[0]), text)


def _escaped(mark: str) -> str:
    if mark in _MARKUP:
        return f"\\u{ord(mark):04x}"
    return json.dumps(mark)[1:-1] if unicodedata.category(mark) in _UNSEEN else mark
