"""Careerly's dates as moments: what the page shows, and the machine form beside it."""

from datetime import datetime
from typing import Final

from scraper.discussion.shown.marks import Stamp
from scraper.model.record import Moment, Precision
from scraper.page.dates import read_date
from scraper.sites.careerly.words import ZONE

_FINENESS: Final[tuple[Precision | None, ...]] = (None, "year", "month", "day", "hour", "minute", "second")


def read_moment(raw: str, captured_at: datetime | None) -> Moment:
    """The moment that a date of Careerly's means; only the raw form where it is in no form we know."""
    return read_date(raw, ZONE, captured_at) or Moment(raw=raw)


def read_stamp(stamp: Stamp, captured_at: datetime | None) -> Moment:
    """The moment of a date on a page: as shown, placed by its machine form where that is finer or states a zone."""
    shown = read_moment(stamp.raw, captured_at)
    machine = read_date(stamp.machine, ZONE, captured_at) if stamp.machine else None
    if machine is None or machine.at is None:
        return shown
    coarser = _FINENESS.index(machine.precision) < _FINENESS.index(shown.precision)
    if shown.at is not None and (
        coarser or (shown.zone_basis == "stated" and machine.zone_basis != "stated")
    ):
        return shown
    return Moment(stamp.raw, machine.at, machine.zone, machine.zone_basis, machine.precision)
