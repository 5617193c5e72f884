"""What is tried again, and after how long."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.retry import ParkedError, RetryRules, is_worth_retrying, retrying, wait_before
from scraper.model.exchange import Exchange, Headers, Request, Truncation
from tests.clock import VirtualClock

RULES = RetryRules(attempts=4, first_wait=5.0, longest_wait=300.0)


def answer(status: int, headers: Headers = (), truncated: Truncation | None = None) -> Exchange:
    return Exchange(
        request=Request("https://example.org/a"),
        status=status,
        headers=headers,
        request_wire=b"",
        head=b"",
        body=b"",
        payload=b"",
        started_at=datetime(2026, 1, 5, tzinfo=UTC),
        elapsed=0.1,
        from_wire=True,
        truncated=truncated,
    )


class Site:
    """Gives its outcomes one after the other, and counts."""

    def __init__(self, *outcomes: Exchange | Exception) -> None:
        self.outcomes = list(outcomes)
        self.asked = 0

    async def __call__(self) -> Exchange:
        self.asked += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_status_of_the_moment_is_worth_another_try(status: int) -> None:
    assert is_worth_retrying(answer(status))


@pytest.mark.parametrize("status", [200, 206, 301, 304, 400, 401, 403, 404, 410, 451, 501])
def test_a_status_of_the_page_is_not(status: int) -> None:
    assert not is_worth_retrying(answer(status))


def test_only_passing_errors_and_broken_bodies_are_tried_again() -> None:
    assert is_worth_retrying(RetryableError("x"))
    assert is_worth_retrying(answer(200, truncated="disconnect"))
    assert not is_worth_retrying(answer(200, truncated="length"))
    assert not is_worth_retrying(answer(200, truncated="time"))
    for error in (
        ParkedError("x", datetime(2026, 1, 5, tzinfo=UTC)),
        SkippableError("x"),
        RefusedError("x", rule="y"),
        ValueError("x"),
    ):
        assert not is_worth_retrying(error)


@given(st.integers(1, 50), st.one_of(st.none(), st.floats(0, 10_000)))
def test_the_wait_doubles_within_its_bound_and_honours_retry_after(attempt: int, asked: float | None) -> None:
    wait = wait_before(attempt, asked, RULES)
    assert wait >= (asked or 0)
    assert wait <= max(RULES.longest_wait, asked or 0)
    assert wait_before(attempt + 1, asked, RULES) >= wait


async def test_it_is_tried_until_it_works(clock: VirtualClock) -> None:
    site = Site(RetryableError("x"), answer(503), answer(200))
    assert (await retrying(RULES, clock)(site)).status == 200
    assert clock.slept == [5.0, 10.0]


async def test_retry_after_is_waited_for(clock: VirtualClock) -> None:
    site = Site(answer(429, (("Retry-After", "70"),)), answer(200))
    await retrying(RULES, clock)(site)
    assert clock.slept == [70.0]


async def test_a_retry_after_beyond_the_bound_ends_the_try_and_says_when_to_come_back(
    clock: VirtualClock,
) -> None:
    site = Site(answer(503, (("Retry-After", "3600"),)))
    with pytest.raises(
        ParkedError, match=r"https://example.org/a.*503.*Run again after 2026-01-05 04:00:00 UTC"
    ):
        await retrying(RULES, clock)(site)
    assert clock.slept == []


async def test_tries_are_bounded(clock: VirtualClock) -> None:
    site = Site(*[answer(503)] * 9)
    with pytest.raises(RetryableError, match="503 to try 4"):
        await retrying(RULES, clock)(site)
    assert site.asked == 4
    broken = Site(*[RetryableError(f"try {number}") for number in range(9)])
    with pytest.raises(RetryableError, match="try 3"):
        await retrying(RULES, clock)(broken)


async def test_a_body_that_keeps_breaking_off_is_handed_back_as_it_is(clock: VirtualClock) -> None:
    site = Site(*[answer(200, truncated="disconnect")] * 9)
    assert (await retrying(RULES, clock)(site)).truncated == "disconnect"
    assert site.asked == 4


async def test_other_errors_pass_at_once(clock: VirtualClock) -> None:
    site = Site(RefusedError("x", rule="y"))
    with pytest.raises(RefusedError):
        await retrying(RULES, clock)(site)
    assert site.asked == 1
