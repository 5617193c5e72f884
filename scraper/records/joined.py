"""The records of several archives as one: of each post the readings from all of them are merged as if one archive had made every visit.

What comes out depends on the visits alone, neither on the order in which the records are given nor on where they lie: visits of one
moment are in the order of their numbers, then of their ids. A visit that several archives have, since one is a copy of another,
counts once.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from scraper.records.history import PostRows, merge
from scraper.records.reading import Departure, Reading
from scraper.records.store import Records
from scraper.records.stored_rows import plain

_Visited = TypeVar("_Visited", Reading, Departure)
# Of the readings of one post those that count, from what all records have.
Selection = Callable[[Sequence[Reading]], Sequence[Reading]]


def _all(readings: Sequence[Reading]) -> Sequence[Reading]:
    return readings


class JoinedRecords:
    """Several ``Records``, to be read as one; each of them is sorted by ``post_id`` on its own, and one post at a time is in memory.

    ``keep_deleted_text`` leaves the texts of what was deleted in the revisions.
    """

    def __init__(self, records: Sequence[Records], *, keep_deleted_text: bool = False) -> None:
        self._records = tuple(records)
        self._keep_deleted_text = keep_deleted_text

    def posts(
        self, selection: Selection = _all, more_departures: Iterable[Departure] = ()
    ) -> Iterator[PostRows]:
        """All rows, post after post by ``post_id``, of the readings that ``selection`` leaves of each; a post of which it leaves none is passed over.

        ``more_departures`` are those that no records have: visits that only what others read tells of which post they were.
        """
        more = sorted(more_departures, key=attrgetter("post_id"))
        streams = (*(records.visited() for records in self._records), more)
        for _, group in groupby(heapq.merge(*streams, key=attrgetter("post_id")), attrgetter("post_id")):
            visited = list(group)
            readings = selection(_once(each for each in visited if isinstance(each, Reading)))
            departures = _once(each for each in visited if isinstance(each, Departure))
            if readings:
                yield merge(readings, departures, keep_deleted_text=self._keep_deleted_text)

    def post_ids(self) -> Iterator[str]:
        """The posts there are, sorted, each once; those that only held runs read are not among them."""
        return (post_id for post_id, _ in groupby(heapq.merge(*(each.post_ids() for each in self._records))))

    def post_count(self) -> int:
        """How many posts ``post_ids`` gives."""
        return sum(1 for _ in self.post_ids())

    def ids_today(self, former: Iterable[str]) -> frozenset[str]:
        """As ``Records.ids_today``; of comments too that have the ids of their site."""
        ids = frozenset(former)
        of_comments = (each.partition("#") for each in ids if "#" in each)
        today = {
            f"{post_id}#{native}"
            for former_post, _, native in of_comments
            for post_id in self._ids_today({former_post})
        }
        return self._ids_today(ids) | today

    def people_called(self, named: Iterable[str]) -> frozenset[str]:
        """As ``Records.people_called``."""
        ids = tuple(named)
        return frozenset[str]().union(*(records.people_called(ids) for records in self._records))

    def former_ids(self, today: str) -> frozenset[str]:
        """As ``Records.former_ids``."""
        return frozenset[str]().union(*(records.former_ids(today) for records in self._records))

    def post_at(self, url: str) -> frozenset[str]:
        """The posts that earlier visits of ``url`` could read."""
        return frozenset(filter(None, (records.post_at(url) for records in self._records)))

    def _ids_today(self, former: Iterable[str]) -> frozenset[str]:
        ids = tuple(former)
        return frozenset[str]().union(*(records.ids_today(ids) for records in self._records))


def _once(visited: Iterable[_Visited]) -> list[_Visited]:
    """Each visit once: of copies the one that shows least, under the lowest of their numbers."""
    chosen: dict[str, _Visited] = {}
    for each in visited:
        other = chosen.get(each.visit_id)
        if other is None:
            chosen[each.visit_id] = each
        else:
            kept = min(each, other, key=_shown)
            chosen[each.visit_id] = replace(kept, sequence=min(each.sequence, other.sequence))
    return list(chosen.values())


def _shown(visited: Reading | Departure) -> tuple[int, int, bytes]:
    if isinstance(visited, Departure):
        return 0, 0, repr(visited).encode()
    return -visited.left_out, len(visited.comments), plain(visited.post, visited.comments)
