"""How a job tells whoever watches what it does; ``cli`` draws it, tests collect it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from scraper.model.host_events import HostEvent
from scraper.model.outcome import Item

_T = TypeVar("_T")


class Progress:
    """The watcher of one job; this one shows nothing."""

    def announce(self, sentence: str) -> None:
        """Something to know before the work begins."""

    def expect(self, total: int, doing: str) -> None:
        """The job has ``total`` items before it; ``doing`` is a verb phrase such as ``visiting``."""

    def more(self, count: int) -> None:
        """So many items came up besides those that were expected."""

    def begin(self, target: str) -> None:
        """Work on one target begins."""

    def end(self, item: Item) -> None:
        """One target is settled."""

    def step(self) -> None:
        """One target is done with, and there is nothing to say of it."""

    def tell(self, event: HostEvent) -> None:
        """A host is asked, answers, is waited for, or is done with."""


def watched(items: Iterable[_T], progress: Progress, total: int, doing: str) -> Iterator[_T]:
    """The ``total`` items, each a step of ``progress`` once whoever takes them comes back for the next."""
    progress.expect(total, doing)
    for item in items:
        yield item
        progress.step()


class SilentProgress(Progress):
    """Shows what is in hand, and does not tell what was settled: that is told elsewhere, or was before."""

    def __init__(self, watcher: Progress) -> None:
        self._watcher = watcher

    def announce(self, sentence: str) -> None:
        """As the watcher."""
        self._watcher.announce(sentence)

    def expect(self, total: int, doing: str) -> None:
        """As the watcher."""
        self._watcher.expect(total, doing)

    def more(self, count: int) -> None:
        """As the watcher."""
        self._watcher.more(count)

    def begin(self, target: str) -> None:
        """As the watcher."""
        self._watcher.begin(target)

    def end(self, item: Item) -> None:  # noqa: ARG002 - the shape of a Progress
        """A step for the watcher."""
        self._watcher.step()

    def step(self) -> None:
        """As the watcher."""
        self._watcher.step()

    def tell(self, event: HostEvent) -> None:
        """As the watcher."""
        self._watcher.tell(event)
