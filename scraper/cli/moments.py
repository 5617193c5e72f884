"""Moments and what is chosen by them, as they stand on the command line."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from scraper.errors import UsageError
from scraper.jobs.imports.selection import Selection
from scraper.model.url import host_of

_DURATION: Final = re.compile(r"(?P<number>[1-9][0-9]{0,5})(?P<unit>[mhd])")
# What stands in URLs, patterns and addresses with a port, but in no host.
_NO_HOST: Final = re.compile(r"\A\s*\.|[/?#@*\\]|:\d*\s*\Z")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_duration(option: str, text: str) -> timedelta:
    """The duration in ``text``: a whole number of minutes, hours or days, ``90m``, ``48h``, ``7d``.

    Raises:
        UsageError: it is anything else.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{option} {text}: write it as a whole number of minutes, hours or days, such as 90m, 48h or 7d."
        )
    return int(match["number"]) * _UNITS[match["unit"]]


def read_moment(option: str, text: str) -> datetime:
    """The moment in ``text``, in UTC.

    Raises:
        UsageError: it is no ISO 8601 time, or has no zone.
    """
    try:
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{option} {text}: write it as an ISO 8601 time, such as 2023-05-01T09:00:00+09:00."
        raise UsageError(message) from error
    if moment.tzinfo is None:
        raise UsageError(f"{option} {text}: add time and zone, such as 2023-05-01T09:00:00+09:00.")
    return in_utc


def read_selection(
    hosts: Sequence[str], patterns: Sequence[str], since: str | None, until: str | None
) -> Selection:
    """What ``--host``, ``--match``, ``--since`` and ``--until`` choose; a day without a time begins at midnight UTC.

    Raises:
        UsageError: a value is no host, or no day and no time.
    """
    return Selection(
        hosts=tuple(map(_host, hosts)),
        patterns=tuple(patterns),
        since=None if since is None else _day_or_moment("--since", since),
        until=None if until is None else _day_or_moment("--until", until),
    )


def _host(text: str) -> str:
    """A host in the spelling that URLs have it in: Punycode, small letters, no dot behind it."""
    host = "" if _NO_HOST.search(text) else host_of(f"https://{text.strip()}/").rstrip(".")
    if not host:
        raise UsageError(
            f"--host {text} is no host. Write one such as example.org, which chooses the hosts below it too; --match chooses by URL."
        )
    return host


def _day_or_moment(option: str, text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, UTC)
    except ValueError:
        return read_moment(option, text)
