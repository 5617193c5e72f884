"""``kill -9`` at random moments of a crawl, until the count is reached: ``python -m tests.chaos.kills --count 1000``.

Each archive is crawled by one process after the other, each killed somewhere in its run, until one is left to the
end. Then the archive must be whole, each page captured once, and the rebuilt dataset equal to that of a crawl that
nobody disturbed. Processes are forked from one that has everything imported, and pages are read in the crawl's own
process but in every tenth crawl, so that kills fall into the crawl and not into the start of Python.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tests.chaos.crawling import Outcome, SmallCrawl, undisturbed
from tests.replica.server import Replica

# After so many kills a crawl is let through, so that it is judged.
_MOST_KILLS: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """What one process of the test does: its share of the kills, in crawls of its own."""

    crawl: SmallCrawl
    folder: Path
    seed: int
    kills: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it: kills that hit a running crawl, crawls judged, and what was wrong."""

    kills: int
    crawls: int
    wrong: tuple[str, ...]


def main() -> int:
    """Run the parts side by side and print one line; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.kills", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    began = time.monotonic()
    tally = kill_crawls(options.count, options.processes, options.seed)
    minutes = (time.monotonic() - began) / 60
    print(
        f"kills: seed {options.seed}; {tally.kills} kill -9 in {tally.crawls} crawls, {minutes:.1f} min; "
        f"{len(tally.wrong)} wrong"
    )
    for line in tally.wrong:
        print(f"  {line}")
    return 1 if tally.wrong or tally.kills < options.count else 0


def kill_crawls(count: int, processes: int, seed: int) -> Tally:
    """Kill ``count`` processes, spread over ``processes`` parts that work at the same time."""
    chance = random.Random(seed)
    with Replica() as replica, tempfile.TemporaryDirectory(prefix="kills-") as root:
        crawl = SmallCrawl(replica.network, chance.randbytes(32))
        parts = [
            Part(crawl, Path(root) / str(number), chance.randrange(2**32), -(-count // processes))
            for number in range(processes)
        ]
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            tallies = list(pool.map(kill_part, parts))
    return Tally(
        sum(tally.kills for tally in tallies),
        sum(tally.crawls for tally in tallies),
        tuple(line for tally in tallies for line in tally.wrong),
    )


def kill_part(part: Part) -> Tally:
    """Crawl and kill until the part's share is done."""
    chance = random.Random(part.seed)
    part.folder.mkdir()
    expected = undisturbed(part.crawl, part.folder / "undisturbed")
    duration = 0.0
    kills, crawls = 0, 0
    wrong: list[str] = []
    while kills < part.kills:
        folder = part.folder / f"crawl-{crawls}"
        duration = duration or _timed(part.crawl, part.folder / "timed")
        part.crawl.prepare(folder)
        killed = _kill_until_done(part.crawl, folder, duration, chance)
        kills += killed
        wrong += _judged(part, folder, expected)
        crawls += 1
        # Where none was killed the machine is faster than it was: kills that come too late hit nothing.
        duration = duration if killed else 0.0
    return Tally(kills, crawls, tuple(wrong))


def _timed(crawl: SmallCrawl, folder: Path) -> float:
    """How long a process that nobody kills takes, in seconds."""
    crawl.prepare(folder)
    began = time.monotonic()
    _is_killed(crawl, folder, after=None)
    duration = time.monotonic() - began
    shutil.rmtree(folder)
    return duration


def _kill_until_done(crawl: SmallCrawl, folder: Path, duration: float, chance: random.Random) -> int:
    """How many processes were killed before the crawl was done; a kill between its last word and its end is none."""
    kills = 0
    while kills < _MOST_KILLS and _is_killed(crawl, folder, after=chance.uniform(0.0, duration)):
        if crawl.has_ended(folder):
            crawl.close(folder)
            return kills
        kills += 1
    if not crawl.has_ended(folder):
        _is_killed(crawl, folder, after=None)
    return kills


def _is_killed(crawl: SmallCrawl, folder: Path, after: float | None) -> bool:
    """Crawl in a process of its own; whether it was killed, ``after`` so many seconds, before it ended by itself."""
    process = os.fork()
    if process == 0:
        _crawl_and_leave(crawl, folder)
    if after is not None:
        time.sleep(after)
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def _crawl_and_leave(crawl: SmallCrawl, folder: Path) -> None:
    status = 1
    # A process that is born while its parent is killed complains, which is none of what is looked for.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        status = crawl.run(folder).exit_code
    finally:
        os._exit(status)


def _judged(part: Part, folder: Path, expected: Outcome) -> list[str]:
    wrong = part.crawl.verdict(folder, expected)
    if wrong:
        kept = Path(tempfile.mkdtemp(prefix="kills-wrong-")) / folder.name
        shutil.copytree(folder, kept)
        wrong = [f"{kept}: {line}" for line in wrong]
    shutil.rmtree(folder)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
