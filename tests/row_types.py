"""The rows of the dataset as types, written from the schema, so that mypy knows every column and none is listed twice.

``python -m tests.row_types`` renews scraper/records/row_types.py; a test holds the two against each other.
"""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scraper.records.contract import CONFIGS, CURRENT
from tests.conftest import REPOSITORY

MODULE: Final = REPOSITORY / "scraper" / "records" / "row_types.py"
_HEAD: Final = '''"""The rows of the dataset as types: JSON-plain values that mypy knows the columns of and lets nobody change.

Written from schema/ by ``python -m tests.row_types``; not to be edited by hand.
"""

from typing import Literal, TypedDict, final

from typing_extensions import ReadOnly
'''
_TYPES: Final = {"string": "str", "integer": "int", "boolean": "bool"}
_WIDTH: Final = 110


def module_text() -> str:
    """The source of the module, before it is formatted."""
    classes: dict[str, str] = {}
    for config in CONFIGS:
        path = REPOSITORY / "schema" / CURRENT / f"{config}.schema.json"
        _add_class(f"{config.capitalize().removesuffix('s')}Row", _schema(path), classes)
    return "\n\n".join((_HEAD, *classes.values()))


def _schema(path: Path) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _add_class(name: str, schema: Mapping[str, Any], classes: dict[str, str]) -> None:
    """The class of a row or a struct, after those of its own structs."""
    fields = [
        f"    {column}: ReadOnly[{_type(column, part, classes)}]\n"
        for column, part in schema["properties"].items()
    ]
    [first, *more] = textwrap.wrap(f'"""{schema["description"]}"""', _WIDTH)
    closing = [f"    {line}\n" for line in more]
    text = f"@final\nclass {name}(TypedDict):\n    {first}\n{''.join(closing)}\n{''.join(fields)}"
    if classes.setdefault(name, text) != text:
        raise ValueError(f"the schema has two structs that would be called {name}")


def _type(column: str, schema: Mapping[str, Any], classes: dict[str, str]) -> str:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    [kind] = [each for each in kinds if each != "null"]
    words = [word for word in schema.get("enum", ()) if word is not None]
    if words:
        text = f"Literal[{', '.join(map(json.dumps, words))}]"
    elif kind == "array":
        text = f"list[{_type(column, schema['items'], classes)}]"
    elif kind == "object":
        text = "".join(part.capitalize() for part in column.split("_")) + "Struct"
        _add_class(text, {"description": f"One item of the column ``{column}``."} | dict(schema), classes)
    else:
        text = _TYPES[kind]
    return f"{text} | None" if "null" in kinds else text


if __name__ == "__main__":
    MODULE.write_text(module_text(), encoding="utf-8")
    print(f"Now: ruff format {MODULE.relative_to(REPOSITORY)}")
