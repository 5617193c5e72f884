"""Peaks of memory for an input and for a tenth of it as they are kept, and the table in docs/figures.md that is made of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from tests.bench.memory_inputs.processes import Peak
from tests.bench.table.figures_file import DOCUMENT, machines_below, row
from tests.conftest import REPOSITORY
from tests.marked import renew

KEPT: Final = REPOSITORY / "tests" / "bench" / "memory.json"
BEGIN: Final = "<!-- memory: written by `python -m tests.bench.memory --write` -->\n"
END: Final = "<!-- memory: end -->\n"
_HEAD: Final = (
    "command", "a tenth of the input", "MB", "below it", "the input", "MB", "below it", "growth", "measured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Growth:
    """What one command needed at most for a tenth of an input, and for the whole."""

    command: str
    tenth: Peak
    whole: Peak

    @property
    def ratio(self) -> float:
        """How much more the whole needed: of the command itself or of its largest process, whichever grew more."""
        return max(self.whole.main / self.tenth.main, self.whole.child / (self.tenth.child or 1))

    def __str__(self) -> str:
        tenth, whole = self.tenth, self.whole
        below = f", a process below it {tenth.child:.0f} and {whole.child:.0f} MB" if whole.child else ""
        seconds = f"{tenth.seconds:.0f} and {whole.seconds:.0f} CPU s"
        return f"postkeep {self.command}: {tenth.main:.0f} and {whole.main:.0f} MB{below}; {self.ratio:.2f} ×; {seconds}"


@dataclass(frozen=True, slots=True)
class GrowthRun:
    """One run of a case: the day, the machine, its inputs as they are told of, and the commands that have ended."""

    date: str
    machine: Mapping[str, Any]
    tenth: str
    whole: str
    growths: tuple[Growth, ...]


def load() -> dict[str, GrowthRun]:
    """The runs that are kept, by the name of their case."""
    values = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return {
        name: GrowthRun(**{**each, "growths": tuple(map(_growth, each["growths"]))})
        for name, each in values.items()
    }


def keep(runs: Mapping[str, GrowthRun], names: Sequence[str]) -> None:
    """Write the runs of the cases of these names, and the table of them into the document."""
    kept = {name: runs[name] for name in names if name in runs}
    values = {name: asdict(run) for name, run in kept.items()}
    KEPT.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    renew(DOCUMENT, BEGIN, END, section(kept, names))


def section(runs: Mapping[str, GrowthRun], names: Sequence[str]) -> str:
    """The table, and below it the machines and which cases of these names were not measured."""
    letters, legend = machines_below([run.machine for run in runs.values()])
    legend += [
        f"- not measured yet: `python -m tests.bench.memory {name}`" for name in names if name not in runs
    ]
    rows = [row(_HEAD), "|---|---|---:|---:|---|---:|---:|---:|---|"]
    for run, letter in zip(runs.values(), letters, strict=True):
        rows += _rows(run, f"{run.date}, {letter}")
    return "\n".join((*rows, "", *legend, ""))


def _rows(run: GrowthRun, measured: str) -> Iterator[str]:
    for growth in run.growths:
        yield row((
            f"`{growth.command}`",
            *_cells(run.tenth, growth.tenth),
            *_cells(run.whole, growth.whole),
            f"{growth.ratio:.2f} ×",
            measured,
        ))  # fmt: skip


def _cells(told: str, peak: Peak) -> tuple[str, str, str]:
    return f"{told}: {peak.seconds:.0f} CPU s", f"{peak.main:.0f}", f"{peak.child:.0f}" if peak.child else ""


def _growth(values: Mapping[str, Any]) -> Growth:
    return Growth(values["command"], Peak(**values["tenth"]), Peak(**values["whole"]))
