"""Memory stays flat: at their full sizes commands need at most so much more than for a tenth."""

import pytest

from tests.bench.memory import CASES, MOST, Case, grown

pytestmark = pytest.mark.long


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_command_needs_no_more_memory_for_ten_times_the_input(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    growths = list(grown(case))
    with capsys.disabled():
        print("", *growths, sep="\n")
    assert [str(growth) for growth in growths if growth.ratio > MOST] == []
