"""What an engine is: it runs one function over many tasks, and a task that fails costs itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from scraper.jobs.engines.attempt import attempt

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Finished(Generic[TaskT, ResultT]):
    """A task with its result, or with ``lost``: a sentence why it has none."""

    task: TaskT
    result: ResultT | None = None
    lost: str | None = None


class Engine(Protocol):
    """Runs a function over tasks; a context manager, after which none of its processes is there any more.

    Function, tasks and results go from process to process: the function stands at the top level of a module, the others are
    small and can be pickled.
    """

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        """``work`` of each task, in any order. Tasks are taken as workers come free, never all at once.

        A task is lost whose function raised, or whose worker died twice.

        Raises:
            StopError: the function raised it, or no worker can be started.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class PlainEngine:
    """Runs in this process, one task after the other."""

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        """See Engine."""
        for task in tasks:
            outcome = attempt(work, task)
            yield Finished(task, outcome.result, outcome.lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is to be ended."""
