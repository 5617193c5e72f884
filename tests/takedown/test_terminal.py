"""On a terminal a takedown is asked about first, and nothing goes without a yes."""

import os
import pty
import subprocess

import pytest

from scraper.archive.decisions import read_decisions
from scraper.jobs.workplace import Workplace
from tests.commands import command_line, environment
from tests.takedown.archives import community_posts, url_of
from tests.takedown.searching import places_of


def answered(kept: Workplace, answer: str) -> subprocess.CompletedProcess[bytes]:
    """The command on a terminal at which somebody types ``answer``."""
    keyboard, terminal = pty.openpty()
    try:
        os.write(keyboard, f"{answer}\n".encode())
        return subprocess.run(
            command_line(
                "forget", url_of(community_posts()[0]), "--reason", "x", "--archive", str(kept.folder)
            ),
            stdin=terminal,
            capture_output=True,
            check=False,
            env=environment(),
        )
    finally:
        os.close(keyboard)
        os.close(terminal)


@pytest.mark.thorough
def test_without_a_yes_nothing_goes(kept: Workplace) -> None:
    done = answered(kept, "n")
    assert done.returncode == 2
    assert b"This cannot be undone. Take it down?" in done.stderr
    assert b"you did not say yes" in done.stderr
    assert not read_decisions(kept.folder)
    assert places_of(kept.folder, community_posts()[0].text[:30])


@pytest.mark.thorough
def test_with_a_yes_it_goes_and_the_list_is_told_once(kept: Workplace) -> None:
    done = answered(kept, "y")
    assert done.returncode == 0
    lines = [line for line in done.stderr.decode().splitlines() if line.startswith(("done", "skipped"))]
    assert len(lines) == len(set(lines)) > 5
    assert len(read_decisions(kept.folder)) == 1
    assert not places_of(kept.folder, community_posts()[0].text[:30])
