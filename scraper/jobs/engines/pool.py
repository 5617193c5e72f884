"""An engine of processes on this machine.

A worker and its task are known by a pipe of their own: where one dies, however it does, it is known at once which task it was at, and
no other worker waits for anything that it held.
"""

import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from types import FrameType, TracebackType
from typing import Any, Final, Self, TypeVar

from scraper.errors import StopError
from scraper.jobs.engines.ahead import WorkerDied, run_ahead
from scraper.jobs.engines.attempt import Attempt, attempt_packed, outcome_of
from scraper.jobs.engines.engine import Finished
from scraper.reading.lifetime import end_with_parent

# What a worker says first, which no answer is.
_READY: Final = b""
# Seconds that a worker has to end the processes of its own before it is killed, and they with it.
_PATIENCE: Final = 5.0

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class PoolEngine:
    """``workers`` processes of this machine, each of which may take ``memory`` bytes of address space. They start with the first tasks."""

    def __init__(self, workers: int, memory: int | None = None) -> None:
        self._limit = workers
        self._memory = memory
        self._workers: list[_Worker] = []

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        """See Engine."""
        return run_ahead(self, work, tasks)

    @property
    def room(self) -> int:
        """A task a worker."""
        return self._limit

    def hand_out(self, call: bytes) -> "_Worker":
        """Let a worker that has nothing to do do ``call``, or a new one."""
        worker = next((worker for worker in self._workers if worker.idle), None) or self._start()
        worker.take(call)
        return worker

    def _start(self) -> "_Worker":
        try:
            worker = _Worker(self._memory)
        except OSError as error:
            message = f"No worker can be started: {error}. Free memory, then run the same command again."
            raise StopError(message) from error
        self._workers.append(worker)
        return worker

    def wait(self, handles: Collection["_Worker"]) -> "Iterable[_Worker]":
        """Those that have answered, or died."""
        while True:
            ready = wait([worker.pipe for worker in handles])
            if done := [worker for worker in handles if worker.pipe in ready and worker.hear()]:
                return done

    def outcome(self, handle: "_Worker") -> Attempt[Any]:
        """What the worker answered."""
        if (answer := handle.answer()) is not None:
            return outcome_of(answer)
        self._workers.remove(handle)
        raise WorkerDied(handle.end(), begun=handle.ready)

    def give_up(self, handle: "_Worker") -> None:
        """End the worker, and with it the processes of its own."""
        self._workers.remove(handle)
        handle.tell_to_end()
        handle.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.tell_to_end()
        while self._workers:
            self._workers.pop().end()


class _Worker:
    """A process that does one call after the other."""

    def __init__(self, memory: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.idle = True
        self.ready = False
        self._answer: bytes | None = None
        self._process = context.Process(target=_serve, args=(theirs, memory), name="postkeep-worker")
        try:
            self._process.start()
        finally:
            theirs.close()

    def take(self, call: bytes) -> None:
        """Do ``call`` next."""
        self.idle = False
        try:
            self.pipe.send_bytes(call)
        except OSError:
            # It is dead already, which shows at once when its answer is waited for.
            return

    def hear(self) -> bool:
        """Whether what came through the pipe is an answer or its end, and not that the worker is ready."""
        try:
            message = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return True
        if not self.ready:
            self.ready = message == _READY
            return False
        self._answer = message
        return True

    def answer(self) -> bytes | None:
        """The answer, None where the worker died without one."""
        answer, self._answer = self._answer, None
        self.idle = answer is not None
        return answer

    def tell_to_end(self) -> None:
        """Let it end, and the processes of its own before."""
        self._process.terminate()

    def end(self) -> str:
        """See it end, as it does or is told to, and say how, as a clause."""
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        self.pipe.close()
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"it left with exit code {code}"


def _serve(pipe: Connection, memory: int | None) -> None:
    end_with_parent()
    # Ctrl-C goes to every process of the terminal; who started us says what is to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    try:
        pipe.send_bytes(_READY)
        while True:
            pipe.send_bytes(attempt_packed(pipe.recv_bytes()))
    except (EOFError, BrokenPipeError):
        return


def _leave(signum: int, _: FrameType | None) -> None:
    sys.exit(128 + signum)
