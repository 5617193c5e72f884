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

from scraper.jobs.engines.attempt import Attempt, outcome_of, run_packed
from scraper.jobs.engines.dispatch import WorkerDied, dispatch, start_failure
from scraper.jobs.engines.engine import Finished
from scraper.reading.lifetime import apart_from_interrupts, end_with_parent

# What a worker says when it takes a call, which no answer is: one that dies before that has cost nobody a try.
_TAKEN: Final = b""
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
        return dispatch(self, work, tasks)

    @property
    def capacity(self) -> int:
        """One task for each worker."""
        return self._limit

    def submit(self, call: bytes) -> "_Worker":
        """Let a worker that has nothing to do do ``call``, or a new one."""
        worker = self._idle() or self._start()
        worker.send(call)
        return worker

    def _idle(self) -> "_Worker | None":
        """A worker that has nothing to do; those that died meanwhile are let go."""
        for worker in [worker for worker in self._workers if worker.idle]:
            if worker.is_alive:
                return worker
            self._workers.remove(worker)
            worker.join()
        return None

    def _start(self) -> "_Worker":
        try:
            worker = _Worker(self._memory)
        except OSError as error:
            raise start_failure(str(error)) from error
        self._workers.append(worker)
        return worker

    def wait(self, handles: Collection["_Worker"]) -> "Iterable[_Worker]":
        """The workers that have answered, or died."""
        while True:
            ready = wait([worker.pipe for worker in handles])
            if done := [worker for worker in handles if worker.pipe in ready and worker.receive()]:
                return done

    def outcome(self, handle: "_Worker") -> Attempt[Any]:
        """The worker's answer."""
        if (answer := handle.answer()) is not None:
            return outcome_of(answer)
        self._workers.remove(handle)
        raise WorkerDied(handle.join(), at_work=handle.at_work)

    def cancel(self, handle: "_Worker") -> None:
        """End the worker, and with it the processes of its own."""
        self._workers.remove(handle)
        handle.terminate()
        handle.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.terminate()
        while self._workers:
            self._workers.pop().join()


class _Worker:
    """A process that does one call after the other."""

    def __init__(self, memory: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, far_end = context.Pipe()
        self.idle = True
        self.at_work = False
        self._answer: bytes | None = None
        self._process = context.Process(target=_serve, args=(far_end, memory), name="postkeep-worker")
        try:
            with apart_from_interrupts():
                self._process.start()
        finally:
            far_end.close()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def send(self, call: bytes) -> None:
        """Do ``call`` next."""
        self.idle = self.at_work = False
        try:
            self.pipe.send_bytes(call)
        except OSError:
            # It is dead already, which shows at once when its answer is waited for.
            return

    def receive(self) -> bool:
        """Take the next message of the worker; whether that is its answer or its end, and not that it took its call."""
        try:
            message = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return True
        if message == _TAKEN:
            self.at_work = True
            return False
        self._answer = message
        return True

    def answer(self) -> bytes | None:
        """The answer, None where the worker died without one."""
        answer, self._answer = self._answer, None
        self.idle = answer is not None
        return answer

    def terminate(self) -> None:
        """Tell it to end, and the processes of its own before."""
        self._process.terminate()

    def join(self) -> str:
        """Wait for its end, kill it where that does not come, and give how it ended, as a clause."""
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
        while True:
            call = pipe.recv_bytes()
            pipe.send_bytes(_TAKEN)
            pipe.send_bytes(run_packed(call))
    except (EOFError, BrokenPipeError):
        return


def _leave(signum: int, _: FrameType | None) -> None:
    sys.exit(128 + signum)
