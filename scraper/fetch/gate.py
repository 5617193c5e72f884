"""The gate of each host: one request at a time passes, and none before its time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from scraper.fetch import pace
from scraper.fetch.pace import AnswerFacts, Floor, PaceRules
from scraper.fetch.retry import UTC_SECONDS, ParkedError
from scraper.model.host_events import Tell, Wait, untold
from scraper.model.stores import Clock, HostPace, Ledger, LedgerEntry, PaceStore
from scraper.model.url import Url


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to send one request to a host now.

    Gaps are in seconds since the host last answered, or was last asked; None where it never was.
    """

    pace: HostPace
    floor: Floor
    gap_owed: float | None
    gap_kept: float | None


class HostGate:
    """Hands out turns, host by host, and keeps each host's pace in a store that outlives the run."""

    def __init__(
        self,
        store: PaceStore,
        clock: Clock,
        ledger: Ledger,
        rules: PaceRules,
        longest_wait: float,
        tell: Tell = untold,
    ) -> None:
        self._tell = tell
        self._store = store
        self._clock = clock
        self._ledger = ledger
        self._rules = rules
        self._longest_wait = longest_wait
        # Of each host that the run has to do with, the last floor and answer: they say why it is left alone.
        self._last: dict[str, tuple[Floor, AnswerFacts]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, url: Url, floor: Callable[[], Floor]) -> AsyncIterator[Turn]:
        """Wait for the host's turn and hold it.

        ``floor`` gives the least gap to keep; it is asked when the wait begins and when it is over, since
        others that go before may bring a longer one.

        Raises:
            ParkedError: the host is to be left alone for longer than a run waits.
        """
        lock = self._locks.setdefault(url.host, asyncio.Lock())
        async with lock:
            yield await self._wait(url, floor)

    def begin(self, turn: Turn) -> None:
        """Note that the request of this turn leaves now."""
        now = self._clock.now()
        next_allowed_at = now + timedelta(seconds=turn.pace.delay)
        self._store.put_pace(replace(turn.pace, next_allowed_at=next_allowed_at, noted_at=now))

    def end(self, turn: Turn, answer: AnswerFacts, now: datetime) -> None:
        """Note what came back at ``now``, for the gap before the next turn."""
        self._last[turn.pace.host] = (turn.floor, answer)
        self._store.put_pace(pace.after_answer(turn.pace, turn.floor.seconds, answer, now, self._rules))

    def rests(self, host: str, until: datetime) -> None:
        """Tell that work for ``host`` waits until it may be asked again."""
        stored = self._store.get_pace(host)
        if stored is not None:
            floor, answer = self._last.get(host, (None, None))
            self._tell(Wait(host, pace.wait_reason(stored, floor, answer, self._rules), until))

    def leave(self, host: str) -> None:
        """Nothing more is to be asked of ``host`` for now."""
        self._last.pop(host, None)

    async def _wait(self, url: Url, floor_now: Callable[[], Floor]) -> Turn:
        # A sleep may end a little early by this clock, and the clock may be set back meanwhile, hence the loop.
        while True:
            now, floor = self._clock.now(), floor_now()
            owed = pace.with_floor(self._stored(url, floor.seconds, now), floor.seconds)
            left = (owed.next_allowed_at - now).total_seconds()
            if left <= 0:
                return _turn(owed, floor, now)
            if left > max(self._longest_wait, min(floor.seconds, self._rules.longest_gap)):
                raise _parked(owed, url)
            _, answer = self._last.get(url.host, (None, None))
            reason = pace.wait_reason(owed, floor, answer, self._rules)
            self._tell(Wait(url.host, reason, owed.next_allowed_at))
            await self._clock.sleep(left)

    def _stored(self, url: Url, floor: float, now: datetime) -> HostPace:
        stored = self._store.get_pace(url.host)
        if stored is None:
            return pace.first_pace(url.host, floor, now)
        owed = pace.with_clock_set_back(stored, now)
        if owed != stored:
            self._store.put_pace(owed)
            gap = (owed.next_allowed_at - now).total_seconds()
            rule = "the clock was set back: the gap runs anew"
            self._ledger.note(LedgerEntry(now, "waiting", url.host, url.href, rule, {"gap_owed": gap}))
        return owed


def _turn(owed: HostPace, floor: Floor, now: datetime) -> Turn:
    if owed.noted_at is None:
        return Turn(owed, floor, None, None)
    return Turn(
        owed,
        floor,
        gap_owed=(owed.next_allowed_at - owed.noted_at).total_seconds(),
        gap_kept=(now - owed.noted_at).total_seconds(),
    )


def _parked(owed: HostPace, url: Url) -> ParkedError:
    trouble = f"failed {owed.failures} times in a row and " if owed.failures > 1 else ""
    message = (
        f"{url.host} {trouble}is left alone until {owed.next_allowed_at:{UTC_SECONDS}}, "
        f"so {url.href} was not asked for. Run again after that."
    )
    return ParkedError(message, owed.next_allowed_at)
