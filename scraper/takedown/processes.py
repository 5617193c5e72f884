"""Pages are looked through in a process that can be killed: one that hangs or eats memory costs itself and no other."""

import multiprocessing
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as WaitedTooLongError
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.errors import StopError
from scraper.reading.pool import ReadingLimits

ItemT = TypeVar("ItemT")
ContextT = TypeVar("ContextT")
ResultT = TypeVar("ResultT")

# A task is so many items, and so many tasks wait: what it costs to hand one over is shared, and memory stays flat.
_ITEMS_OF_TASK: Final = 16
_AHEAD: Final = 3
_CONTEXT: Final[ContextVar[Any]] = ContextVar("_CONTEXT")


class KillableProcess(Generic[ItemT, ContextT, ResultT]):
    """A process that does ``task`` of an item and of ``context``, which it is handed once; it starts with the first item.

    Without ``limits`` the task is done where the caller stands.
    """

    def __init__(
        self, task: Callable[[ItemT, ContextT], ResultT], context: ContextT, limits: ReadingLimits | None
    ) -> None:
        self._task = task
        self._context = context
        self._limits = limits or ReadingLimits()
        self._pool = None
        if limits is not None:
            self._pool = ProcessPool(
                max_workers=1,
                context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=[limits.memory, context],
            )

    def each(self, items: Iterable[ItemT]) -> Iterator[tuple[ItemT, ResultT | None]]:
        """Each item with what became of it, in order; None where the process died of it, or ran out of time.

        Raises:
            StopError: no process can be started.
        """
        if self._pool is None:
            yield from ((item, self._task(item, self._context)) for item in items)
            return
        waiting: deque[tuple[list[ItemT], ProcessFuture[list[ResultT]]]] = deque()
        for batch in _batches(items):
            waiting.append((batch, self._schedule(self._pool, batch)))
            if len(waiting) >= _AHEAD:
                yield from self._results(self._pool, *waiting.popleft())
        while waiting:
            yield from self._results(self._pool, *waiting.popleft())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop() if error else self._pool.close()
            self._pool.join()

    def _schedule(self, pool: ProcessPool, batch: list[ItemT]) -> ProcessFuture[list[ResultT]]:
        return pool.schedule(
            _run, args=[self._task, batch, self._limits.seconds], timeout=self._limits.patience
        )

    def _results(
        self, pool: ProcessPool, batch: list[ItemT], future: ProcessFuture[list[ResultT]]
    ) -> Iterator[tuple[ItemT, ResultT | None]]:
        try:
            results = future.result()
        except (WaitedTooLongError, ProcessExpired):
            if len(batch) == 1:
                yield batch[0], None
                return
            # Which of them it was shows when each stands alone.
            for item in batch:
                yield from self._results(pool, [item], self._schedule(pool, [item]))
        except BrokenProcessPool as error:
            message = f"The processes that read pages cannot be started: {error}. Free memory, then run the same command again."
            raise StopError(message) from error
        else:
            yield from zip(batch, results, strict=True)


def _batches(items: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    batch: list[ItemT] = []
    for item in items:
        batch.append(item)
        if len(batch) == _ITEMS_OF_TASK:
            yield batch
            batch = []
    if batch:
        yield batch


def _prepare(memory: int, context: object) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Ends the process even within a parser that never comes back to Python; whoever started us may have ignored it.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _CONTEXT.set(context)


def _run(task: Callable[[ItemT, Any], ResultT], batch: list[ItemT], seconds: float) -> list[ResultT]:
    results: list[ResultT] = []
    for item in batch:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            results.append(task(item, _CONTEXT.get()))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return results
