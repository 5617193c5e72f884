"""A process that works for another ends with it, however that one ends and whatever itself is doing."""

import fcntl
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Let this process be killed when the one that spawned it is gone; for processes of ``multiprocessing``, else nothing."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    # The read end of a pipe whose other end the parent alone holds; nothing is written to it any more.
    gone = parent.sentinel
    if sys.platform == "linux":
        # The kernel does it, also to a parser that never comes back to Python.
        fcntl.fcntl(gone, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(gone, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(gone, fcntl.F_SETFL, fcntl.fcntl(gone, fcntl.F_GETFL) | os.O_ASYNC)
        if wait([gone], 0):
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_end_after, args=[gone], daemon=True).start()


@contextmanager
def apart_from_interrupts() -> Iterator[None]:
    """Start processes, and threads that start them, to which Ctrl-C does nothing; it goes to every process of the terminal.

    Who starts them says when they end. What they ignore by themselves meets them before they come to that.
    """
    # Started on the way to the first process, it would let the signals through again (bpo-33613).
    resource_tracker.ensure_running()
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end_after(gone: int) -> None:
    wait([gone])
    os.kill(os.getpid(), signal.SIGKILL)
