"""Many hosts side by side: work runs for a bounded number of them at once, and for each host one after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final

from scraper.fetch.host_queues import HostQueues
from scraper.fetch.retry import RetryRules
from scraper.model.stores import Clock, PaceStore

AT_ONCE: Final = 32
# A host that is owed more quiet than this is not waited for here: its gate says at once until when it is left alone.
_LONGEST_WAIT: Final = RetryRules().longest_wait


class SideBySide:
    """Runs work for hosts, the host first that may be asked for longest."""

    def __init__(self, pace: PaceStore, clock: Clock, at_once: int = AT_ONCE) -> None:
        self._pace = pace
        self._clock = clock
        self._at_once = at_once

    async def run(self, hosts: Iterable[str], work: Callable[[int], Awaitable[None]]) -> None:
        """Do ``work(number)`` for every position of ``hosts``, in order among those of one host.

        What one piece of work raises ends all others, and is raised here.
        """
        queues = HostQueues()
        for number, host in enumerate(hosts):
            queues.add(host, number, self._allowed_at(host))
        running: dict[asyncio.Future[None], str] = {}
        latest = self._clock.now()
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
                    queues.give_back(host, self._allowed_at(host))
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
        while len(running) < self._at_once and (found := queues.take(self._clock.now())):
            running[asyncio.ensure_future(work(found.item))] = found.host

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

    def _allowed_at(self, host: str) -> datetime:
        now, pace = self._clock.now(), self._pace.get_pace(host)
        if pace is None or (pace.next_allowed_at - now).total_seconds() > _LONGEST_WAIT:
            return now
        return max(now, pace.next_allowed_at)
