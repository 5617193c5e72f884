"""The figures as they are kept, each benchmark's with its machine and its day, and the table in docs/figures.md that is made of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.conftest import REPOSITORY
from tests.marked import renew

FIGURES: Final = REPOSITORY / "tests" / "bench" / "figures.json"
DOCUMENT: Final = REPOSITORY / "docs" / "figures.md"
BEGIN: Final = "<!-- figures: written by `python -m tests.bench --write` -->\n"
END: Final = "<!-- figures: end -->\n"
_DIGITS: Final = 4
_HEAD: Final = (
    "what", "unit", "postkeep", "peer", "ours ÷ peer", "limit", "ours ÷ limit", "measured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a benchmark: the day, the machine, and its figures or why there are none."""

    date: str
    machine: Mapping[str, Any]
    figures: tuple[Figure, ...]
    unmeasured: str = ""


def load() -> dict[str, Run]:
    """The runs that are kept, by the name of their benchmark."""
    values = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    return {
        name: Run(
            each["date"],
            each["machine"],
            tuple(_figure(figure) for figure in each["figures"]),
            each["unmeasured"],
        )
        for name, each in values.items()
    }


def keep(runs: Mapping[str, Run], benchmarks: Sequence[Benchmark]) -> None:
    """Write the runs, and the table of them into the document."""
    named = {benchmark.name: runs[benchmark.name] for benchmark in benchmarks if benchmark.name in runs}
    values = {name: asdict(run) for name, run in named.items()}
    FIGURES.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    renew(DOCUMENT, BEGIN, END, section(named, benchmarks))


def section(runs: Mapping[str, Run], benchmarks: Sequence[Benchmark]) -> str:
    """The table, and below it the machines."""
    letters, legend = machines_below([run.machine for run in runs.values()])
    letter_of = dict(zip(runs, letters, strict=True))
    rows = [row(_HEAD), "|---|---|" + "---:|---|---:|---|---:|---|"]
    for benchmark in benchmarks:
        rows += _rows(benchmark, runs.get(benchmark.name), letter_of.get(benchmark.name, ""))
    return "\n".join((*rows, "", *legend, ""))


def machines_below(machines: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """A letter for each machine, the same for the same one; and the lines that say which machine a letter is."""
    texts = [_machine_text(machine) for machine in machines]
    different = list(dict.fromkeys(texts))
    lines = [f"- {_letter(number)}: {each}" for number, each in enumerate(different)]
    return [_letter(different.index(each)) for each in texts], lines


def rounded(figure: Figure) -> Figure:
    """The figure as it is kept: four digits, so that ratios are those of the numbers shown."""
    return Figure(
        figure.what,
        figure.unit,
        _rounded(figure.ours),
        _rounded_beside(figure.peer),
        _rounded_beside(figure.limit),
        figure.note,
    )


def number_text(number: float) -> str:
    """A number with three digits, or all those before its point."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}" if number >= 0.001 or not number else f"{number:.1e}"


def _rows(benchmark: Benchmark, run: Run | None, letter: str) -> Iterator[str]:
    cells = [""] * (len(_HEAD) - 2)
    yield row((f"**{benchmark.title}** (`{benchmark.command}`)", "", *cells))
    if run is None:
        yield row(("not measured yet", "", *cells))
        return
    measured = f"{run.date}, {letter}"
    if run.unmeasured:
        yield row((f"not measured: {run.unmeasured}", "", *cells[1:], measured))
    for figure in run.figures:
        yield row((
            f"{figure.what} ({figure.note})" if figure.note else figure.what,
            figure.unit,
            number_text(figure.ours),
            _beside_text(figure.peer),
            _ratio(figure, figure.peer),
            _beside_text(figure.limit),
            _ratio(figure, figure.limit),
            measured,
        ))  # fmt: skip


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _beside_text(beside: Beside | None) -> str:
    return f"{beside.name}: {number_text(beside.cost)}" if beside else ""


def _ratio(figure: Figure, beside: Beside | None) -> str:
    return f"{number_text(figure.ours / beside.cost)} ×" if beside and beside.cost else ""


def _machine_text(machine: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}; {packages}"
    )


def _figure(values: Mapping[str, Any]) -> Figure:
    return Figure(
        values["what"],
        values["unit"],
        values["ours"],
        Beside(**values["peer"]) if values["peer"] else None,
        Beside(**values["limit"]) if values["limit"] else None,
        values["note"],
    )


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _rounded_beside(beside: Beside | None) -> Beside | None:
    return Beside(beside.name, _rounded(beside.cost)) if beside else None
