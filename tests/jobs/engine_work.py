"""Work for engines: what a task names is done by the function, which stands where another process finds it."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scraper.errors import RefusedError, SkippableError, UsageError


@dataclass(frozen=True, slots=True)
class Task:
    """What is to happen, by name, and the number that is handed back doubled; ``folder`` is where a task leaves its notes."""

    number: int
    what: str = "double"
    folder: Path | None = None


def work(task: Task) -> Any:
    """What ``task`` names."""
    return _WORK[task.what](task)


def noted(folder: Path) -> list[int]:
    """The ids of the processes that left a note, in order."""
    return sorted(int(note.name.partition("-")[0]) for note in folder.iterdir())


def note(task: Task) -> None:
    """Leave this process's id in the folder of the task."""
    assert task.folder is not None
    (task.folder / f"{os.getpid()}-{task.number}").touch()


def _skip(task: Task) -> None:
    raise SkippableError(f"The file {task.number} is no WARC file.")


def _refuse(task: Task) -> None:
    raise RefusedError("It is forbidden.", rule="terms")


def _stop(task: Task) -> None:
    raise UsageError("The key is not on this machine.")


def _die(task: Task) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_once(task: Task) -> int:
    note(task)
    assert task.folder is not None
    if len(noted(task.folder)) == 1:
        os._exit(9)
    return task.number * 2


def _wait(task: Task) -> int:
    """Double the number once there is a note named ``go``."""
    note(task)
    assert task.folder is not None
    while not (task.folder / "go").exists():
        pass
    return task.number * 2


def _hand_back_a_lock(task: Task) -> object:
    return threading.Lock()


class _Unread(Exception):  # noqa: N818
    """An error that is pickled and cannot be unpickled."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def _hand_back_what_cannot_be_read(task: Task) -> object:
    return _Unread(1, 2)


def _eat(task: Task) -> int:
    return len(bytearray(4 << 30))


def _hang(task: Task) -> None:
    note(task)
    while True:
        pass


_WORK: Final[dict[str, Callable[[Task], Any]]] = {
    "double": lambda task: task.number * 2,
    "process": lambda task: os.getpid(),
    "skip": _skip,
    "refuse": _refuse,
    "stop": _stop,
    "raise": lambda task: {0: 0}[task.number],
    "die": _die,
    "leave": lambda task: os._exit(3),
    "die once": _die_once,
    "lock": _hand_back_a_lock,
    "unread": _hand_back_what_cannot_be_read,
    "eat": _eat,
    "hang": _hang,
    "wait": _wait,
    "mask": lambda task: signal.pthread_sigmask(signal.SIG_BLOCK, []),
}
