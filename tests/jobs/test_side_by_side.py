"""Many hosts at once, each host one piece of work at a time."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.model.stores import HostPace
from tests.clock import VirtualClock


class Paces:
    """A PaceStore that owes every host two seconds from whenever it is asked, but for those it is told of."""

    def __init__(self, clock: VirtualClock, owed: dict[str, float]) -> None:
        self._clock = clock
        self._owed = owed

    def get_pace(self, host: str) -> HostPace | None:
        seconds = self._owed.get(host)
        if seconds is None:
            return None
        return HostPace(host, self._clock.now() + timedelta(seconds=seconds), seconds)

    def put_pace(self, pace: HostPace) -> None:
        raise AssertionError("nothing here changes a pace")


async def test_hosts_run_side_by_side_within_the_bound_and_each_host_in_order() -> None:
    clock = VirtualClock()
    running: Counter[str] = Counter()
    most, done = 0, list[int]()
    hosts = [f"host-{number % 7}" for number in range(70)]

    async def work(number: int) -> None:
        nonlocal most
        running[hosts[number]] += 1
        most = max(most, running.total())
        assert running[hosts[number]] == 1
        await asyncio.sleep(0)
        running[hosts[number]] -= 1
        done.append(number)

    await SideBySide(Paces(clock, {}), clock, at_once=4).run(hosts, work)
    assert most == 4
    assert sorted(done) == list(range(70))
    for host in set(hosts):
        numbers = [number for number in done if hosts[number] == host]
        assert numbers == sorted(numbers)


async def test_no_host_is_taken_before_its_time_and_one_left_alone_for_long_is_not_waited_for() -> None:
    clock = VirtualClock()
    began = clock.now()
    taken: dict[str, datetime] = {}
    hosts = ["slow", "parked", "fast", "free"]

    async def work(number: int) -> None:
        taken[hosts[number]] = clock.now()

    owed = {"slow": 120.0, "fast": 2.0, "parked": 7200.0}
    await SideBySide(Paces(clock, owed), clock, at_once=2).run(hosts, work)
    after = {host: (at - began).total_seconds() for host, at in taken.items()}
    assert after == {"parked": 0, "free": 0, "fast": 2, "slow": 120}


async def test_a_clock_set_back_by_a_year_is_not_waited_for() -> None:
    class Slipping(VirtualClock):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            if len(self.slept) == 1:
                self._now -= timedelta(days=365)

    clock = Slipping()
    done: list[int] = []

    async def work(number: int) -> None:
        done.append(number)

    owed = {"soon": 2.0, "later": 90.0}
    await SideBySide(Paces(clock, owed), clock, at_once=2).run(["soon", "later", "soon"], work)
    assert sorted(done) == [0, 1, 2]
    assert sum(clock.slept) <= 2 + 90


async def test_what_one_piece_of_work_raises_ends_the_others() -> None:
    clock = VirtualClock()
    ended: list[str] = []

    async def work(number: int) -> None:
        if number == 1:
            raise RuntimeError("the disk is full")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    with pytest.raises(RuntimeError, match="the disk is full"):
        await SideBySide(Paces(clock, {}), clock).run(["one", "two", "three"], work)
    assert ended == ["cancelled", "cancelled"]


async def test_hosts_that_wait_between_their_items_are_told_of_and_those_that_are_done() -> None:
    clock = VirtualClock()
    paces = Paces(clock, {"owed": 9.0})
    began, told = clock.now(), list[tuple[str, float | None]]()

    class Told:
        def rests(self, host: str, until: datetime) -> None:
            told.append((host, (until - began).total_seconds()))

        def leave(self, host: str) -> None:
            told.append((host, None))

    async def work(_number: int) -> None:
        pass

    await SideBySide(paces, clock, told=Told()).run(["owed", "free", "owed"], work)
    assert told == [("owed", 9.0), ("free", None), ("owed", 18.0), ("owed", None)]
