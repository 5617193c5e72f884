"""Dates as programs print them: ISO 8601 with the suffix of RFC 9557, and RFC 5322."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

from scraper.model.record import Precision
from scraper.page.dates.placing import Frame, Reading, offset_name, offset_of, placed, since_midnight
from scraper.page.home_zones import Zone

_ISO: Final = re.compile(
    r"(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?P<clock>[Tt ]\d{2}:\d{2}(?P<second>:\d{2})?)(?:[.,]\d{1,9})?"
    r"\s?(?P<offset>[Zz]|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|[A-Za-z]{2,5})?"
)
_DIGITS: Final = re.compile(r"\d+")
_RFC5322: Final = re.compile(
    r"(?P<local>(?:[A-Z][a-z]{2},\s)?\d{1,2}\s[A-Z][a-z]{2}\s(?:\d{4}|\d{2})\s\d{2}:\d{2}(?::\d{2})?)\s(?P<offset>[+-]\d{4}|[A-Za-z]{1,5})"
    r"(?:\s\([^()]*\))?"
)
# The suffix of RFC 9557: a zone, then tags; an exclamation mark forbids to pass over what is not understood.
SUFFIXED: Final = re.compile(r"(?P<date>[^\[\]]+)(?P<suffix>(?:\[!?[^\[\]]{1,64}\]){1,8})")
_TAG: Final = re.compile(r"\[(?P<critical>!?)(?:(?P<key>[a-z_][a-z0-9_-]*)=)?(?P<value>[^\[\]]+)\]")
_OFFSET: Final = re.compile(r"[+-]\d{2}:?\d{2}")
# Calendars in which a reader may be shown a date; the date itself is ISO 8601's.
_CALENDARS: Final = re.compile(
    r"iso8601|gregory|buddhist|chinese|coptic|dangi|ethioaa|ethiopic|hebrew|indian|islamic(?:-[a-z]+)?|japanese|persian|roc"
)


def read_iso(text: str, frame: Frame) -> Reading | None:
    """A date and time of ISO 8601, or with a space between the two as databases print it."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    parts = [*map(int, _DIGITS.findall(match["date"])), *map(int, _DIGITS.findall(match["clock"]))]
    year, month, day, hour, minute, second = (*parts, 0)[:6]
    precision: Precision = "second" if match["second"] else "minute"
    local = datetime(year, month, day, tzinfo=UTC) + since_midnight(hour, minute, second)
    return placed(local, precision, match["offset"], frame)


def read_extended(text: str, suffix: str, frame: Frame) -> Reading | None:
    """A date with the suffix of RFC 9557; none where it is critical and not understood, or contradicts a critical zone."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    name, is_critical = "", False
    for position, tag in enumerate(_TAG.finditer(suffix)):
        if tag["key"] is None and position == 0:
            name, is_critical = tag["value"], bool(tag["critical"])
        elif tag["critical"] and not (tag["key"] == "u-ca" and _CALENDARS.fullmatch(tag["value"])):
            return None
    reading = read_iso(text, frame)
    if not name or reading is None or reading.at is None:
        return reading
    stated = _zone_of_name(name)
    if stated is None:
        return reading if match["offset"] and not is_critical else None
    offset = match["offset"]
    if offset is None:
        local = reading.at.astimezone(frame.tz).replace(tzinfo=stated)
        return Reading(local.astimezone(UTC), reading.precision, Zone(name, "stated"))
    # With Z only the moment is known, and the zone contradicts nothing (RFC 9557 section 3.4).
    is_consistent = offset in "Zz" or reading.at.astimezone(stated).utcoffset() == offset_of(
        offset_name(offset) or ""
    )
    if not is_consistent:
        return None if is_critical else reading
    return replace(reading, zone=Zone(name, "stated"))


def _zone_of_name(name: str) -> tzinfo | None:
    if _OFFSET.fullmatch(name):
        return timezone(offset_of(offset_name(name) or ""))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_mail(text: str, frame: Frame) -> Reading | None:
    """A date of RFC 5322."""
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
        return Reading(local, precision, Zone("UTC", "assumed"))
    return placed(local, precision, offset, frame)
