"""One generated crawl through the real Visitor, its real stores and ledger, judged when it is over."""

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import FileIO
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.disk import Disk
from scraper.archive.read import open_to_read
from scraper.errors import PostkeepError
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.jobs.politeness.judge import Judge, archived_bodies
from scraper.jobs.politeness.lines import Line, read_lines
from scraper.model.exchange import Exchange, Request
from scraper.settings import Settings
from tests.politeness.timeline import VirtualLoop, WallClock
from tests.politeness.world import HOUR, Asked, World

WARCINFO: Final = {"software": "postkeep/test"}
# What the medium forgets at a kill is not tried here, so a file system in memory serves as well.
MEMORY: Final = Path("/dev/shm")
SLACK: Final = 0.001
# Forty URLs, each tried four times with five minutes between, take half of it; waiting for a wrong clock takes more.
LONGEST_RUN: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scenario: how much was asked, and every rule that was broken."""

    seed: int
    requests: int
    violations: tuple[str, ...]


class MortalDisk(Disk):
    """A disk that nothing reaches any more once the process is dead."""

    dead = False

    def append(self, file: FileIO, data: bytes) -> None:
        if not self.dead:
            super().append(file, data)

    def sync(self, file: FileIO) -> None:
        """Nothing is lost with the power here."""

    def sync_folder(self, folder: Path) -> None:
        """Nothing is lost with the power here."""

    def commit(self, connection: sqlite3.Connection) -> None:
        if not self.dead:
            super().commit(connection)

    def rename(self, old: Path, new: Path) -> None:
        if not self.dead:
            super().rename(old, new)


class Unread:
    """A Recorder for pages, which nobody reads here."""

    def keep(self, exchange: Exchange) -> None:
        """Nothing is kept."""


def simulate(seed: int) -> Outcome:
    """Play the scenario of a seed and judge it: by its ledger, and by what the hosts themselves saw."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        archive = Path(folder)
        scenario = Scenario(seed, archive)
        scenario.play()
        return scenario.outcome()


class Scenario:
    """Up to four runs over one archive, with anything between them that may come between runs."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._seed = seed
        self._folder = folder
        self._random = Random(f"runs of {seed}")
        self._clock = WallClock()
        self._world = self._made_world()
        self._settings = self._world.settings()
        self._complaints: list[str] = []
        Archive.create(folder)

    def _made_world(self) -> World:
        return World(self._seed, self._clock)

    def play(self) -> None:
        """All of the runs."""
        urls = self._world.urls(self._random.randint(5, 40))
        start = 0.0
        for _ in range(self._random.choice((1, 2, 3, 4))):
            start = self._run(start, urls)
            start += self._random.choice((0.0, 0.5, 60.0, 2 * HOUR, 30 * HOUR))
            if self._random.random() < 0.3:
                self._set_back()

    def outcome(self) -> Outcome:
        """The judgement."""
        lines = list(read_lines(self._folder))
        with open_to_read(self._folder) as reader:
            judge = Judge(archived_bodies(reader))
            violations = [violation.sentence for violation in judge.violations(lines)] + self._complaints
        noted = [line for line in lines if isinstance(line, Line) and line.event == "request"]
        for host in self._world.hosts:
            told = [line.url for line in noted if line.host == host]
            violations += _seen_by(host, self._world.asked[host], told, self._settings)
        return Outcome(self._seed, judge.requests, tuple(violations))

    def _run(self, start: float, urls: list[str]) -> float:
        """One run from true time ``start`` on; gives when it ended."""
        loop = VirtualLoop(start)
        try:
            loop.run_until_complete(self._crawl(urls))
            if loop.time() - start > LONGEST_RUN:
                self._complaints.append(f"A run slept for {loop.time() - start:.0f} s.")
            return loop.time()
        finally:
            loop.close()

    async def _crawl(self, urls: list[str]) -> None:
        disk, self._world.is_cut_off = MortalDisk(), False
        with Archive.open(self._folder, clock=self._clock, warcinfo=WARCINFO, disk=disk) as archive:
            visitor = Visitor(
                self._world,
                settings=self._settings,
                clock=self._clock,
                robots=archive.robots,
                pace=archive.pace,
                ledger=archive.ledger,
                recorder=archive,
                commit=archive.commit,
            )
            work = (
                self._scheduled(archive, visitor, urls)
                if self._random.random() < 0.7
                else self._crowd(visitor, urls)
            )
            tasks = [asyncio.ensure_future(task) for task in (work, self._disturb())]
            lives_for = self._random.choice((None, None, 3.0, 60.0, 1000.0))
            await asyncio.wait(tasks[:1], timeout=lives_for)
            disk.dead = self._world.is_cut_off = self._random.random() < 0.7
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _scheduled(self, archive: Archive, visitor: Visitor, urls: list[str]) -> None:
        """As ``postkeep crawl`` does it: a host has one visit at a time, and comes when it may be asked."""

        async def visit(number: int) -> None:
            await _fetch(visitor, urls[number])

        scheduler = SideBySide(archive.pace, self._clock, self._random.choice((1, 4, 32)))
        await scheduler.run([url.split("/")[2] for url in urls], visit)

    async def _crowd(self, visitor: Visitor, urls: list[str]) -> None:
        """As nobody should do it: everything at once, and the gates hold it back."""
        await asyncio.gather(*(_fetch(visitor, url) for url in urls))

    async def _disturb(self) -> None:
        """Set the clock back in the middle of things, or let it be."""
        while self._random.random() < 0.3:
            await asyncio.sleep(self._random.choice((1.0, 20.0, 500.0)))
            self._set_back()

    def _set_back(self) -> None:
        self._clock.behind += timedelta(
            seconds=self._random.choice((0.5, 3, 70, HOUR, 26 * HOUR, 4000 * HOUR))
        )


async def _fetch(visitor: Visitor, url: str) -> None:
    with suppress(PostkeepError):
        await visitor.fetch(Request(url), Unread())


def _seen_by(host: str, asked: list[Asked], told: list[str], settings: Settings) -> list[str]:
    """What a host itself has to complain about: a ledger that is not the whole truth, too much at once, too soon."""
    complaints = []
    if [one.url for one in asked] != told:
        complaints.append(f"{host} was asked for other things than the {len(told)} that the ledger has.")
    delay = max(1.0, settings.for_host(host).delay or 0.0)
    for before, after in pairwise(asked):
        if before.ended is not None and after.began < before.ended:
            complaints.append(f"{host} was asked for {after.url} while it answered {before.url}.")
        since = before.began if before.ended is None else before.ended
        owed = max(delay, before.retry_after)
        if after.began - since + SLACK < owed:
            complaints.append(
                f"{host} was asked for {after.url} {after.began - since:.3f} s after {before.url}; it wanted {owed:g} s."
            )
    return complaints
