"""The pace of a host, as arithmetic."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.pace import (
    MAX_RETRY_AFTER,
    AnswerFacts,
    PaceRules,
    after_answer,
    first_pace,
    own_delay,
    retry_after,
    with_clock_set_back,
    with_floor,
)
from scraper.model.stores import HostPace

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
RULES = PaceRules()

seconds = st.floats(0, 10_000, allow_nan=False)
statuses = st.one_of(st.none(), st.sampled_from([200, 206, 301, 304, 404, 410, 429, 500, 502, 503, 504]))
answers = st.builds(AnswerFacts, statuses, seconds, st.one_of(st.none(), seconds))
paces = st.builds(HostPace, st.just("example.org"), st.just(NOW), seconds, st.integers(0, 20))


def gap_after(pace: HostPace, floor: float, answer: AnswerFacts) -> float:
    return (after_answer(pace, floor, answer, NOW, RULES).next_allowed_at - NOW).total_seconds()


@given(paces, seconds, answers)
def test_the_gap_is_never_shorter_than_anyone_asked_for(
    pace: HostPace, floor: float, answer: AnswerFacts
) -> None:
    gap = gap_after(pace, floor, answer) + 1e-6
    assert gap >= floor
    assert gap >= answer.elapsed * RULES.response_factor
    assert gap >= (answer.retry_after or 0)


@given(paces, seconds, seconds)
def test_strain_doubles_the_delay_up_to_its_bound(pace: HostPace, floor: float, elapsed: float) -> None:
    after = after_answer(pace, floor, AnswerFacts(503, elapsed), NOW, RULES)
    assert after.failures == pace.failures + 1
    base = max(pace.delay, floor, RULES.least_delay)
    assert after.delay == pytest.approx(max(floor, min(2 * base, RULES.longest_backoff)))


@given(paces, seconds, seconds)
def test_recovery_is_gradual_and_ends_at_the_floor(pace: HostPace, floor: float, elapsed: float) -> None:
    after = after_answer(pace, floor, AnswerFacts(200, elapsed), NOW, RULES)
    assert after.failures == 0
    assert after.delay >= max(floor, pace.delay * RULES.recovery_factor) - 1e-9
    for _ in range(60):
        after = after_answer(after, floor, AnswerFacts(200, 0), NOW, RULES)
    assert after.delay == pytest.approx(floor, abs=0.01)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, None])
def test_a_host_in_trouble_is_backed_off_from(status: int | None) -> None:
    delays = []
    pace = first_pace("example.org", 2.0, NOW)
    for _ in range(4):
        pace = after_answer(pace, 2.0, AnswerFacts(status, 0.1), NOW, RULES)
        delays.append(pace.delay)
    assert delays == [4, 8, 16, 32]


@pytest.mark.parametrize("status", [200, 301, 304, 404])
def test_retry_after_holds_on_any_status(status: int) -> None:
    assert gap_after(first_pace("example.org", 2.0, NOW), 2.0, AnswerFacts(status, 0.1, 90.0)) == 90


def test_the_owner_chooses_the_delay_but_for_our_own_test_servers_none_below_the_least() -> None:
    assert own_delay(None, RULES, is_lifted=False) == RULES.default_delay
    assert own_delay(7, RULES, is_lifted=False) == 7
    assert own_delay(0, RULES, is_lifted=False) == RULES.least_delay
    assert own_delay(0, RULES, is_lifted=True) == 0


@given(paces, seconds)
def test_a_longer_gap_learnt_of_late_is_still_owed(pace: HostPace, floor: float) -> None:
    answered = after_answer(pace, 1.0, AnswerFacts(200, 0), NOW, RULES)
    raised = with_floor(answered, floor)
    assert (raised.next_allowed_at - NOW).total_seconds() >= floor - 1e-6
    assert raised.next_allowed_at >= answered.next_allowed_at
    assert with_floor(raised, floor) == raised


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 4.5 ", 4.5),
        ("0", 0.0),
        ("Mon, 05 Jan 2026 03:01:30 GMT", 90.0),
        ("Monday, 05-Jan-26 03:01:30 GMT", 90.0),
        ("Mon Jan  5 03:01:30 2026", 90.0),
        ("Mon, 05 Jan 2026 02:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER),
        ("999999999", MAX_RETRY_AFTER),
        ("9" * 400, MAX_RETRY_AFTER),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(value: str | None, expected: float | None) -> None:
    assert retry_after(value, None, NOW) == expected


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-400), timedelta(hours=3)])
def test_a_moment_is_counted_from_the_date_that_the_same_clock_wrote(ahead: timedelta) -> None:
    sent, until = (format_datetime(NOW + ahead + timedelta(seconds=s), usegmt=True) for s in (0, 90))
    assert retry_after(until, sent, NOW) == 90
    assert retry_after("90", sent, NOW) == 90
    assert retry_after(format_datetime(NOW + timedelta(seconds=40), usegmt=True), "today", NOW) == 40


@given(st.integers(0, 86_400 * 20))
def test_a_date_and_the_seconds_until_it_mean_the_same(wait: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=wait), usegmt=True)
    assert retry_after(date, None, NOW) == retry_after(str(wait), None, NOW)


@given(paces, answers, st.floats(-(10**8), 10**8))
def test_a_clock_that_was_set_back_leaves_the_gap_owed_and_no_more(
    pace: HostPace, answer: AnswerFacts, drift: float
) -> None:
    answered = after_answer(pace, 2.0, answer, NOW, RULES)
    now = NOW + timedelta(seconds=drift)
    gap = answered.next_allowed_at - NOW
    owed = with_clock_set_back(answered, now)
    assert owed.next_allowed_at - now <= gap
    assert owed.next_allowed_at == (answered.next_allowed_at if now >= NOW else now + gap)
    assert with_clock_set_back(owed, now) == owed


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_retry_after_makes_it_raise(value: str, date: str) -> None:
    wait = retry_after(value, date, NOW)
    assert wait is None or 0 <= wait <= MAX_RETRY_AFTER
