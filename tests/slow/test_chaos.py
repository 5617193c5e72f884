"""A small sample of what `make chaos` does by the thousand."""

import random

import pytest

from tests.chaos.damage import damage_archives
from tests.chaos.failpoints import fail_everywhere
from tests.chaos.kills import kill_crawls

pytestmark = pytest.mark.slow


@pytest.fixture
def seed() -> int:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return seed


def test_processes_killed_again_and_again_leave_a_whole_archive(seed: int) -> None:
    tally = kill_crawls(count=10, processes=2, seed=seed)
    assert tally.kills >= 10
    assert not tally.wrong


def test_every_twentieth_operation_may_be_the_last(seed: int) -> None:
    tally = fail_everywhere(every=20, seed=seed)
    assert tally.faults > 10
    assert not tally.wrong


def test_damage_costs_what_it_hit_and_no_more(seed: int) -> None:
    wrong, _ = damage_archives(count=10, seed=seed)
    assert not wrong
