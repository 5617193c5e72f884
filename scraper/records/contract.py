"""The contract of the dataset: the columns of each config, and what is wrong with a row that breaks it.

The columns are listed in ``schema/<version>/`` and nowhere else; ``records.row_types`` is written from there. Rows are plain JSON: times are texts as
``records.times`` writes them, lists are lists, structs are dictionaries, unknown is None.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, cast

from scraper.errors import UsageError
from scraper.records.checking import row_check

CURRENT: Final = "1.1.0"
MIGRATION: Final = "migration.json"
DIGESTS: Final = "digests.json"
_CONTENT: Final = "x-content"
CONFIGS: Final = ("posts", "comments", "metrics", "revisions")

# A row of any config and version; those of today have their types in records.row_types.
Row: TypeAlias = Mapping[str, Any]
ColumnType = Literal["string", "int64", "bool", "timestamp", "struct"]
_TYPES: Final[Mapping[str, ColumnType]] = {
    "string": "string",
    "integer": "int64",
    "boolean": "bool",
    "object": "struct",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one field of a struct.

    ``is_list`` says that it holds a list of ``type``; ``fields`` are those of a struct, else empty. ``values``
    are the words an enumeration allows, else empty. ``same_as`` is a schema.org URI, ``croissant_type`` the
    Croissant data type. ``content`` marks what people wrote, which the form without text leaves out; ``count``
    marks counts, which move without anybody having written anything.
    """

    name: str
    type: ColumnType
    is_list: bool
    fields: tuple["Column", ...]
    nullable: bool
    description: str
    values: tuple[str, ...]
    same_as: str | None
    croissant_type: str
    content: bool
    count: bool


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a column is marked as, by itself or by what it is a part of."""

    content: bool
    count: bool


@dataclass(frozen=True, slots=True)
class _Config:
    schema: Mapping[str, Any]
    columns: tuple[Column, ...]
    accepts: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Contract:
    """One version of the schema.

    ``configs`` are the names of its configs, in the order they are shown; ``digest`` is ``sha256:<hex>`` over what
    the schemas of all configs say, and the migration that leads to the version, whatever their layout as text.
    ``is_frozen`` says that the version will not change any more; a draft may.
    """

    version: str
    configs: tuple[str, ...]
    digest: str
    is_frozen: bool
    _config: Mapping[str, _Config]

    @classmethod
    def load(cls, version: str = CURRENT, schemas: Traversable | None = None) -> "Contract":
        """The contract of a version; ``schemas`` is the folder of all versions, ours unless another is given.

        Raises:
            UsageError: there is no such version; the message lists those there are.
        """
        return _installed(version) if schemas is None else _loaded(version, schemas)

    def without_content(self) -> "Contract":
        """The contract of the form without text: no column of what people wrote, and no config of nothing else."""
        bare = {
            name: _config(_without_content(config.schema))
            for name, config in self._config.items()
            if not config.schema.get(_CONTENT)
        }
        return replace(self, configs=tuple(bare), _config=MappingProxyType(bare))

    def columns(self, config: str) -> tuple[Column, ...]:
        """The columns of a config, in the order the dataset has them."""
        return self._config[config].columns

    def without_words(self, config: str, row: Row) -> Row:
        """A row without what people wrote: unknown in its content columns, and no items whose content cannot be unknown.

        What the schema lets nobody know without them is unknown too: the language of a text, the time that a page's words gave.
        """
        bare = {column.name: _without_words(column, row[column.name]) for column in self.columns(config)}
        for asked, held in _unknown_together(self._config[config].schema):
            if bare[asked] is None:
                bare[held] = None
        return bare

    def description(self, config: str) -> str:
        """What a config holds, in a sentence or two."""
        return str(self._config[config].schema["description"])

    def key(self, config: str) -> tuple[str, ...]:
        """The columns that together name a row of a config."""
        return tuple(self._config[config].schema["x-key"])

    def pattern(self, config: str, column: str) -> re.Pattern[str]:
        """The pattern that is searched for in each text of a column."""
        return re.compile(self._config[config].schema["properties"][column]["pattern"])

    def problems(self, config: str, row: Row) -> tuple[str, ...]:
        """All that is wrong with a row, sorted; empty where it keeps the contract."""
        loaded = self._config[config]
        if loaded.accepts(row):
            return ()
        # Only a row that fails needs it, and loading it takes longer than checking ten thousand rows.
        from scraper.records.problems import problems_of  # noqa: PLC0415

        return problems_of(row, loaded.schema)


@cache
def _installed(version: str) -> Contract:
    """The contract of a version of ours, which no run changes: every store and every folder of a dataset asks for it."""
    return _loaded(version, schema_folder())


def _loaded(version: str, schemas: Traversable) -> Contract:
    folder = schemas / version
    if version not in schema_versions(schemas):
        versions = ", ".join(schema_versions(schemas))
        raise UsageError(f"There is no schema version {version!r}. Choose one of: {versions}.")
    loaded = {name: _config(_schema(folder / f"{name}.schema.json")) for name in CONFIGS}
    digest = _digest(loaded.values(), folder / MIGRATION)
    frozen = json.loads((schemas / DIGESTS).read_text(encoding="utf-8"))
    return Contract(version, CONFIGS, digest, version in frozen, MappingProxyType(loaded))


def _without_words(column: Column, value: Any) -> Any:
    if column.content:
        return None if column.nullable else []
    if column.is_list and any(each.content and not each.nullable for each in column.fields):
        return []
    if column.is_list and column.fields and value is not None:
        return [
            {each.name: _without_words(each, item[each.name]) for each in column.fields} for item in value
        ]
    return value


def _unknown_together(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The columns that have to be null where another one is, each after that one, in the order of the schema's rules."""
    for rule in schema.get("allOf", ()):
        (asked, applies), (held, demand) = (
            next(iter(rule[part]["properties"].items())) for part in ("if", "then")
        )
        if applies == demand == {"type": "null"}:
            yield asked, held


def schema_folder() -> Traversable:
    """The folder of all schema versions: in an installed package, or in the repository."""
    packaged = resources.files("scraper") / "_schema"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "schema"


def schema_versions(schemas: Traversable | None = None) -> tuple[str, ...]:
    """The versions there are, oldest first."""
    folders = [item.name for item in (schemas or schema_folder()).iterdir() if item.is_dir()]
    return tuple(sorted(folders, key=lambda name: [int(part) for part in name.split(".")]))


def _schema(path: Traversable) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def _without_content(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of a row or a struct, or a list of them, as it reads where what people wrote is absent.

    Its rules across columns stay: each holds only where the column that it asks about is there.
    """
    bare = dict(schema)
    if "items" in bare:
        bare["items"] = _without_content(bare["items"])
    if "properties" in bare:
        kept = {name: part for name, part in bare["properties"].items() if not part.get(_CONTENT)}
        bare["properties"] = {name: _without_content(part) for name, part in kept.items()}
        bare["required"] = [name for name in bare["required"] if name in kept]
    return bare


def _config(schema: dict[str, Any]) -> _Config:
    marks = _marks(schema, _Marks(content=False, count=False))
    return _Config(
        schema=schema,
        columns=tuple(_column(name, part, marks) for name, part in schema["properties"].items()),
        accepts=row_check(schema),
    )


def _digest(configs: Iterable[_Config], migration: Traversable) -> str:
    digested: list[Any] = [config.schema for config in configs]
    if migration.is_file():
        digested.append(json.loads(migration.read_text(encoding="utf-8")))
    plain = json.dumps(digested, ensure_ascii=False, sort_keys=True)
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()


def _marks(schema: Mapping[str, Any], outer: _Marks) -> _Marks:
    return _Marks(
        content=outer.content or schema.get(_CONTENT, False),
        count=outer.count or schema.get("x-count", False),
    )


def _column(name: str, schema: Mapping[str, Any], outer: _Marks) -> Column:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    is_list = "array" in kinds
    inner: Mapping[str, Any] = schema["items"] if is_list else schema
    marks = _marks(schema, outer)
    return Column(
        name=name,
        type=_column_type(inner),
        is_list=is_list,
        fields=tuple(_column(key, part, marks) for key, part in inner.get("properties", {}).items()),
        nullable="null" in kinds,
        description=schema["description"],
        values=tuple(value for value in inner.get("enum", ()) if value is not None),
        same_as=schema.get("x-same-as"),
        croissant_type=schema["x-croissant-type"],
        content=marks.content,
        count=marks.count,
    )


def _column_type(schema: Mapping[str, Any]) -> ColumnType:
    if schema.get("format") == "date-time":
        return "timestamp"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return _TYPES[next(kind for kind in kinds if kind != "null")]
