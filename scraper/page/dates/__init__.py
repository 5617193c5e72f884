"""Dates as pages print them, absolute and relative, in many languages, placed in time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from scraper.model.record import Moment
from scraper.page.characters import plain
from scraper.page.dates.edits import edit_mark
from scraper.page.dates.lexicon import may_hold_date, tokens_of
from scraper.page.dates.machine import SUFFIXED, read_extended, read_iso, read_mail
from scraper.page.dates.order import day_order
from scraper.page.dates.placing import DayOrder, Frame, Reading, Zone
from scraper.page.dates.printed import read_printed
from scraper.page.dates.search import DateSpan, search_dates

__all__ = [
    "DateSpan",
    "DayOrder",
    "Zone",
    "day_order",
    "edit_mark",
    "is_date",
    "may_hold_date",
    "read_date",
    "search_dates",
]

_LONGEST: Final = 64
_ANY_ZONE: Final = Zone("UTC", "assumed")
_Form = Callable[[str, Frame], Reading | None]


def read_date(
    raw: str, zone: Zone, captured_at: datetime | None, order: DayOrder | None = None
) -> Moment | None:
    """The moment that ``raw`` names; None where ``raw`` is no date in any form we know.

    A relative form (``3일 전``, ``Yesterday at 5:12 PM``, a weekday) or one without a year (``10월 16일``) is placed before
    ``captured_at``; without one, ``at`` is None and the form alone is kept. Dates without an offset of their own are in
    ``zone``. Weeks are precise to the month, days counted back to the day.

    ``order`` is that of ``3/5/2014`` on this page (``day_order``). Without it such a date is read where one order alone
    gives a date, or one that is not after ``captured_at``; else it is the year, with precision ``year``. With a year of
    two digits ``at`` is then None.
    """
    suffixed = SUFFIXED.fullmatch(raw.strip()) if "[" in raw else None
    text = plain((suffixed["date"] if suffixed else raw)[: _LONGEST + 1])
    if len(text) > _LONGEST or not may_hold_date(text):
        return None
    frame = Frame(zone, captured_at, order)
    forms: Sequence[_Form] = [partial(_extended, suffix=suffixed["suffix"])] if suffixed else _FORMS
    reading = next((each for form in forms if (each := _guarded(form, text, frame))), None)
    if reading is None:
        return None
    placed = reading.zone or zone
    return Moment(raw.strip(), reading.at, placed.name, placed.basis, reading.precision)


def is_date(raw: str) -> bool:
    """Whether ``raw`` is, as a whole, a date in a form we know."""
    return read_date(raw, _ANY_ZONE, None) is not None


def _extended(text: str, frame: Frame, suffix: str) -> Reading | None:
    return read_extended(text, suffix, frame)


def _printed(text: str, frame: Frame) -> Reading | None:
    return read_printed(tokens_of(text), frame)


_FORMS: Final[tuple[_Form, ...]] = (read_iso, read_mail, _printed)


def _guarded(form: _Form, text: str, frame: Frame) -> Reading | None:
    try:
        return form(text, frame)
    except (ValueError, OverflowError):
        return None
