"""How long a host is left alone between two requests: pure functions of its pace, the last answer and the time."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from scraper.model.host_events import WaitReason
from scraper.model.stores import HostPace

# Nobody can mean more; it also keeps dates within what datetime can hold.
MAX_RETRY_AFTER: Final = 30 * 24 * 3600.0

_SECONDS: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class PaceRules:
    """The owner's side of the bargain, in seconds and factors.

    ``default_delay`` is the gap where nobody asked for another: thirty pages a minute is about what a reader
    with several tabs asks for. ``least_delay`` bounds what postkeep.toml may shorten it to. A run does not wait
    for a gap beyond ``longest_gap``: the host is left to a later run.
    """

    default_delay: float = 2.0
    least_delay: float = 1.0
    response_factor: float = 2.0
    backoff_factor: float = 2.0
    longest_backoff: float = 3600.0
    recovery_factor: float = 0.75
    longest_gap: float = 3600.0


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What the pace needs to know of an answer. ``status`` is None where none came; times are in seconds."""

    status: int | None
    elapsed: float
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """The least gap to keep to a host, in seconds, and who asks for it: the settings, or robots.txt."""

    seconds: float
    cause: Literal["pace", "crawl-delay"] = "pace"


def own_delay(chosen: float | None, rules: PaceRules, *, is_lifted: bool) -> float:
    """The gap that the owner wants kept, in seconds; ``chosen`` is what postkeep.toml says, None where nothing.

    Only a server that the network settings name as one of ours (``is_lifted``) may be visited faster than
    ``rules.least_delay``.
    """
    if chosen is None:
        chosen = rules.default_delay
    return chosen if is_lifted else max(chosen, rules.least_delay)


def first_pace(host: str, floor: float, now: datetime) -> HostPace:
    """The pace of a host never visited before: it may be asked at once."""
    return HostPace(host, now, floor)


def with_floor(pace: HostPace, floor: float) -> HostPace:
    """The pace once a longer gap is known of, as when robots.txt has just been read: the rest is still owed."""
    if floor <= pace.delay:
        return pace
    allowed = pace.next_allowed_at
    if pace.noted_at is not None:
        allowed = max(allowed, pace.noted_at + timedelta(seconds=floor))
    return replace(pace, delay=floor, next_allowed_at=allowed)


def with_clock_set_back(pace: HostPace, now: datetime) -> HostPace:
    """The pace where the host answered at a time that is yet to come: its whole gap is owed again, from ``now``.

    How long ago that answer was is not known then. So the gap is kept for certain, and no host is left alone for as
    long as the clock was set back by.
    """
    if pace.noted_at is None or pace.noted_at <= now:
        return pace
    return replace(pace, noted_at=now, next_allowed_at=now + (pace.next_allowed_at - pace.noted_at))


def after_answer(
    pace: HostPace, floor: float, answer: AnswerFacts, now: datetime, rules: PaceRules
) -> HostPace:
    """The pace after an answer that ended at ``now``, or after a request that had none.

    The gap is at least ``floor``, a multiple of the time the answer took, and Retry-After. 429, any 5xx and no
    answer double the delay up to ``rules.longest_backoff``; each other answer takes a quarter off again.
    """
    if is_strain(answer.status):
        grown = max(floor, pace.delay, rules.least_delay) * rules.backoff_factor
        delay = max(floor, min(grown, rules.longest_backoff))
        failures = pace.failures + 1
    else:
        delay = max(floor, pace.delay * rules.recovery_factor)
        failures = 0
    gap = max(delay, answer.elapsed * rules.response_factor, answer.retry_after or 0.0)
    return HostPace(pace.host, now + timedelta(seconds=gap), delay, failures, noted_at=now)


def wait_reason(
    pace: HostPace, floor: Floor | None, answer: AnswerFacts | None, rules: PaceRules
) -> WaitReason:
    """Why a host is owed the gap of ``pace``; ``floor`` and ``answer`` are those of its last request in this run, if there was one."""
    gap = pace.delay if pace.noted_at is None else (pace.next_allowed_at - pace.noted_at).total_seconds()
    if answer and (answer.retry_after or 0.0) >= gap:
        return WaitReason("retry-after", gap)
    if pace.failures:
        return WaitReason("errors", gap, pace.failures, answer.status if answer else None)
    if floor is None:
        return WaitReason("earlier", gap)
    if floor.seconds >= gap:
        return WaitReason(floor.cause, floor.seconds)
    if answer and answer.elapsed * rules.response_factor >= gap:
        return WaitReason("slow", gap)
    return WaitReason("errors", gap)


def is_strain(status: int | None) -> bool:
    """Whether an answer shows a host in trouble: 429, any 5xx, or none at all."""
    return status is None or status == 429 or status >= 500


def retry_after(value: str | None, date: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110 section 10.2.3); None where it says nothing.

    A moment is read against the answer's ``date`` header where it has one, since the site's clock wrote both.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MAX_RETRY_AFTER)
    until = _http_date(text)
    if until is None:
        return None
    written_at = _http_date(date or "") or now
    return min(max(0.0, (until - written_at).total_seconds()), MAX_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
