"""What one refresh may cost: it ends between two visits, never within one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scraper.model.outcome import Item
from scraper.model.run import Traffic
from scraper.settings import RefreshSettings


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a run may ask for: requests, bytes as they cross the wire, minutes. None is no bound."""

    requests: int | None = None
    bytes: int | None = None
    minutes: int | None = None

    def over(self, settings: RefreshSettings) -> "Budget":
        """This budget, and the one of the settings where this one leaves a bound open."""
        return Budget(
            requests=settings.requests if self.requests is None else self.requests,
            bytes=settings.bytes if self.bytes is None else self.bytes,
            minutes=settings.minutes if self.minutes is None else self.minutes,
        )

    def exhausted_by(self, traffic: Traffic, elapsed: timedelta) -> str | None:
        """Which bound is reached, in words; None where there is room for one more visit."""
        if self.requests is not None and traffic.requests >= self.requests:
            return f"{self.requests:,} requests"
        if self.bytes is not None and traffic.bytes >= self.bytes:
            return f"{self.bytes:,} bytes"
        if self.minutes is not None and elapsed >= timedelta(minutes=self.minutes):
            return f"{self.minutes:,} minutes"
        return None


NO_BUDGET: Final = Budget()


class Spending:
    """A budget while a run spends it. A clock that is set back gives no time back."""

    def __init__(self, budget: Budget, began_at: datetime) -> None:
        self._budget = budget
        self._before = began_at
        self._elapsed = timedelta()

    def exhausted(self, traffic: Traffic, now: datetime) -> str | None:
        """Which bound is reached at ``now``, in words; None where there is room for one more visit."""
        self._elapsed += max(now - self._before, timedelta())
        self._before = now
        return self._budget.exhausted_by(traffic, self._elapsed)


def waiting_item(count: int, exhausted: str) -> Item:
    """The posts that the budget left for later."""
    posts = "1 post waits" if count == 1 else f"{count:,} posts wait"
    return Item(
        "refresh", "skipped", reason=f"{posts} for the next run: the budget of {exhausted} is used up."
    )
