"""What a page costs to crawl, beside others who fetch and store the same pages and read nothing, all in one run.

A server on loopback has blog posts on one host, then on a hundred. postkeep keeps, reads and makes records of them, each capture forced to
the medium; Scrapy, httpx and aiohttp write request and response with warcio; wget writes WARC itself, one request at a
time. The pace that hosts are owed is off, which it can be here alone (``tests.bench.crawling.ours``).

CPU is user and system time of the process and of those it starts, for a page more: what ``--pages`` cost beyond what a few cost, so that
the start counts for nothing; it is given apart. Of several rounds the best counts. ``python -m tests.bench.crawl --pages 1000``.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench.crawling.community import COMMENTS, blog_pages
from tests.bench.crawling.server import ADDRESS, serving
from tests.bench.table.figure import Benchmark, Beside, Figure

_FEW: Final = 100
_PAGES: Final = 400
_OURS: Final = "postkeep, kept and read"
_READING: Final = "  of it the processes that read"
_PEER: Final = "Scrapy + warcio"
_HTTPX: Final = "httpx + warcio"
_AIOHTTP: Final = "aiohttp + warcio"
_LIMIT: Final = "limit: sockets, digests and gzip"
_CRAWLERS: Final = {
    _OURS: ("-m", "tests.bench.crawling.ours"),
    _PEER: ("-m", "tests.bench.crawling.spider"),
    _HTTPX: ("-m", "tests.bench.crawling.bare"),
    _AIOHTTP: ("-m", "tests.bench.crawling.agile"),
    "limit: sockets alone": ("-m", "tests.bench.crawling.limits", "sockets"),
    _LIMIT: ("-m", "tests.bench.crawling.limits", "gzip"),
}


@dataclass(frozen=True, slots=True)
class CrawlCost:
    """What a crawl took: seconds of processor time and of the clock, and the processor time of the processes that read."""

    cpu: float
    wall: float
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Milliseconds of processor time for a page more, and to start; pages a second."""

    a_page: float
    start: float
    pages_a_second: float

    def __str__(self) -> str:
        return f"{self.a_page:8.2f} ms {self.pages_a_second:8.0f}/s {self.start:8.0f} ms"


def figures() -> Iterator[Figure]:
    """A page more on one host, and on a hundred; Scrapy and the limit read nothing of it."""
    for hosts in (1, 100):
        table = rates(_PAGES, hosts, rounds=2)
        peer, limit = (
            Beside(_PEER, table[_PEER].a_page),
            Beside(_LIMIT.removeprefix("limit: "), table[_LIMIT].a_page),
        )
        label = "one host" if hosts == 1 else f"{hosts} hosts"
        yield Figure(f"{label}: a page kept and read", "CPU ms", table[_OURS].a_page, peer, limit)
        without_reading = table[_OURS].a_page - table[_READING].a_page
        yield Figure(f"{label}: of it without reading", "CPU ms", without_reading, peer, limit)
        for client in (_HTTPX, _AIOHTTP):
            beside = Beside(client, table[client].a_page)
            yield Figure(f"{label}: that, beside a client alone", "CPU ms", without_reading, beside, limit)
        speeds = (table[name].pages_a_second for name in (_OURS, _PEER, _LIMIT))
        ours, theirs, bare = (1000 / speed for speed in speeds)
        yield Figure(
            f"{label}: a page kept and read",
            "ms by the clock",
            ours,
            Beside(_PEER, theirs),
            # Of what takes less than the clock of a busy machine tells, nothing can be said.
            Beside(limit.name, bare) if bare > 0 else None,
        )


def rates(pages: int, hosts: int, rounds: int) -> dict[str, Rate]:
    """The rate of each crawler over so many pages on so many hosts."""
    with (
        tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name,
        serving(partial(blog_pages, pages, hosts)) as port,
    ):
        folder = Path(name)
        urls = [page.url for page in blog_pages(pages, hosts, port)]
        few = _listed(folder / "few.txt", urls[:_FEW])
        every = _listed(folder / "every.txt", urls)
        costs: dict[str, list[tuple[CrawlCost, CrawlCost]]] = {}
        for _ in range(rounds):
            for crawler, command in _commands(port).items():
                both = (_run(command, few, folder), _run(command, every, folder))
                costs.setdefault(crawler, []).append(both)
    table = {}
    for crawler, runs in costs.items():
        table[crawler] = _rate(_least(run[0] for run in runs), _least(run[1] for run in runs), pages)
        if crawler == _OURS:
            reading = [[replace(each, cpu=each.reading) for each in run] for run in runs]
            table[_READING] = _rate(
                _least(run[0] for run in reading), _least(run[1] for run in reading), pages
            )
    return table


def _least(runs: Iterable[CrawlCost]) -> CrawlCost:
    every = list(runs)
    return CrawlCost(min(run.cpu for run in every), min(run.wall for run in every))


def _rate(few: CrawlCost, every: CrawlCost, pages: int) -> Rate:
    further = pages - _FEW
    a_page = (every.cpu - few.cpu) / further
    return Rate(a_page * 1000, (few.cpu - _FEW * a_page) * 1000, further / (every.wall - few.wall))


def _commands(port: int) -> dict[str, Sequence[str]]:
    """The command of each crawler, without the list and the place for what it keeps."""
    commands: dict[str, Sequence[str]] = {
        crawler: (sys.executable, *arguments) for crawler, arguments in _CRAWLERS.items()
    }
    if wget := shutil.which("wget"):
        proxy = f"http_proxy=http://{ADDRESS}:{port}"
        fixed = ("-q", "-e", proxy, "--header=Accept-Encoding: gzip", "-O", "/dev/null")
        commands["wget --warc-file, one at a time"] = (wget, *fixed, "--input-file")
    return commands


def _run(command: Sequence[str], listed: Path, folder: Path) -> CrawlCost:
    archive = folder / "kept"
    last = [f"--warc-file={archive}"] if "wget" in command[0] else [str(archive)]
    began = time.perf_counter()
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen([*command, str(listed), *last], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
        output.seek(0)
        printed = output.read().split()
    for path in folder.glob("kept*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    reading = float(printed[0]) if printed else 0.0
    return CrawlCost(usage.ru_utime + usage.ru_stime, wall, reading)


def _listed(path: Path, urls: Sequence[str]) -> Path:
    path.write_text("".join(f"{url}\n" for url in urls))
    return path


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--hosts", type=int, nargs="*", default=[1, 100])
    options = parser.parse_args()
    for hosts in options.hosts:
        size = len(next(blog_pages(1, 1, 80)).html.encode()) / 1000
        print(f"crawl: {options.pages} posts of {size:.0f} kB with {COMMENTS} comments, hosts: {hosts}")
        print(f"  {'':34}{'CPU a page':>11} {'pages':>10} {'start':>11}")
        table = rates(options.pages, hosts, options.rounds)
        for crawler, rate in table.items():
            print(f"  {crawler:34}{rate}")
        print(f"  ratio to Scrapy {table[_OURS].a_page / table[_PEER].a_page:.1f}")


CRAWL: Final = Benchmark("crawl", "crawling on loopback, politeness off", figures)

if __name__ == "__main__":
    main()
