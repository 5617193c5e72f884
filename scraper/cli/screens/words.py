"""Moments, numbers and people as the screens have them."""

from typing import Final

_PSEUDONYM: Final = 8
_LENGTHS: Final = {"year": 4, "month": 7, "day": 10, "hour": 13}
_MINUTE: Final = len("2026-01-05T03:00")


def moment_text(at: str | None, precision: str | None = None) -> str | None:
    """A time of a row as far as it is known, to the minute at most; in UTC."""
    if at is None:
        return None
    text = at[: _LENGTHS.get(precision or "", _MINUTE)].replace("T", " ")
    return f"{text}h" if precision == "hour" else text


def day_text(at: str | None, precision: str | None = None) -> str | None:
    """The day of a time of a row, or as much of it as is known."""
    return None if at is None else at[: min(_LENGTHS.get(precision or "", 10), 10)]


def author_text(name: str | None, author_id: str | None) -> str:
    """A person: the name where names are kept, else the beginning of the pseudonym."""
    return name or (author_id[:_PSEUDONYM] if author_id else "unknown")


def counted(number: int, thing: str, things: str | None = None) -> str:
    """``1 post``, ``1,240 posts``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
