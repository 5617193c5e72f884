"""An engine of Ray tasks, on this machine or on a cluster."""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from scraper import __version__
from scraper.errors import StopError
from scraper.jobs.engines.attempt import Attempt, outcome_of, packed_stop, run_packed
from scraper.jobs.engines.dispatch import WorkerDied, dispatch
from scraper.jobs.engines.engine import Finished
from scraper.jobs.engines.ray_cluster import joined

# How many tasks wait for each processor while one is done.
_AHEAD: Final = 2
# Seconds after which it is looked whether there is still anybody who could do the tasks, and how many may do so.
_LOOK: Final = 10.0

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class RayEngine:
    """Hands tasks to the cluster at ``address``, as ``joined`` has it, from ``__enter__`` to ``__exit__``.

    Each node has this version of postkeep installed, and reads and writes the files that the tasks name under the same names.
    """

    def __init__(
        self, address: str, environment: MutableMapping[str, str], workers: int | None = None
    ) -> None:
        self._address = address
        self._workers = workers
        self._environment = environment
        self._ray: Any = None
        self._attempt: Any = None
        self._exits = ExitStack()

    def run(
        self, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
    ) -> Iterator[Finished[TaskT, ResultT]]:
        """See Engine."""
        return dispatch(self, work, tasks)

    @property
    def capacity(self) -> int:
        """A few tasks for each processor of the nodes that are there."""
        return _AHEAD * self._processors() or 1

    def _processors(self) -> int:
        return int(self._ray.cluster_resources().get("CPU", 0))

    def submit(self, call: bytes) -> Any:
        """Let a node do a call."""
        return self._attempt.remote(__version__, call)

    def wait(self, handles: Collection[Any]) -> Iterable[Any]:
        """The tasks that Ray has an answer for, or will have none."""
        while True:
            done: list[Any]
            done, _ = self._ray.wait(list(handles), num_returns=1, timeout=_LOOK)
            if done:
                return done
            if not self._processors():
                message = f"The Ray cluster at {self._address} has no processor left to work with. Add a node, then run the same command again."
                raise StopError(message)

    def outcome(self, handle: Any) -> Attempt[Any]:
        """The node's answer."""
        errors = self._ray.exceptions
        try:
            answer: bytes = self._ray.get(handle)
        except errors.RayTaskError as error:
            message = f"A node of the Ray cluster at {self._address} cannot run postkeep {__version__}: {_last_line(error)}. Install it on each node."
            raise StopError(message) from error
        except errors.OutOfMemoryError as error:
            raise WorkerDied("the node was short of memory and ended it", at_work=True) from error
        except errors.RayError as error:
            raise WorkerDied(f"Ray lost it ({type(error).__name__})", at_work=True) from error
        return outcome_of(answer)

    def cancel(self, handle: Any) -> None:
        """End the process that does it, and with it those of its own."""
        self._ray.cancel(handle, force=True)

    def __enter__(self) -> Self:
        self._ray = self._exits.enter_context(joined(self._address, self._workers, self._environment))
        # Whether a task is tried again is for the one who counts its deaths; Ray would do so for good where memory is short.
        self._attempt = self._ray.remote(num_cpus=1, max_retries=0)(attempt_on_node)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()


def attempt_on_node(version: str, call: bytes) -> bytes:
    """``call``, which is a packed one, done on a node of the cluster by the same ``version`` of postkeep."""
    if version != __version__:
        node = os.uname().nodename
        message = f"The Ray node {node} has postkeep {__version__}, and this is {version}. Install the same on each node."
        return packed_stop(StopError(message))
    # What a process spawned here would import first is Ray's own main program, which it has no use for.
    vars(sys.modules["__main__"]).pop("__file__", None)
    return run_packed(call)


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__
