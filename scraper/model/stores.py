"""What the rooms ask of each other without importing each other: the clock, and the stores that outlive a run.

What a store, the ledger or a recorder is told is durable once whoever opened them has committed it.

``fetch`` speaks to these Protocols, ``archive`` implements them, ``jobs`` joins the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from scraper.model.exchange import Exchange


class Clock(Protocol):
    """Time, handed in. Only ``cli`` and tests choose which clock runs."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait; a virtual clock only moves its hands."""


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A fetched robots.txt of one origin: ``status`` None means that it could not be reached."""

    origin: str
    fetched_at: datetime
    status: int | None
    body: bytes


class RobotsStore(Protocol):
    """robots.txt copies that survive a restart."""

    def get_robots(self, origin: str) -> RobotsCopy | None: ...
    def put_robots(self, copy: RobotsCopy) -> None: ...


@dataclass(frozen=True, slots=True)
class HostPace:
    """What is owed to one host: no request before ``next_allowed_at``; ``failures`` in a row so far.

    ``delay`` is the present gap in seconds, grown by back-off and shrunk by recovery. ``noted_at`` is when the host
    last answered, or was last asked where no answer came: the gap owed runs from there. None: never asked.
    """

    host: str
    next_allowed_at: datetime
    delay: float
    failures: int = 0
    noted_at: datetime | None = None


class PaceStore(Protocol):
    """The pace of each host, surviving a restart."""

    def get_pace(self, host: str) -> HostPace | None: ...
    def put_pace(self, pace: HostPace) -> None: ...


# began: a run starts here, and whatever an earlier one left open is over. failed: a request that had no answer.
# waiting: the clock was set back, so the gap owed to the host runs anew from here.
LedgerEvent = Literal["began", "request", "answer", "failed", "refused", "waiting"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the politeness ledger: a request made, its answer, or a decision not to make one.

    ``rule`` says which policy decided; ``detail`` carries what it went by: numbers in seconds (gap owed, gap kept),
    statuses, and which copy of robots.txt. docs/politeness.md lists them.
    """

    at: datetime
    event: LedgerEvent
    host: str
    url: str
    rule: str
    detail: Mapping[str, float | int | str | None]


class Ledger(Protocol):
    """The append-only account of what was asked of whom."""

    def note(self, entry: LedgerEntry) -> None: ...


class Recorder(Protocol):
    """Where each exchange is kept before anything reads it."""

    def keep(self, exchange: Exchange) -> object:
        """Keep the exchange; it is safe on disk with the next commit."""
