"""A takedown that dies at every single operation of the disk, of which `make test` tries one in nine; and of each person there is."""

import shutil
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.files import RECORDS_FILE
from scraper.jobs.forget import forget
from scraper.records.contract import Row
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.takedown import test_crash, test_pending
from tests.takedown.conftest import template
from tests.takedown.searching import places_of
from tests.takedown.test_crash import small

__all__ = ["small", "template"]


@pytest.mark.slow
def test_a_crash_at_every_operation_is_made_good(tmp_path: Path, small: tuple[Path, str, str]) -> None:
    test_crash.test_a_crash_at_any_operation_is_made_good_by_the_next_start(tmp_path, small, every=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["begun", "ready"])
def test_a_takedown_of_another_version_is_completed_wherever_it_is_killed(name: str, tmp_path: Path) -> None:
    test_pending.test_killed_at_any_step_it_is_completed_all_the_same(name, 1, tmp_path)


@pytest.mark.slow
def test_whoever_goes_nothing_of_theirs_is_left_and_all_others_are_as_they_were(
    template: Path, tmp_path: Path
) -> None:
    with Records.open_to_read(template / RECORDS_FILE) as records:
        posts, comments = list(records.rows("posts")), list(records.rows("comments"))
    for name in sorted({row["author_name"] for row in (*posts, *comments)} - {None}):
        folder = Path(shutil.copytree(template, tmp_path / name))
        place = workplace_at(folder, VirtualClock())
        forget(name, place, reason="Asked by its author")
        hers = [row for row in (*posts, *comments) if row["author_name"] == name]
        gone = {row["post_id"] for row in hers if "comment_id" not in row}
        texts = [line for row in hers for line in (row["text"] or "").split("\n")[:1] if len(line) > 12]
        assert places_of(folder, name, *texts) == []
        assert not check(folder)
        with Records.open_to_read(folder / RECORDS_FILE) as records:
            left = [_told(row) for table in ("posts", "comments") for row in records.rows(table)]
        stays = [row for row in (*posts, *comments) if row["author_name"] != name]
        assert left == [_told(row) for row in stays if row["post_id"] not in gone], name


def _told(row: Row) -> tuple[object, ...]:
    said = ("post_id", "comment_id", "title", "text", "author_id", "likes", "published_at", "status")
    return tuple(row.get(name) for name in said)
