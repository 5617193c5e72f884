"""A whole crawl as its log has it, by a clock that only moves when somebody waits: who is waited for, why and until when."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scraper.cli.loudness import Loudness
from scraper.cli.terminal import LiveProgress
from scraper.jobs.crawl.job import crawl
from tests.cli.screens import assert_screen
from tests.cli.test_screens import SEOUL
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Failure, Replica

POSTS = tuple(f"https://careerly.co.kr/comments/{number}" for number in (70991, 71204, 71388, 71655))
ASKS_FOR_QUIET = Deployment(
    robots={"careerly.co.kr": RobotsFile(body="User-agent: *\nAllow: /\nCrawl-delay: 5\n")}
)
SIZE_AND_TIME = re.compile(r", [\d.]+ k?B in .*")
FAULTS = {"/comments/71204": [Failure(503, "120")], "/comments/71388": [Failure(500), Failure(500)]}


class TickingClock(VirtualClock):
    """Whoever watches looks at it each second that somebody sleeps."""

    progress: LiveProgress | None = None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        while seconds > 0:
            step = min(1.0, seconds)
            self.advance(step)
            seconds -= step
            if self.progress:
                self.progress.tick()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("loudness", "name"), [(Loudness.USUAL, "waits-pipe"), (Loudness.MORE, "waits-pipe-more")]
)
def test_a_crawl_says_whom_it_waits_for(loudness: Loudness, name: str, tmp_path: Path) -> None:
    clock, file = TickingClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC)), StringIO()
    progress = LiveProgress(clock, loudness=loudness, console=Console(file=file), zone=SEOUL)
    clock.progress = progress
    with Replica(ASKS_FOR_QUIET, faults=FAULTS) as replica:
        place = workplace_at(tmp_path / "archive", clock, replica)
        crawl(POSTS, replace(place, progress=progress))
    assert_screen(name, SIZE_AND_TIME.sub("", file.getvalue()))
