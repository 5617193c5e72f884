"""The account of a run: it is noted when it begins and when it ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from scraper.archive.archive import Archive
from scraper.errors import PostkeepError
from scraper.jobs.run_summary import summary_of
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.run import Findings, Run


class RunAccount:
    """The account of the run in hand. ``workplace`` has its id, which the visits of the run carry too."""

    def __init__(self, archive: Archive, workplace: Workplace, verb: str) -> None:
        self._archive = archive
        run_id = workplace.run_id or archive.new_run()
        self.workplace = replace(workplace, run_id=run_id)
        self._run = Run(run_id, verb, workplace.clock.now())
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
def account_of(verb: str, archive: Archive, workplace: Workplace) -> Iterator[RunAccount]:
    """The account of one run in an open archive; the block ends with ``complete``, or it was broken off.

    Raises:
        StopError: the medium refused.
    """
    account = RunAccount(archive, workplace, verb)
    try:
        yield account
    except PostkeepError as error:
        account.break_off(str(error), error.exit_code)
        raise
    except KeyboardInterrupt:
        account.break_off("It was stopped by a signal.", None)
        raise
    except Exception as error:
        account.break_off(f"It ended with an error of postkeep's own ({type(error).__name__}).", 1)
        raise
