"""An event loop whose time passes at once, and a clock on its wall that may be set back."""

import asyncio
import selectors
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


class _Impatient(selectors.SelectSelector):
    """Waits for nothing: the time that would have been waited is added to ``waited`` instead."""

    def __init__(self, waited: float) -> None:
        super().__init__()
        self.waited = waited

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("Everybody waits for somebody else.")
        self.waited += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time`` begins at ``start`` and leaps from event to event, in seconds."""

    def __init__(self, start: float = 0.0) -> None:
        self._impatient = _Impatient(start)
        super().__init__(self._impatient)
        # As fine as the wall clock: after some months a float of seconds has no steps of a nanosecond.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._impatient.waited

    def call_exception_handler(self, context: Mapping[str, Any]) -> None:
        raise RuntimeError(str(context))


class WallClock:
    """Implements ``scraper.model.stores.Clock`` on the running loop's time; ``behind`` is by how much it is wrong."""

    def __init__(self, behind: timedelta = timedelta(0)) -> None:
        self.behind = behind

    def now(self) -> datetime:
        return datetime(2026, 1, 5, 3, 0, tzinfo=UTC) + timedelta(seconds=self.ticks()) - self.behind

    def ticks(self) -> float:
        """True time, in seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
