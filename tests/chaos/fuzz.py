"""The fuzz tests with many cases each: ``python -m tests.chaos.fuzz --cases 20000``."""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, seed, settings

from tests.safety import test_fuzz

# Cases of these cost so many times what the others cost.
_DEAR: Final = {"test_any_page_is_read_or_rejected": 10}


def main() -> int:
    """Run each test with its cases and print one line; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="cases of each test")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    began = time.monotonic()
    tests = {name: test for name, test in vars(test_fuzz).items() if name.startswith("test_")}
    counts = {name: max(1, options.cases // _DEAR.get(name, 1)) for name in tests}
    wrong = [line for name, test in tests.items() for line in fuzzed(test, counts[name], options.seed)]
    minutes = (time.monotonic() - began) / 60
    print(
        f"fuzz: seed {options.seed}; {sum(counts.values())} cases over {len(tests)} readers of outside data, "
        f"{minutes:.1f} min; {len(wrong)} uncaught"
    )
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong else 0


def fuzzed(test: Callable[[], object], cases: int, number: int) -> list[str]:
    """Run one test; gives what it failed with, which Hypothesis has made as small as it can."""
    profile = settings(
        max_examples=cases, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    try:
        seed(number)(profile(test))()
    except Exception as error:  # noqa: BLE001 - any error is what is looked for here
        name = getattr(test, "__name__", "test")
        return [f"{name}: {line}" for line in "".join(traceback.format_exception(error)).splitlines()[-6:]]
    return []


if __name__ == "__main__":
    sys.exit(main())
