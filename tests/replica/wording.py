"""How Careerly words dates and numbers on its pages."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SEOUL: Final = ZoneInfo("Asia/Seoul")


def full_date(at: datetime) -> str:
    """Day.js ``LLL`` in Korean: ``2022년 10월 16일 오전 5:44``."""
    half = "오전" if at.hour < 12 else "오후"
    return f"{day_date(at)} {half} {at.hour % 12 or 12}:{at.minute:02}"


def day_date(at: datetime) -> str:
    """``2022년 10월 16일``."""
    return f"{at.year}년 {at.month}월 {at.day}일"


def relative_date(at: datetime, seen_at: datetime) -> str | None:
    """``5시간 전``, ``하루 전``, ``3일 전``, or ``10월 16일`` within the year; None where the full date stands.

    Both are Korean wall-clock times.
    """
    age = seen_at - at
    if age < timedelta(days=1):
        return f"{max(1, age // timedelta(hours=1))}시간 전"
    if age < timedelta(days=2):
        return "하루 전"
    if age <= timedelta(days=7):
        return f"{age.days}일 전"
    return f"{at.month}월 {at.day}일" if at.year == seen_at.year else None


def comment_date(at: datetime, seen_at: datetime | None) -> str:
    """The date of a comment on a page rendered at ``seen_at``; the day where that is None."""
    return (relative_date(at, seen_at) if seen_at else None) or day_date(at)


def count(number: int, *, abbreviated: bool) -> str:
    """``14,757``; abbreviated ``1.5만`` or ``2.5천``."""
    if abbreviated:
        for unit, word in ((10_000, "만"), (1_000, "천")):
            if number >= unit:
                return f"{number / unit:.1f}".removesuffix(".0") + word
    return f"{number:,}"


def count_value(number: int, *, abbreviated: bool) -> int:
    """What can be read back from :func:`count`."""
    if abbreviated and number >= 1_000:
        step = 1_000 if number >= 10_000 else 100
        return int(f"{number / step:.0f}") * step
    return number


def to_utc(at: datetime) -> datetime:
    """A Korean wall-clock time as an aware time in UTC."""
    return at.replace(tzinfo=SEOUL).astimezone(UTC)
