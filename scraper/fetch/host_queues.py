"""What is asked for next: the work that waits for each host, and the hosts by when each may be asked again.

Choosing takes time in the logarithm of the number of hosts, whatever waits behind them; what waits takes eight bytes
an item and a few hundred a host.
"""

import heapq
from array import array
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

# A queue gives the memory of what was taken from it back when so much of it, and at least half, was taken.
_WORTH_GIVING_BACK: Final = 64


class Next(NamedTuple):
    """An item whose host may be asked now."""

    host: str
    item: int


@dataclass(slots=True)
class _Queue:
    """The items of one host, first in first out. ``taken`` of them are gone."""

    items: "array[int]" = field(default_factory=lambda: array("q"))
    taken: int = 0

    def __len__(self) -> int:
        return len(self.items) - self.taken

    def pop(self) -> int:
        item = self.items[self.taken]
        self.taken += 1
        if self.taken >= _WORTH_GIVING_BACK and self.taken * 2 >= len(self.items):
            del self.items[: self.taken]
            self.taken = 0
        return item


class HostQueues:
    """Items (numbers that mean something to the caller) by host; of one host, one at a time is out."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self._ready: list[tuple[datetime, int, str]] = []
        self._order = 0
        self._waiting = 0

    def __len__(self) -> int:
        """How many items wait; those that are out are not counted."""
        return self._waiting

    def add(self, host: str, item: int, allowed_at: datetime) -> None:
        """Put an item at the end of its host's queue; ``allowed_at`` counts where the host is new here."""
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = _Queue()
            self._push(host, allowed_at)
        queue.items.append(item)
        self._waiting += 1

    def take(self, now: datetime) -> Next | None:
        """The first item of the host that may be asked for longest; None where no host may be asked yet.

        The host is left alone until it is given back.
        """
        if not self._ready or self._ready[0][0] > now:
            return None
        _, _, host = heapq.heappop(self._ready)
        queue = self._queues[host]
        self._waiting -= 1
        return Next(host, queue.pop())

    def give_back(self, host: str, allowed_at: datetime) -> None:
        """The item of ``host`` is done, and the host may be asked again from ``allowed_at``."""
        queue = self._queues[host]
        if queue:
            self._push(host, allowed_at)
        else:
            del self._queues[host]

    def recall(self, allowed_at: datetime) -> None:
        """Let every waiting host be asked from ``allowed_at``: the clock was set back, and their times mean nothing."""
        self._ready = [(allowed_at, order, host) for _, order, host in self._ready]
        heapq.heapify(self._ready)

    def next_at(self) -> datetime | None:
        """When the next host may be asked; None where none waits."""
        return self._ready[0][0] if self._ready else None

    def _push(self, host: str, allowed_at: datetime) -> None:
        # The running number keeps hosts of one moment in the order in which they came.
        self._order += 1
        heapq.heappush(self._ready, (allowed_at, self._order, host))
