"""Each run is noted when it begins and when it ends, and what was noted survives."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.archive.disk import Disk
from scraper.archive.read import open_to_read
from scraper.archive.runs import KEPT, open_runs, read_runs
from scraper.archive.state import STATE_FILE
from scraper.errors import ArchiveHeldError, StopError
from scraper.jobs.backup import backup
from scraper.jobs.crawl.job import crawl
from scraper.jobs.runs import account_of
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import Findings, PublicationOutcome, Run, Traffic, bytes_text, duration_text
from scraper.settings import Settings
from tests.archive.crashing import Crash, CrashingDisk
from tests.archive.making import NOON, open_archive
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.content import SITE_HOST, load_community
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Replica

TARGETS = ("https://careerly.co.kr/comments/71655", "https://careerly.co.kr/comments/404404")


def raised(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def run_in(folder: Path, work: Callable[[], None], clock: VirtualClock) -> None:
    """One run of ``work`` on an archive."""
    place = workplace_at(folder, clock)
    with open_archive(folder, clock) as archive, account_of("refresh", archive, place) as account:
        work()
        clock.advance(90)
        account.complete(Report((Item("a", "done"),)), Findings(visited=1, next_due_at=NOON))


def test_a_crawl_is_noted_with_what_it_did(tmp_path: Path, clock: VirtualClock) -> None:
    with Replica() as replica:
        place = workplace_at(tmp_path / "archive", clock, replica)
        report = crawl(TARGETS, place)
        (run,) = read_runs(place.folder)
        asked = len(replica.log)
    with open_to_read(place.folder) as archive:
        assert {visit.run for visit in archive.visits()} == {run.run_id}
    assert (run.verb, run.completed) == ("crawl", True)
    assert run.counts == report.counts()
    assert run.exit_code == report.exit_code == 1
    assert run.traffic.requests == asked
    assert run.traffic.bytes > 1000
    assert run.findings == Findings(visited=2, new=1)
    assert run.ended_at == clock.now()
    assert report.summary[0] == "2 posts visited, 1 new."
    assert f"{asked} requests" in report.summary[1]


def test_a_post_that_policy_refused_was_not_visited(tmp_path: Path, clock: VirtualClock) -> None:
    robots = RobotsFile(body="User-agent: *\nDisallow: /comments/\n")
    with Replica(Deployment(load_community(), robots={SITE_HOST: robots})) as replica:
        place = workplace_at(tmp_path / "archive", clock, replica)
        report = crawl(["https://careerly.co.kr/comments/71655"], place)
        assert report.summary[0] == "0 posts visited, 0 new."
        (run,) = read_runs(place.folder)
        assert run.findings == Findings(visited=0, new=0)


def test_what_was_noted_is_read_back_whole(tmp_path: Path) -> None:
    run = Run(
        "0123456789ab", "refresh", NOON, NOON + timedelta(hours=1), completed=True, exit_code=5, reason="글이 바뀌었다.",
        counts={"done": 1, "failed": 2, "refused": 3, "rejected": 4, "skipped": 5},
        traffic=Traffic(7, 1 << 40), findings=Findings(9, 1, 2, 3, 4, NOON), publication=PublicationOutcome("me/x"),
    )  # fmt: skip
    with open_archive(tmp_path / "archive") as archive:
        archive.runs.begin(run)
        archive.runs.end(run)
    assert read_runs(tmp_path / "archive") == [run]
    run = replace(run, publication=PublicationOutcome("me/x", NOON, "글이 바뀌었다."))
    with open_runs(tmp_path / "archive", Disk()) as runs:
        runs.settle_publication(run.run_id, run.publication or PublicationOutcome(""))
    assert read_runs(tmp_path / "archive") == [run]
    backup(tmp_path / "copy", Workplace(tmp_path / "archive", Settings(), VirtualClock()))
    assert read_runs(tmp_path / "copy") == [run]


@pytest.mark.parametrize(
    ("error", "exit_code", "said"),
    [
        (StopError("The disk is full."), 1, "The disk is full."),
        (ArchiveHeldError("Held."), 4, "Held."),
        (KeyboardInterrupt(), None, "stopped by a signal"),
        (ZeroDivisionError("a secret of a page"), 1, "ZeroDivisionError"),
    ],
)
def test_a_run_that_breaks_off_says_why_and_does_not_count_as_completed(
    error: BaseException, exit_code: int | None, said: str, tmp_path: Path, clock: VirtualClock
) -> None:
    with pytest.raises(type(error)):
        run_in(tmp_path / "archive", raised(error), clock)
    (run,) = read_runs(tmp_path / "archive")
    assert (run.completed, run.exit_code) == (False, exit_code)
    assert run.ended_at is not None
    assert said in str(run.reason)
    assert "secret" not in str(run.reason)


def test_a_run_that_is_killed_has_no_end_and_the_next_goes_on(tmp_path: Path, clock: VirtualClock) -> None:
    disk = CrashingDisk(1_000_000, "before")
    place = workplace_at(tmp_path / "archive", clock)

    def die() -> None:
        disk.dead = True
        raise Crash

    with (
        suppress(Crash),
        open_archive(place.folder, clock, disk) as archive,
        account_of("refresh", archive, place),
    ):
        die()
    run_in(place.folder, lambda: None, clock)
    killed, completed = read_runs(place.folder)
    assert (killed.ended_at, killed.completed) == (None, False)
    assert (completed.completed, completed.duration) == (True, timedelta(seconds=90))


def test_an_archive_that_was_never_worked_with_has_no_runs(tmp_path: Path, clock: VirtualClock) -> None:
    assert read_runs(workplace_at(tmp_path / "archive", clock).folder) == []


def test_old_runs_go_but_never_the_last_that_completed(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive") as archive:
        first = Run("run-0", "refresh", NOON, NOON, completed=True)
        archive.runs.begin(first)
        archive.runs.end(first)
    with closing(sqlite3.connect(tmp_path / "archive" / STATE_FILE)) as database:
        rows = ((f"run-{number}", "refresh", "2026-01-05T12:00:00Z") for number in range(1, KEPT + 50))
        database.executemany("INSERT INTO runs (run_id, verb, began_at, completed) VALUES (?, ?, ?, 0)", rows)
        database.commit()
    with open_archive(tmp_path / "archive") as archive:
        archive.runs.begin(Run("last", "refresh", NOON))
    kept = read_runs(tmp_path / "archive")
    assert len(kept) == KEPT + 1
    assert (kept[0].run_id, kept[-1].run_id) == ("run-0", "last")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3725, "1 h 2 min"), (86400, "1 d"), (183600, "2 d 3 h")],
)
def test_durations_are_said_in_two_units(seconds: int, said: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (10**13, "10.0 TB")]
)
def test_bytes_are_said_in_the_largest_unit(count: int, said: str) -> None:
    assert bytes_text(count) == said


def test_a_clock_that_jumps_back_in_a_run_gives_no_negative_duration(tmp_path: Path) -> None:
    run = Run("r", "refresh", NOON, NOON - timedelta(days=40), completed=True)
    assert run.duration is None
