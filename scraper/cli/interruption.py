"""Ctrl-C and SIGTERM end a run in the same way: the write in hand is finished, and the run can be gone on with."""

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from scraper.model.url import without_credentials

# What a shell reports for a process that a signal ended is 128 and the signal's number.
_SIGNALLED: Final = 128


class Interruption:
    """Which signal ended the run, once one did."""

    def __init__(self) -> None:
        self._number: int = signal.SIGINT

    @property
    def exit_code(self) -> int:
        """130 after Ctrl-C, 143 after SIGTERM."""
        return _SIGNALLED + self._number

    @property
    def message(self) -> str:
        """What happened and how to go on, with the command that was given."""
        by = "SIGTERM" if self._number == signal.SIGTERM else "Ctrl-C"
        command = shlex.join(["postkeep", *map(without_credentials, sys.argv[1:])])
        return f"Stopped by {by}. All that was kept is safe. The same command goes on from here: {command}"

    def terminate(self, number: int, _frame: FrameType | None) -> None:
        """Take SIGTERM for Ctrl-C, which asyncio and Python know how to end work with."""
        self._number = number
        signal.raise_signal(signal.SIGINT)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Let SIGINT and SIGTERM raise KeyboardInterrupt in the block, SIGINT even where a script started us to ignore it."""
    interruption = Interruption()
    handlers = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: interruption.terminate}
    former = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield interruption
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
