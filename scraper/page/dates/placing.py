"""Local times placed in time: zones, offsets, the year that a date leaves out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from scraper.model.record import Precision
from scraper.page.home_zones import Zone

# RFC 5322 section 4.3, and the name of the zone that it means by GMT. Single letters say nothing: they were used with either sign.
_ZONE_WORDS: Final = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), "UTC"),
    "EDT": "-04:00",
    "EST": "-05:00",
    "CDT": "-05:00",
    "CST": "-06:00",
    "MDT": "-06:00",
    "MST": "-07:00",
    "PDT": "-07:00",
    "PST": "-08:00",
}
# 29 February comes after eight years at most.
_YEARS_BACK: Final = 9


class DayOrder(StrEnum):
    """What a date in digits begins with."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a form is read against."""

    zone: Zone
    captured_at: datetime | None
    order: DayOrder | None = None

    @property
    def tz(self) -> tzinfo:
        return ZoneInfo(self.zone.name)


@dataclass(frozen=True, slots=True)
class Reading:
    """A moment in UTC, None where nothing places it, and the zone that the date itself states."""

    at: datetime | None
    precision: Precision
    zone: Zone | None = None


def placed(local: datetime, precision: Precision, offset: str | None, frame: Frame) -> Reading:
    """The moment of a local time by the offset or the word for a zone behind it, or by the zone of the page.

    A word that RFC 5322 does not define tells no offset, least of all 0.
    """
    stated = offset_name(offset) if offset else None
    if stated is None:
        return Reading(local.replace(tzinfo=frame.tz).astimezone(UTC), precision)
    return Reading(local - offset_of(stated), precision, Zone(stated, "stated"))


def since_midnight(hour: int, minute: int = 0, second: int = 0) -> timedelta:
    """A time of day; 24:00 is the end of its day (ISO 8601), and a leap second the start of the next minute (as in POSIX).

    Raises:
        ValueError: there is no such time.
    """
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 60:
        raise ValueError
    return timedelta(hours=hour, minutes=minute, seconds=second)


def years_before(
    now: datetime, month_day: tuple[int, int], clock: tuple[int, int, int]
) -> Iterator[datetime]:
    """The local times of a day without a year that are not after ``now``, the last one first."""
    for year in range(now.year, now.year - _YEARS_BACK, -1):
        try:
            local = datetime(year, *month_day, *clock, tzinfo=now.tzinfo)
        except ValueError:
            continue
        if local <= now:
            yield local


def months_back(at: datetime, months: int) -> datetime:
    """The same day and time so many months before, or the last day of a shorter month."""
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError


def offset_name(offset: str) -> str | None:
    """An offset in one spelling; None for a word that tells none. Raises ValueError for one that no clock has."""
    offset = "".join(offset.upper().split())
    if offset.isalpha():
        return _ZONE_WORDS.get(offset)
    offset = offset.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    hours, _, minutes = offset[1:].partition(":")
    digits = f"{hours:0>2}{minutes:0>2}" if len(hours) < 3 else hours
    if len(digits) != 4 or digits > "2359" or digits[2:] > "59":
        raise ValueError
    return "UTC" if digits == "0000" else f"{offset[0]}{digits[:2]}:{digits[2:]}"


def offset_of(name: str) -> timedelta:
    """The offset that ``offset_name`` spelled."""
    if name == "UTC":
        return timedelta()
    size = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
    return -size if name[0] == "-" else size
