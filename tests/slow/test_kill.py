"""A crawl killed at a random moment goes on with the same command: nothing lost, nothing twice."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from scraper.records.store import Records
from tests.commands import FAST_HOSTS, command_line, environment, postkeep
from tests.jobs.captures import crawl_is_over, page_captures
from tests.jobs.rows import TIME_AND_PLACE
from tests.replica.server import Replica

TARGETS = (
    "https://careerly.co.kr/comments/70991",
    "https://careerly.co.kr/comments/71204",
    "https://careerly.co.kr/posts/71502",
    "https://careerly.co.kr/posts/73002",
    "https://careerly.co.kr/qnas/5210",
)
KILLS = 25

pytestmark = pytest.mark.slow


def prepared(folder: Path, key: bytes) -> Path:
    postkeep("init", str(folder), "--contact", "test@example.org")
    with (folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write(FAST_HOSTS)
    (folder / "pseudonym.key").write_bytes(key)
    (folder / "pseudonym.key").chmod(0o600)
    return folder


def rows(archive: Path) -> dict[str, list[dict[str, object]]]:
    postkeep("extract", "--archive", str(archive))
    with Records.open_to_read(archive / "records.sqlite") as store:
        return {
            config: [
                {key: row[key] for key in row if key not in TIME_AND_PLACE} for row in store.rows(config)
            ]
            for config in ("posts", "comments", "metrics", "revisions")
        }


def test_killing_a_crawl_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    key = chance.randbytes(32)
    with Replica() as replica:
        whole = prepared(tmp_path / "whole", key)
        began = time.monotonic()
        postkeep("crawl", *TARGETS, "--archive", str(whole), replica=replica)
        duration = time.monotonic() - began
        expected_rows, expected_responses = rows(whole), page_captures(whole)
        for kill in range(KILLS):
            archive = prepared(tmp_path / f"killed-{kill}", key)
            command = command_line("crawl", *TARGETS, "--archive", str(archive), replica=replica)
            with subprocess.Popen(
                command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as run:
                # The first part of a run is Python starting up; there is nothing to be lost in it.
                time.sleep(duration * chance.uniform(0.4, 1.0))
                run.kill()
            over = crawl_is_over(archive, len(TARGETS))
            postkeep("crawl", *TARGETS, "--archive", str(archive), replica=replica)
            postkeep("check", "--archive", str(archive))
            assert rows(archive) == expected_rows, f"kill {kill} of seed {seed}"
            if over:
                # The same command was a new crawl, which looks at each page again.
                continue
            assert page_captures(archive) == expected_responses, f"kill {kill} of seed {seed}"
