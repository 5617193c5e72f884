"""What the targets of one crawl, given by ``--from``, cost in memory, each.

Every target was settled by an earlier run that was cut off, so that nothing is fetched, and what remains is the crawl
itself: the list, its frontier in state.sqlite, the queues of its hosts, and an item of the report for each.
"""

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.archive.state import STATE_FILE
from scraper.archive.warc import format_date
from scraper.cli.clock import SystemClock
from scraper.cli.run import read_target_list
from scraper.jobs.crawl.job import crawl
from scraper.jobs.init import init
from scraper.jobs.workplace import Workplace
from scraper.settings import Settings
from tests.archive.making import open_archive
from tests.bench.frontier import peak_megabytes
from tests.bench.table.figure import Benchmark, Beside, Figure, UnmeasuredError

_TARGETS: Final = (100_000, 400_000)


def figures() -> Iterator[Figure]:
    """So many, and four times as many, each in a process of its own."""
    for targets in _TARGETS:
        command = [sys.executable, "-m", "tests.bench.targets", str(targets)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        if (more := float(done.stdout)) <= 0:
            raise UnmeasuredError(
                f"{targets:,} targets need no more than what making their archive had taken"
            )
        limit = Beside("eight bytes a target", targets * 8 / 1e6)
        yield Figure(f"{targets:,} through `--from`, all settled before", "MB", more, limit=limit)


def megabytes(targets: int) -> float:
    """What this process needs more for a crawl of so many."""
    with tempfile.TemporaryDirectory(prefix="targets-") as folder:
        archive, listed = Path(folder) / "archive", Path(folder) / "targets.txt"
        _settle(archive, listed, targets)
        before = peak_megabytes()
        workplace = Workplace(archive, Settings(contact="bench@example.org"), SystemClock())
        crawl(read_target_list(listed), workplace)
        return peak_megabytes() - before


def _settle(archive: Path, listed: Path, targets: int) -> None:
    """Write the list, and an archive that has what became of each."""
    with listed.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{_url(number)}\n" for number in range(1, targets + 1))
    init(archive, "bench@example.org")
    with open_archive(archive):
        """Makes the tables."""
    now = format_date(datetime.now(UTC))
    with closing(sqlite3.connect(archive / STATE_FILE)) as database:
        database.executemany(
            "INSERT INTO frontier (url, after, outcome, post_id, settled_at) VALUES (?, 0, 'done', ?, ?)",
            ((_url(number), f"careerly:posts-{number}", now) for number in range(1, targets + 1)),
        )
        database.commit()


def _url(number: int) -> str:
    return f"https://careerly.co.kr/posts/{number}"


TARGETS: Final = Benchmark("targets", "the targets of a crawl, in memory", figures)

if __name__ == "__main__":
    print(megabytes(int(sys.argv[1])))
