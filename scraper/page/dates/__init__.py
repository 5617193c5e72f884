"""Dates as pages print them, absolute and relative, in many languages, placed in time."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Final

from scraper.model.record import Moment
from scraper.page.characters import plain
from scraper.page.dates.edits import edit_mark, edit_words
from scraper.page.dates.lexicon import may_hold_date, tokens_of
from scraper.page.dates.machine import SUFFIXED, read_extended, read_iso, read_mail
from scraper.page.dates.order import day_order
from scraper.page.dates.placing import DayOrder, Frame, Reading
from scraper.page.dates.printed import read_printed
from scraper.page.dates.search import DateSpan, search_dates
from scraper.page.home_zones import Zone

__all__ = [
    "DateSpan",
    "DayOrder",
    "Zone",
    "day_order",
    "edit_mark",
    "edit_words",
    "is_date",
    "may_hold_date",
    "read_date",
    "search_dates",
]

_LONGEST: Final = 64
_ANY_ZONE: Final = Zone("UTC", "assumed")
_FINE: Final = frozenset(("day", "hour", "minute", "second"))
# The time of capture may tell which of three numbers is the month.
_THREE_NUMBERS: Final = re.compile(r"(?<!\d)\d{1,2}\D{1,3}\d{1,2}\D{1,3}\d{2}")
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
    suffix = suffixed["suffix"] if suffixed else None
    reading = _read_alone(text, suffix, zone, order)
    if captured_at is not None and not _is_sure(reading, text):
        reading = _read(text, suffix, Frame(zone, captured_at, order))
    if reading is None:
        return None
    placed = reading.zone or zone
    return Moment(raw.strip(), reading.at, placed.name, placed.basis, reading.precision)


def is_date(raw: str) -> bool:
    """Whether ``raw`` is, as a whole, a date in a form we know."""
    return read_date(raw, _ANY_ZONE, None) is not None


# The pages of a site say the same dates over and over.
@lru_cache(maxsize=4096)
def _read_alone(text: str, suffix: str | None, zone: Zone, order: DayOrder | None) -> Reading | None:
    """What a date means whenever it was seen."""
    return _read(text, suffix, Frame(zone, None, order))


def _is_sure(reading: Reading | None, text: str) -> bool:
    """Whether a date that was read without a time of capture is the same with any."""
    return (
        reading is not None
        and reading.at is not None
        and reading.precision in _FINE
        and _THREE_NUMBERS.search(text) is None
    )


def _read(text: str, suffix: str | None, frame: Frame) -> Reading | None:
    forms: Sequence[_Form] = _FORMS if suffix is None else [partial(_extended, suffix=suffix)]
    return next((each for form in forms if (each := _guarded(form, text, frame))), None)


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
