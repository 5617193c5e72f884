"""A refresh killed at a random moment goes on with the same command: nothing lost, nothing twice."""

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from scraper.jobs.crawl.job import crawl
from tests.clock import VirtualClock
from tests.commands import FAST_HOSTS, command_line, environment, postkeep
from tests.jobs.captures import page_captures
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica
from tests.slow.test_kill import TARGETS, rows

KILLS = 8

pytestmark = pytest.mark.slow


def test_killing_a_refresh_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    with Replica() as replica:
        # The clock of the crawl is months behind that of the refresh, so every post is due.
        old = tmp_path / "old"
        crawl(TARGETS, workplace_at(old, VirtualClock(), replica))
        with (old / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        whole = shutil.copytree(old, tmp_path / "whole")
        began = time.monotonic()
        postkeep("refresh", "--archive", str(whole), replica=replica)
        duration = time.monotonic() - began
        expected_rows, expected_captures = rows(whole), page_captures(whole)
        assert sum(expected_captures.values()) == 2 * sum(page_captures(old).values())
        for kill in range(KILLS):
            archive = shutil.copytree(old, tmp_path / f"killed-{kill}")
            command = command_line("refresh", "--archive", str(archive), replica=replica)
            with subprocess.Popen(
                command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as run:
                time.sleep(duration * chance.uniform(0.4, 1.0))
                run.kill()
            postkeep("refresh", "--archive", str(archive), replica=replica)
            postkeep("check", "--archive", str(archive))
            assert page_captures(archive) == expected_captures, f"kill {kill} of seed {seed}"
            assert rows(archive) == expected_rows, f"kill {kill} of seed {seed}"
