"""Figures beside a peer and beside what no program can go below, each of one run.

    python -m tests.bench                   every benchmark, printed
    python -m tests.bench inflate reading   those that are named
    python -m tests.bench --write           kept in tests/bench/figures.json, and the table in docs/figures.md renewed

Peers are installed by tests/bench/peers, into build/bench/; `make bench` does both and writes the table.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.bench.benchmarks import BENCHMARKS
from tests.bench.table.figure import Benchmark, UnmeasuredError
from tests.bench.table.figures_file import Run, keep, load, rounded, section
from tests.bench.table.machine import this_machine


def measured(benchmark: Benchmark) -> Run:
    """One run of it."""
    figures, reason = [], ""
    try:
        figures = [rounded(figure) for figure in benchmark.measure()]
    except UnmeasuredError as error:
        reason = str(error)
    return Run(f"{datetime.now(UTC):%Y-%m-%d}", this_machine(), tuple(figures), reason)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; keep where asked to, each as soon as it is there."""
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--write", action="store_true", help="keep the figures and renew docs/figures.md")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(names):
        parser.error(f"no benchmark is called {min(unknown)}; there are {', '.join(names)}")
    chosen = [each for each in BENCHMARKS if each.name in options.names or not options.names]
    for benchmark in chosen:
        print(f"{benchmark.name}: {benchmark.title} …", file=sys.stderr, flush=True)
        run = measured(benchmark)
        print(section({benchmark.name: run}, [benchmark]), flush=True)
        if options.write:
            keep({**load(), benchmark.name: run}, BENCHMARKS)


if __name__ == "__main__":
    main()
