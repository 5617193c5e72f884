"""Pages are read in processes that can be killed: one that hangs or eats memory costs itself and no other."""

import gc
import multiprocessing
import pickle
import resource
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as ReadingTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.errors import SkippableError, StopError
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.page.home_zones import HomeZones
from scraper.reading.document_reading import DocumentReading, SavedCapture, read_saved_page, without_body
from scraper.reading.lifetime import apart_from_interrupts, end_with_parent
from scraper.reading.read_visit import (
    DocumentsOfVisit,
    Unread,
    join_visit,
    needs_of,
    read_capture,
    read_visit,
    unread,
)
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.sites.registry import Sites, installed_sites

# How many tasks wait for each process: enough to keep it busy, few enough for flat memory.
_AHEAD: Final = 4
# A task is so many pages at most, and so many bytes of them: what it costs to hand one over is shared by them.
_PAGES_OF_TASK: Final = 16
_BYTES_OF_TASK: Final = 256 * 1024

# So often processes are started for one task before it is said that none can be.
_STARTS: Final = 3

# A page is thousands of objects that go together: what only circles keep alive is looked for once in so many.
_OBJECTS_TO_A_COLLECTION: Final = 20_000

_SHARED: Final[ContextVar[Any]] = ContextVar("_SHARED")

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Reader(Protocol):
    """Reads what a visit captured; every method gives one result an item, in the order they come."""

    @property
    def sites(self) -> Sites: ...

    def read(self, visits: Iterable[Visit]) -> Iterator[Reading | Unread]: ...

    def read_documents(
        self, captures: Iterable[Capture], *, with_leads: bool = False
    ) -> Iterator[DocumentReading]: ...

    def read_saved_pages(self, pages: Iterable[SavedCapture]) -> Iterator[DocumentReading]: ...

    def next_requests(self, visit: DocumentsOfVisit) -> tuple[Request, ...]: ...

    def join(self, visits: Iterable[DocumentsOfVisit]) -> Iterator[Reading | Unread]: ...


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one page may cost: ``seconds`` of processor time, and ``memory`` in bytes of a process's address space.

    A busy machine makes no page costlier; ``patience``, in seconds of wall clock, is for one that waits for what never comes.
    """

    seconds: float = 60.0
    memory: int = 2 << 30
    patience: float = 1800.0


class ReadingProcesses:
    """``workers`` processes that read, a context manager. They start with the first page.

    ``shared`` is handed to each process once, for tasks that ask for it with ``shared_by_all``.
    """

    def __init__(
        self, workers: int = 1, limits: ReadingLimits = ReadingLimits(), shared: object = None
    ) -> None:
        self.limits = limits
        self._shared = shared
        self._window = workers * _AHEAD
        self._workers = workers
        self._starting = threading.Lock()
        self._pool: ProcessPool | None = None

    def _active(self) -> ProcessPool:
        """The pool of processes, started where there is none, or one that does nothing any more."""
        with self._starting:
            if self._pool is None or not self._pool.active:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    context=multiprocessing.get_context("spawn"),
                    initializer=_prepare,
                    initargs=[self.limits.memory, self._shared],
                )
                with apart_from_interrupts():
                    # A pool starts when it is first asked whether it has.
                    self._pool.active  # noqa: B018
            return self._pool

    def each(
        self,
        task: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        size_of: Callable[[ItemT], int],
        failed: Callable[[ItemT, str], ResultT],
    ) -> Iterator[ResultT]:
        """``task`` of each item, several at a time, in order; ``failed`` makes the result of one that it cannot be done with.

        Raises:
            StopError: no process can be started.
        """
        waiting: deque[tuple[list[ItemT], ProcessFuture[list[ResultT]]]] = deque()
        for batch in _batches(items, size_of):
            waiting.append((batch, self._schedule(task, batch)))
            if len(waiting) >= self._window:
                yield from self._results(task, *waiting.popleft(), failed)
        while waiting:
            yield from self._results(task, *waiting.popleft(), failed)

    def _results(
        self,
        task: Callable[[ItemT], ResultT],
        batch: list[ItemT],
        future: ProcessFuture[list[ResultT]],
        failed: Callable[[ItemT, str], ResultT],
        starts: int = _STARTS,
    ) -> Iterator[ResultT]:
        try:
            results = future.result()
        except (ReadingTimeoutError, ProcessExpired) as error:
            if len(batch) == 1:
                yield failed(batch[0], self._reason(error))
                return
            # Which of them it was shows when each stands alone.
            for item in batch:
                yield from self._results(task, [item], self._schedule(task, [item]), failed)
        except BrokenProcessPool as error:
            if starts > 1:
                # A process that dies at once may take the pool down with it, before it said what it was working at.
                future = self._schedule(task, batch)
                yield from self._results(task, batch, future, failed, starts - 1)
                return
            message = f"The processes that read pages cannot be started: {error}. Free memory, then run the same command again."
            raise StopError(message) from error
        else:
            yield from results

    def _reason(self, error: ReadingTimeoutError | ProcessExpired) -> str:
        if not isinstance(error, ProcessExpired):
            return _too_long(f"{self.limits.patience:g} seconds")
        if error.exitcode == -signal.SIGPROF:
            return _too_long(f"{self.limits.seconds:g} seconds of processor time")
        return f"The process that read the page died ({error}). The page is kept."

    def _schedule(self, task: Callable[[ItemT], ResultT], batch: list[ItemT]) -> ProcessFuture[list[ResultT]]:
        """``task`` of each item of ``batch``, by one of the processes; by others where those there were do nothing any more."""
        return self._active().schedule(
            _run, args=[task, batch, self.limits.seconds], timeout=self.limits.patience
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self.stop()
        elif self._pool is not None:
            self._pool.close()
            self._pool.join()

    def stop(self) -> None:
        """End the processes, whatever they are at."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()


def shared_by_all() -> Any:
    """What the processes were handed when they started."""
    return _SHARED.get()


@dataclass(frozen=True, slots=True)
class _ReadingRules:
    """What reading goes by besides the page; ``chosen`` are the sites where it is not those installed, which each process loads itself."""

    policy: Policy
    zones: HomeZones
    chosen: Sites | None

    @property
    def sites(self) -> Sites:
        return self.chosen or installed_sites()


class ReadingPool:
    """A Reader under one policy, whose work is done by ``processes``."""

    def __init__(self, policy: Policy, processes: ReadingProcesses, sites: Sites | None = None) -> None:
        self._policy = policy
        self._processes = processes
        self._sites = sites

    @property
    def sites(self) -> Sites:
        """The sites whose pages are read: those installed, which are loaded when asked for, where no others were given."""
        return self._sites or installed_sites()

    def read(self, visits: Iterable[Visit]) -> Iterator[Reading | Unread]:
        """Each visit's reading, or why it has none; a process that died or ran out of time is one such reason."""
        task = partial(_read_visit, rules=self._packed_rules)
        return self._processes.each(task, visits, _size_of_visit, self._unread)

    def read_documents(
        self, captures: Iterable[Capture], *, with_leads: bool = False
    ) -> Iterator[DocumentReading]:
        """What each capture says; ``with_leads`` asks for where it leads as well."""
        task = partial(_read_capture, rules=self._packed_rules, with_leads=with_leads)
        return self._processes.each(task, captures, _size_of_capture, _troubled)

    def read_saved_pages(self, pages: Iterable[SavedCapture]) -> Iterator[DocumentReading]:
        """What each saved page says, where and when it was included as far as its capture does not say it."""
        task = partial(_read_saved_page, rules=self._packed_rules)
        return self._processes.each(
            task,
            pages,
            lambda saved: _size_of_capture(saved.capture),
            lambda saved, reason: _troubled(saved.capture, reason),
        )

    def next_requests(self, visit: DocumentsOfVisit) -> tuple[Request, ...]:
        """What else a visit needs.

        Raises:
            SkippableError: its site cannot say, or did not in time.
        """
        # A visit that has nothing yet holds nothing that could hang.
        needs = (
            next(
                self._processes.each(
                    partial(_needs_of, rules=self._packed_rules),
                    [visit.outline],
                    lambda _: 1,
                    lambda _, reason: reason,
                )
            )
            if visit.documents
            else needs_of(visit, self.sites)
        )
        if isinstance(needs, str):
            raise SkippableError(needs)
        return needs

    def join(self, visits: Iterable[DocumentsOfVisit]) -> Iterator[Reading | Unread]:
        """Each visit's reading from those of its documents, or why it has none."""
        task = partial(_join_visit, rules=self._packed_rules)
        return self._processes.each(
            task, visits, lambda _: 1, lambda whole, reason: self._unread(whole.visit, reason)
        )

    @cached_property
    def _packed_rules(self) -> bytes:
        """What every task goes by, packed once; a process unpacks it once."""
        rules = _ReadingRules(self._policy, HomeZones(self._policy.zones), self._sites)
        return pickle.dumps(rules, pickle.HIGHEST_PROTOCOL)

    def _unread(self, visit: Visit, reason: str) -> Unread:
        return unread(visit, self.sites.claimed(visit.url), reason)


@lru_cache(maxsize=4)
def _unpacked(rules: bytes) -> _ReadingRules:
    unpacked: _ReadingRules = pickle.loads(rules)  # noqa: S301 - the process that started this one packed it
    return unpacked


def _read_visit(visit: Visit, rules: bytes) -> Reading | Unread:
    return read_visit(visit, _unpacked(rules).policy, _unpacked(rules).sites)


def _read_capture(capture: Capture, rules: bytes, *, with_leads: bool) -> DocumentReading:
    return read_capture(capture, _unpacked(rules).sites, _unpacked(rules).zones, with_leads=with_leads)


def _read_saved_page(saved: SavedCapture, rules: bytes) -> DocumentReading:
    return read_saved_page(saved, _unpacked(rules).sites, _unpacked(rules).zones)


def _needs_of(whole: DocumentsOfVisit, rules: bytes) -> tuple[Request, ...] | str:
    return needs_of(whole, _unpacked(rules).sites)


def _join_visit(whole: DocumentsOfVisit, rules: bytes) -> Reading | Unread:
    return join_visit(whole, _unpacked(rules).policy, _unpacked(rules).sites)


def _batches(items: Iterable[ItemT], size_of: Callable[[ItemT], int]) -> Iterator[list[ItemT]]:
    batch: list[ItemT] = []
    size = 0
    for item in items:
        batch.append(item)
        size += size_of(item)
        if len(batch) >= _PAGES_OF_TASK or size >= _BYTES_OF_TASK:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size_of_capture(capture: Capture) -> int:
    return len(capture.body)


def _size_of_visit(visit: Visit) -> int:
    return sum(map(_size_of_capture, visit.captures))


def _troubled(capture: Capture, reason: str) -> DocumentReading:
    return DocumentReading(without_body(capture), trouble=reason)


def _too_long(time: str) -> str:
    return f"Reading the page took more than {time}. It is kept."


def _prepare(memory: int, shared: object) -> None:
    end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Ends the process even within a parser that never comes back to Python; whoever started us may have ignored it.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _SHARED.set(shared)
    gc.set_threshold(_OBJECTS_TO_A_COLLECTION)


def _run(task: Callable[[ItemT], ResultT], batch: list[ItemT], seconds: float) -> list[ResultT]:
    return [_timed(task, item, seconds) for item in batch]


def _timed(task: Callable[[ItemT], ResultT], item: ItemT, seconds: float) -> ResultT:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return task(item)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
