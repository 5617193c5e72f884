"""Dates as moments: what a page or its data says, and the machine form beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scraper.model.record import LENGTHS, Moment, Precision
from scraper.page.dates import Zone, read_date

_FINENESS: Final[tuple[Precision | None, ...]] = (None, "year", "month", "day", "hour", "minute", "second")
# The furthest that a zone lies from UTC.
_FURTHEST: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as it stands on the page, with the machine form beside it where there is one."""

    raw: str
    machine: str | None = None


def read_moment(raw: str, zone: Zone, captured_at: datetime | None) -> Moment:
    """The moment that a date means; only the raw form where it is in no form we know."""
    return read_date(raw, zone, captured_at) or Moment(raw=raw)


def read_stamp(stamp: Stamp, zone: Zone, captured_at: datetime | None) -> Moment:
    """The moment of a date on a page: as shown, placed by its machine form where that is finer or states a zone."""
    shown = read_moment(stamp.raw, zone, captured_at)
    return placed_by(shown, read_date(stamp.machine, zone, captured_at) if stamp.machine else None)


def placed_by(shown: Moment, machine: Moment | None) -> Moment:
    """A moment as shown, placed by its machine form where that is finer or states a zone."""
    if machine is None or machine.at is None:
        return shown
    coarser = _FINENESS.index(machine.precision) < _FINENESS.index(shown.precision)
    if shown.at is not None and (
        coarser or (shown.zone_basis == "stated" and machine.zone_basis != "stated")
    ):
        return shown
    return Moment(shown.raw, machine.at, machine.zone, machine.zone_basis, machine.precision)


def end_of(moment: Moment) -> datetime | None:
    """Until when what a date names may have been, in UTC: to the end of its day, anywhere on earth where nothing states the zone."""
    if moment.at is None:
        return None
    slack = timedelta() if moment.zone_basis == "stated" else _FURTHEST
    return moment.at + (LENGTHS[moment.precision] if moment.precision else timedelta()) + slack
