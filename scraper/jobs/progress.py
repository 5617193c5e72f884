"""How a job tells whoever watches what it does; ``cli`` draws it, tests collect it."""

from dataclasses import dataclass
from typing import Protocol

from scraper.model.outcome import Item


class Progress(Protocol):
    """The watcher of one job."""

    def expect(self, total: int, doing: str) -> None:
        """The job has ``total`` items before it; ``doing`` is a verb phrase such as ``visiting``."""

    def begin(self, target: str) -> None:
        """Work on one target begins."""

    def end(self, item: Item) -> None:
        """One target is settled."""

    def step(self) -> None:
        """One target is done with, and there is nothing to say of it."""


class Unwatched:
    """A Progress that nobody watches."""

    def expect(self, total: int, doing: str) -> None:
        """Nothing is shown."""

    def begin(self, target: str) -> None:
        """Nothing is shown."""

    def end(self, item: Item) -> None:
        """Nothing is shown."""

    def step(self) -> None:
        """Nothing is shown."""


@dataclass(frozen=True, slots=True)
class SilentProgress:
    """A Progress that shows what is in hand, and does not tell what was settled: that is told elsewhere, or was before."""

    watcher: Progress

    def expect(self, total: int, doing: str) -> None:
        """As the watcher."""
        self.watcher.expect(total, doing)

    def begin(self, target: str) -> None:
        """As the watcher."""
        self.watcher.begin(target)

    def end(self, item: Item) -> None:  # noqa: ARG002 - the shape of a Progress
        """A step for the watcher."""
        self.watcher.step()

    def step(self) -> None:
        """As the watcher."""
        self.watcher.step()
