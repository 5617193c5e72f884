"""Months of refreshes of a site that lives: the dataset's history is the one that the script of the site knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.jobs.refresh.job import refresh
from scraper.settings import RefreshSettings
from tests.clock import VirtualClock
from tests.jobs.rows import Rows, exported_rows
from tests.jobs.workplaces import SETTINGS, VolatileDisk, workplace_at
from tests.replica.months import SHORT_DAYS, Day, Months
from tests.replica.server import Replica

# Every post is due on each day of the script.
OFTEN: Final = RefreshSettings(shortest=timedelta(hours=1), longest=timedelta(hours=1))
KEYS: Final = {"posts": "post_id", "comments": "comment_id"}
# A run on loopback takes moments of the clock, so what the script knows of a time is its day.
TIMES: Final = frozenset({"status_at", "first_seen", "captured_at", "counts_observed_at", "observed_at"})
Row = dict[str, Any]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Months, Rows]:
    return live(tmp_path_factory.mktemp("months"), SHORT_DAYS)


def live(folder: Path, days: Iterable[Day]) -> tuple[Months, Rows]:
    """The site after these days, and the rows of the archive that visited it on each."""
    clock = VirtualClock()
    site = Months(clock.now())
    with Replica() as replica:
        workplace = replace(
            workplace_at(folder / "archive", clock, replica, VolatileDisk()),
            settings=replace(SETTINGS, refresh=OFTEN),
        )
        for day in days:
            passed = site.begin(day)
            clock.advance((site.now - clock.now()).total_seconds() if passed else 0)
            replica.deployment = site.deployment
            replica.plan_faults(site.faults)
            report = refresh(workplace) if passed else crawl(site.urls, workplace)
            assert {item.target for item in report.items} >= set(site.urls), day.name
    rows = exported_rows(workplace, folder / "dataset")
    (workplace.folder / "records.sqlite").unlink()
    extract(workplace)
    assert exported_rows(workplace, folder / "again") == rows
    return site, rows


@pytest.mark.thorough
class TestMonths:
    """What the script knows, and what the archive says; the slow tests compare them over all of its days."""

    def test_every_post_has_the_state_that_the_script_left_it_in(self, lived: tuple[Months, Rows]) -> None:
        site, rows = lived
        compare(rows["posts"], [chronicle.post for chronicle in site.chronicles.values()], "post_id")

    def test_every_comment_has_the_state_that_the_script_left_it_in(self, lived: tuple[Months, Rows]) -> None:
        site, rows = lived
        wanted = [row for chronicle in site.chronicles.values() for row in chronicle.comments]
        compare(rows["comments"], wanted, "comment_id")

    def test_metrics_have_a_row_for_each_day_on_which_a_number_changed(
        self, lived: tuple[Months, Rows]
    ) -> None:
        site, rows = lived
        wanted = [row for chronicle in site.chronicles.values() for row in chronicle.metrics]
        compare(rows["metrics"], wanted, "post_id", "observed_at")

    def test_revisions_have_every_version_of_what_is_still_there_and_nothing_of_what_was_deleted(
        self, lived: tuple[Months, Rows]
    ) -> None:
        site, rows = lived
        wanted = [row for chronicle in site.chronicles.values() for row in chronicle.revisions]
        compare(rows["revisions"], wanted, "item_id", "field", "revision")


def compare(given: Sequence[Mapping[str, Any]], wanted: Sequence[Row], *key: str) -> None:
    """Row by row, in the columns that the script knows."""
    found = {tuple(to_day(row)[name] for name in key): to_day(row) for row in given}
    known = {tuple(to_day(row)[name] for name in key): to_day(row) for row in wanted}
    assert len(found) == len(given)
    assert found.keys() == known.keys()
    differing = {
        row_key: {
            name: (found[row_key][name], value)
            for name, value in row.items()
            if found[row_key][name] != value
        }
        for row_key, row in known.items()
    }
    assert {row_key: columns for row_key, columns in differing.items() if columns} == {}


def to_day(row: Mapping[str, Any]) -> Row:
    return {name: day_of(value) if name in TIMES else value for name, value in row.items()}


def day_of(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(UTC).date()
