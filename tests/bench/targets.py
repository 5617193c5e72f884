"""What the targets of one crawl, given by ``--from``, cost in memory, each: ``python -m tests.bench.targets --targets 1000000``.

Every target was settled by an earlier run that was cut off, so that nothing is fetched, and what remains is the crawl
itself: the list, its frontier in state.sqlite, the queues of its hosts, and an item of the report for each.
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.targets", description=__doc__)
    parser.add_argument("--targets", type=int, default=100_000)
    targets = parser.parse_args().targets
    with tempfile.TemporaryDirectory(prefix="targets-") as folder:
        archive, listed = Path(folder) / "archive", Path(folder) / "targets.txt"
        _settle(archive, listed, targets)
        before, began = peak_megabytes(), time.perf_counter()
        workplace = Workplace(archive, Settings(contact="bench@example.org"), SystemClock())
        report = crawl(read_target_list(listed), workplace)
        seconds, used = time.perf_counter() - began, peak_megabytes() - before
    print(f"targets: {len(report.items):,} through --from, all settled before")
    print(f"  {used:.0f} MB, {used * 1e6 / targets:.0f} bytes a target; {seconds:.0f} s")


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


if __name__ == "__main__":
    main()
