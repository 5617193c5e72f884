"""What is read from a page on its way from process to process: packed once, and unpacked only where it is looked at.

It is a hundred small frozen dataclasses a page. Pickle has each of them look up its fields, when it is packed and again when it is
unpacked; here that is done once a class.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any

_Reduced = tuple[Callable[..., object], tuple[Any, ...]]


class Sealed:
    """A value that goes from process to process as bytes, and is unpacked only in one that looks at it."""

    __slots__ = ("_bytes", "_value")

    def __init__(self, value: object) -> None:
        self._value = value
        self._bytes: bytes | None = None

    @classmethod
    def arrived(cls, packed: bytes) -> "Sealed":
        """A value as another process sent it."""
        sealed = cls(None)
        sealed._bytes = packed
        return sealed

    def open(self) -> object:
        """The value."""
        if self._value is None and self._bytes is not None:
            self._value = pickle.loads(self._bytes)  # noqa: S301 - our own processes wrote it
        return self._value

    def __reduce__(self) -> tuple[Any, ...]:
        return Sealed.arrived, (_packed(self._value) if self._bytes is None else self._bytes,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.open() == other.open()

    def __hash__(self) -> int:
        return hash(self.open())


def _packed(value: object) -> bytes:
    file = io.BytesIO()
    _Packer(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


class _Reducers(dict[type, Callable[[Any], _Reduced]]):
    """How to take apart the instances of each class that has nothing but the slots of its fields; pickle does all others."""

    def __missing__(self, kind: type) -> Callable[[Any], _Reduced]:
        if not _has_fields_alone(kind):
            raise KeyError(kind)
        names = [field.name for field in fields(kind)]
        values_of = attrgetter(*names) if len(names) > 1 else _one_of(names[0])
        self[kind] = lambda value: (_filled, (kind, *values_of(value)))
        return self[kind]


def _has_fields_alone(kind: type) -> bool:
    if not is_dataclass(kind) or kind.__dictoffset__ or kind.__reduce__ is not object.__reduce__:
        return False
    slots = {
        name
        for base in kind.__mro__
        for name, member in vars(base).items()
        if isinstance(member, MemberDescriptorType)
    }
    return bool(slots) and slots == {field.name for field in fields(kind)}


def _one_of(name: str) -> Callable[[Any], tuple[Any]]:
    value_of = attrgetter(name)
    return lambda value: (value_of(value),)


class _Packer(pickle.Pickler):
    dispatch_table = _Reducers()


@cache
def _setters(kind: Any) -> tuple[Callable[[object, object], None], ...]:
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))


def _filled(kind: Any, *values: object) -> object:
    """An instance with these values of its fields, as it was: nothing is made ready anew."""
    instance: object = object.__new__(kind)
    for put, value in zip(_setters(kind), values, strict=True):
        put(instance, value)
    return instance
