"""A crawl that dies, or whose disk is full, at every single durable operation: ``python -m tests.chaos.failpoints``.

The crawl is the whole job against the replica over real sockets. The machine dies before, in the middle of and after
each operation; and each append and each commit finds the disk full. The same command again must make it whole.
"""

import argparse
import errno
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final, Literal

from scraper.archive.disk import Disk
from scraper.errors import StopError
from tests.archive.crashing import WHENS, Crash, CrashingDisk
from tests.chaos.crawling import Outcome, SmallCrawl, undisturbed
from tests.replica.server import Replica

# One post of each generation: a page that says all, and one with API answers and several pages of comments.
_TARGETS: Final = ("https://careerly.co.kr/comments/70991", "https://careerly.co.kr/posts/71502")

Fault = Literal["before", "half", "after", "full"]


class FullFrom(Disk):
    """Has no room from writing operation number ``at`` on; half of what was to be written there still fits."""

    def __init__(self, at: int) -> None:
        self.operations = 0
        self._at = at

    def append(self, file: FileIO, data: bytes) -> None:
        if self._is_full():
            if self.operations == self._at:
                super().append(file, data[: len(data) // 2])
            raise _no_space()
        super().append(file, data)

    def commit(self, connection: sqlite3.Connection) -> None:
        if self._is_full():
            raise _no_space()
        super().commit(connection)

    def _is_full(self) -> bool:
        self.operations += 1
        return self._at <= self.operations


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it: faults that were met, and what was wrong afterwards."""

    faults: int
    wrong: tuple[str, ...]


def main() -> int:
    """Try each fault at each operation and print one line; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.failpoints", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try every so many operations")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    began = time.monotonic()
    tally = fail_everywhere(options.every, options.seed)
    minutes = (time.monotonic() - began) / 60
    print(
        f"failpoints: seed {options.seed}; {tally.faults} faults (deaths before, in and after an operation, "
        f"and full disks), every {options.every} of the operations, {minutes:.1f} min; {len(tally.wrong)} wrong"
    )
    for line in tally.wrong:
        print(f"  {line}")
    return 1 if tally.wrong else 0


def fail_everywhere(every: int, seed: int) -> Tally:
    """Each kind of fault at every ``every``-th operation, beginning at one that the seed chooses."""
    chance = random.Random(seed)
    faults = 0
    wrong: list[str] = []
    with Replica() as replica, tempfile.TemporaryDirectory(prefix="failpoints-") as root:
        crawl = SmallCrawl(replica.network, chance.randbytes(32), _TARGETS, is_reading_shared=True)
        expected = undisturbed(crawl, Path(root) / "undisturbed")
        for fault, at in _plan(crawl, Path(root) / "counted", every, chance):
            folder = Path(root) / f"{fault}-{at}"
            faults += 1
            wrong += [f"{fault} {at}: {line}" for line in _tried(crawl, folder, fault, at, expected)]
    return Tally(faults, tuple(wrong))


def _plan(crawl: SmallCrawl, folder: Path, every: int, chance: random.Random) -> Iterator[tuple[Fault, int]]:
    crawl.prepare(folder)
    counting = CrashingDisk(0, "before")
    crawl.run(folder, counting)
    for at in range(1 + chance.randrange(every), counting.operations + 1, every):
        yield from ((when, at) for when in WHENS)
    crawl.prepare(folder.with_name("counted-writes"))
    writing = FullFrom(1 << 60)
    crawl.run(folder.with_name("counted-writes"), writing)
    for at in range(1 + chance.randrange(every), writing.operations + 1, every):
        yield "full", at


def _tried(crawl: SmallCrawl, folder: Path, fault: Fault, at: int, expected: Outcome) -> list[str]:
    """Meet the fault, go on, and say what is wrong."""
    crawl.prepare(folder)
    disk = FullFrom(at) if fault == "full" else CrashingDisk(at, fault)
    try:
        crawl.run(folder, disk)
    except Crash:
        pass
    except StopError as error:
        if fault != "full" or "No space left" not in str(error):
            return [f"it stopped with: {error}"]
    else:
        return ["the fault was not met"]
    if crawl.has_ended(folder):
        crawl.close(folder)
        return crawl.verdict(folder, expected)
    report = crawl.run(folder)
    if report.exit_code:
        return [f"the next run said: {item.reason}" for item in report.items if item.outcome != "done"]
    return crawl.verdict(folder, expected)


def _no_space() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


if __name__ == "__main__":
    sys.exit(main())
