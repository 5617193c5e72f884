"""Three years of nightly runs over 10,000 posts, by the revisit policy itself and a virtual clock."""

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scraper.jobs.refresh.rhythm import Bounds, Change, Observation, Rhythm, due_at, first_rhythm, next_rhythm
from tests.bench.unattended.life import CHANGES, DAY, READERS, happened
from tests.bench.unattended.nights import Kind

POSTS: Final = 10_000
NIGHTS: Final = 3 * 365
NEW_A_NIGHT: Final = 5
START: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
_OLDEST_DAYS: Final = 5 * 365


@dataclass(frozen=True, slots=True)
class SimulatedNight:
    """What one run visited: how many of each kind, and which posts were new, changed or counted."""

    number: int
    visits: Counter[Kind]
    new: tuple[int, ...]
    changed: tuple[int, ...]
    counted: tuple[int, ...]


class Simulation:
    """The posts, numbered by age from the oldest, each with its rhythm."""

    def __init__(self, seed: int, bounds: Bounds) -> None:
        self._chance = random.Random(seed)
        self._bounds = bounds
        ages = sorted((self._chance.random() * _OLDEST_DAYS for _ in range(POSTS)), reverse=True)
        self.published = [START - age * DAY for age in ages]
        self._rhythms = [first_rhythm(Observation(START, "same"), at, bounds) for at in self.published]
        self._due = [(self._due_at(number), number) for number in range(POSTS)]
        heapq.heapify(self._due)

    def nights(self, count: int = NIGHTS) -> Iterator[SimulatedNight]:
        """So many nights, one after the other."""
        for number in range(1, count + 1):
            yield self._night(number, START + number * DAY)

    def _night(self, number: int, now: datetime) -> SimulatedNight:
        visits: dict[Kind, list[int]] = {"new": [], "changed": [], "counted": [], "same": []}
        while self._due and self._due[0][0] <= now:
            _, post = heapq.heappop(self._due)
            found = self._found(post, now)
            self._rhythms[post] = next_rhythm(
                self._rhythms[post], Observation(now, found), self.published[post], self._bounds
            )
            heapq.heappush(self._due, (self._due_at(post), post))
            visits["changed" if found == "changed" else "counted" if found == "counted" else "same"].append(
                post
            )
        for _ in range(NEW_A_NIGHT):
            visits["new"].append(self._publish(now - self._chance.random() * DAY, now))
        counts: Counter[Kind] = Counter({kind: len(posts) for kind, posts in visits.items()})
        return SimulatedNight(
            number, counts, tuple(visits["new"]), tuple(visits["changed"]), tuple(visits["counted"])
        )

    def _publish(self, published: datetime, now: datetime) -> int:
        post = len(self.published)
        self.published.append(published)
        self._rhythms.append(first_rhythm(Observation(now, "same"), published, self._bounds))
        heapq.heappush(self._due, (self._due_at(post), post))
        return post

    def _found(self, post: int, now: datetime) -> Change:
        since, published = self._rhythms[post].at, self.published[post]
        if happened(CHANGES, published, since, now, self._chance):
            return "changed"
        return "counted" if happened(READERS, published, since, now, self._chance) else "same"

    def _due_at(self, post: int) -> datetime:
        rhythm: Rhythm = self._rhythms[post]
        return due_at(rhythm, str(post), rhythm.at, self._bounds)


def every_night(seed: int, bounds: Bounds) -> tuple[list[SimulatedNight], list[datetime]]:
    """All nights of three years, and when each post was published."""
    simulation = Simulation(seed, bounds)
    return list(simulation.nights()), simulation.published
