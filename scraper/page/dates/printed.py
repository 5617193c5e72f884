"""Dates as people read them, from the tokens of one that a form matches."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.model.record import Precision
from scraper.page.dates import forms
from scraper.page.dates.lexicon import WORDS, Tokens
from scraper.page.dates.placing import (
    DayOrder,
    Frame,
    Reading,
    months_back,
    placed,
    since_midnight,
    years_before,
)

# Units of a time ago from the second on. Weeks are precise to the month.
_SECONDS: Final[tuple[tuple[int, Precision], ...]] = (
    (1, "second"),
    (60, "minute"),
    (3600, "hour"),
    (86400, "day"),
    (7 * 86400, "month"),
)
_MONTH: Final = 6
_COARSER: Final[dict[Precision, Precision]] = {
    "second": "minute",
    "minute": "hour",
    "hour": "day",
    "day": "month",
    "month": "year",
    "year": "year",
}
_NO_ROLES: Final[dict[str, int]] = {}
# A word behind a time that is a zone, known or not.
_ZONE_WORD: Final = re.compile(r"[a-z]{2,5}")
# Years of two digits are those of the century that a page was written in.
_CENTURY: Final = 70


@dataclass(frozen=True, slots=True)
class Part:
    """The tokens of a date that a form matched: its named parts by their places."""

    tokens: Tokens
    match: re.Match[str]

    def has(self, name: str) -> bool:
        """Whether the form has this part and the date too."""
        return name in self.match.re.groupindex and self.match[name] is not None

    def word(self, name: str) -> str:
        """The part as it was printed, in lower case; empty where it is not there."""
        return "".join(self.part_words(name)) if self.has(name) else ""

    def part_words(self, name: str) -> Sequence[str]:
        """The tokens of a part."""
        return self.tokens.words[slice(*self.match.span(name))]

    def number(self, name: str) -> int:
        """The number of a part."""
        return int(self.word(name))

    def value(self, name: str, role: str) -> int:
        """What a word stands for."""
        return WORDS[self.word(name)][role]

    def within(self, name: str, patterns: Sequence[re.Pattern[str]]) -> "tuple[int, Part] | None":
        """The first of some patterns that this part has the form of, by its index."""
        start, end = self.match.span(name)
        for index, pattern in enumerate(patterns):
            if match := pattern.fullmatch(self.match.string, start, end):
                return index, Part(self.tokens, match)
        return None


@dataclass(frozen=True, slots=True)
class _Clock:
    time: tuple[int, int, int] = (0, 0, 0)
    precision: Precision = "day"
    offset: str | None = None


def read_printed(tokens: Tokens, frame: Frame) -> Reading | None:
    """What some tokens mean as a date, all of them; None where they are none."""
    if tokens.classes.count("~") > 1:
        return None
    readings = (
        _guarded(reader, Part(tokens, match), frame)
        for form, reader in zip(forms.WHOLE, _READERS, strict=True)
        if (match := form.fullmatch(tokens.classes))
    )
    return next(filter(None, readings), None)


def _guarded(reader: "_Reader", part: Part, frame: Frame) -> Reading | None:
    try:
        return reader(part, frame)
    except (ValueError, OverflowError):
        # A 30th of February, or a year that no calendar has: the form of a date, but no date.
        return None


def _dated(part: Part, frame: Frame) -> Reading | None:
    day = part.within("date", forms.DAYS)
    if day is None or (part.has("word") and not _ZONE_WORD.fullmatch(part.word("word"))):
        return None
    clock = _clock(part)
    date = day[1]
    if date.has("first"):
        return _unordered(date, clock, frame)
    return placed(
        datetime(_year(date), _month(date), date.number("day"), tzinfo=UTC) + since_midnight(*clock.time),
        clock.precision,
        clock.offset,
        frame,
    )


def _year(date: Part) -> int:
    if date.has("year"):
        return date.number("year")
    short = date.number("dashed" if date.has("dashed") else "short")
    return _of_century(short)


def _of_century(short: int) -> int:
    return short + (1900 if short >= _CENTURY else 2000)


def _month(date: Part) -> int:
    return date.number("number") if date.has("number") else date.value("month", "month")


def _unordered(date: Part, clock: _Clock, frame: Frame) -> Reading | None:
    """A date of three numbers by what is known of their order.

    Where nothing tells day from month the year alone is known, and of a year in two digits not even that.
    """
    first, second = date.number("first"), date.number("second")
    if date.has("third"):
        return _short(date, clock, frame)
    if not date.has("year"):
        return _unordered_day(first, second, clock, frame)
    year = date.number("year")
    order = DayOrder.DAY if date.word("sign") == "." else frame.order
    day_first, month_first = _local(year, second, first, clock), _local(year, first, second, clock)
    possible = [local for local in (day_first, month_first) if local]
    if not possible:
        return None
    if day_first and month_first and day_first != month_first:
        possible = _past(possible, frame)
        if len(possible) > 1:
            if order not in {DayOrder.DAY, DayOrder.MONTH}:
                return placed(datetime(year, 1, 1, tzinfo=UTC), "year", None, frame)
            possible = [day_first if order is DayOrder.DAY else month_first]
    return placed(possible[0], clock.precision, clock.offset, frame)


def _unordered_day(first: int, second: int, clock: _Clock, frame: Frame) -> Reading | None:
    """A day without a year (``03-05 10:22``). Where dates begin with the year, the month is before the day."""
    day_first, month_first = _local(2000, second, first, clock), _local(2000, first, second, clock)
    local = month_first or day_first
    if local is None:
        return None
    if day_first and month_first and day_first != month_first:
        if frame.order is None:
            return Reading(None, clock.precision)
        local = day_first if frame.order is DayOrder.DAY else month_first
    return _last(clock, (local.month, local.day), frame)


def _last(clock: _Clock, month_day: tuple[int, int], frame: Frame, weekday: int | None = None) -> Reading:
    """The last such day before the capture; the last that was a ``weekday``, if one of some years was."""
    if frame.captured_at is None:
        return Reading(None, clock.precision)
    before = list(years_before(frame.captured_at.astimezone(frame.tz), month_day, clock.time))
    matching = [local for local in before if local.isoweekday() == weekday]
    local = next(iter(matching or before), None)
    if local is None:
        return Reading(None, clock.precision)
    return placed(local.replace(tzinfo=UTC), clock.precision, clock.offset, frame)


def _short(date: Part, clock: _Clock, frame: Frame) -> Reading | None:
    numbers = [date.number(name) for name in ("first", "second", "third")]
    if frame.order is None:
        # Without a time beside it three numbers are as soon a version.
        return None if clock.precision == "day" else Reading(None, clock.precision)
    if frame.order is DayOrder.YEAR:
        numbers.reverse()
    elif frame.order is DayOrder.MONTH:
        numbers[:2] = numbers[1::-1]
    day, month, year = numbers
    local = datetime(_of_century(year), month, day, tzinfo=UTC) + since_midnight(*clock.time)
    return placed(local, clock.precision, clock.offset, frame)


def _local(year: int, month: int, day: int, clock: _Clock) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) + since_midnight(*clock.time)
    except ValueError:
        return None


def _past(locals_: list[datetime], frame: Frame) -> list[datetime]:
    """Those that are not after the capture in any zone; all where that leaves none."""
    if frame.captured_at is None:
        return locals_
    latest = frame.captured_at + timedelta(days=1)
    return [local for local in locals_ if local <= latest] or locals_


def _ctime(part: Part, frame: Frame) -> Reading | None:
    month, day = part.value("month", "month"), part.number("day")
    time = (part.number("hour"), part.number("minute"), part.number("second"))
    local = datetime(part.number("year"), month, day, *time, tzinfo=UTC)
    return placed(local, "second", part.word("zone") or None, frame)


def _annual(part: Part, frame: Frame) -> Reading | None:
    day = part.within("date", forms.DAYS)
    if day is None:
        return None
    clock = _clock(part)
    month_day = (_month(day[1]), day[1].number("day"))
    # A leap year lets 29 February through where nobody knows the year.
    datetime(2000, *month_day, *clock.time, tzinfo=UTC)
    weekday = next((WORDS[word]["weekday"] for word in part.part_words("week") if _is_weekday(word)), None)
    return _last(clock, month_day, frame, weekday)


def _is_weekday(word: str) -> bool:
    return "weekday" in WORDS.get(word, ())


def _monthly(part: Part, frame: Frame) -> Reading | None:
    month = part.within("date", forms.DAYS)
    if month is None:
        return None
    return placed(datetime(_year(month[1]), _month(month[1]), 1, tzinfo=UTC), "month", None, frame)


def _near(part: Part, frame: Frame) -> Reading | None:
    """A day named from that of the capture, or a weekday: the last one before it."""
    clock = _clock(part)
    is_bare = clock.precision == "day" and "homograph" in WORDS.get(part.word("days"), ())
    if is_bare or (part.has("weekday") and len(part.word("weekday")) < 2):
        return None
    if frame.captured_at is None:
        return Reading(None, clock.precision)
    if part.has("days") and clock.precision == "day":
        return Reading(frame.captured_at - timedelta(days=part.value("days", "day_word")), "day")
    now = frame.captured_at.astimezone(frame.tz)
    hour, minute, second = clock.time
    local = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if part.has("days"):
        local -= timedelta(days=part.value("days", "day_word"))
    else:
        back = (now.isoweekday() - part.value("weekday", "weekday")) % 7
        local -= timedelta(days=back)
        if local > now:
            local -= timedelta(days=7)
    return placed(local.replace(tzinfo=UTC), clock.precision, clock.offset, frame)


def _now(_part: Part, frame: Frame) -> Reading | None:
    return Reading(frame.captured_at, "minute")


def _ago(part: Part, frame: Frame) -> Reading | None:
    """A time before the capture in units, the last of which tells the precision. A few of a unit are not known to it."""
    at: datetime | None = frame.captured_at
    precision: Precision | None = None
    number, is_few = 0, False
    words = part.part_words("span")
    for word in words:
        roles = WORDS.get(word, _NO_ROLES)
        if not number and not is_few:
            number = int(word) if word.isdecimal() else roles.get("count", 0)
            is_few = "few" in roles
            if len(words) == 1:
                number, roles = roles.get("days_long", 1), {"unit": roles.get("lone", 4)}
            else:
                continue
        if unit := roles.get("unit") or roles.get("compact"):
            at, precision = _back(at, number, unit)
            precision = _COARSER[precision] if is_few else precision
            number, is_few = 0, False
    return Reading(at, precision) if precision else None


def _back(at: datetime | None, number: int, unit: int) -> tuple[datetime | None, Precision]:
    if unit >= _MONTH:
        years = unit > _MONTH
        back = at and months_back(at, number * (12 if years else 1))
        return back, "year" if years else "month"
    seconds, precision = _SECONDS[unit - 1]
    return at and at - timedelta(seconds=number * seconds), precision


def _clock(part: Part) -> _Clock:
    """The time of a date. Raises ValueError for one that no clock shows."""
    name = next((each for each in ("after", "pointed", "before") if part.has(each)), None)
    time = part.within(name, forms.CLOCKS) if name else None
    if time is None:
        return _Clock()
    clock = time[1]
    hour = clock.number("hour")
    half = "early" if clock.has("early") else "late"
    if clock.has(half):
        is_late = clock.value(half, "half")
        if not is_late and hour > 12:
            raise ValueError
        hour = hour + 12 if is_late and hour < 12 else hour if is_late else hour % 12
    minute = clock.number("minute") if clock.has("minute") else 0
    second = next((clock.number(each) for each in ("second", "counted") if clock.has(each)), None)
    precision: Precision = "second" if second is not None else "minute" if clock.has("minute") else "hour"
    return _Clock((hour, minute, second or 0), precision, part.word("zone") or part.word("zoned") or None)


_Reader = Callable[[Part, Frame], Reading | None]
_READERS: Final[tuple[_Reader, ...]] = (
    _dated,
    _dated,
    _ctime,
    _dated,
    _annual,
    _monthly,
    _near,
    _near,
    _ago,
    _ago,
    _now,
    _ago,
)
