"""docs/reliability.md says what is so: the commands, tests and counts that it names are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DOCUMENT = (REPOSITORY / "docs" / "reliability.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("row", rows("Single faults"), ids=lambda row: row[0][:60])
def test_each_single_fault_names_a_file_of_tests(row: list[str]) -> None:
    fault, happens, held_by = row
    assert fault
    assert happens
    (name,) = re.findall(r"`([\w/]+\.py)`", held_by)
    path = REPOSITORY / name if "/" in name else REPOSITORY / "tests" / "safety" / name
    assert "def test_" in path.read_text(encoding="utf-8")


def test_each_fault_in_numbers_is_a_part_of_make_chaos() -> None:
    named = {re.findall(r"`(\w+)", command)[0] for _, command, *_ in rows("Faults in numbers")}
    script: Path = REPOSITORY / "tests" / "chaos" / "run"
    assert named == set(re.findall(r"^part (\w+)", script.read_text(encoding="utf-8"), re.MULTILINE))
