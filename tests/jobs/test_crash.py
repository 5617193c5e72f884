"""A crawl that dies at any write, fsync or commit goes on with the same command: nothing lost, nothing twice."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.check import check
from scraper.jobs.crawl import crawl
from scraper.jobs.workplace import Workplace
from tests.archive.crashing import Crash, CrashingDisk, When
from tests.clock import VirtualClock
from tests.jobs.rows import Rows, exported_rows, without_time_and_place
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

TARGETS = ("https://careerly.co.kr/comments/71655", "https://careerly.co.kr/posts/73002")
# Beyond the number of operations of a whole crawl, so that it never comes.
NEVER = 1_000_000


def responses(workplace: Workplace) -> Counter[str]:
    """How often each page was captured, by a library that is not ours.

    A robots.txt is asked for again where the crash came between keeping it and noting that it was read.
    """
    found: Counter[str] = Counter()
    for path in sorted((workplace.folder / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                url = record.rec_headers.get_header("WARC-Target-URI")
                if record.rec_type == "response" and not url.endswith("/robots.txt"):
                    found[url] += 1
    return found


def crawled(folder: Path, replica: Replica, disk: CrashingDisk) -> Workplace:
    """The archive after one crawl on ``disk``, which may be cut off by a crash."""
    workplace = workplace_at(folder, VirtualClock(), replica, disk)
    try:
        crawl(TARGETS, workplace)
    except Crash:
        assert disk.dead
    return workplace


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[CrashingDisk, Rows, Counter[str]]:
    """What an undisturbed crawl does: the disk that counted its operations, its rows, its captures."""
    folder = tmp_path_factory.mktemp("whole")
    disk = CrashingDisk(NEVER, "before")
    with Replica() as replica:
        workplace = crawled(folder / "archive", replica, disk)
    rows = exported_rows(workplace, folder / "dataset")
    return disk, without_time_and_place(rows), responses(workplace)


# A crash after an operation is one before the next.
@pytest.mark.parametrize("when", ["before", "half"])
def test_a_crash_at_any_operation_loses_nothing_and_repeats_nothing(
    tmp_path: Path, whole: tuple[CrashingDisk, Rows, Counter[str]], when: When
) -> None:
    undisturbed, expected_rows, expected_responses = whole
    every = range(1, undisturbed.operations + 1)
    with Replica() as replica:
        for at in every if when == "before" else undisturbed.halves:
            folder = tmp_path / str(at)
            crawled(folder / "archive", replica, CrashingDisk(at, when))
            over = was_over(folder / "archive")
            again = crawled(folder / "archive", replica, CrashingDisk(NEVER, "before"))
            where = f"{when} operation {at} of {undisturbed.operations}"
            assert check(again.folder) == [], where
            if not over:
                assert responses(again) == expected_responses, where
            assert without_time_and_place(exported_rows(again, folder / "dataset")) == expected_rows, where


def was_over(archive: Path) -> bool:
    """Whether the crawl had done all it had to and let its targets go: the same command is then a new crawl."""
    try:
        with closing(sqlite3.connect(f"file:{archive / 'state.sqlite'}?mode=ro", uri=True)) as state:
            (ended,) = state.execute("SELECT count(*) FROM visits WHERE ended_at IS NOT NULL").fetchone()
            (targets,) = state.execute("SELECT count(*) FROM frontier").fetchone()
    except sqlite3.OperationalError:
        return False
    return bool(ended == len(TARGETS) and targets == 0)
