"""When a post is looked at again: pure functions of what earlier looks found, and of the time.

A change halves the interval and a look without one doubles it, within bounds: the scheduler of Cho and Garcia-Molina,
"Effective page refresh policies for web crawlers" (2003), in its simplest form. Numbers move with every reader, so they
alone neither halve nor double: then the age of the post sets the interval, as it does after the first look.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

# changed: words, comments or status; counted: numbers alone; same: neither; withheld: the words were not to be seen;
# nothing: no answer, or none that is of the post.
Change = Literal["changed", "counted", "same", "withheld", "nothing"]

# A post is looked at again when it is older by a part of its age.
_AGE_PART: Final = 8
# Due times come earlier by up to this part of the interval, so that what was first seen together drifts apart. Never
# later: at the longest interval all of them would be due on one day.
_SPREAD: Final = 1 / 4
_MOST_MISSES: Final = 30


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time between two looks at one post."""

    shortest: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=90)

    def clamp(self, interval: timedelta) -> timedelta:
        """``interval``, brought within the bounds."""
        return min(max(interval, self.shortest), self.longest)


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a post: when, in UTC, and what had changed against the one before."""

    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Where a post stands: its last look, the interval that followed from all of them, and looks in vain since."""

    at: datetime
    interval: timedelta
    misses: int = 0


def first_rhythm(look: Observation, published_at: datetime | None, bounds: Bounds) -> Rhythm:
    """The rhythm after the first look; a post of unknown age is taken for a new one."""
    misses = 1 if look.change == "nothing" else 0
    return Rhythm(_utc(look.at), bounds.clamp(_part_of_age(look.at, published_at)), misses)


def next_rhythm(rhythm: Rhythm, look: Observation, published_at: datetime | None, bounds: Bounds) -> Rhythm:
    """The rhythm after one more look."""
    if look.change == "nothing":
        return replace(rhythm, at=_utc(look.at), misses=min(rhythm.misses + 1, _MOST_MISSES))
    interval = rhythm.interval
    if look.change == "changed":
        interval /= 2
    elif look.change == "same":
        interval *= 2
    elif look.change == "counted":
        interval = max(interval, _part_of_age(look.at, published_at))
    return Rhythm(_utc(look.at), bounds.clamp(interval))


def rhythm_of(looks: Iterable[Observation], published_at: datetime | None, bounds: Bounds) -> Rhythm:
    """The rhythm after all looks, in the order in which they were made.

    Raises:
        ValueError: there are none.
    """
    rhythm: Rhythm | None = None
    for look in looks:
        rhythm = (
            next_rhythm(rhythm, look, published_at, bounds)
            if rhythm
            else first_rhythm(look, published_at, bounds)
        )
    if rhythm is None:
        raise ValueError("a post that was never looked at has no rhythm")
    return rhythm


def due_interval(rhythm: Rhythm, post_id: str, bounds: Bounds) -> timedelta:
    """How long after its last look the post is due; after looks in vain sooner, then ever later.

    Each post has its own lot in the spread, always the same.
    """
    interval = rhythm.interval
    if rhythm.misses:
        interval = bounds.clamp(bounds.shortest * 2 ** (rhythm.misses - 1))
    lot = int.from_bytes(sha256(post_id.encode()).digest()[:4]) / 2**32
    return bounds.clamp(interval * (1 - _SPREAD * lot))


def due_at(rhythm: Rhythm, post_id: str, now: datetime, bounds: Bounds) -> datetime:
    """When the post is due.

    A look that lies further ahead of ``now`` than one interval was made by a clock that was wrong: the post is due now,
    rather than when that time comes.
    """
    interval = due_interval(rhythm, post_id, bounds)
    now, at = _utc(now), _utc(rhythm.at)
    return now if at > now + interval else at + interval


def overdue(due: datetime, interval: timedelta, now: datetime) -> float:
    """For how many of its own intervals a post has been due. The most overdue goes first.

    It grows without end while a post waits, so each comes to its turn however small the budget is; where the budget is
    too small for all, all are late by the same factor.
    """
    return (_utc(now) - _utc(due)) / interval


def _part_of_age(at: datetime, published_at: datetime | None) -> timedelta:
    return (_utc(at) - _utc(published_at)) / _AGE_PART if published_at else timedelta()


def _utc(at: datetime) -> datetime:
    """``at`` in UTC: in a zone with daylight saving time, sums and differences are those of the clock on the wall."""
    return at.astimezone(UTC)
