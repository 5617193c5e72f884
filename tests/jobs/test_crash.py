"""A crawl that dies at any write, fsync or commit goes on with the same command: nothing lost, nothing twice."""

from collections import Counter
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.errors import StopError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.politeness.judge import judge_politeness
from scraper.jobs.progress import Progress
from scraper.jobs.workplace import Workplace
from tests.archive.crashing import Crash, CrashingDisk, FullDisk, When
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.captures import crawl_is_over, page_captures
from tests.jobs.rows import Rows, rows_of, without_time_and_place
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

TARGETS = ("https://careerly.co.kr/comments/71655", "https://careerly.co.kr/posts/73002")
# Beyond the number of operations of a whole crawl, so that it never comes.
NEVER = 1_000_000


def crawled_on_disk(folder: Path, replica: Replica, disk: CrashingDisk) -> Workplace:
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
        workplace = crawled_on_disk(folder / "archive", replica, disk)
    rows = rows_of(workplace)
    return disk, without_time_and_place(rows), page_captures(workplace.folder)


@pytest.mark.thorough
# A crash after an operation is one before the next.
@pytest.mark.parametrize("every", few_of([11, 1], 1))
@pytest.mark.parametrize("when", ["before", "half"])
def test_a_crash_at_any_operation_loses_nothing_and_repeats_nothing(
    tmp_path: Path, whole: tuple[CrashingDisk, Rows, Counter[str]], when: When, every: int
) -> None:
    undisturbed, expected_rows, expected_responses = whole
    operations = range(1, undisturbed.operations + 1) if when == "before" else undisturbed.halves
    with Replica() as replica:
        for at in operations[::every]:
            folder = tmp_path / str(at)
            crawled_on_disk(folder / "archive", replica, CrashingDisk(at, when))
            over = crawl_is_over(folder / "archive", len(TARGETS))
            again = crawled_on_disk(folder / "archive", replica, CrashingDisk(NEVER, "before"))
            where = f"{when} operation {at} of {undisturbed.operations}"
            assert check(again.folder) == [], where
            assert judge_politeness(again.folder, Progress()).exit_code == 0, where
            if not over:
                assert page_captures(again.folder) == expected_responses, where
            assert without_time_and_place(rows_of(again)) == expected_rows, where


@pytest.mark.parametrize("room", range(500, 22_000, 4_100))
def test_a_full_disk_is_named_as_what_ended_the_run(tmp_path: Path, room: int) -> None:
    with Replica() as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica, FullDisk(room))
        with pytest.raises(StopError, match=r"cannot be written: No space left on device.*Free space"):
            crawl(TARGETS, workplace)
