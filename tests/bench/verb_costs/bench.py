"""Commands that are run in a folder of their own, and what they cost."""

import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench.verb_costs.telling import Cost
from tests.commands import POSTKEEP, environment

# The largest resident set of a process is at least that of the one it was forked from: a small one starts the command.
_LAUNCHER: Final = """\
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Bench:
    """Runs commands in a folder of its own."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self._folder = folder
        self._rounds = rounds

    def measure(self, *arguments: str, prepare: Callable[[], None] = lambda: None) -> Cost:
        """The median cost of a command; ``prepare`` is called before each run."""
        return self.measure_command(str(POSTKEEP), *arguments, prepare=prepare)

    def measure_command(self, *command: str, prepare: Callable[[], None] = lambda: None) -> Cost:
        """As ``measure``, of any command."""
        costs = []
        for _ in range(self._rounds):
            prepare()
            costs.append(self._run(*command))
        seconds = statistics.median(cost.seconds for cost in costs)
        return Cost(round(seconds, 3), round(statistics.median(cost.megabytes for cost in costs), 1))

    def empty_archive(self) -> None:
        """Make an empty archive in place of the one before."""
        shutil.rmtree(self._folder / "archive", ignore_errors=True)
        self._run(str(POSTKEEP), "init", "archive")

    def copy_of(self, archive: Path) -> Callable[[], None]:
        """Makes a copy of an archive in place of the one before."""

        def renew_archive() -> None:
            shutil.rmtree(self._folder / "archive", ignore_errors=True)
            shutil.copytree(archive, self._folder / "archive")

        return renew_archive

    def _run(self, *command: str) -> Cost:
        output = self._folder / "output.txt"
        with output.open("wb") as file:
            done = subprocess.run(
                [sys.executable, "-S", "-c", _LAUNCHER, *command],
                check=True, cwd=self._folder, env=_environment(), stdout=subprocess.PIPE, stderr=file, text=True,
            )  # fmt: skip
        exit_code, seconds, kilobytes = done.stdout.split()
        if exit_code not in {"0", "1"}:
            raise SystemExit(f"{command} ended with {exit_code}:\n{output.read_text()[-2000:]}")
        return Cost(float(seconds), int(kilobytes) / 1024)


def _environment() -> dict[str, str]:
    """The caller's, with which modules are compiled once and kept, as they are where postkeep is installed."""
    return {key: value for key, value in environment().items() if key != "PYTHONDONTWRITEBYTECODE"}
