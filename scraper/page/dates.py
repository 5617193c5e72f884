"""Dates as pages print them, absolute and relative, placed in time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

from scraper.model.record import Moment, Precision, ZoneBasis
from scraper.page.characters import plain

_LONGEST: Final = 64
# What every date has one of: most texts that are asked about are none, and this tells so at once.
_TELLING: Final = re.compile(r"\d|전|오늘|어제|그제|그저께|방금|지금|just now")
_CLOCK: Final = (
    r"(?:(?P<half>오전|오후|AM|PM|am|pm)\s?)?"
    r"(?P<hour>\d{1,2})(?::|시\s?)(?P<minute>\d{2}|\d(?=분))?분?(?::?\s?(?P<second>\d{2})초?)?(?:\s?(?P<late>AM|PM|am|pm))?"
)
_WEEKDAY: Final = r"(?:\s?\(?[월화수목금토일](?:요일)?\)?)?"
_KOREAN: Final = re.compile(
    rf"(?:(?P<year>\d{{4}})년\s?)?(?P<month>\d{{1,2}})월(?:\s?(?P<day>\d{{1,2}})일{_WEEKDAY}(?:,?\s?{_CLOCK})?)?"
)
_NUMERIC: Final = re.compile(
    r"(?P<year>\d{4})(?P<mark>[.\-/])\s?(?P<month>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})\.?"
    rf"{_WEEKDAY}(?:[T,]?\s?{_CLOCK}(?:[.,]\d{{1,9}})?\s?(?P<offset>Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}}|[+-]\d{{2}})?)?"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH: Final = re.compile(
    rf"(?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}}\.?\s(?P<day>\d{{1,2}})[.,]?\s(?P<year>\d{{4}})(?:,?\s{_CLOCK})?"
)
_RFC2822: Final = re.compile(
    r"(?:[A-Z][a-z]{2},\s)?\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\s\d{2}:\d{2}(?::\d{2})?\s(?:[+-]\d{4}|[A-Z]{1,3})"
)
_AGO: Final = re.compile(
    r"(?:약\s?)?(?P<number>\d{1,4}|한|두|세|네|일|몇)?\s?(?P<unit>초|분|시간|일|주일|주|개월|달|년|해)\s?전"
)
_YESTERDAY: Final = re.compile(rf"(?P<word>오늘|어제|그제|그저께)(?:\s{_CLOCK})?")
_NOW: Final = re.compile(r"방금(?:\s?전)?|지금|조금\s?전|just now")
_WORDS: Final = {"한": 1, "일": 1, "두": 2, "세": 3, "네": 4, "몇": 0}
_DAY_WORDS: Final = {
    "하루": "1일",
    "이틀": "2일",
    "사흘": "3일",
    "나흘": "4일",
    "열흘": "10일",
    "일주일": "1주",
}
# What dates are written in, so that a sentence is none at its first other letter.
_FORMS_WORDS: Final = "".join(
    (*_DAY_WORDS, *(form.pattern for form in (_KOREAN, _NUMERIC, _AGO, _YESTERDAY, _NOW)))
)
_CHARACTERS: Final = re.compile(rf"[ -~\d\s{''.join(sorted(set(filter(str.isalpha, _FORMS_WORDS))))}]*")
_DAYS_BACK: Final = {"오늘": 0, "어제": 1, "그제": 2, "그저께": 2}
_SECONDS: Final[dict[str, tuple[int, Precision]]] = {
    "초": (1, "second"),
    "분": (60, "minute"),
    "시간": (3600, "hour"),
    "일": (86400, "day"),
    "주": (7 * 86400, "month"),
    "주일": (7 * 86400, "month"),
}


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone that dates without one of their own are in, and how that is known."""

    name: str
    basis: ZoneBasis


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a form is read against."""

    zone: Zone
    captured_at: datetime | None

    @property
    def tz(self) -> tzinfo:
        return ZoneInfo(self.zone.name)


@dataclass(frozen=True, slots=True)
class _Reading:
    at: datetime | None
    precision: Precision
    stated_zone: str | None = None


def read_date(raw: str, zone: Zone, captured_at: datetime | None) -> Moment | None:
    """The moment that ``raw`` names; None where ``raw`` is no date in any form we know.

    A relative form (``3일 전``) or one without a year (``10월 16일``) is placed before ``captured_at``; without
    one, ``at`` is None and the form alone is kept. Dates without an offset of their own are in ``zone``.
    Weeks are precise to the month, days counted back to the day.
    """
    text = plain(raw[:_LONGEST])
    if len(raw) > _LONGEST or not may_hold_date(text) or _CHARACTERS.fullmatch(text) is None:
        return None
    frame = _Frame(zone, captured_at)
    reading = next((found for form in _FORMS if (found := _guarded(form, text, frame))), None)
    if reading is None:
        return None
    stated = reading.stated_zone
    return Moment(
        raw=raw.strip(),
        at=reading.at,
        zone=stated or zone.name,
        zone_basis="stated" if stated else zone.basis,
        precision=reading.precision,
    )


def may_hold_date(text: str) -> bool:
    """Whether a plain text has any of what every date has one of."""
    return _TELLING.search(text) is not None


def is_date(raw: str) -> bool:
    """Whether ``raw`` is, as a whole, a date in a form we know."""
    return read_date(raw, _ANY_ZONE, None) is not None


_ANY_ZONE: Final = Zone("UTC", "assumed")
_Form = Callable[[str, _Frame], "_Reading | None"]


def _guarded(form: _Form, text: str, frame: _Frame) -> _Reading | None:
    try:
        return form(text, frame)
    except (ValueError, OverflowError):
        # A 30th of February, or a year that no calendar has: the form of a date, but no date.
        return None


def _korean(text: str, frame: _Frame) -> _Reading | None:
    match = _KOREAN.fullmatch(text)
    if match is None or (match["year"] is None and match["day"] is None):
        return None
    clock, precision = _clock(match)
    month, day = int(match["month"]), int(match["day"] or 1)
    if match["day"] is None:
        precision = "month"
    if match["year"]:
        local = datetime(int(match["year"]), month, day, *clock, tzinfo=frame.tz)
        return _Reading(local.astimezone(UTC), precision)
    # A leap year lets 29 February through where nobody knows the year.
    datetime(2000, month, day, *clock, tzinfo=UTC)
    if frame.captured_at is None:
        return _Reading(None, precision)
    now = frame.captured_at.astimezone(frame.tz)
    return _Reading(_latest_before(now, (month, day), clock), precision)


def _latest_before(now: datetime, month_day: tuple[int, int], clock: tuple[int, int, int]) -> datetime | None:
    for year in range(now.year, now.year - 8, -1):
        try:
            local = datetime(year, *month_day, *clock, tzinfo=now.tzinfo)
        except ValueError:
            continue
        if local <= now:
            return local.astimezone(UTC)
    return None


def _numeric(text: str, frame: _Frame) -> _Reading | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    clock, precision = _clock(match)
    offset = match["offset"]
    stated = _offset_name(offset) if offset else None
    date = (int(match["year"]), int(match["month"]), int(match["day"]))
    if stated is None:
        return _Reading(datetime(*date, *clock, tzinfo=frame.tz).astimezone(UTC), precision)
    local = datetime(*date, *clock, tzinfo=UTC)
    return _Reading(local - _offset(stated), precision, stated)


def _english(text: str, frame: _Frame) -> _Reading | None:
    match = _ENGLISH.fullmatch(text)
    if match is None or match["name"].lower() not in _MONTHS:
        return None
    clock, precision = _clock(match)
    month = _MONTHS.index(match["name"].lower()) + 1
    local = datetime(int(match["year"]), month, int(match["day"]), *clock, tzinfo=frame.tz)
    return _Reading(local.astimezone(UTC), precision)


def _rfc2822(text: str, _frame: _Frame) -> _Reading | None:
    if _RFC2822.fullmatch(text) is None:
        return None
    at = parsedate_to_datetime(text)
    # RFC 2822 section 3.3: -0000 is a time in UTC that says nothing about the local zone.
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    offset = aware.strftime("%z")
    return _Reading(
        aware.astimezone(UTC), "second" if text.count(":") == 2 else "minute", _offset_name(offset)
    )


def _ago(text: str, frame: _Frame) -> _Reading | None:
    for word, digits in _DAY_WORDS.items():
        if text.startswith(word):
            text = digits + text[len(word) :]
    match = _AGO.fullmatch(text)
    if match is None or match["number"] is None:
        return None
    number = int(match["number"]) if match["number"].isdigit() else _WORDS[match["number"]]
    if match["unit"] in _SECONDS:
        seconds, precision = _SECONDS[match["unit"]]
        at = frame.captured_at and frame.captured_at - timedelta(seconds=number * seconds)
        return _Reading(at, "minute" if match["number"] == "몇" else precision)
    years = match["unit"] in {"년", "해"}
    at = frame.captured_at and _months_back(frame.captured_at, number * (12 if years else 1))
    return _Reading(at, "year" if years else "month")


def _yesterday(text: str, frame: _Frame) -> _Reading | None:
    match = _YESTERDAY.fullmatch(text)
    if match is None:
        return None
    clock, precision = _clock(match)
    if frame.captured_at is None:
        return _Reading(None, precision)
    then = frame.captured_at - timedelta(days=_DAYS_BACK[match["word"]])
    if precision == "day":
        return _Reading(then, precision)
    local = then.astimezone(frame.tz)
    at = local.replace(hour=clock[0], minute=clock[1], second=clock[2], microsecond=0)
    return _Reading(at.astimezone(UTC), precision)


def _now(text: str, frame: _Frame) -> _Reading | None:
    return _Reading(frame.captured_at, "minute") if _NOW.fullmatch(text) else None


_FORMS: Final[tuple[_Form, ...]] = (_korean, _numeric, _ago, _yesterday, _now, _rfc2822, _english)


def _clock(match: re.Match[str]) -> tuple[tuple[int, int, int], Precision]:
    if match["hour"] is None:
        return (0, 0, 0), "day"
    hour, half = int(match["hour"]), (match["half"] or match["late"] or "").lower()
    if half in {"오전", "am"}:
        if hour > 12:
            raise ValueError
        hour %= 12
    elif half in {"오후", "pm"} and hour < 12:
        hour += 12
    precision: Precision = "second" if match["second"] else "minute" if match["minute"] else "hour"
    return (hour, int(match["minute"] or 0), int(match["second"] or 0)), precision


def _offset_name(offset: str) -> str:
    if offset in {"Z", "UTC", "GMT"}:
        return "UTC"
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return "UTC" if digits == "0000" else f"{offset[0]}{digits[:2]}:{digits[2:]}"


def _offset(name: str) -> timedelta:
    if name == "UTC":
        return timedelta()
    size = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
    return -size if name[0] == "-" else size


def _months_back(at: datetime, months: int) -> datetime:
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError
