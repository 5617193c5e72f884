"""What became of each target of one run: on disk, so that there may be any number of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

from scraper.jobs.scratch import Scratch
from scraper.model.outcome import Item

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS items (
  stage, number, serial, target, outcome, post_id, reason, PRIMARY KEY (stage, number, serial)
) WITHOUT ROWID;
"""


class Items(Sequence[Item]):
    """Items by stage of the run and by number within it; those of one number in the order in which they came.

    ``scratch`` may be one that has other tables of the run too.
    """

    def __init__(self, items: Iterable[Item] = (), scratch: Scratch | None = None) -> None:
        self._count = 0
        self._scratch = scratch or Scratch("")
        self._scratch.execute(_TABLE)
        self.extend(items)

    def add(self, item: Item, stage: int = 0, number: int = 0) -> None:
        """Take in an item.

        Raises:
            StopError: there is no room for it.
        """
        self._scratch.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)",
            stage, number, self._count, item.target, item.outcome, item.post_id, item.reason,
        )  # fmt: skip
        self._count += 1

    def extend(self, items: Iterable[Item]) -> None:
        """Take in items of no stage, in their order."""
        for item in items:
            self.add(item)

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
