"""What the words of a language are that dates are printed with."""

from dataclasses import dataclass
from typing import Literal

NumericOrder = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The words of one language in lower case: alternatives between commas, values between bars.

    ``months`` begin with January, ``weekdays`` with Monday, ``units`` with the second: minute, hour, day, week, month and
    year follow. ``lone`` are units that mean one where no number is before them. ``on`` stands before a date, ``at``
    between a date and its time, ``of`` within a date, ``oclock`` behind a time. ``days`` are today, yesterday and the
    day before. ``numbers`` are one, two and so on. ``order`` is that of dates in digits, empty where the countries of
    the language differ.
    """

    code: str
    months: str = ""
    weekdays: str = ""
    on: str = ""
    at: str = ""
    of: str = ""
    oclock: str = ""
    am: str = ""
    pm: str = ""
    days: str = ""
    now: str = ""
    ago_before: str = ""
    ago_after: str = ""
    about: str = ""
    units: str = ""
    lone: str = ""
    numbers: str = ""
    few: str = ""
    ordinal: str = ""
    order: NumericOrder | None = None
