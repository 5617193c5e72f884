"""An archive of the format before this one, a crawl in it half done, is upgraded and gone on with."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.migrate import open_state, open_state_to_read, upgrade
from scraper.archive.state import STATE_FILE
from scraper.archive.tables import MIGRATIONS
from scraper.errors import StopError
from scraper.jobs.crawl.job import crawl
from tests.archive.crashing import WHENS, Crash, CrashingDisk, When
from tests.clock import VirtualClock
from tests.examples import few_of
from tests.jobs.captures import page_captures
from tests.jobs.rows import rows_of, without_time_and_place
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

TARGETS = ("https://careerly.co.kr/comments/71655", "https://careerly.co.kr/posts/73002")
MIGRATIONS_BEFORE = len(MIGRATIONS) - 1


def _as_before(folder: Path) -> None:
    """Give state.sqlite the form that it had before imported captures were told from our own."""
    open_state(folder, CrashingDisk(0, "before")).close()
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        database.executescript(
            f"UPDATE captures SET captured_at_basis = 'observed' WHERE captured_at_basis = 'asserted'; PRAGMA user_version = {MIGRATIONS_BEFORE}"
        )


def _half_crawled(folder: Path, replica: Replica) -> None:
    with pytest.raises(Crash):
        crawl(TARGETS, workplace_at(folder, VirtualClock(), replica, CrashingDisk(40, "before")))
    _as_before(folder)


@pytest.mark.thorough
@pytest.mark.parametrize("when", few_of(WHENS, 1))
def test_an_upgrade_killed_at_any_step_leaves_the_old_state_or_the_new_and_the_crawl_goes_on(
    tmp_path: Path, when: When
) -> None:
    with Replica() as replica:
        whole = workplace_at(tmp_path / "whole", VirtualClock(), replica)
        crawl(TARGETS, whole)
        counting = CrashingDisk(0, "before")
        _half_crawled(tmp_path / "counted", replica)
        upgrade(tmp_path / "counted", counting)
        for at in range(1, counting.operations + 1):
            folder = tmp_path / str(at)
            _half_crawled(folder, replica)
            with pytest.raises(Crash):
                upgrade(folder, CrashingDisk(at, when))
            assert _is_old_or_new(folder)
            workplace = workplace_at(folder, VirtualClock(), replica)
            crawl(TARGETS, workplace)
            assert check(folder) == []
            assert page_captures(folder) == page_captures(whole.folder)
            assert max(Counter(page_captures(folder)).values()) == 1
            rows = without_time_and_place(rows_of(workplace))
            assert rows == without_time_and_place(rows_of(whole))


def _is_old_or_new(folder: Path) -> bool:
    try:
        open_state_to_read(folder).close()
    except StopError as error:
        return f"has format {MIGRATIONS_BEFORE}" in str(error)
    return True
