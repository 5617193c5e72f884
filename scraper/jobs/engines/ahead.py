"""Tasks handed to workers that may die: no more at once than the workers take, and a task whose worker died once more."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeVar

from scraper.errors import StopError
from scraper.jobs.engines.attempt import Attempt, packed
from scraper.jobs.engines.engine import Finished

# A task is handed out so often where its workers die.
_TRIES: Final = 2
# So often workers are started for one task before it is said that none can be.
_STARTS: Final = 3

HandleT = TypeVar("HandleT")
TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class WorkerDied(Exception):  # noqa: N818 - an outcome that the loop below handles, none that anybody sees
    """``reason``, as a clause, is how a worker ended; ``begun``: it had been at work on its task."""

    def __init__(self, reason: str, *, begun: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.begun = begun


class Workers(Protocol[HandleT]):
    """Those who do tasks. A handle stands for a task that is out."""

    @property
    def room(self) -> int:
        """How many tasks may be out at once."""
        ...

    def hand_out(self, call: bytes) -> HandleT:
        """Let a worker do ``call``, which is a packed one."""
        ...

    def wait(self, handles: Collection[HandleT]) -> Iterable[HandleT]:
        """One or more of ``handles`` whose tasks are no longer out."""
        ...

    def outcome(self, handle: HandleT) -> Attempt[Any]:
        """What came of a task that is no longer out.

        Raises:
            WorkerDied: its worker is gone.
            StopError: its function raised it.
        """
        ...

    def give_up(self, handle: HandleT) -> None:
        """Nobody asks for it any more."""
        ...


@dataclass(frozen=True, slots=True)
class _Out(Generic[TaskT]):
    task: TaskT
    tries: int = 0
    starts: int = 0

    def after(self, death: WorkerDied) -> "_Out[TaskT]":
        return replace(self, tries=self.tries + death.begun, starts=self.starts + (not death.begun))


def run_ahead(
    workers: Workers[HandleT], work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
) -> Iterator[Finished[TaskT, ResultT]]:
    """``work`` of each task by ``workers``, as ``Engine.run`` says."""
    source = iter(tasks)
    out: dict[HandleT, _Out[TaskT]] = {}
    try:
        while True:
            for task in islice(source, max(workers.room - len(out), 0)):
                out[workers.hand_out(packed(work, task))] = _Out(task)
            if not out:
                return
            for handle in workers.wait(out):
                entry = out.pop(handle)
                try:
                    outcome = workers.outcome(handle)
                except WorkerDied as death:
                    entry = entry.after(death)
                    if entry.starts >= _STARTS:
                        message = f"No worker can be started: {death.reason}. Free memory, then run the same command again."
                        raise StopError(message) from death
                    if entry.tries >= _TRIES:
                        yield Finished(
                            entry.task, lost=f"The workers on it died {_TRIES} times: {death.reason}."
                        )
                    else:
                        out[workers.hand_out(packed(work, entry.task))] = entry
                else:
                    yield Finished(entry.task, outcome.result, outcome.lost)
    finally:
        for handle in out:
            workers.give_up(handle)
