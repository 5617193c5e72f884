"""Was a host left alone long enough? The judge's own reckoning, from what the ledger says of each answer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from scraper.jobs.politeness.lines import Line

# What docs/politeness.md promises, in seconds and factors.
LEAST_DELAY: Final = 1.0
RESPONSE_FACTOR: Final = 2.0
BACKOFF_FACTOR: Final = 2.0
LONGEST_BACKOFF: Final = 3600.0
RECOVERY_FACTOR: Final = 0.75
LONGEST_RETRY_AFTER: Final = 30 * 86400.0
# Times are written in microseconds and reckoned with as binary fractions.
SLACK: Final = 0.001


class HostConduct:
    """How one host was treated, line after line. Each method gives a sentence for everything that was wrong."""

    def __init__(self) -> None:
        self.open: Line | None = None
        self._delay = 0.0
        self._floor = 0.0
        self._since: float | None = None
        self._owed = 0.0
        self._owed_for = "the delay of the host"

    def new_run(self) -> None:
        """A run began: a request of the one before that has no answer was cut off."""
        self.open = None

    def request(self, line: Line, crawl_delay: float) -> Iterator[str]:
        """A request leaves. ``crawl_delay`` is what robots.txt asks for, in seconds, as far as the judge knows."""
        own_delay = line.number("own_delay") or 0.0
        if own_delay < LEAST_DELAY and line.detail.get("lifted") is not True:
            yield f"goes by a delay of {own_delay:g} s, which only a server of our own is visited with"
        if line.detail.get("terms") == "forbid" and not line.text("terms_reason"):
            yield "goes to a host whose terms forbid it, without a written reason"
        if self.open is not None:
            yield f"left while the host was still busy with {self.open.url} ({self.open.place})"
        floor = max(own_delay, crawl_delay, line.number("crawl_delay") or 0.0)
        if self._since is not None:
            yield from self._gap(line, line.seconds - self._since, floor)
        self.open = line
        self._floor = floor
        self._delay = max(self._delay, floor)
        self._await(line.seconds, self._delay, "the delay of the host")

    def answer(self, line: Line) -> Iterator[str]:
        """An answer came, or it is certain that none will."""
        if self.open is None or self.open.url != line.url:
            yield "tells of an answer to no request"
        self.open = None
        status = line.number("status")
        if status is None or status == 429 or status >= 500:
            grown = max(self._delay, self._floor, LEAST_DELAY) * BACKOFF_FACTOR
            self._delay = max(self._floor, min(grown, LONGEST_BACKOFF))
        else:
            self._delay = max(self._floor, self._delay * RECOVERY_FACTOR)
        grounds = {
            "the delay of the host": self._delay,
            "twice the time of the last answer": RESPONSE_FACTOR * (line.number("elapsed") or 0.0),
            "Retry-After": retry_after(line.text("retry_after_raw"), line.text("date_raw"), line.at),
        }
        owed_for = max(grounds, key=lambda name: grounds[name])
        self._await(line.seconds, grounds[owed_for], owed_for)

    def _await(self, since: float, owed: float, owed_for: str) -> None:
        self._since, self._owed, self._owed_for = since, owed, owed_for

    def _gap(self, line: Line, kept: float, floor: float) -> Iterator[str]:
        owed, owed_for = max((self._owed, self._owed_for), (floor, "its delay or Crawl-delay"))
        if kept + SLACK < owed:
            yield f"left {kept:.3f} s after the host's last answer, although {owed:.3f} s were owed ({owed_for})"
        claimed = line.number("gap_kept")
        if claimed is None or claimed > kept + SLACK:
            yield f"claims a gap of {claimed} s, where the lines show {kept:.3f} s"


def retry_after(value: str | None, date: str | None, at: datetime) -> float:
    """The seconds that Retry-After asks for (RFC 9110 section 10.2.3), a moment counted from ``date``; 0 for none."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text), LONGEST_RETRY_AFTER)
    until = _date(text)
    if until is None:
        return 0.0
    return min(max(0.0, (until - (_date(date) or at)).total_seconds()), LONGEST_RETRY_AFTER)


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
