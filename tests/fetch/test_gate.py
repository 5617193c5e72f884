"""The gate of a host, by a clock that only moves when somebody waits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.gate import Gate
from scraper.fetch.guard import check_url
from scraper.fetch.pace import AnswerFacts, PaceRules
from scraper.fetch.retry import ParkedError
from scraper.settings import Network
from tests.clock import VirtualClock
from tests.fetch.stores import MemoryPace

RULES = PaceRules()
URL = check_url("https://example.org/a", Network())

facts = st.builds(
    AnswerFacts,
    st.one_of(st.none(), st.sampled_from([200, 304, 404, 429, 503])),
    st.floats(0, 20),
    st.one_of(st.none(), st.floats(0, 400)),
)
# One request each: the floor that holds for it, its answer, and whether the run is restarted after it.
visits = st.lists(st.tuples(st.floats(0, 60), facts, st.booleans()), max_size=25)


@given(visits)
async def test_every_gap_owed_is_kept_through_faults_and_restarts(
    visits: list[tuple[float, AnswerFacts, bool]],
) -> None:
    clock, store = VirtualClock(), MemoryPace()
    gate = Gate(store, clock, RULES, longest_wait=10_000)
    ended_at, owed = None, 0.0
    for floor, answer, is_restarted in visits:
        async with gate.turn(URL, floor) as turn:
            if ended_at is not None:
                assert (clock.now() - ended_at).total_seconds() >= max(owed, floor) - 1e-5
            gate.begin(turn)
            clock.advance(answer.elapsed)
            gate.end(turn, answer)
        ended_at = clock.now()
        owed = max(floor, answer.elapsed * RULES.response_factor, answer.retry_after or 0)
        if is_restarted:
            gate = Gate(store, clock, RULES, longest_wait=10_000)


async def test_a_gap_of_hours_is_left_to_a_later_run(clock: VirtualClock) -> None:
    gate = Gate(MemoryPace(), clock, RULES, longest_wait=300)
    async with gate.turn(URL, 7200) as turn:
        gate.begin(turn)
        gate.end(turn, AnswerFacts(200, 0.1))
    with pytest.raises(ParkedError, match=r"example.org is left alone until 2026-01-05 05:00:00 UTC"):
        async with gate.turn(URL, 7200):
            pass
    clock.advance(7200)
    async with gate.turn(URL, 7200):
        assert clock.slept == []


async def test_a_turn_not_taken_costs_the_host_nothing(clock: VirtualClock) -> None:
    store = MemoryPace()
    gate = Gate(store, clock, RULES, longest_wait=300)
    async with gate.turn(URL, 2.0):
        pass
    assert store.paces == {}


async def test_a_run_that_dies_in_mid_request_still_keeps_the_gap(clock: VirtualClock) -> None:
    store = MemoryPace()
    gate = Gate(store, clock, RULES, longest_wait=300)
    async with gate.turn(URL, 2.0) as turn:
        gate.begin(turn)
    assert store.paces["example.org"].next_allowed_at == clock.now() + timedelta(seconds=2)
