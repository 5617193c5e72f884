"""References of normalised caches, put in place: what GraphQL clients and stores keep of an answer."""

from collections.abc import Iterator
from typing import Final

# What JSON values are held in.
Container = dict[str, object] | list[object]

_REF: Final = "__ref"
_REFS: Final = "__refs"


def resolve_references(value: object) -> tuple[object, ...]:
    """``value``, freshly parsed, with each reference replaced by the object that it names.

    A reference is ``{"__ref": "User:1"}`` or ``{"__refs": [...]}`` (Apollo, Relay) or Apollo 2's
    ``{"type": "id", "id": "User:1"}``; it names an object that stands under that key, and is taken from there: what
    refers to an object tells what it is, the cache only where it was stored. A reference that names nothing stays.
    Second comes what only objects of the cache refer to, if there is any, under its keys. Objects are shared
    thereafter, and may hold themselves: only what goes into each once may go through them.
    """
    holders = [holder for holder in containers(value) if any(map(_names, children(holder)))]
    entries = _taken(
        value, {name for holder in holders for child in children(holder) for name in _names(child)}
    )
    for holder in holders:
        if isinstance(holder, dict):
            holder.update({key: _resolved(child, entries) for key, child in holder.items()})
        else:
            holder[:] = [_resolved(child, entries) for child in holder]
    placed = {id(holder) for holder in containers(value)} if entries else set()
    adrift = {name: entry for name, entry in entries.items() if id(entry) not in placed}
    return (value, adrift) if adrift else (value,)


def _taken(value: object, wanted: set[str]) -> dict[str, object]:
    entries: dict[str, object] = {}
    for holder in list(containers(value)) if wanted else ():
        if isinstance(holder, dict):
            for key in [key for key, child in holder.items() if key in wanted and _is_entry(child)]:
                entries.setdefault(key, holder.pop(key))
    return entries


def _is_entry(child: object) -> bool:
    return isinstance(child, dict) and not _names(child)


def _resolved(child: object, entries: dict[str, object]) -> object:
    named = [entries[name] for name in _names(child) if name in entries]
    if not named:
        return child
    return named if isinstance(child, dict) and _REFS in child else named[0]


def _names(child: object) -> list[str]:
    if not isinstance(child, dict):
        return []
    name = child.get(_REF) or (child.get("id") if child.get("type") == "id" else None)
    names = child.get(_REFS) if name is None else [name]
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def containers(*values: object) -> Iterator[Container]:
    """Every object and list in ``values``, once, however many places it stands in."""
    stack, entered = list(values), set[int]()
    while stack:
        item = stack.pop()
        if isinstance(item, dict | list) and id(item) not in entered:
            entered.add(id(item))
            yield item
            stack += [child for child in children(item) if isinstance(child, dict | list)]


def children(item: Container) -> list[object]:
    """What an object or a list holds."""
    return list(item.values()) if isinstance(item, dict) else item
