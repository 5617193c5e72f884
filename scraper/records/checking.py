"""Whether a row keeps its schema, decided in microseconds: its columns by typed conversion, its rules across columns by hand.

It knows the keywords that the schemas use and no others; what is wrong with a row that fails is worded elsewhere.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from operator import eq, is_, is_not
from typing import Annotated, Any, Final, Literal

import msgspec

from scraper.records.times import is_time

_Condition = Callable[[Any], bool]
_TYPES: Final[Mapping[str, Any]] = {"string": str, "integer": int, "boolean": bool, "null": None}
# A post's rows share their times.
_is_time: Final = lru_cache(maxsize=1024)(is_time)


class _Time:
    """The type of a column that holds times as rows carry them."""


_TIME: Final = _Time()


def row_check(schema: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a row keeps the JSON Schema of its config."""
    columns = _struct(schema)
    rules = [rule for each in schema.get("allOf", ()) for rule in _rules(each, schema["properties"])]

    def accepts(row: Mapping[str, Any]) -> bool:
        try:
            msgspec.convert(row, columns, dec_hook=_time)
        except msgspec.ValidationError:
            return False
        return all(demand(row[held]) for asked, applies, held, demand in rules if applies(row[asked]))

    return accepts


def _struct(schema: Mapping[str, Any]) -> type[msgspec.Struct]:
    fields = [(name, _type(part)) for name, part in schema["properties"].items()]
    return msgspec.defstruct("Row", fields, forbid_unknown_fields=True, kw_only=True, gc=False)


def _type(schema: Mapping[str, Any]) -> Any:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = _filled_type(schema, next(name for name in kinds if name != "null"))
    return kind | None if "null" in kinds else kind


def _filled_type(schema: Mapping[str, Any], kind: str) -> Any:
    """The type of a value that is not null."""
    words = [schema["const"]] if "const" in schema else schema.get("enum", ())
    if words:
        return Literal[tuple(word for word in words if word is not None)]
    if schema.get("format") == "date-time":
        return _Time
    if kind == "array":
        return list.__class_getitem__(_type(schema["items"]))
    if kind == "object":
        return _struct(schema)
    bounds = msgspec.Meta(
        pattern=schema.get("pattern"),
        min_length=schema.get("minLength"),
        ge=schema.get("minimum"),
        le=schema.get("maximum"),
    )
    return Annotated[_TYPES[kind], bounds]


def _time(_: type, value: Any) -> _Time:
    if not isinstance(value, str) or not _is_time(value):
        raise ValueError("no time as rows carry it")
    return _TIME


def _rules(
    rule: Mapping[str, Any], columns: Mapping[str, Any]
) -> list[tuple[str, _Condition, str, _Condition]]:
    """What is demanded of one column where another meets a condition; nothing where either column is left out."""
    [(asked, condition)] = rule["if"]["properties"].items()
    [(held, demand)] = rule["then"]["properties"].items()
    if asked not in columns or held not in columns:
        return []
    return [(asked, _condition(condition), held, _condition(demand))]


def _condition(schema: Mapping[str, Any]) -> _Condition:
    [(keyword, operand)] = schema.items()
    match keyword:
        case "type":
            if operand == "null":
                return partial(is_, None)
            kind = _TYPES[operand]
            return lambda value: isinstance(value, kind)
        case "const":
            return partial(eq, operand)
        case "enum":
            return tuple(operand).__contains__
        case "pattern":
            search = re.compile(operand).search
            return lambda value: not isinstance(value, str) or search(value) is not None
        case "not":
            if operand == {"type": "null"}:
                return partial(is_not, None)
            refused = _condition(operand)
            return lambda value: not refused(value)
    raise ValueError(f"a rule of the schema uses {keyword}, which no check knows")
