"""A clock that only moves when it is told to, or when somebody sleeps on it."""

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
