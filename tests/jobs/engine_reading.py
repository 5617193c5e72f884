"""Work for engines that has processes of its own, as reading has: apart, for it imports every site."""

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from multiprocessing.util import Finalize
from typing import Any

from scraper.jobs.engines.pool import PoolEngine
from scraper.jobs.extract.work import lasting_processes
from scraper.reading.pool import ReadingLimits, ReadingPool, ReadingProcesses
from tests.jobs.engine_work import Task, note, work
from tests.safety.visits import POLICY, SITES, harmful_visit, reading_pool

LIMITS = ReadingLimits(seconds=600.0)


def read(task: Task) -> str:
    """Read a page in a process of the worker's own."""
    with reading_pool(1, LIMITS) as pool:
        (reading,) = pool.read([harmful_visit("none", task.number)])
    return type(reading).__name__


def hang(task: Task) -> None:
    """Let a process of the worker's own hang for good, as within a parser that never comes back."""
    with reading_pool(1, LIMITS) as pool:
        readings = pool.read([harmful_visit("hanging-for-real", task.number)])
        threading.Thread(target=_note_all, args=[task], daemon=True).start()
        next(readings)


def _note_all(task: Task) -> None:
    assert task.folder is not None
    while not (children := multiprocessing.active_children()):
        pass
    for child in children:
        (task.folder / f"{child.pid}-child").touch()
    note(task)


def read_again(task: Task) -> str:
    """Read a page in a process that the worker keeps for its next task."""
    # After all that a process waits for before it ends.
    Finalize(None, note, args=(task,), exitpriority=-1)
    pool = ReadingPool(POLICY, lasting_processes(LIMITS), SITES)
    (reading,) = pool.read([harmful_visit("none", task.number)])
    return type(reading).__name__


def deaf() -> list[bool]:
    """Whether Ctrl-C does nothing to processes from their first moment: one that reads, one in place of one that died, and a worker."""
    with ReadingProcesses() as processes, PoolEngine(2) as pool:
        masks = [
            *(mask for what in ("mask", "leave", "mask") for mask in _by(processes, Task(1, what))),
            *(finished.result for finished in pool.run(work, [Task(1, "mask")])),
        ]
    return [signal.SIGINT in mask for mask in masks if mask is not None]


def _by(processes: ReadingProcesses, task: Task) -> Iterator[Any]:
    return processes.each(work, [task], lambda _: 1, lambda _, reason: None)
