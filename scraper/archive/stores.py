"""The stores of ``scraper.model.stores`` that live in state.sqlite."""

from dataclasses import replace
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Final

from scraper.archive.state import State
from scraper.model.at_hand import AtHand
from scraper.model.stores import HostPace, RobotsCopy

_ROBOTS_AT_HAND: Final = 4 << 20
_PACES_AT_HAND: Final = 4096


class SqliteRobotsStore:
    """A RobotsStore, the only one that writes to this state; 4 MB of copies are at hand."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._at_hand: AtHand[str, RobotsCopy] = AtHand(_ROBOTS_AT_HAND)

    def get_robots(self, origin: str) -> RobotsCopy | None:
        """The last copy of an origin's robots.txt; None where there is none."""
        copy = self._at_hand.get(origin)
        if copy is not None:
            return copy
        row = self._state.row("SELECT * FROM robots WHERE origin = ?", origin)
        if row is None:
            return None
        copy = RobotsCopy(origin, datetime.fromisoformat(row["fetched_at"]), row["status"], row["body"])
        return self._kept(copy)

    def put_robots(self, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""
        self._state.change(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
            copy.origin, copy.fetched_at, copy.status, copy.body,
        )  # fmt: skip
        self._kept(copy)

    def _kept(self, copy: RobotsCopy) -> RobotsCopy:
        self._at_hand.put(copy.origin, copy, len(copy.origin) + len(copy.body))
        return copy


class SqlitePaceStore:
    """A PaceStore, the only one that writes to this state; the paces asked for last are at hand."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._at_hand: AtHand[str, HostPace] = AtHand(_PACES_AT_HAND)

    def get_pace(self, host: str) -> HostPace | None:
        """What is owed to a host; None where it was never visited."""
        pace = self._at_hand.get(host)
        if pace is None and (row := self._state.row("SELECT * FROM pace WHERE host = ?", host)):
            pace = _pace(row)
            self._at_hand.put(host, pace)
        return pace

    def put_pace(self, pace: HostPace) -> None:
        """Keep what is owed in place of what was owed before."""
        self._state.change(
            "INSERT OR REPLACE INTO pace VALUES (?, ?, ?, ?, ?)",
            pace.host, pace.next_allowed_at, pace.delay, pace.failures, pace.noted_at,
        )  # fmt: skip
        self._at_hand.put(pace.host, pace)

    def assume_asked(self, now: datetime) -> None:
        """Owe every host its delay from ``now``: a run that was cut off may have asked it until then.

        One that was noted later, by a clock that has been set back since, is owed its whole gap anyway.
        """
        for row in self._state.rows("SELECT * FROM pace"):
            pace = _pace(row)
            if pace.noted_at and pace.noted_at <= now:
                owed_until = max(pace.next_allowed_at, now + timedelta(seconds=pace.delay))
                self.put_pace(replace(pace, noted_at=now, next_allowed_at=owed_until))


def _pace(row: Row) -> HostPace:
    noted_at = row["noted_at"]
    return HostPace(
        row["host"],
        next_allowed_at=datetime.fromisoformat(row["next_allowed_at"]),
        delay=row["delay"],
        failures=row["failures"],
        noted_at=datetime.fromisoformat(noted_at) if noted_at else None,
    )
