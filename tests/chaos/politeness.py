"""Generated crawls, each judged by its ledger and by what the hosts saw: ``python -m tests.chaos.politeness --crawls 10000``.

A seed plays alike each time, so one that is printed here can be looked into with ``--first SEED --crawls 1``.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from tests.politeness.simulation import Outcome, simulate
from tests.politeness.whole_job import simulate_job

A_TIME: Final = 50


def main() -> int:
    """Play the seeds and print those with violations; the exit status says whether there was none."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.politeness", description=__doc__)
    parser.add_argument("--crawls", type=int, default=10_000, help="how many seeds are played")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first of them")
    parser.add_argument(
        "--jobs", type=int, default=500, help="how many of them are played by whole crawls too"
    )
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.crawls)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        crawls = _report("crawls", pool.map(simulate, seeds, chunksize=A_TIME))
        return crawls | _report("whole jobs", pool.map(simulate_job, seeds[: options.jobs]))


def _report(what: str, outcomes: Iterable[Outcome]) -> int:
    crawls = requests = violations = 0
    for outcome in outcomes:
        crawls += 1
        requests += outcome.requests
        violations += len(outcome.violations)
        for violation in outcome.violations:
            print(f"politeness: seed {outcome.seed}: {violation}")
    print(f"politeness: {crawls} {what} with {requests} requests, {violations} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
