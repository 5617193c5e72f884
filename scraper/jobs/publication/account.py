"""What became of a publication is noted with the run, so that a job which visits and never publishes is noticed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import uuid4

from scraper.archive.runs import open_runs
from scraper.errors import PostkeepError
from scraper.jobs.runs import reason_of
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.run import PUBLISH, PublicationOutcome, Run


def publish_for_run(publish: Callable[[], Report], repo: str, workplace: Workplace, run_id: str) -> Report:
    """Let ``publish`` publish to ``repo`` for a run, and note whether it did; its report.

    Raises:
        PostkeepError: as ``publish``.
    """
    try:
        report = publish()
    except (Exception, KeyboardInterrupt) as error:
        _settle(PublicationOutcome(repo, reason=reason_of(error)[0]), workplace, run_id)
        raise
    _settle(_outcome(report, repo, workplace.clock.now()), workplace, run_id)
    return report


def note_publication_by_hand(report: Report, repo: str, workplace: Workplace) -> None:
    """Note that somebody has published, as a run of its own: what a job could not do is then done."""
    now = workplace.clock.now()
    outcome = _outcome(report, repo, now)
    run = Run(uuid4().urn, PUBLISH, now, ended_at=now, completed=True, exit_code=report.exit_code)
    with suppress(PostkeepError), open_runs(workplace.folder, workplace.disk) as runs:
        runs.begin(run)
        runs.end(run)
        runs.settle_publication(run.run_id, outcome)


def _outcome(report: Report, repo: str, now: datetime) -> PublicationOutcome:
    left = [item.reason for item in report.items if item.target == repo and item.outcome == "failed"]
    return PublicationOutcome(repo, reason=left[0]) if left else PublicationOutcome(repo, settled_at=now)


def _settle(outcome: PublicationOutcome, workplace: Workplace, run_id: str) -> None:
    """Note it where no other run holds the archive; without a note, a publication counts as not made."""
    with suppress(PostkeepError), open_runs(workplace.folder, workplace.disk) as runs:
        runs.settle_publication(run_id, outcome)
