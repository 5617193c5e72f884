"""The account of a run: it is noted when it begins and when it ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from scraper.archive.archive import Archive
from scraper.errors import PostkeepError
from scraper.jobs.run_summary import summary_of
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.run import Findings, PublicationOutcome, Run


class RunAccount:
    """The account of the run in hand. ``workplace`` has its id, which the visits of the run carry too."""

    def __init__(self, archive: Archive, workplace: Workplace, verb: str, publishes: str | None) -> None:
        self._archive = archive
        run_id = workplace.run_id or archive.new_run()
        self.workplace = replace(workplace, run_id=run_id)
        publication = PublicationOutcome(publishes) if publishes else None
        self._run = Run(run_id, verb, workplace.clock.now(), publication=publication)
        archive.runs.begin(self._run)

    def complete(self, report: Report, findings: Findings) -> Report:
        """Note that the run came to its own end; gives ``report`` with the run's summary.

        Raises:
            StopError: the medium refused.
        """
        ended = self._ended(exit_code=report.exit_code, reason=None)
        run = replace(ended, completed=True, counts=dict(report.counts()), findings=findings)
        self._archive.runs.end(run)
        return replace(report, summary=summary_of(run))

    def break_off(self, reason: str, exit_code: int | None) -> None:
        """Note that the run did not come to its own end; a medium that refuses has been complained about already."""
        with suppress(PostkeepError):
            self._archive.runs.end(self._ended(exit_code, reason))

    def _ended(self, exit_code: int | None, reason: str | None) -> Run:
        now, traffic = self.workplace.clock.now(), self._archive.ledger.traffic
        return replace(self._run, ended_at=now, exit_code=exit_code, reason=reason, traffic=traffic)


@contextmanager
def account_of(
    verb: str, archive: Archive, workplace: Workplace, publishes: str | None = None
) -> Iterator[RunAccount]:
    """The account of one run in an open archive; the block ends with ``complete``, or it was broken off.

    ``publishes`` is the repository that the run is to publish to afterwards.

    Raises:
        StopError: the medium refused.
    """
    account = RunAccount(archive, workplace, verb, publishes)
    try:
        yield account
    except (Exception, KeyboardInterrupt) as error:
        account.break_off(*reason_of(error))
        raise


def reason_of(error: Exception | KeyboardInterrupt) -> tuple[str, int | None]:
    """Why a run broke off, in a sentence, and its exit code; an error of ours may hold what a page says, so it is only named."""
    match error:
        case PostkeepError():
            return str(error), error.exit_code
        case KeyboardInterrupt():
            return "It was stopped by a signal.", None
        case _:
            return (
                f"It ended with an error of postkeep's own ({type(error).__name__}).",
                PostkeepError.exit_code,
            )
