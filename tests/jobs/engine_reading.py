"""Work for engines that has processes of its own, as reading has: apart, for it imports every site."""

import multiprocessing
import threading
from multiprocessing.util import Finalize

from scraper.jobs.extract.work import lasting_processes
from scraper.reading.pool import ReadingLimits, ReadingPool
from tests.jobs.engine_work import Task, note
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
