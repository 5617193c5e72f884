"""The stores of ``scraper.model.stores`` that live in state.sqlite."""

from dataclasses import replace
from datetime import datetime, timedelta
from sqlite3 import Row

from scraper.archive.state import State
from scraper.model.stores import HostPace, RobotsCopy


class SqliteRobotsStore:
    """A RobotsStore."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get_robots(self, origin: str) -> RobotsCopy | None:
        """The last copy of an origin's robots.txt; None where there is none."""
        row = self._state.row("SELECT * FROM robots WHERE origin = ?", origin)
        if row is None:
            return None
        return RobotsCopy(origin, datetime.fromisoformat(row["fetched_at"]), row["status"], row["body"])

    def put_robots(self, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""
        with self._state.transaction():
            self._state.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
                copy.origin, copy.fetched_at, copy.status, copy.body,
            )  # fmt: skip


class SqlitePaceStore:
    """A PaceStore."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get_pace(self, host: str) -> HostPace | None:
        """What is owed to a host; None where it was never visited."""
        row = self._state.row("SELECT * FROM pace WHERE host = ?", host)
        return _pace(row) if row else None

    def put_pace(self, pace: HostPace) -> None:
        """Keep what is owed in place of what was owed before."""
        with self._state.transaction():
            self._state.execute(
                "INSERT OR REPLACE INTO pace VALUES (?, ?, ?, ?, ?)",
                pace.host, pace.next_allowed_at, pace.delay, pace.failures, pace.noted_at,
            )  # fmt: skip

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
