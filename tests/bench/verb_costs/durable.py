"""What a crawl forces to the medium."""

import sqlite3
from io import FileIO
from pathlib import Path

from scraper.archive.disk import Disk
from scraper.jobs.crawl.job import crawl
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica


class CountingDisk(Disk):
    """Counts what waits for the medium, by kind."""

    def __init__(self) -> None:
        self.syncs = 0
        self.commits = 0

    def sync(self, file: FileIO) -> None:
        self.syncs += 1
        super().sync(file)

    def sync_folder(self, folder: Path) -> None:
        self.syncs += 1
        super().sync_folder(folder)

    def commit(self, connection: sqlite3.Connection) -> None:
        self.commits += 1
        super().commit(connection)


# Each is a page that tells all by itself: one exchange.
POSTS = tuple(f"https://careerly.co.kr/comments/{number}" for number in (70991, 71204, 71655, 72260, 72377))


def _operations(folder: Path, replica: Replica, posts: int) -> int:
    disk = CountingDisk()
    report = crawl(POSTS[:posts], workplace_at(folder, VirtualClock(), replica, disk))
    assert [item.outcome for item in report.items] == ["done"] * posts
    return disk.syncs + disk.commits


def operations_a_page(folder: Path) -> float:
    """Syncs and commits for each page after the first, in archives that are made in ``folder``."""
    with Replica() as replica:
        one, every = (_operations(folder / str(posts), replica, posts) for posts in (1, len(POSTS)))
    return (every - one) / (len(POSTS) - 1)
