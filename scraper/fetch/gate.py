"""The gate of each host: one request at a time passes, and none before its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from scraper.fetch import pace
from scraper.fetch.pace import AnswerFacts, PaceRules
from scraper.fetch.retry import UTC_SECONDS, ParkedError
from scraper.model.stores import Clock, HostPace, PaceStore
from scraper.model.url import Url


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to send one request to a host now. Gaps are in seconds since the last answer of this run, if any."""

    pace: HostPace
    floor: float
    gap_owed: float | None
    gap_kept: float | None


class Gate:
    """Hands out turns, host by host, and keeps each host's pace in a store that outlives the run."""

    def __init__(self, store: PaceStore, clock: Clock, rules: PaceRules, longest_wait: float) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._longest_wait = longest_wait
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._answered_at: dict[str, datetime] = {}

    @asynccontextmanager
    async def turn(self, url: Url, floor: float) -> AsyncIterator[Turn]:
        """Wait for the host's turn and hold it; ``floor`` is the least gap to keep, in seconds.

        Raises:
            ParkedError: the host is to be left alone for longer than a run waits.
        """
        lock = self._locks.setdefault(url.host, asyncio.Lock())
        async with lock:
            stored = self._store.get_pace(url.host)
            if stored is None:
                stored = pace.first_pace(url.host, floor, self._clock.now())
            owed = pace.with_floor(stored, floor)
            await self._wait_until(owed.next_allowed_at, url, floor)
            yield self._turn(owed, floor)

    def begin(self, turn: Turn) -> None:
        """Note that the request of this turn leaves now, so that a run that dies here still keeps the gap."""
        next_allowed_at = self._clock.now() + timedelta(seconds=turn.pace.delay)
        self._store.put_pace(replace(turn.pace, next_allowed_at=next_allowed_at))

    def end(self, turn: Turn, answer: AnswerFacts) -> None:
        """Note what came back, for the gap before the next turn."""
        now = self._clock.now()
        self._answered_at[turn.pace.host] = now
        self._store.put_pace(pace.after_answer(turn.pace, turn.floor, answer, now, self._rules))

    async def _wait_until(self, moment: datetime, url: Url, floor: float) -> None:
        owed = (moment - self._clock.now()).total_seconds()
        if owed > max(self._longest_wait, min(floor, self._rules.longest_gap)):
            raise ParkedError(
                f"{url.host} is left alone until {moment:{UTC_SECONDS}}, so {url.href} was not asked for. "
                f"Run again after that."
            )
        # A sleep may end a little early by this clock, hence the loop.
        while owed > 0:
            await self._clock.sleep(owed)
            owed = (moment - self._clock.now()).total_seconds()

    def _turn(self, owed: HostPace, floor: float) -> Turn:
        answered_at = self._answered_at.get(owed.host)
        if answered_at is None:
            return Turn(owed, floor, None, None)
        return Turn(
            owed,
            floor,
            gap_owed=(owed.next_allowed_at - answered_at).total_seconds(),
            gap_kept=(self._clock.now() - answered_at).total_seconds(),
        )
