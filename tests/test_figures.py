"""What the documents show of measurements is what was measured, and within the bounds that were set."""

import json

from tests.bench import hot_paths, memory, scale_paper, three_years, workers
from tests.bench.benchmarks import BENCHMARKS
from tests.bench.hub_cost import telling as publication
from tests.bench.hub_cost.layouts import OURS
from tests.bench.table import figures_file as table
from tests.bench.table import grown
from tests.bench.unattended import telling as unattended
from tests.bench.verb_costs import telling as verbs
from tests.eval import telling as accuracy
from tests.eval.floors import Floors
from tests.marked import shown


def test_the_table_in_the_document_names_all_benchmarks_and_is_that_of_their_figures() -> None:
    runs, names = table.load(), [benchmark.name for benchmark in BENCHMARKS]
    assert len(set(names)) == len(names)
    assert list(runs) == [name for name in names if name in runs]
    assert shown(table.DOCUMENT, table.BEGIN, table.END) == table.section(runs, BENCHMARKS)


def test_a_benchmark_has_figures_or_says_why_not_and_none_is_free() -> None:
    for name, run in table.load().items():
        assert run.figures or run.unmeasured, name
        for figure in run.figures:
            beside = [each.cost for each in (figure.peer, figure.limit) if each]
            assert all(cost > 0 for cost in (figure.ours, *beside)), f"{name}: {figure.what}"


def test_the_peaks_of_memory_in_the_document_are_those_that_were_measured() -> None:
    runs, cases = grown.load(), {case.name: case for case in memory.CASES}
    assert shown(table.DOCUMENT, grown.BEGIN, grown.END) == grown.section(runs, [*cases])
    for name, run in runs.items():
        commands = [" ".join(command) for command in cases[name].commands]
        assert [growth.command for growth in run.growths] == commands[: len(run.growths)]
        assert run.whole == cases[name].told.format(cases[name].size)


def test_what_workers_took_in_the_document_is_what_was_measured() -> None:
    assert shown(table.DOCUMENT, workers.BEGIN, workers.END) == workers.section(workers.load())


def test_what_large_runs_cost_in_the_document_is_reckoned_from_the_figures() -> None:
    tables = scale_paper.paper()
    for part in scale_paper.PARTS:
        assert shown(scale_paper.DOCUMENT, *scale_paper.marks(part)) == scale_paper.section(part, tables)


def test_the_hot_paths_in_the_document_are_those_that_were_profiled() -> None:
    kept = json.loads(hot_paths.PROFILES.read_text(encoding="utf-8"))
    assert kept["before"]["paths"].keys() == kept["now"]["paths"].keys()
    assert shown(hot_paths.DOCUMENT, hot_paths.BEGIN, hot_paths.END) == hot_paths.section(kept)


def test_the_three_years_in_the_document_are_those_of_the_figures() -> None:
    figures = json.loads(three_years.FIGURES.read_text(encoding="utf-8"))
    assert shown(three_years.DOCUMENT, unattended.BEGIN, unattended.END) == unattended.section(figures)


def test_the_cost_of_publications_in_the_document_is_that_of_the_figures_and_within_its_bound() -> None:
    figures = json.loads(publication.FIGURES.read_text(encoding="utf-8"))
    assert shown(publication.DOCUMENT, publication.BEGIN, publication.END) == publication.section(figures)
    assert figures["posts"] == 100_000
    costs = {told["change"]: tuple(told["layouts"][OURS.name]) for told in figures["publications"]}
    assert costs.pop("nothing changed") == (0, 0)
    assert len(costs) == 4
    for touched, new in costs.values():
        assert 0 < new <= 1.5 * touched


def test_the_costs_of_verbs_in_the_document_are_those_of_the_figures() -> None:
    figures = verbs.load(verbs.FIGURES.read_text(encoding="utf-8"))
    assert shown(verbs.DOCUMENT, verbs.BEGIN, verbs.END) == verbs.section(figures)


def test_the_accuracy_in_the_document_and_its_plot_are_those_of_the_figures() -> None:
    kept = accuracy.load()
    assert shown(accuracy.DOCUMENT, accuracy.BEGIN, accuracy.END) == accuracy.section(kept)
    assert accuracy.PLOT.read_text(encoding="utf-8") == accuracy.plot(kept)


def test_the_figures_of_accuracy_are_on_the_corpora_of_the_floors_and_keep_them() -> None:
    kept, floors = accuracy.load(), Floors.load()
    assert kept["digests"] == floors.digests
    rows = {f"{row['corpus']}: {row['what']}": row for row in kept["figures"]}
    assert rows.keys() == floors.values.keys()
    for key, row in rows.items():
        value, floor = row["values"]["postkeep"], floors.values[key]
        assert value <= floor if row["less"] else value >= floor
