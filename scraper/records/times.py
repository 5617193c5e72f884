"""Times as rows carry them: RFC 3339 in UTC with ``Z``, as ``2022-10-15T20:44:00Z``.

A fraction of a second stands only where it is not zero, so every instant has one spelling.
"""

from datetime import UTC, datetime


def time_text(at: datetime) -> str:
    """``at``, which must be aware, as a row carries it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """The aware UTC time that a row's text means.

    Raises:
        ValueError: ``text`` is not a time as rows carry it.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is not UTC or time_text(at) != text:
        raise ValueError(f"{text!r} is not a time in UTC such as 2022-10-15T20:44:00Z")
    return at


def is_time(value: object) -> bool:
    """Whether ``value`` is a time as rows carry it; true of anything that is no text, as JSON Schema asks."""
    if not isinstance(value, str):
        return True
    try:
        parse_time(value)
    except ValueError:
        return False
    return True
