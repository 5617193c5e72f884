"""``make demo`` is what somebody sees first of postkeep: short, and with what threads are made of."""

from pathlib import Path
from typing import Final

import pytest
from rich.cells import cell_len

from tests import demo
from tests.cli.screens import Terminal

_LINES: Final = 64


@pytest.mark.thorough
def test_the_demo_shows_a_thread_a_deletion_and_a_gate_and_how_to_go_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    demo.main(tmp_path / "demo")
    out, err = capfd.readouterr()
    shown = (out + err).splitlines()
    assert len(shown) <= _LINES
    assert all(cell_len(line) <= 2 * Terminal().columns for line in shown)
    thread = [line for line in shown if line.startswith(("│", "├", "└"))]
    assert any(line.startswith("│       └── ") for line in thread), "an answer to an answer"
    assert any("(deleted: only its place is left)" in line for line in thread)
    assert any(line.startswith("access: partial.") and "sign-up prompt" in line for line in shown)
    assert any(line.startswith("the gate, left out of the text: ") for line in shown)
    commands = [line.split("#")[0].split() for line in out.splitlines()[-3:]]
    assert [words[:2] for words in commands] == [
        ["postkeep", "crawl"],
        ["postkeep", "import"],
        ["postkeep", "export"],
    ]
