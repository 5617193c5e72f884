"""What ``extract --from`` takes with one worker and with two, by the clock and in CPU seconds; on a local Ray too where test-slow installed it.

    python -m tests.bench.workers             printed
    python -m tests.bench.workers --write     kept in tests/bench/workers.json, and the table in docs/figures.md renewed

The machine has to be idle, with a core for each worker.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.bench.table.figures_file import DOCUMENT, machines_below, row
from tests.bench.table.machine import this_machine
from tests.commands import POSTKEEP, environment
from tests.conftest import REPOSITORY
from tests.marked import renew
from tests.slow.ray_nodes import SCALE
from tests.slow.warc_folder import write_warcs

KEPT: Final = REPOSITORY / "tests" / "bench" / "workers.json"
BEGIN: Final = "<!-- workers: written by `python -m tests.bench.workers --write` -->\n"
END: Final = "<!-- workers: end -->\n"
_FILES: Final = 16
_PAGES: Final = 120
_WORKERS: Final = 2
_ONE: Final = "one process, with the one that reads for it"
_TWO: Final = "`--workers 2`"
_RAY: Final = "`--ray local --workers 2`"
_HEAD: Final = ("how", "s by the clock", "CPU s", "of twice as fast")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command took, in seconds; ``cpu`` without that of workers that are no processes below it, as those of Ray."""

    how: str
    clock: float
    cpu: float


@dataclass(frozen=True, slots=True)
class WorkersRun:
    """The least of so many rounds: the day, the machine, how many pages in how many files, and what each command took."""

    date: str
    machine: Mapping[str, Any]
    files: int
    pages: int
    rounds: int
    taken: tuple[Taken, ...]


def measured(rounds: int) -> WorkersRun:
    """Run everything; takes minutes."""
    commands = {_ONE: [str(POSTKEEP)], _TWO: [str(POSTKEEP), "--workers", str(_WORKERS)]}
    if (SCALE / "postkeep").is_file():
        commands[_RAY] = [str(SCALE / "postkeep"), "--ray", "local", "--workers", str(_WORKERS)]
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        write_warcs(folder / "warcs", files=_FILES, pages=_PAGES)
        for path in (folder / "warcs").iterdir():
            if not path.name.startswith("good"):
                path.unlink()
        taken = tuple(_least(folder, how, command, rounds) for how, command in commands.items())
    return WorkersRun(f"{datetime.now(UTC):%Y-%m-%d}", this_machine(), _FILES, _FILES * _PAGES, rounds, taken)


def _least(folder: Path, how: str, command: Sequence[str], rounds: int) -> Taken:
    program, *options = command
    each = [
        _taken(
            folder,
            how,
            [program, "extract", "--from", "warcs", "--into", f"{len(options)}-{number}", *options],
        )
        for number in range(rounds)
    ]
    return min(each, key=lambda taken: taken.clock)


def _taken(folder: Path, how: str, command: Sequence[str]) -> Taken:
    variables = {**environment(), "PYTHONPATH": str(REPOSITORY)}
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
    return Taken(how, round(time.monotonic() - began, 1), round(usage.ru_utime + usage.ru_stime, 1))


def load() -> WorkersRun | None:
    """The run that is kept; None where there is none."""
    if not KEPT.exists():
        return None
    values = json.loads(KEPT.read_text(encoding="utf-8"))
    return WorkersRun(**{**values, "taken": tuple(Taken(**each) for each in values["taken"])})


def section(run: WorkersRun | None) -> str:
    """The table, and below it what it was measured on."""
    if run is None:
        return "Not measured yet.\n"
    _, legend = machines_below([run.machine])
    told = f"{run.files} WARC files with {run.pages:,} pages of our own, to the dataset, start and writing included; the fastest of {run.rounds}, {run.date}."
    rows = [row(_HEAD), "|---|---:|---:|---:|", *_rows(run.taken)]
    return "\n".join((told, "", *rows, "", *legend, ""))


def _rows(taken: Sequence[Taken]) -> Iterator[str]:
    alone = taken[0]
    for each in taken:
        linear = "" if each is alone else f"{alone.clock / each.clock / _WORKERS:.2f} ×"
        yield row((each.how, f"{each.clock:.1f}", f"{each.cpu:.1f}", linear))


def main() -> None:
    """Measure and print; keep where asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.workers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument("--write", action="store_true", help="keep the figures and renew docs/figures.md")
    options = parser.parse_args()
    run = measured(options.rounds)
    print(section(run), flush=True)
    if options.write:
        KEPT.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        renew(DOCUMENT, BEGIN, END, section(run))


if __name__ == "__main__":
    main()
