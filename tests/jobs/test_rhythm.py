"""The revisit policy: bounds, growth, the second look, fairness under budgets, clocks that are set."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.jobs.refresh.rhythm import (
    Bounds,
    Change,
    Observation,
    Rhythm,
    due_at,
    due_interval,
    first_rhythm,
    next_rhythm,
    overdue,
    rhythm_of,
)

NOW = datetime(2026, 3, 28, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOUNDS = Bounds()

moments = st.timedeltas(-3000 * DAY, 3000 * DAY).map(lambda since: NOW + since)
founds = st.sampled_from(get_args(Change))
looks = st.builds(Observation, moments, founds)
post_ids = st.text(min_size=1)
bounds = st.builds(
    lambda shortest, more: Bounds(shortest, shortest + more),
    st.timedeltas(HOUR, 36 * HOUR),
    st.timedeltas(timedelta(), 900 * DAY),
)


@given(st.lists(looks, min_size=1), st.none() | moments, post_ids, bounds)
def test_every_interval_is_within_the_bounds(
    made: list[Observation], published_at: datetime | None, post_id: str, within: Bounds
) -> None:
    rhythm = rhythm_of(made, published_at, within)
    assert within.shortest <= rhythm.interval <= within.longest
    assert within.shortest <= due_interval(rhythm, post_id, within) <= within.longest


@given(moments, st.timedeltas(timedelta(), 12 * DAY / 10), founds, post_ids)
def test_a_young_post_is_looked_at_again_within_36_hours_by_a_job_that_runs_each_day(
    first_at: datetime, age: timedelta, found: Change, post_id: str
) -> None:
    rhythm = first_rhythm(Observation(first_at, found), first_at - age, BOUNDS)
    assert due_at(rhythm, post_id, first_at, BOUNDS) <= first_at + 36 * HOUR
    assert due_at(rhythm, post_id, first_at + DAY, BOUNDS) <= first_at + DAY


def test_a_post_without_a_date_is_taken_for_a_young_one_and_an_old_one_is_left_alone_for_long() -> None:
    assert first_rhythm(Observation(NOW, "changed"), None, BOUNDS).interval == BOUNDS.shortest
    assert first_rhythm(Observation(NOW, "changed"), NOW - 3650 * DAY, BOUNDS).interval == BOUNDS.longest
    assert first_rhythm(Observation(NOW, "changed"), NOW - 80 * DAY, BOUNDS).interval == 10 * DAY


@given(moments, moments, moments, bounds)
def test_the_older_a_post_the_later_its_second_look(
    at: datetime, one: datetime, other: datetime, within: Bounds
) -> None:
    older, younger = sorted((one, other))
    old, young = (
        first_rhythm(Observation(at, "changed"), published, within) for published in (older, younger)
    )
    assert old.interval >= young.interval


@given(st.timedeltas(2 * BOUNDS.shortest, BOUNDS.longest / 2), moments)
def test_a_change_halves_and_no_change_doubles(interval: timedelta, at: datetime) -> None:
    rhythm = Rhythm(at - interval, interval)
    assert next_rhythm(rhythm, Observation(at, "changed"), None, BOUNDS).interval == interval / 2
    assert next_rhythm(rhythm, Observation(at, "same"), None, BOUNDS).interval == interval * 2
    assert next_rhythm(rhythm, Observation(at, "withheld"), None, BOUNDS).interval == interval


def test_numbers_alone_keep_a_young_post_in_its_rhythm_and_let_an_old_one_grow() -> None:
    rhythm = Rhythm(NOW - DAY, DAY)
    assert next_rhythm(rhythm, Observation(NOW, "counted"), NOW - 2 * DAY, BOUNDS).interval == DAY
    assert next_rhythm(rhythm, Observation(NOW, "counted"), NOW - 80 * DAY, BOUNDS).interval == 10 * DAY


def test_looks_in_vain_are_repeated_soon_then_ever_more_rarely_and_forgotten_after_a_good_one() -> None:
    rhythm = Rhythm(NOW, 30 * DAY)
    waits = []
    for _ in range(10):
        rhythm = next_rhythm(rhythm, Observation(NOW, "nothing"), None, BOUNDS)
        waits.append(due_interval(rhythm, "a", BOUNDS))
    assert waits[0] < DAY
    assert waits == sorted(waits)
    assert waits[-1] >= BOUNDS.longest * 3 / 4
    assert next_rhythm(rhythm, Observation(NOW, "same"), None, BOUNDS) == Rhythm(NOW, 60 * DAY)


@given(st.lists(looks, min_size=1), post_ids, moments, st.timedeltas(timedelta(), 900 * DAY))
def test_due_once_is_due_later_and_no_clock_puts_a_post_off_for_more_than_two_intervals(
    made: list[Observation], post_id: str, now: datetime, later: timedelta
) -> None:
    rhythm = rhythm_of(made, None, BOUNDS)
    due = due_at(rhythm, post_id, now, BOUNDS)
    assert due <= now + 2 * BOUNDS.longest
    if due <= now:
        assert due_at(rhythm, post_id, now + later, BOUNDS) <= now + later


@given(moments, st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York"]), post_ids)
def test_the_zone_of_a_clock_changes_nothing(at: datetime, zone: str, post_id: str) -> None:
    there = at.astimezone(ZoneInfo(zone))
    one, other = (
        due_at(
            rhythm_of([Observation(when, "same"), Observation(when, "same")], when - DAY, BOUNDS),
            post_id,
            when,
            BOUNDS,
        )
        for when in (at, there)
    )
    assert (one, one.tzinfo) == (other, other.tzinfo)


@pytest.mark.parametrize("interval", [16 * DAY, BOUNDS.longest])
def test_what_was_first_seen_together_falls_due_apart(interval: timedelta) -> None:
    rhythm = Rhythm(NOW, interval)
    days = Counter((due_at(rhythm, f"site:{number}", NOW, BOUNDS) - NOW).days for number in range(500))
    assert set(days) == set(range(interval.days * 3 // 4, interval.days))
    assert max(days.values()) <= 2 * 500 / len(days)


def simulated(
    posts: int, budget: int, nights: Sequence[datetime], bounds: Bounds = BOUNDS
) -> list[list[str]]:
    """The posts that each night's run looks at, none of which ever changes; all were crawled on the first night."""
    first = Observation(nights[0], "changed")
    rhythms = {f"p{number}": first_rhythm(first, None, bounds) for number in range(posts)}
    runs = []
    for now in nights[1:]:
        waiting = []
        for post_id, rhythm in rhythms.items():
            due = due_at(rhythm, post_id, now, bounds)
            if due <= now:
                waiting.append((overdue(due, due_interval(rhythm, post_id, bounds), now), post_id))
        visited = [post_id for _, post_id in sorted(waiting, reverse=True)[:budget]]
        for post_id in visited:
            rhythms[post_id] = next_rhythm(rhythms[post_id], Observation(now, "same"), None, bounds)
        runs.append(visited)
    return runs


@pytest.mark.parametrize("budget", [1, 3])
def test_no_post_starves_however_small_the_budget(budget: int) -> None:
    fixed = Bounds(12 * HOUR, 12 * HOUR)
    runs = simulated(20, budget, [NOW + night * DAY for night in range(300)], fixed)
    for post in range(20):
        seen = [night for night, visited in enumerate(runs) if f"p{post}" in visited]
        gaps = [later - before for before, later in pairwise(seen)]
        assert max(gaps) <= 20 // budget + 1


def test_what_never_changes_ends_at_the_longest_interval() -> None:
    runs = simulated(40, 40, [NOW + night * DAY for night in range(720)])
    assert sum(map(len, runs[360:])) <= 40 * (360 / 90 + 2)


def test_after_downtime_a_budget_spreads_what_is_due_over_nights_and_nothing_is_looked_at_twice() -> None:
    nights = [NOW + night * DAY for night in (*range(10), *range(200, 220))]
    runs = simulated(50, 10, nights)
    after = runs[9:14]
    assert [len(visited) for visited in after] == [10] * 5
    assert len({post for visited in after for post in visited}) == 50


@pytest.mark.parametrize("back", [HOUR, DAY, 30 * DAY, 4000 * DAY])
def test_a_clock_that_was_set_back_neither_repeats_a_night_nor_stops_the_job(back: timedelta) -> None:
    nights = [NOW + night * DAY for night in range(20)]
    again = [NOW + 20 * DAY - back + night * DAY for night in range(200)]
    runs = simulated(10, 10, [*nights, *again])[19:]
    looked = [post for visited in runs for post in visited]
    for number in range(10):
        assert 1 <= looked.count(f"p{number}") <= 8
