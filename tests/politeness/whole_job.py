"""A generated crawl through the whole job that ``postkeep crawl`` runs: lists, frontier, visits, reading, restarts.

Only the network and the passing of time are not the real ones.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self
from unittest.mock import patch

from scraper.archive.check import check
from scraper.errors import PostkeepError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from tests.fixtures.reading import shared_reading
from tests.politeness.simulation import MEMORY, MortalDisk, Outcome, Scenario
from tests.politeness.timeline import VirtualLoop, WallClock
from tests.politeness.world import Answer, World

_ENTRIES: Final = 4


class Killed(BaseException):
    """The run was ended from outside."""


class JobClock(WallClock):
    """A WallClock that can be looked at between runs too; ``at`` is the true time then, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def ticks(self) -> float:
        try:
            return super().ticks()
        except RuntimeError:
            return self.at


class ListingWorld(World):
    """A World whose pages lead to others: by links, feeds and sitemaps. Opened and closed as a client is."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was opened."""

    def _page(self, host: str) -> Answer:
        answer = super()._page(host)
        if answer.status != 200 or answer.truncated:
            return answer
        urls = self.urls(_ENTRIES)
        media_type, body = self._random.choice((_linking, _feeding, _mapping))(urls)
        headers = (*answer.headers, ("Content-Type", media_type))
        return Answer(200, headers, body.encode(), None, answer.retry_after)


def _linking(urls: list[str]) -> tuple[str, str]:
    items = "".join(f'<li><a href="{url}">{url}</a></li>' for url in urls)
    return "text/html", f"<!doctype html><ul>{items}</ul><a rel=next href='{urls[0]}'>다음</a>"


def _feeding(urls: list[str]) -> tuple[str, str]:
    items = "".join(f"<item><link>{url.replace('&', '&amp;')}</link></item>" for url in urls)
    return "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"


def _mapping(urls: list[str]) -> tuple[str, str]:
    items = "".join(f"<url><loc>{url.replace('&', '&amp;')}</loc></url>" for url in urls)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return "application/xml", f"<urlset xmlns='{namespace}'>{items}</urlset>"


class _Inline(ThreadPoolExecutor):
    """Does at once what is handed to it: a thread would take real time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - it is for whoever waits for the result
            done.set_exception(error)
        return done


class JobScenario(Scenario):
    """A Scenario whose runs are whole crawls, each with the same targets as the one before."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._job_clock = JobClock()
        super().__init__(seed, folder)
        self.settled: list[Item] = []

    def _made_world(self) -> World:
        self._clock = self._job_clock
        return ListingWorld(self._seed, self._clock)

    def _run(self, start: float, urls: list[str]) -> float:
        clock, disk = self._job_clock, MortalDisk()
        clock.at, self._world.is_cut_off = start, False
        workplace = shared_reading(Workplace(self._folder, self._settings, clock, disk=disk))

        def run(job: Coroutine[Any, Any, Any]) -> Any:
            loop = VirtualLoop(clock.at)
            loop.set_default_executor(_Inline())
            try:
                return loop.run_until_complete(self._live(job, disk))
            finally:
                clock.at = loop.time()
                loop.close()

        client = patch("scraper.jobs.crawl.visiting.WireClient", lambda *_: self._world)
        try:
            with client, patch("asyncio.run", run):
                self.settled = list(crawl(urls, workplace, self._random.choice((None, 3, 20))).items)
        except (Killed, PostkeepError):
            self.settled = []
        return clock.at

    async def _live(self, job: Coroutine[Any, Any, Any], disk: MortalDisk) -> Any:
        """Let the job run to its end, or end it somewhere in the middle, by a kill or as Ctrl-C does."""
        task, trouble = asyncio.ensure_future(job), asyncio.ensure_future(self._disturb())
        lives_for = self._random.choice((None, None, 3.0, 60.0, 1000.0))
        await asyncio.wait([task], timeout=lives_for)
        is_over = task.done()
        if not is_over:
            disk.dead = self._world.is_cut_off = self._random.random() < 0.7
        for each in (task, trouble):
            each.cancel()
        await asyncio.gather(task, trouble, return_exceptions=True)
        if not is_over:
            raise Killed
        return task.result()


def simulate_job(seed: int) -> Outcome:
    """Play a scenario of whole crawls and judge it; what it left behind has to be whole too."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        scenario = JobScenario(seed, Path(folder))
        scenario.play()
        outcome = scenario.outcome()
        # What a kill left open is closed by the next run.
        wrong = tuple(problem.what for problem in check(Path(folder)) if not problem.mendable)
        return Outcome(seed, outcome.requests, (*outcome.violations, *wrong))
