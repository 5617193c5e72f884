"""Visits are read in processes that can be killed: a page that hangs or eats memory costs itself and no other."""

import multiprocessing
import resource
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as ReadingTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.errors import StopError
from scraper.model.capture import Visit
from scraper.reading.claims import claimed
from scraper.reading.read_visit import Unread, read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading

# How many visits wait for each process: enough to keep it busy, few enough for flat memory.
_AHEAD: Final = 4


class Reader(Protocol):
    """Turns visits into readings, in the order they come."""

    def read(self, visits: Iterable[Visit]) -> Iterator[Reading | Unread]: ...


@dataclass(frozen=True, slots=True)
class OwnProcess:
    """A Reader that reads where it stands."""

    policy: Policy

    def read(self, visits: Iterable[Visit]) -> Iterator[Reading | Unread]:
        """Each visit's reading, or why it has none."""
        return (read_visit(visit, self.policy) for visit in visits)


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one page may cost: ``seconds`` of processor time, and ``memory`` in bytes of a process's address space.

    A busy machine makes no page costlier; ``patience``, in seconds of wall clock, is for one that waits for what never comes.
    """

    seconds: float = 60.0
    memory: int = 2 << 30
    patience: float = 1800.0


class ReadingPool:
    """A Reader of ``workers`` processes, a context manager. The processes start with the first visit."""

    def __init__(self, policy: Policy, workers: int, limits: ReadingLimits = ReadingLimits()) -> None:
        self._policy = policy
        self._limits = limits
        self._window = workers * _AHEAD
        self._pool = ProcessPool(
            max_workers=workers,
            context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=[limits.memory],
        )

    def read(self, visits: Iterable[Visit]) -> Iterator[Reading | Unread]:
        """Each visit's reading, or why it has none; a process that died or ran out of time is one such reason."""
        waiting: deque[tuple[Visit, ProcessFuture[Reading | Unread]]] = deque()
        for visit in visits:
            future = self._pool.schedule(
                _read, args=[visit, self._policy, self._limits.seconds], timeout=self._limits.patience
            )
            waiting.append((visit, future))
            if len(waiting) >= self._window:
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop() if error else self._pool.close()
        self._pool.join()

    def _result(self, visit: Visit, future: ProcessFuture[Reading | Unread]) -> Reading | Unread:
        try:
            return future.result()
        except ReadingTimeoutError:
            return _unread(visit, _too_long(f"{self._limits.patience:g} seconds"))
        except BrokenProcessPool as error:
            message = f"The processes that read pages cannot be started: {error}. Free memory, then run the same command again."
            raise StopError(message) from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGPROF:
                return _unread(visit, _too_long(f"{self._limits.seconds:g} seconds of processor time"))
            return _unread(visit, f"The process that read the page died ({error}). The page is kept.")


def _unread(visit: Visit, reason: str) -> Unread:
    found = claimed(visit.url)
    if found is None:
        return Unread(visit, None, None, reason)
    return Unread(visit, found.site.name, found.claim.post_id, reason)


def _too_long(time: str) -> str:
    return f"Reading the page took more than {time}. It is kept."


def _prepare(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Ends the process even within a parser that never comes back to Python; whoever started us may have ignored it.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _read(visit: Visit, policy: Policy, seconds: float) -> Reading | Unread:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return read_visit(visit, policy)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
