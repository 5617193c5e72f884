"""docs/politeness.md says what is so: its tests exist, its numbers are the crawler's, its details are the ledger's."""

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from scraper.fetch.pace import PaceRules
from scraper.fetch.retry import RetryRules
from scraper.jobs.politeness.lines import Line, read_lines
from tests.conftest import REPOSITORY
from tests.politeness.simulation import Scenario

DOCUMENT = (REPOSITORY / "docs" / "politeness.md").read_text(encoding="utf-8")
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
QUOTED = re.compile(r"`(\w+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


@pytest.mark.thorough
@pytest.mark.parametrize("row", rows("The rules"), ids=lambda row: row[0][:60])
def test_each_rule_names_its_source_and_tests_that_exist(row: list[str]) -> None:
    rule, source, held_by = row
    assert rule
    assert source
    named = TEST.findall(held_by)
    assert named
    for file, test in named:
        assert test in names_in(REPOSITORY / "tests" / file), f"{file} has no {test}"


def test_the_numbers_are_those_of_the_crawler() -> None:
    stated = {QUOTED.findall(name)[0]: float(value) for name, value, _ in rows("The numbers")}
    used = asdict(PaceRules()) | asdict(RetryRules())
    assert stated == {name: value for name, value in used.items() if name != "first_wait"}


@pytest.mark.thorough
def test_every_event_and_detail_of_the_ledger_is_listed_and_no_other(tmp_path: Path) -> None:
    listed = {
        QUOTED.findall(event)[0]: set(QUOTED.findall(details)) for event, _, details in rows("The ledger")
    }
    seen: dict[str, set[str]] = {event: set() for event in listed}
    for seed in range(40):
        folder = tmp_path / str(seed)
        Scenario(seed, folder).play()
        for line in read_lines(folder):
            assert isinstance(line, Line)
            seen[line.event] |= line.detail.keys()
    # No host of a simulation is a test server of the owner's.
    assert seen == listed | {"request": listed["request"] - {"lifted"}}
