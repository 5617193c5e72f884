"""The real clock."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Implements ``model.stores.Clock`` with the machine's time."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking other hosts' work."""
        await asyncio.sleep(max(0.0, seconds))
