"""Values as the library devalue flattens them (Nuxt 3, SvelteKit): a list of which each object names its parts by their index."""

from typing import Final

# Kinds that hold the one value that they name first, and kinds whose list holds all.
_WRAPPED: Final = frozenset(
    ("Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "skipHydrate")
)
_SPREAD: Final = frozenset(("Set",))
_MOST: Final = 500_000


def unflatten(value: object) -> object:
    """The value that a flattened list stands for; what is no such list as it is. Values are shared, and may hold themselves."""
    if not isinstance(value, list) or not value or len(value) > _MOST or isinstance(value[0], int):
        return value
    hydrated: list[object] = [_empty(item) for item in value]
    for item, target in zip(value, hydrated, strict=True):
        if isinstance(item, dict) and isinstance(target, dict):
            target.update({key: _at(hydrated, value, at) for key, at in item.items()})
        elif isinstance(item, list) and isinstance(target, list):
            target.extend(_at(hydrated, value, at) for at in _held(item))
    return _at(hydrated, value, 0)


def _empty(item: object) -> object:
    if isinstance(item, dict):
        return {}
    return [] if isinstance(item, list) else item


def _held(item: list[object]) -> list[object]:
    """The indexes that a list holds; a list that opens with a name is of that kind."""
    return item[1:] if item and isinstance(item[0], str) and item[0] in _SPREAD else item


def _at(hydrated: list[object], flat: list[object], at: object) -> object:
    """What stands at an index, what is wrapped there unwrapped; None of what is no index (holes, ``undefined``)."""
    for _ in range(8):
        if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < len(flat):
            return None
        item = flat[at]
        if not (isinstance(item, list) and item and isinstance(item[0], str)):
            return hydrated[at]
        if item[0] in _SPREAD:
            return hydrated[at]
        if item[0] not in _WRAPPED:
            return item[1] if len(item) > 1 and isinstance(item[1], str) else None
        at = item[1] if len(item) > 1 else None
    return None
