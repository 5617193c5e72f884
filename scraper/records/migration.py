"""Rows of one schema version made rows of the next, by steps that are data: ``schema/<version>/migration.json``.

A step says what to do in a few literal operations, so it means tomorrow what it meant when it was written; nothing here
knows any version. What the operations cannot say has to be read out of the archive again.

A path names a column, or with dots a field of a struct (``removed.rule``); in a list of structs it means that field of
each. A row that lacks the column (the form without text lacks some) is left as it is by operations that read it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeAlias

from scraper.errors import UsageError
from scraper.records.contract import MIGRATION, Row, schema_folder, schema_versions

_Draft: TypeAlias = dict[str, Any]
VERSION_COLUMN: Final = "schema_version"


@dataclass(frozen=True, slots=True)
class Add:
    """A new column that holds ``value`` in every row; null means that only a new extraction can fill it."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Drop:
    """The column goes."""

    path: str


@dataclass(frozen=True, slots=True)
class Rename:
    """The column stays where it is and is called ``to``, a name without dots."""

    path: str
    to: str


@dataclass(frozen=True, slots=True)
class Move:
    """The column goes to another path, in or out of a struct, which is made where there is none. No lists on the way."""

    path: str
    to: str


@dataclass(frozen=True, slots=True)
class MapValues:
    """Each text (of a list, each of its texts) that ``values`` has as a key becomes what stands there."""

    path: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Split:
    """A text is parted at the first places where ``at`` stands; the parts go into as many columns beside it.

    Where there are fewer parts than columns, the last are null; where the text is null, all are.
    """

    path: str
    at: str
    into: tuple[str, ...]


Operation: TypeAlias = Add | Drop | Rename | Move | MapValues | Split


@dataclass(frozen=True, slots=True)
class Step:
    """The way from one version to the next: operations by config, in order.

    ``needs_extraction`` is a sentence that says why no operations can go this way; None where they can.
    """

    origin: str
    target: str
    operations: Mapping[str, tuple[Operation, ...]]
    needs_extraction: str | None = None


_KINDS: Final[Mapping[str, Callable[..., Operation]]] = {
    "add": Add,
    "drop": Drop,
    "rename": Rename,
    "move": Move,
    "map_values": MapValues,
    "split": Split,
}


def parse_step(source: Mapping[str, Any]) -> Step:
    """The step that a ``migration.json`` holds.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    unknown = source.keys() - {"from", "to", "operations", "needs_extraction"}
    if unknown:
        raise ValueError(f"a migration has no {', '.join(sorted(unknown))}")
    operations = {
        config: tuple(_operation(part) for part in parts)
        for config, parts in source.get("operations", {}).items()
    }
    return Step(source["from"], source["to"], operations, source.get("needs_extraction"))


def steps_between(origin: str, target: str, schemas: Traversable | None = None) -> tuple[Step, ...]:
    """The steps from one version to a later one, in order; none where they are the same.

    Raises:
        UsageError: there is no such way: a version is unknown, or ``target`` is the older one.
    """
    schemas = schemas or schema_folder()
    there = schema_versions(schemas)
    for version in (origin, target):
        if version not in there:
            message = (
                f"There is no schema version {version!r} here; this postkeep knows {', '.join(there)}. "
                f"A newer postkeep may know it."
            )
            raise UsageError(message)
    if there.index(origin) > there.index(target):
        raise UsageError(f"Schema {origin} is newer than {target}; rows are only brought forward.")
    versions = there[there.index(origin) + 1 : there.index(target) + 1]
    steps = tuple(_read_step(schemas / version / MIGRATION) for version in versions)
    previous = (origin, *versions)
    for step, before, after in zip(steps, previous, versions, strict=False):
        if (step.origin, step.target) != (before, after):
            raise ValueError(f"the migration of {after} leads from {step.origin} to {step.target}")
    return steps


def migrated(config: str, row: Row, steps: Iterable[Step]) -> Row:
    """The row of a config after the steps, taken in their order; ``row`` itself is not touched.

    Raises:
        UsageError: a step needs a new extraction.
    """
    moved = deepcopy(dict(row))
    for step in steps:
        if step.needs_extraction is not None:
            message = (
                f"Rows of schema {step.origin} cannot be brought to {step.target}: {step.needs_extraction} "
                f"Export the dataset again from its archive."
            )
            raise UsageError(message)
        for operation in step.operations.get(config, ()):
            _apply(operation, moved)
        if VERSION_COLUMN in moved:
            moved[VERSION_COLUMN] = step.target
    return moved


def lacking(steps: Iterable[Step], before: Iterable[str] = ()) -> tuple[str, ...]:
    """The columns, as ``posts.column``, that only a new extraction can fill after the steps, sorted.

    ``before`` are those that could not be filled when the steps began.
    """
    columns = set(before)
    for step in steps:
        for config, operations in step.operations.items():
            for operation in operations:
                columns = {name for column in columns for name in _followed(column, config, operation)}
                if isinstance(operation, Add) and operation.value is None:
                    columns.add(f"{config}.{operation.path}")
    return tuple(sorted(columns))


def _operation(source: Mapping[str, Any]) -> Operation:
    kind = _KINDS[source["op"]]
    given = {name: value for name, value in source.items() if name != "op"}
    if "into" in given:
        given["into"] = tuple(given["into"])
    return kind(**given)


def _apply(operation: Operation, row: _Draft) -> None:
    if isinstance(operation, Move):
        _move(operation, row)
        return
    *outer, name = operation.path.split(".")
    for holder in _holders(row, outer):
        if isinstance(operation, Add):
            holder[name] = deepcopy(operation.value)
        elif name in holder:
            _change(operation, holder, name)


def _change(operation: Drop | Rename | MapValues | Split, holder: _Draft, name: str) -> None:
    value = holder.pop(name)
    match operation:
        case Drop():
            pass
        case Rename():
            holder[operation.to] = value
        case MapValues():
            holder[name] = _mapped(value, operation.values)
        case Split():
            parts = value.split(operation.at, len(operation.into) - 1) if value is not None else []
            missing = [None] * (len(operation.into) - len(parts))
            holder.update(zip(operation.into, [*parts, *missing], strict=True))


def _mapped(value: Any, values: Mapping[str, str | None]) -> Any:
    if isinstance(value, list):
        return [_mapped(part, values) for part in value]
    return values.get(value, value) if isinstance(value, str) else value


def _move(operation: Move, row: _Draft) -> None:
    *outer, name = operation.path.split(".")
    holder = row
    for part in outer:
        inner = holder.get(part)
        if inner is None:
            return
        holder = inner
    if name not in holder:
        return
    value = holder.pop(name)
    *outer, name = operation.to.split(".")
    for part in outer:
        row = row.setdefault(part, {})
    row[name] = value


def _holders(row: _Draft, outer: list[str]) -> Iterator[_Draft]:
    """The structs at the end of a path, the row itself where it is empty."""
    if not outer:
        yield row
        return
    inner = row.get(outer[0])
    for struct in inner if isinstance(inner, list) else [inner]:
        if struct is not None:
            yield from _holders(struct, outer[1:])


def _followed(column: str, config: str, operation: Operation) -> tuple[str, ...]:
    """What the column is called after the operation; nothing where it is gone."""
    path = f"{config}.{operation.path}"
    if column != path and not column.startswith(f"{path}."):
        return (column,)
    beside, rest = path.rpartition(".")[0], column.removeprefix(path)
    match operation:
        case Drop():
            return ()
        case Rename():
            return (f"{beside}.{operation.to}{rest}",)
        case Move():
            return (f"{config}.{operation.to}{rest}",)
        case Split():
            return tuple(f"{beside}.{name}" for name in operation.into)
        case _:
            return (column,)


def _read_step(path: Traversable) -> Step:
    return parse_step(json.loads(path.read_text(encoding="utf-8")))
