"""``postkeep check --fresh``: a job that died in silence is noticed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.moments import read_duration
from scraper.errors import UsageError
from scraper.jobs.schedule.freshness import TOLERANCE, judge_freshness
from scraper.model.outcome import Item, OutcomeWord
from scraper.model.run import PublicationOutcome, Run
from tests.archive.making import NOON, open_archive
from tests.cli.terminal import make_archive, postkeep

ARCHIVE = Path("archive")
WITHIN = timedelta(hours=48)


def run(
    name: str,
    ended: datetime | None,
    counts: dict[OutcomeWord, int] | None = None,
    *,
    completed: bool = True,
    reason: str | None = None,
    verb: str = "refresh",
    publication: PublicationOutcome | None = None,
) -> Run:
    began = (ended or NOON) - timedelta(minutes=10)
    return Run(
        name,
        verb,
        began,
        ended,
        completed=completed,
        reason=reason,
        counts=counts or {},
        publication=publication,
    )


def judged(*runs: Run, now: datetime = NOON, held: bool = False) -> Item:
    return judge_freshness(ARCHIVE, runs, WITHIN, now, held=held)


def ago(**ages: float) -> datetime:
    return NOON - timedelta(**ages)


def test_a_run_within_the_time_is_fresh_and_named_with_its_age() -> None:
    item = judged(run("a", ago(hours=47)), run("b", ago(hours=3)))
    assert item.outcome == "done"
    assert "refresh b; it ended 2026-01-05 09:00 UTC, 3 h ago." in str(item.reason)


@pytest.mark.parametrize(
    ("age", "outcome"), [(timedelta(hours=48), "done"), (timedelta(hours=48, seconds=1), "failed")]
)
def test_the_time_itself_is_still_within_it(age: timedelta, outcome: str) -> None:
    assert judged(run("a", NOON - age)).outcome == outcome


def test_an_old_run_is_named_with_its_age_and_what_came_after() -> None:
    item = judged(run("a", ago(days=9)), run("b", ago(days=2), completed=False, reason="The disk is full."))
    assert item.outcome == "failed"
    for said in (
        "refresh a",
        "9 d ago",
        "2 d are allowed",
        "1 began",
        "b of",
        "broke off: The disk is full.",
    ):
        assert said in str(item.reason)


def test_never_run_is_said() -> None:
    assert "No run has completed in archive yet" in str(judged().reason)
    assert judged().outcome == "failed"


@pytest.mark.parametrize(("held", "said"), [(True, "is still at work"), (False, "was killed")])
def test_a_run_without_an_end_is_at_work_or_was_killed(held: bool, said: str) -> None:
    item = judged(run("a", None, completed=False), held=held)
    assert item.outcome == "failed"
    assert said in str(item.reason)


@pytest.mark.parametrize("counts", [{"failed": 3}, {"refused": 2, "skipped": 1}])
def test_a_run_that_reached_nothing_does_not_count(counts: dict[OutcomeWord, int]) -> None:
    item = judged(run("a", ago(days=9), {"done": 1}), run("b", ago(hours=1), counts))
    assert item.outcome == "failed"
    assert "reached none of its targets" in str(item.reason)


@pytest.mark.parametrize("counts", [{}, {"skipped": 4}, {"done": 1, "failed": 99}, {"rejected": 1}])
def test_a_quiet_run_and_one_that_reached_some_count(counts: dict[OutcomeWord, int]) -> None:
    assert judged(run("a", ago(hours=1), counts)).outcome == "done"


def test_a_clock_that_was_set_back_is_said() -> None:
    item = judged(run("a", NOON + timedelta(days=40)))
    assert item.outcome == "failed"
    assert "40 d in the future, so the clock was set back" in str(item.reason)
    assert judged(run("a", NOON + TOLERANCE)).outcome == "done"


def test_the_order_of_the_runs_counts_and_not_what_the_clock_said() -> None:
    assert judged(run("a", NOON + timedelta(days=40)), run("b", ago(hours=1))).outcome == "done"


PUBLISHED = PublicationOutcome("me/x", settled_at=ago(hours=1))
FAILED = PublicationOutcome("me/x", reason="No token.")
PENDING = PublicationOutcome("me/x")


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([run("a", ago(hours=1), publication=PUBLISHED)], None),
        ([run("a", ago(hours=30), publication=PUBLISHED), run("b", ago(hours=1), publication=FAILED)], None),
        ([run("a", ago(hours=1), publication=FAILED)], "none ever succeeded. That of run a failed: No token."),
        ([run("a", ago(hours=1), publication=PENDING)], "Publish by hand and see: postkeep publish me/x"),
        ([run("a", ago(days=3), publication=FAILED), run("b", ago(hours=1))], None),
        ([run("a", ago(hours=9), publication=FAILED), run("b", ago(hours=1), verb="crawl")], "That of run a failed"),
        (
            [run("a", ago(hours=9), publication=FAILED), run("b", ago(hours=1), verb="publish", publication=PUBLISHED)],
            None,
        ),
        (
            [
                run("a", ago(days=9), publication=PublicationOutcome("me/x", settled_at=ago(days=9))),
                run("b", ago(hours=1), publication=FAILED),
            ],
            "the last one succeeded 2025-12-27 12:00 UTC",
        ),
        (
            [
                run("a", ago(hours=9), publication=PublicationOutcome("me/old", settled_at=ago(hours=9))),
                run("b", ago(hours=1), publication=FAILED),
            ],
            "none ever succeeded",
        ),
    ],
)  # fmt: skip
def test_a_job_that_publishes_has_to_have_published_within_the_time(
    runs: list[Run], said: str | None
) -> None:
    item = judged(*runs)
    assert item.outcome == ("failed" if said else "done"), item.reason
    assert (said or " h ago.") in str(item.reason)


def test_a_publication_at_work_is_said_and_a_publication_is_no_visit() -> None:
    assert "is still at work" in str(judged(run("a", ago(hours=1), publication=PENDING), held=True).reason)
    by_hand = run("p", ago(hours=1), verb="publish", publication=PUBLISHED)
    assert "No run has completed" in str(judged(by_hand).reason)


@given(st.from_regex(r"\A[1-9][0-9]{0,5}[mhd]\Z"))
def test_durations_are_whole_numbers_of_minutes_hours_or_days(text: str) -> None:
    seconds = {"m": 60, "h": 3600, "d": 86400}[text[-1]] * int(text[:-1])
    assert read_duration("--fresh", text) == timedelta(seconds=seconds)
    assert (
        judge_freshness(ARCHIVE, [run("a", NOON)], read_duration("--fresh", text), NOON, held=False).outcome
        == "done"
    )


@pytest.mark.parametrize(
    "text",
    ["", "48", "h", "0h", "048h", "-1h", "1.5h", "48H", "48 h", " 48h", "48h\n", "2w", "٤٨h", "１h", "1d12h"],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError, match="90m, 48h or 7d"):
        read_duration("--fresh", text)


def test_the_command_ends_with_1_until_a_run_has_completed(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    line = ("check", "--fresh", "48h", "--archive", archive)
    before = postkeep(*line, "--json")
    assert (before.exit_code, before.outcomes) == (1, ["failed"])
    assert not (archive / "state.sqlite").exists()
    with open_archive(archive) as opened:
        began = Run("0123456789ab", "refresh", datetime.now(UTC))
        opened.runs.begin(began)
        opened.runs.end(Run("0123456789ab", "refresh", began.began_at, datetime.now(UTC), completed=True))
    after = postkeep(*line, "--json")
    assert (after.exit_code, after.outcomes) == (0, ["done"])
    assert "0123456789ab" in json.dumps(after.answer)
    assert "refresh 0123456789ab" in postkeep(*line).stderr


@pytest.mark.parametrize("other", ["--repair", "--politeness"])
def test_it_is_asked_alone(other: str, tmp_path: Path) -> None:
    ran = postkeep("check", "--fresh", "48h", other, "--archive", make_archive(tmp_path / "a"), "--json")
    assert ran.exit_code == 2
    assert postkeep("check", "--fresh", "48h", "--archive", tmp_path, "--json").exit_code == 2
