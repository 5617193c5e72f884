"""Which failures are tried again, how often, and after how long."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, retry_if_result, stop_after_attempt

from scraper.errors import PostkeepError, RetryableError, SkippableError
from scraper.fetch import pace
from scraper.model.exchange import Exchange
from scraper.model.host_events import WaitReason
from scraper.model.stores import Clock

# The statuses that speak of the moment, not of the page (RFC 9110 section 15, RFC 6585 section 4).
RETRYABLE_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

# How a moment is written in messages.
UTC_SECONDS: Final = "%Y-%m-%d %H:%M:%S UTC"


class ParkedError(RetryableError):
    """The host is left alone for longer than a run waits: ``until`` then."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class NoSuchHostError(SkippableError):
    """The name in the URL is no host's."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """``attempts`` counts the first one; the waits are in seconds. A longer wait than ``longest_wait`` ends the try."""

    attempts: int = 4
    first_wait: float = 5.0
    longest_wait: float = 300.0


def is_worth_retrying(outcome: Exchange | BaseException) -> bool:
    """Whether the same request may fare better: no answer, a passing status, or a body that broke off."""
    if isinstance(outcome, Exchange):
        return outcome.status in RETRYABLE_STATUSES or outcome.truncated == "disconnect"
    return isinstance(outcome, RetryableError) and not isinstance(outcome, ParkedError)


def wait_before(attempt: int, asked: float | None, rules: RetryRules) -> float:
    """The seconds to wait after ``attempt`` (from 1): doubling, and at least what Retry-After ``asked`` for."""
    return max(asked or 0.0, min(rules.first_wait * 2.0 ** (attempt - 1), rules.longest_wait))


def retrying(
    rules: RetryRules,
    clock: Clock,
    tell: Callable[[WaitReason, datetime], None] = lambda _reason, _until: None,
) -> AsyncRetrying:
    """Tenacity by these rules and this clock; ``tell`` is told of each wait, why it is and when it ends.

    When the tries are used up the last exchange is handed back if it is an answer to keep, and the last error
    is raised otherwise.

    Raises:
        RetryableError: the last answer was a status of the moment; the message says when to come back.
    """
    used_up = stop_after_attempt(rules.attempts)
    return AsyncRetrying(
        stop=lambda state: used_up(state) or _asked(state, clock.now()) > rules.longest_wait,
        wait=lambda state: wait_before(state.attempt_number, _asked(state, clock.now()), rules),
        retry=retry_if_result(is_worth_retrying) | retry_if_exception(is_worth_retrying),
        sleep=clock.sleep,
        before_sleep=lambda state: tell(*_wait(state, clock.now())),
        retry_error_callback=_give_up(rules, clock),
    )


async def tried(
    attempt: Callable[[], Awaitable[Exchange]],
    rules: RetryRules,
    clock: Clock,
    tell: Callable[[WaitReason, datetime], None] = lambda _reason, _until: None,
) -> Exchange:
    """What ``attempt`` comes to by ``retrying``, which is asked only where the first try is worth another.

    Raises:
        RetryableError: as ``retrying``; or whatever ``attempt`` raises.
    """
    first: Exchange | RetryableError
    try:
        first = await attempt()
    except RetryableError as error:
        if not is_worth_retrying(error):
            raise
        first = error
    if isinstance(first, Exchange) and not is_worth_retrying(first):
        return first
    outcomes = [first]

    async def go_on() -> Exchange:
        if not outcomes:
            return await attempt()
        outcome = outcomes.pop()
        if isinstance(outcome, RetryableError):
            raise outcome
        return outcome

    return await retrying(rules, clock, tell)(go_on)


def _asked(state: RetryCallState, now: datetime) -> float:
    if state.outcome is None or state.outcome.failed:
        return 0.0
    exchange: Exchange = state.outcome.result()
    return pace.retry_after(exchange.header("retry-after"), exchange.header("date"), now) or 0.0


def _wait(state: RetryCallState, now: datetime) -> tuple[WaitReason, datetime]:
    """What went wrong, and when the next try is."""
    seconds = state.upcoming_sleep
    until = now + timedelta(seconds=seconds)
    if state.outcome is None or state.outcome.failed:
        return WaitReason("errors", seconds, state.attempt_number), until
    if _asked(state, now) >= seconds:
        return WaitReason("retry-after", seconds), until
    exchange: Exchange = state.outcome.result()
    return WaitReason("errors", seconds, state.attempt_number, exchange.status), until


def _give_up(rules: RetryRules, clock: Clock) -> Callable[[RetryCallState], Exchange]:
    def give_up(state: RetryCallState) -> Exchange:
        if state.outcome is None:
            raise PostkeepError("A request ended without an outcome.")
        exchange: Exchange = state.outcome.result()
        if exchange.status not in RETRYABLE_STATUSES:
            return exchange
        asked = _asked(state, clock.now())
        message = f"{exchange.request.url} answered {exchange.status} to try {state.attempt_number}"
        if asked > rules.longest_wait:
            until = clock.now() + timedelta(seconds=asked)
            raise ParkedError(f"{message} and asks for quiet. Run again after {until:{UTC_SECONDS}}.", until)
        raise RetryableError(f"{message}, the last one. Run again later.")

    return give_up
