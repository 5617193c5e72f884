"""Which posts a refresh visits, and in which order: from what every earlier visit to them came to, and the clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import TypeVar

from scraper.archive.read import ArchiveReader
from scraper.jobs.refresh.rhythm import (
    Bounds,
    Change,
    Observation,
    Rhythm,
    due_at,
    due_interval,
    overdue,
    rhythm_of,
)
from scraper.records.looks import Look
from scraper.settings import Settings

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class VisitedPost:
    """A post that the archive has visited: how its last live look went, and the rhythm that follows from all of them."""

    post_id: str
    last_visit: str
    last_change: Change
    is_gone: bool
    rhythm: Rhythm

    def is_due(self, now: datetime, bounds: Bounds) -> bool:
        """Whether the post is to be visited now."""
        return self.due_at(now, bounds) <= now

    def due_at(self, now: datetime, bounds: Bounds) -> datetime:
        """When the post is due."""
        return due_at(self.rhythm, self.post_id, now, bounds)

    def overdue(self, now: datetime, bounds: Bounds) -> float:
        """For how many of its own intervals the post has been due."""
        return overdue(self.due_at(now, bounds), self.interval(bounds), now)

    def interval(self, bounds: Bounds) -> timedelta:
        """How long after its last look the post is due."""
        return due_interval(self.rhythm, self.post_id, bounds)


def bounds_of(settings: Settings) -> Bounds:
    """The bounds of the revisit policy that the settings give."""
    return Bounds(settings.refresh.shortest, settings.refresh.longest)


def visited_posts(looks: Iterable[Look], archive: ArchiveReader, bounds: Bounds) -> Iterator[VisitedPost]:
    """Every post that its site itself was asked for at least once; ``looks`` are by post, in the order of the visits.

    A post known from imports alone is none: nobody has asked for it to be visited.
    """
    for post_id, its_looks in groupby(looks, key=attrgetter("post_id")):
        post = _visited_post(post_id, [look for look in its_looks if look.is_live], archive, bounds)
        if post is not None:
            yield post


def due_posts(posts: Iterable[VisitedPost], now: datetime, bounds: Bounds) -> list[VisitedPost]:
    """Those that are due, the most overdue first."""
    due = [post for post in posts if post.is_due(now, bounds)]
    return sorted(due, key=lambda post: (-post.overdue(now, bounds), post.post_id))


def in_turn(one: Sequence[_T], other: Sequence[_T]) -> list[_T]:
    """The items of both, one of each in turn: so that neither new posts nor known ones can take a whole budget."""
    return [item for pair in zip_longest(one, other) for item in pair if item is not None]


def _visited_post(
    post_id: str, looks: Sequence[Look], archive: ArchiveReader, bounds: Bounds
) -> VisitedPost | None:
    published_at = next((look.published_at for look in reversed(looks) if look.published_at), None)
    results = list(_results(looks))
    times = (look.at or _begun_at(look, archive) for look in looks)
    dated = [Observation(at, what) for what, at in zip(results, times, strict=True) if at]
    if not dated:
        return None
    rhythm = rhythm_of(dated, published_at, bounds)
    return VisitedPost(post_id, looks[-1].visit_id, results[-1], looks[-1].kind == "gone", rhythm)


def _results(looks: Iterable[Look]) -> Iterator[Change]:
    """What each look found against those before it."""
    words: str | None = None
    numbers: str | None = None
    for look in looks:
        yield _result(look, words, numbers)
        words, numbers = look.words or words, look.numbers or numbers


def _begun_at(look: Look, archive: ArchiveReader) -> datetime | None:
    """When a visit that made no capture began."""
    cost = archive.visit_cost(look.visit_id)
    return cost.begun_at if cost else None


def _result(look: Look, words: str | None, numbers: str | None) -> Change:
    """What a look found against the words and numbers that were last seen."""
    if look.kind == "nothing":
        return "nothing"
    if look.words is None:
        return "withheld"
    if look.words != words:
        return "changed"
    return "same" if look.numbers in {numbers, None} else "counted"
