"""Asking the Hub again: a bounded number of times, and no sooner than it asks for."""

from collections.abc import Callable
from typing import Final, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from scraper.errors import PostkeepError
from scraper.publish.answers import BusyError

_ATTEMPTS: Final = 5
_LONGEST_WAIT: Final = 300.0
_BACKOFF: Final = wait_random_exponential(multiplier=0.5, max=20.0)

T = TypeVar("T")


def patiently(attempt: Callable[[], T], again: tuple[type[PostkeepError], ...]) -> T:
    """What ``attempt`` gives, made again on the errors ``again``; the last error where none of them succeeds."""
    retrying = Retrying(
        retry=retry_if_exception_type(again),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=pause,
        reraise=True,
    )
    return retrying(attempt)


def pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: as long as the Hub asks for, within reason."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, BusyError) and error.seconds is not None:
        return min(error.seconds, _LONGEST_WAIT)
    return _BACKOFF(state)
