"""What is wrong with a row, as sentences that name the column, its value and what is expected."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from scraper.records.times import is_time

_SHOWN_CHARACTERS: Final = 80
_TYPE_WORDS: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a struct",
    "null": "null",
}


_FORMATS: Final = FormatChecker(formats=())
_FORMATS.checks("date-time")(is_time)


def problems_of(row: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[str, ...]:
    """All that is wrong with a row of the config whose schema this is, sorted; empty where it keeps it."""
    validator = Draft202012Validator(schema, format_checker=_FORMATS)
    return tuple(sorted({_described(error, schema) for error in validator.iter_errors(row)}))


def _described(error: ValidationError, schema: Mapping[str, Any]) -> str:
    """One sentence for one error that jsonschema found in a row of the config whose schema this is."""
    path = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path]
    place = schema["title"] + "".join(path)
    instance: Any = error.instance
    operand: Any = error.validator_value
    siblings: Any = error.schema
    if error.validator == "required":
        missing = sorted(set(operand) - set(instance))
        return f"{place} lacks {', '.join(missing)}; expected every column, null where unknown."
    if error.validator == "additionalProperties":
        unknown = sorted(set(instance) - set(siblings["properties"]))
        return f"{place} has {', '.join(unknown)}; expected only the columns of the schema."
    rule = list(error.absolute_schema_path)
    if rule[0] == "allOf":
        expected = schema["allOf"][rule[1]]["description"]
    else:
        expected = _EXPECTATIONS[str(error.validator)](operand)
    return f"{place} is {_shown(instance)}; expected {expected}."


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _type_words(kinds: str | list[str]) -> str:
    return " or ".join(_TYPE_WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _choices(values: list[str | None]) -> str:
    return "one of " + ", ".join("null" if value is None else value for value in values)


# Every keyword that the schemas use, but for those that describe() words itself.
_EXPECTATIONS: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _type_words,
    "enum": _choices,
    "const": _shown,
    "pattern": lambda pattern: f"a form that matches {pattern}",
    "format": lambda _: "a time in UTC such as 2022-10-15T20:44:00Z",
    "minLength": lambda _: "some text, or null where there is none",
    "minimum": lambda least: f"{least} or more",
    "maximum": lambda most: f"{most} or less",
}
