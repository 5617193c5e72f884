"""The items of a run over any number of targets: on disk, in the order in which the report has them."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import overload

from scraper.archive.scratch import Scratch
from scraper.model.outcome import Item


class Stage(IntEnum):
    """The parts of a run, in the order in which a report speaks of them."""

    NAMED = 0
    LISTS = 1
    VISITS = 2
    AFTERWARDS = 3


class Items(Sequence[Item]):
    """Items by stage and by number within it; those of one number in the order in which they came."""

    def __init__(self) -> None:
        self._count = 0
        self._scratch = Scratch(
            "CREATE TABLE items (stage, number, serial, target, outcome, post_id, reason, "
            "PRIMARY KEY (stage, number, serial)) WITHOUT ROWID"
        )

    def add(self, item: Item, stage: Stage, number: int = 0) -> None:
        """Take in an item.

        Raises:
            StopError: there is no room for it.
        """
        self._scratch.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)",
            stage, number, self._count, item.target, item.outcome, item.post_id, item.reason,
        )  # fmt: skip
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Item]:
        return self._read(0, self._count)

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        return next(self._read(range(self._count)[index], 1))

    def _read(self, first: int, count: int) -> Iterator[Item]:
        rows = self._scratch.rows(
            "SELECT target, outcome, post_id, reason FROM items ORDER BY stage, number, serial LIMIT ? OFFSET ?",
            count,
            first,
        )
        return (Item(*row) for row in rows)
