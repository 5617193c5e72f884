"""Generated crawls through the real crawler: it keeps every rule, and one that breaks a rule is caught."""

import ast
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.examples import few_of
from tests.politeness.mutants import MUTANTS, Mutant
from tests.politeness.simulation import simulate
from tests.politeness.whole_job import simulate_job

SEEDS = 200
A_TIME = 10
WHOLE_JOBS = 8
JUDGES = sorted((REPOSITORY / "scraper" / "jobs" / "politeness").glob("*.py"))


@pytest.mark.thorough
@pytest.mark.parametrize("first", few_of(range(0, SEEDS, A_TIME), 2))
def test_no_generated_crawl_breaks_a_rule(first: int) -> None:
    outcomes = [simulate(seed) for seed in range(first, first + A_TIME)]
    assert sum(outcome.requests for outcome in outcomes) > A_TIME
    assert {outcome.seed: outcome.violations for outcome in outcomes if outcome.violations} == {}


@pytest.mark.parametrize("seed", few_of(range(WHOLE_JOBS), 2))
def test_no_generated_crawl_by_the_whole_job_breaks_a_rule(seed: int) -> None:
    outcome = simulate_job(seed)
    assert outcome.requests
    assert outcome.violations == ()


def test_a_rude_crawler_is_caught_in_the_whole_job_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = MUTANTS[0]
    mutant.patch(monkeypatch)
    assert any(mutant.caught_by in said for seed in range(10) for said in simulate_job(seed).violations)


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", few_of(MUTANTS, 8), ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_rude_crawler_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant.patch(monkeypatch)
    for seed in range(100):
        if any(mutant.caught_by in violation for violation in simulate(seed).violations):
            return
    pytest.fail(f"{mutant.name}, and the judge saw nothing in 100 crawls")


def test_the_judge_shares_no_code_with_the_crawler() -> None:
    assert JUDGES
    reached: set[str] = set()
    waiting = [f"scraper.jobs.politeness.{path.stem}" for path in JUDGES]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _imports(name)
    assert "scraper.jobs.politeness.rules" in reached
    assert not [name for name in reached if name.startswith("scraper.fetch")]


def _imports(module: str) -> list[str]:
    """The modules of ours that a module imports, whether as a module or by a name in it."""
    path = REPOSITORY / Path(*module.split(".")).with_suffix(".py")
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else ():
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return [name for name in found if name.startswith("scraper.")]
