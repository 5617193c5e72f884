"""Values that are kept at hand, as many as a bound on their size allows."""

from collections import OrderedDict
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class AtHand(Generic[KeyT, ValueT]):
    """The values used last, by key; those that were not used for longest go where all come to more than ``most``.

    What the sizes are counted in is for whoever gives them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._values: OrderedDict[KeyT, tuple[ValueT, int]] = OrderedDict()

    def get(self, key: KeyT) -> ValueT | None:
        """The value of a key; None where there is none any more."""
        entry = self._values.get(key)
        if entry is None:
            return None
        self._values.move_to_end(key)
        return entry[0]

    def drop(self, key: KeyT) -> None:
        """Let go of the value of a key."""
        _, former = self._values.pop(key, (None, 0))
        self._size -= former

    def put(self, key: KeyT, value: ValueT, size: int = 1) -> None:
        """Keep a value in place of the one that the key had."""
        self.drop(key)
        self._values[key] = value, size
        self._size += size
        while self._size > self._most:
            _, (_, gone) = self._values.popitem(last=False)
            self._size -= gone
