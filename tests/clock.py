"""Time in tests: a clock that only moves when it is told to, and an event loop whose time leaps when it is told to."""

import asyncio
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """Implements ``scraper.model.stores.Clock``; ``slept`` lists each sleep in seconds."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)) -> None:
        self._now = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(0.0, seconds))


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop on which limits far beyond what any machine needs run out at once: ``leap`` lets its time pass."""

    _leapt = 0.0

    def time(self) -> float:
        return super().time() + self._leapt

    def leap(self, seconds: float) -> None:
        self._leapt += seconds


class LeapingPolicy(asyncio.DefaultEventLoopPolicy):
    """Every loop is a leaping one; ``loops`` are those made so far."""

    def __init__(self) -> None:
        super().__init__()
        self.loops: list[LeapingLoop] = []

    def new_event_loop(self) -> LeapingLoop:
        self.loops.append(LeapingLoop())
        return self.loops[-1]


async def let_time_pass(seconds: float = 0.25) -> None:
    """So much of the running loop's time, and a moment in which everybody else has a turn."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    loop.leap(seconds)
    await asyncio.sleep(0.001)
