"""Dates as pages print them, absolute and relative, placed in time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import partial
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
    rf"{_WEEKDAY}(?:[Tt,]?\s?{_CLOCK}(?:[.,]\d{{1,9}})?\s?(?P<offset>[Zz]|(?:UTC|GMT)?[+-]\d{{2}}(?::?\d{{2}})?|[A-Za-z]{{2,5}})?)?"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH: Final = re.compile(
    rf"(?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}}\.?\s(?P<day>\d{{1,2}})[.,]?\s(?P<year>\d{{4}})(?:,?\s{_CLOCK}(?:\s(?P<offset>[A-Z]{{2,5}}))?)?"
)
_RFC5322: Final = re.compile(
    r"(?P<local>(?:[A-Z][a-z]{2},\s)?\d{1,2}\s[A-Z][a-z]{2}\s(?:\d{4}|\d{2})\s\d{2}:\d{2}(?::\d{2})?)\s(?P<offset>[+-]\d{4}|[A-Za-z]{1,5})"
    r"(?:\s\([^()]*\))?"
)
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
# The suffix of RFC 9557: a zone, then tags; an exclamation mark forbids to pass over what is not understood.
_SUFFIXED: Final = re.compile(r"(?P<date>[^\[\]]+)(?P<suffix>(?:\[!?[^\[\]]{1,64}\]){1,8})")
_TAG: Final = re.compile(r"\[(?P<critical>!?)(?:(?P<key>[a-z_][a-z0-9_-]*)=)?(?P<value>[^\[\]]+)\]")
_OFFSET: Final = re.compile(r"[+-]\d{2}:?\d{2}")
# Calendars in which a reader may be shown a date; the date itself is ISO 8601's.
_CALENDARS: Final = re.compile(
    r"iso8601|gregory|buddhist|chinese|coptic|dangi|ethioaa|ethiopic|hebrew|indian|islamic(?:-[a-z]+)?|japanese|persian|roc"
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
    zone: Zone | None = None


def read_date(raw: str, zone: Zone, captured_at: datetime | None) -> Moment | None:
    """The moment that ``raw`` names; None where ``raw`` is no date in any form we know.

    A relative form (``3일 전``) or one without a year (``10월 16일``) is placed before ``captured_at``; without
    one, ``at`` is None and the form alone is kept. Dates without an offset of their own are in ``zone``.
    Weeks are precise to the month, days counted back to the day.
    """
    suffixed = _SUFFIXED.fullmatch(raw.strip()) if "[" in raw else None
    text = plain((suffixed["date"] if suffixed else raw)[: _LONGEST + 1])
    if len(text) > _LONGEST or not may_hold_date(text) or _CHARACTERS.fullmatch(text) is None:
        return None
    frame = _Frame(zone, captured_at)
    forms: Sequence[_Form] = [partial(_extended, suffix=suffixed["suffix"])] if suffixed else _FORMS
    reading = next((each for form in forms if (each := _guarded(form, text, frame))), None)
    if reading is None:
        return None
    placed = reading.zone or zone
    return Moment(raw.strip(), reading.at, placed.name, placed.basis, reading.precision)


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
    date = (int(match["year"]), int(match["month"]), int(match["day"]))
    return _placed(datetime(*date, tzinfo=UTC) + _since_midnight(*clock), precision, match["offset"], frame)


def _since_midnight(hour: int, minute: int, second: int) -> timedelta:
    """A time of day; 24:00 is the end of its day (ISO 8601), and a leap second the start of the next minute (as in POSIX)."""
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 60:
        raise ValueError
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _placed(local: datetime, precision: Precision, offset: str | None, frame: _Frame) -> _Reading:
    """The moment of a local time by the offset or the word for a zone behind it, or by the zone of the page.

    A word that RFC 5322 does not define tells no offset, least of all 0.
    """
    stated = _offset_name(offset) if offset else None
    if stated is None:
        return _Reading(local.replace(tzinfo=frame.tz).astimezone(UTC), precision)
    return _Reading(local - _offset(stated), precision, Zone(stated, "stated"))


def _extended(text: str, frame: _Frame, suffix: str) -> _Reading | None:
    """A date with the suffix of RFC 9557; none where it is critical and not understood, or contradicts a critical zone."""
    match = _NUMERIC.fullmatch(text)
    if match is None or match["hour"] is None:
        return None
    name, is_critical = "", False
    for position, tag in enumerate(_TAG.finditer(suffix)):
        if tag["key"] is None and position == 0:
            name, is_critical = tag["value"], bool(tag["critical"])
        elif tag["critical"] and not (tag["key"] == "u-ca" and _CALENDARS.fullmatch(tag["value"])):
            return None
    reading = _numeric(text, frame)
    if not name or reading is None or reading.at is None:
        return reading
    stated = _zone_of_name(name)
    if stated is None:
        return reading if match["offset"] and not is_critical else None
    offset = match["offset"]
    if offset is None:
        local = reading.at.astimezone(frame.tz).replace(tzinfo=stated)
        return _Reading(local.astimezone(UTC), reading.precision, Zone(name, "stated"))
    # With Z only the moment is known, and the zone contradicts nothing (RFC 9557 section 3.4).
    is_consistent = offset in "Zz" or reading.at.astimezone(stated).utcoffset() == _offset(
        _offset_name(offset) or ""
    )
    if not is_consistent:
        return None if is_critical else reading
    return replace(reading, zone=Zone(name, "stated"))


def _zone_of_name(name: str) -> tzinfo | None:
    if _OFFSET.fullmatch(name):
        return timezone(_offset(_offset_name(name) or ""))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _english(text: str, frame: _Frame) -> _Reading | None:
    match = _ENGLISH.fullmatch(text)
    if match is None or match["name"].lower() not in _MONTHS:
        return None
    clock, precision = _clock(match)
    month = _MONTHS.index(match["name"].lower()) + 1
    local = datetime(int(match["year"]), month, int(match["day"]), *clock, tzinfo=UTC)
    return _placed(local, precision, match["offset"], frame)


def _rfc5322(text: str, frame: _Frame) -> _Reading | None:
    match = _RFC5322.fullmatch(text)
    if match is None:
        return None
    precision: Precision = "second" if match["local"].count(":") == 2 else "minute"
    is_leap = precision == "second" and match["local"].endswith(":60")
    local = parsedate_to_datetime(f"{match['local'][:-2]}59 +0000" if is_leap else f"{match['local']} +0000")
    local += timedelta(seconds=is_leap)
    offset = match["offset"].upper()
    if len(offset) == 1 and offset not in {"Z", "J"}:
        # Section 4.3: as -0000, which is a time in UTC that says nothing about the local zone.
        return _Reading(local, precision, Zone("UTC", "assumed"))
    return _placed(local, precision, offset, frame)


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


_FORMS: Final[tuple[_Form, ...]] = (_korean, _numeric, _ago, _yesterday, _now, _rfc5322, _english)


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


def _offset_name(offset: str) -> str | None:
    """An offset in one spelling; None for a word that tells none."""
    offset = offset.upper()
    if offset.isalpha():
        return _ZONE_WORDS.get(offset)
    offset = offset.removeprefix("UTC").removeprefix("GMT")
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if digits > "2359" or digits[2:] > "59":
        raise ValueError
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
