"""Many hosts side by side: work runs for a bounded number of them at once, and for each host one after the other.

Choosing the next takes time in the logarithm of the number of hosts, whatever waits behind them; what waits takes eight
bytes an item and a few hundred a host.
"""

import asyncio
import heapq
from array import array
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from scraper.fetch.retry import RetryRules
from scraper.model.stores import Clock, PaceStore

AT_ONCE: Final = 32
# A host that is owed more quiet than this is not waited for here: its gate says at once until when it is left alone.
_LONGEST_WAIT: Final = RetryRules().longest_wait
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

    def __contains__(self, host: str) -> bool:
        """Whether anything of the host waits or is out."""
        return host in self._queues

    def add(self, host: str, item: int, allowed_at: datetime) -> bool:
        """Put an item at the end of its host's queue; ``allowed_at`` counts where the host is new here, which is given."""
        queue = self._queues.get(host)
        is_new = queue is None
        if queue is None:
            queue = self._queues[host] = _Queue()
            self._push(host, allowed_at)
        queue.items.append(item)
        self._waiting += 1
        return is_new

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

    def give_back(self, host: str, allowed_at: datetime) -> bool:
        """The item of ``host`` is done, and the host may be asked again from ``allowed_at``; whether it has more items."""
        queue = self._queues[host]
        if queue:
            self._push(host, allowed_at)
        else:
            del self._queues[host]
        return bool(queue)

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


class Hosts(Protocol):
    """Who is told what becomes of hosts between their items; ``fetch.visitor.Visitor`` knows why they wait."""

    def rests(self, host: str, until: datetime) -> None: ...
    def leave(self, host: str) -> None: ...


class SideBySide:
    """Runs work for hosts, the host first that may be asked for longest; ``told`` hears of those that wait, and of those that are done."""

    def __init__(
        self, pace: PaceStore, clock: Clock, at_once: int = AT_ONCE, told: Hosts | None = None
    ) -> None:
        self._told = told
        self._pace = pace
        self._clock = clock
        self._at_once = at_once

    async def run(self, hosts: Iterable[str], work: Callable[[int], Awaitable[None]]) -> None:
        """Do ``work(number)`` for every position of ``hosts``, in order among those of one host.

        What one piece of work raises ends all others, and is raised here.
        """
        queues = HostQueues()
        latest = self._clock.now()
        for number, host in enumerate(hosts):
            allowed_at = latest if host in queues else self._allowed_at(host)
            if queues.add(host, number, allowed_at):
                self._tell_of(host, allowed_at)
        running: dict[asyncio.Future[None], str] = {}
        try:
            while queues or running:
                now = self._clock.now()
                if now < latest:
                    # How long the hosts are still owed is for their gates to say.
                    queues.recall(now)
                latest = now
                self._start(queues, work, running)
                for task in await self._one_done(queues, running):
                    task.result()
                    host = running.pop(task)
                    if queues.give_back(host, allowed_at := self._allowed_at(host)):
                        self._tell_of(host, allowed_at)
                    elif self._told:
                        self._told.leave(host)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _start(
        self,
        queues: HostQueues,
        work: Callable[[int], Awaitable[None]],
        running: dict[asyncio.Future[None], str],
    ) -> None:
        while len(running) < self._at_once and (next_item := queues.take(self._clock.now())):
            running[asyncio.ensure_future(work(next_item.item))] = next_item.host

    async def _one_done(
        self, queues: HostQueues, running: dict[asyncio.Future[None], str]
    ) -> set[asyncio.Future[None]]:
        """Wait until work is done, or until a host may be asked for which there is room; what is done."""
        next_at = queues.next_at() if len(running) < self._at_once else None
        if next_at is None:
            return (await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED))[0]
        owed = (next_at - self._clock.now()).total_seconds()
        sleep = asyncio.ensure_future(self._clock.sleep(max(0.0, owed)))
        try:
            done, _ = await asyncio.wait({*running, sleep}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
        return done - {sleep}

    def _tell_of(self, host: str, allowed_at: datetime) -> None:
        if self._told and allowed_at > self._clock.now():
            self._told.rests(host, allowed_at)

    def _allowed_at(self, host: str) -> datetime:
        now, pace = self._clock.now(), self._pace.get_pace(host)
        if pace is None or (pace.next_allowed_at - now).total_seconds() > _LONGEST_WAIT:
            return now
        return max(now, pace.next_allowed_at)
