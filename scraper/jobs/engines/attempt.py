"""One task, done where it is handed to, and what is handed back: bytes that can be unpickled on the other side."""

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from scraper.errors import PostkeepError, StopError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[ResultT]):
    """A result, or why there is none, as a sentence."""

    result: ResultT | None = None
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class _Stop:
    """The error that ends the run."""

    error: StopError


def attempt(work: Callable[[TaskT], ResultT], task: TaskT) -> Attempt[ResultT]:
    """``work`` of ``task``.

    Raises:
        StopError: the function raised it.
    """
    try:
        return Attempt(work(task))
    except StopError:
        raise
    except PostkeepError as error:
        return Attempt(lost=str(error))
    except Exception as error:  # noqa: BLE001 - a task costs itself, whatever is wrong with it
        return Attempt(lost=f"The work on it failed: {_described(error)}.")


def run_packed(call: bytes) -> bytes:
    """Do a call, as ``packed`` gives it, and pack its outcome, for ``outcome_of``; raises nothing."""
    outcome: Attempt[Any] | _Stop
    try:
        work, task = pickle.loads(call)  # noqa: S301 - from the process that we work for
        outcome = attempt(work, task)
    except StopError as error:
        outcome = _Stop(error)
    except Exception as error:  # noqa: BLE001 - this worker cannot import the function, say
        outcome = Attempt(lost=f"The worker cannot take it: {_described(error)}.")
    try:
        answer = pickle.dumps(outcome)
        pickle.loads(answer)  # noqa: S301 - our own; not everything that is pickled is unpickled
    except Exception as error:  # noqa: BLE001 - a result that cannot be handed over costs its task
        return pickle.dumps(_unsendable(outcome, error))
    return answer


def _unsendable(outcome: Attempt[Any] | _Stop, error: Exception) -> Attempt[Any] | _Stop:
    if isinstance(outcome, _Stop):
        return _Stop(StopError(str(outcome.error)))
    return Attempt(lost=f"What came of it cannot be handed over: {_described(error)}.")


def packed(work: Callable[[TaskT], ResultT], task: TaskT) -> bytes:
    """The call of ``work`` with ``task``, for ``run_packed``."""
    return pickle.dumps((work, task))


def packed_stop(error: StopError) -> bytes:
    """The answer that ends the run with ``error``; for ``outcome_of``."""
    return pickle.dumps(_Stop(error))


def outcome_of(answer: bytes) -> Attempt[Any]:
    """The outcome that ``run_packed`` packed.

    Raises:
        StopError: the function raised it.
    """
    outcome: Attempt[Any] | _Stop = pickle.loads(answer)  # noqa: S301 - from a worker of ours
    if isinstance(outcome, _Stop):
        raise outcome.error
    return outcome


def _described(error: Exception) -> str:
    """The error in words, with the line that raised it."""
    name = type(error).__name__
    words = f"{name}: {error}" if str(error) else name
    frames = traceback.extract_tb(error.__traceback__)
    return f"{words} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else words
