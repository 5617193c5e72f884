"""Drift on features as ``tests/records/test_drift.py`` has it, on more sites and with more runs: the floors as they are promised."""

import pytest

from tests.records.drift_world import MISREADINGS
from tests.records.test_drift import missed_of, ringing, titled

pytestmark = pytest.mark.slow


def test_of_a_thousand_quiet_nights_more_at_most_ten_ring() -> None:
    rung = {seed: nights for seed in range(10, 20) if (nights := ringing(seed))}
    print(f"seeds 10 to 19: {sum(map(len, rung.values()))} of 1,000 quiet runs ring")
    assert sum(map(len, rung.values())) <= 10, rung


@pytest.mark.parametrize("name", MISREADINGS)
@pytest.mark.parametrize("runs", [1, 6])
def test_each_misreading_of_fifty_pages_rings_in_one_run(name: str, runs: int) -> None:
    assert missed_of(range(25, 35), runs, name, share=1.0) == []


@pytest.mark.parametrize(
    "name", ["every title missing", "dates unreadable", "dates shifted", "counts vanish", "all gated"]
)
def test_one_field_on_a_tenth_of_the_pages_rings(name: str) -> None:
    missed = missed_of(titled(range(20, 35)), 6, name, share=0.1)
    assert len(missed) <= 1, missed
