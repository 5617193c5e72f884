"""A figure: what one piece of work costs here, beside a peer, and beside what no program can go below."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """What the same work costs a peer, or what a part of it that nobody can leave out costs alone; same unit, same run."""

    name: str
    cost: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A cost, in ``unit``: less is better, for all three.

    ``note`` says what a reader must know, such as why there is no peer.
    """

    what: str
    unit: str
    ours: float
    peer: Beside | None = None
    limit: Beside | None = None
    note: str = ""


class UnmeasuredError(Exception):
    """The benchmark cannot run here; the sentence says why, and what is missing."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Some figures of one run: ``python -m tests.bench NAME``.

    ``measure`` raises UnmeasuredError where it cannot run.
    """

    name: str
    title: str
    measure: Callable[[], Iterator[Figure]]

    @property
    def command(self) -> str:
        """What gives the figures again."""
        return f"python -m tests.bench {self.name}"
