"""Tasks handed to workers that may die: no more at once than the workers take, and a task whose worker died once more."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeVar

from scraper.errors import StopError
from scraper.jobs.engines.attempt import Attempt, packed
from scraper.jobs.engines.engine import Finished

# So many workers may die at work on a task before it is lost.
_TRIES: Final = 2
# So many may die while they are started for it before the run ends: another would fare no better.
_STARTS: Final = 3

HandleT = TypeVar("HandleT")
TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class WorkerDied(Exception):  # noqa: N818 - an outcome that the loop below handles, none that anybody sees
    """The worker that a task was submitted to is gone.

    ``reason``, as a clause, is how it ended; ``at_work`` whether it had begun with the task, and not died while it was started.
    """

    def __init__(self, reason: str, *, at_work: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at_work = at_work


class Workers(Protocol[HandleT]):
    """Workers that tasks are submitted to; a handle stands for a task from then on until its outcome is asked for."""

    @property
    def capacity(self) -> int:
        """How many tasks may be submitted and without outcome at once."""
        ...

    def submit(self, call: bytes) -> HandleT:
        """Let a worker do a call, as ``packed`` gives it."""
        ...

    def wait(self, handles: Collection[HandleT]) -> Iterable[HandleT]:
        """One or more of ``handles``, those that have an outcome; waits until there are any."""
        ...

    def outcome(self, handle: HandleT) -> Attempt[Any]:
        """The outcome of a task for which ``wait`` gave this handle.

        Raises:
            WorkerDied: its worker is gone.
            StopError: its function raised it.
        """
        ...

    def cancel(self, handle: HandleT) -> None:
        """End a task whose outcome nobody will ask for, and the processes that are at work on it."""
        ...


@dataclass(frozen=True, slots=True)
class _Assignment(Generic[TaskT]):
    """A task that was submitted: how many workers died at work on it, and how many while they were started for it."""

    task: TaskT
    tries: int = 0
    starts: int = 0

    def after(self, death: WorkerDied) -> "_Assignment[TaskT]":
        """The task with one death more.

        Raises:
            StopError: no worker lives long enough to begin.
        """
        if death.at_work:
            return replace(self, tries=self.tries + 1)
        if self.starts + 1 == _STARTS:
            raise start_failure(death.reason) from death
        return replace(self, starts=self.starts + 1)


def start_failure(reason: str) -> StopError:
    """The error for a machine on which no worker can be started; ``reason`` is a clause."""
    return StopError(f"No worker can be started: {reason}. Free memory, then run the same command again.")


def dispatch(
    workers: Workers[HandleT], work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
) -> Iterator[Finished[TaskT, ResultT]]:
    """``work`` of each task by ``workers``, as ``Engine.run`` says."""
    source = iter(tasks)
    assignments: dict[HandleT, _Assignment[TaskT]] = {}
    try:
        while True:
            for task in islice(source, max(workers.capacity - len(assignments), 0)):
                assignments[workers.submit(packed(work, task))] = _Assignment(task)
            if not assignments:
                return
            for handle in workers.wait(assignments):
                assignment = assignments.pop(handle)
                try:
                    outcome = workers.outcome(handle)
                except WorkerDied as death:
                    assignment = assignment.after(death)
                    if assignment.tries < _TRIES:
                        assignments[workers.submit(packed(work, assignment.task))] = assignment
                        continue
                    outcome = Attempt(lost=f"The workers on it died {_TRIES} times: {death.reason}.")
                yield Finished(assignment.task, outcome.result, outcome.lost)
    finally:
        for handle in assignments:
            workers.cancel(handle)
