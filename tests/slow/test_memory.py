"""Memory stays flat: at their full sizes commands need at most so much more than for a tenth."""

import pytest

from tests.bench.memory import CASES, MOST, Case, measured

pytestmark = pytest.mark.long


@pytest.mark.parametrize("case", [case for case in CASES if not case.has_bound], ids=lambda case: case.name)
def test_a_command_needs_no_more_memory_for_ten_times_the_input(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    growths = []
    for run in measured(case):
        growths = list(run.growths)
        with capsys.disabled():
            print("", f"{run.tenth}, and {run.whole}: {growths[-1]}", sep="\n")
    assert len(growths) == len(case.commands)
    assert [str(growth) for growth in growths if growth.ratio > MOST] == []
