"""The gate of a host, by a clock that only moves when somebody waits."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.gate import HostGate
from scraper.fetch.guard import check_url
from scraper.fetch.pace import AnswerFacts, Floor, PaceRules
from scraper.fetch.retry import ParkedError
from scraper.model.host_events import HostEvent, Wait, WaitReason
from scraper.model.stores import HostPace
from scraper.settings import Network
from tests.clock import VirtualClock
from tests.fetch.stores import MemoryLedger, MemoryPace

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
    gate = HostGate(store, clock, MemoryLedger(), RULES, longest_wait=10_000)
    ended_at, owed = None, 0.0
    for floor, answer, is_restarted in visits:
        async with gate.turn(URL, partial(Floor, floor)) as turn:
            if ended_at is not None:
                assert (clock.now() - ended_at).total_seconds() >= max(owed, floor) - 1e-5
            gate.begin(turn)
            clock.advance(answer.elapsed)
            gate.end(turn, answer, clock.now())
        ended_at = clock.now()
        owed = max(floor, answer.elapsed * RULES.response_factor, answer.retry_after or 0)
        if is_restarted:
            gate = HostGate(store, clock, MemoryLedger(), RULES, longest_wait=10_000)


async def test_a_gap_of_hours_is_left_to_a_later_run(clock: VirtualClock) -> None:
    gate = HostGate(MemoryPace(), clock, MemoryLedger(), RULES, longest_wait=300)
    async with gate.turn(URL, lambda: Floor(7200)) as turn:
        gate.begin(turn)
        gate.end(turn, AnswerFacts(200, 0.1), clock.now())
    with pytest.raises(ParkedError, match=r"example.org is left alone until 2026-01-05 05:00:00 UTC"):
        async with gate.turn(URL, lambda: Floor(7200)):
            pass
    clock.advance(7200)
    async with gate.turn(URL, lambda: Floor(7200)):
        assert clock.slept == []


async def test_a_turn_not_taken_costs_the_host_nothing(clock: VirtualClock) -> None:
    store = MemoryPace()
    gate = HostGate(store, clock, MemoryLedger(), RULES, longest_wait=300)
    async with gate.turn(URL, lambda: Floor(2.0)):
        pass
    assert store.paces == {}


async def test_a_run_that_dies_in_mid_request_still_keeps_the_gap(clock: VirtualClock) -> None:
    store = MemoryPace()
    gate = HostGate(store, clock, MemoryLedger(), RULES, longest_wait=300)
    async with gate.turn(URL, lambda: Floor(2.0)) as turn:
        gate.begin(turn)
    assert store.paces["example.org"].next_allowed_at == clock.now() + timedelta(seconds=2)


async def test_a_clock_set_back_by_a_year_costs_one_more_gap_and_says_so(clock: VirtualClock) -> None:
    store, ledger = MemoryPace(), MemoryLedger()
    gate = HostGate(store, clock, ledger, RULES, longest_wait=300)
    async with gate.turn(URL, lambda: Floor(2.0)) as turn:
        gate.begin(turn)
        gate.end(turn, AnswerFacts(200, 20), clock.now())
    earlier = VirtualClock(clock.now() - timedelta(days=365))
    async with HostGate(store, earlier, ledger, RULES, longest_wait=300).turn(
        URL, lambda: Floor(2.0)
    ) as turn:
        assert earlier.slept == [40]
        assert (turn.gap_owed, turn.gap_kept) == (40, 40)
    [waiting] = ledger.of("waiting")
    assert (waiting.host, waiting.detail) == ("example.org", {"gap_owed": 40})


async def test_a_clock_set_back_in_the_middle_of_a_wait_does_not_park_the_host() -> None:
    class Slipping(VirtualClock):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            if len(self.slept) == 1:
                self._now -= timedelta(hours=5)

    clock, store = Slipping(), MemoryPace()
    gate = HostGate(store, clock, MemoryLedger(), RULES, longest_wait=300)
    for _ in range(2):
        async with gate.turn(URL, lambda: Floor(2.0)) as turn:
            gate.begin(turn)
            gate.end(turn, AnswerFacts(200, 0), clock.now())
    assert clock.slept == [2, 2]


async def test_a_host_that_keeps_failing_is_parked_and_the_message_says_how_often_it_failed(
    clock: VirtualClock,
) -> None:
    gate = HostGate(MemoryPace(), clock, MemoryLedger(), RULES, longest_wait=300)

    async def fail_for_ever() -> None:
        while True:
            async with gate.turn(URL, lambda: Floor(2.0)) as turn:
                gate.begin(turn)
                gate.end(turn, AnswerFacts(503, 0.1), clock.now())

    with pytest.raises(
        ParkedError, match=r"example\.org failed 8 times in a row and is left alone until"
    ) as caught:
        await fail_for_ever()
    assert (caught.value.until - clock.now()).total_seconds() == 512
    assert clock.slept == [4, 8, 16, 32, 64, 128, 256]


@pytest.mark.parametrize(
    ("floor", "answer", "reason"),
    [
        (Floor(2), AnswerFacts(200, 0.1), WaitReason("pace", 2)),
        (Floor(5, "crawl-delay"), AnswerFacts(200, 0.1), WaitReason("crawl-delay", 5)),
        (Floor(5, "crawl-delay"), AnswerFacts(200, 6), WaitReason("slow", 12)),
        (Floor(2), AnswerFacts(200, 0.1, 60), WaitReason("retry-after", 60)),
        (Floor(2), AnswerFacts(429, 0.1, 60), WaitReason("retry-after", 60)),
        (Floor(2), AnswerFacts(429, 0.1, 1), WaitReason("errors", 4, 1, 429)),
        (Floor(2), AnswerFacts(None, 0.1), WaitReason("errors", 4, 1)),
    ],
)
async def test_a_wait_is_told_with_its_reason_and_its_end(
    floor: Floor, answer: AnswerFacts, reason: WaitReason, clock: VirtualClock
) -> None:
    told: list[HostEvent] = []
    gate = HostGate(MemoryPace(), clock, MemoryLedger(), RULES, 300, told.append)
    async with gate.turn(URL, lambda: floor) as turn:
        gate.begin(turn)
        gate.end(turn, answer, clock.now())
    until = clock.now() + timedelta(seconds=reason.seconds)
    gate.rests("example.org", until)
    async with gate.turn(URL, lambda: floor):
        pass
    assert told == [Wait("example.org", reason, until)] * 2


async def test_after_errors_a_host_is_asked_more_slowly_for_a_while(clock: VirtualClock) -> None:
    told: list[HostEvent] = []
    gate = HostGate(MemoryPace(), clock, MemoryLedger(), RULES, 300, told.append)
    for status in (503, 200, 200):
        async with gate.turn(URL, lambda: Floor(2.0)) as turn:
            gate.begin(turn)
            gate.end(turn, AnswerFacts(status, 0.1), clock.now())
    assert [event.reason for event in told if isinstance(event, Wait)] == [
        WaitReason("errors", 4, 1, 503),
        WaitReason("errors", 3),
    ]


async def test_what_an_earlier_run_left_owed_is_told_as_that(clock: VirtualClock) -> None:
    store, told = MemoryPace(), list[HostEvent]()
    store.put_pace(HostPace("example.org", clock.now() + timedelta(seconds=9), 2.0, noted_at=clock.now()))
    gate = HostGate(store, clock, MemoryLedger(), RULES, 300, told.append)
    gate.rests("example.org", clock.now() + timedelta(seconds=9))
    gate.rests("unknown.example", clock.now())
    assert [event.reason for event in told if isinstance(event, Wait)] == [WaitReason("earlier", 9)]
