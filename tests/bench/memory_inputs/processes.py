"""The most memory that a command and the processes it starts have resident, by the kernel's own high-water mark (proc(5), VmHWM)."""

import os
import re
import select
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.commands import POSTKEEP, environment

_PROCESSES: Final = Path("/proc")
# The mark only rises: what a look misses the next one sees, but for what a process comes to in its last moments.
_SECONDS_BETWEEN_LOOKS: Final = 0.05
_PEAK: Final = re.compile(r"^VmHWM:\s+([0-9]+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest resident sets in MB, of the command itself and of the largest process below it; CPU seconds of all."""

    main: float
    child: float
    seconds: float


def peak_of(folder: Path, *arguments: str) -> Peak:
    """Run postkeep with ``arguments`` in ``folder`` to its end; what it prints goes to ``output.txt`` there.

    Raises:
        RuntimeError: it did not come to its end: its exit code is neither 0 nor 1.
    """
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(POSTKEEP), *arguments], cwd=folder, env=environment(), stdout=file, stderr=subprocess.STDOUT
        )
        peaks = _watched(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise RuntimeError(f"{arguments} ended with {process.returncode}:\n{output.read_text()[-2000:]}")
    main = peaks.pop(process.pid)
    return Peak(main / 1024, max(peaks.values(), default=0) / 1024, usage.ru_utime + usage.ru_stime)


def _watched(root: int) -> dict[int, int]:
    """The high-water mark in kB of a process and of each below it, once it has ended; it is still to be waited for."""
    peaks: dict[int, int] = {}
    with closing(_Ending(root)) as ending:
        while not ending.has_come(_SECONDS_BETWEEN_LOOKS):
            for process in _tree(root):
                peaks[process] = max(_peak(process), peaks.get(process, 0))
    return peaks


class _Ending:
    """The end of a process, to be waited for (pidfd_open(2))."""

    def __init__(self, process: int) -> None:
        self._descriptor = os.pidfd_open(process)

    def has_come(self, seconds: float) -> bool:
        """Whether the process ends within so many seconds."""
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def close(self) -> None:
        """Let go of the descriptor."""
        os.close(self._descriptor)


def _tree(root: int) -> Iterator[int]:
    """A process and all below it."""
    children = _children()
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, ())


def _children() -> Mapping[int, Sequence[int]]:
    """The children of each process of this machine."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in _PROCESSES.iterdir():
        # The name of a program stands in parentheses and may hold any character; its parent is the second field behind it.
        _, _, fields = _content(entry / "stat").rpartition(")") if entry.name.isdecimal() else ("", "", "")
        if fields:
            children[int(fields.split()[1])].append(int(entry.name))
    return children


def _peak(process: int) -> int:
    found = _PEAK.search(_content(_PROCESSES / str(process) / "status"))
    return int(found[1]) if found else 0


def _content(path: Path) -> str:
    """What a file of a process says; nothing where it has ended."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
