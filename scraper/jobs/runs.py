"""An archive open for a run, in one place: takedowns completed before and after, the lock, the account, the records.

The account of a run is noted when it begins and when it ends, however it ends.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.disk import Disk
from scraper.archive.files import RECORDS_FILE
from scraper.archive.lock import Lock, is_held, is_writable
from scraper.archive.outputs import outputs_of
from scraper.archive.pending import is_taking_down, read_pending
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.archive.state import copy_database
from scraper.errors import ArchiveHeldError, PostkeepError, StopError
from scraper.jobs.extractor import open_extractor
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.run import Findings, PublicationOutcome, Run, summary_of
from scraper.reading.extractor import Extractor

_AT_WORK: Final = "Another run is at work in {folder}: this is of what it has committed until now."


class RunAccount:
    """The account of the run in hand. ``workplace`` has its id, which the visits of the run carry too."""

    def __init__(self, archive: Archive, workplace: Workplace, verb: str, publishes: str | None) -> None:
        self._archive = archive
        run_id = workplace.run_id or archive.new_run()
        self.workplace = replace(workplace, run_id=run_id)
        publication = PublicationOutcome(publishes) if publishes else None
        self._run = Run(run_id, verb, workplace.clock.now(), publication=publication)
        archive.runs.begin(self._run)
        archive.commit()

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


@contextmanager
def open_archive(workplace: Workplace) -> Iterator[tuple[Archive, Extractor]]:
    """The archive open for writing, and its records; takedowns that were cut off, or that what was read calls for, are completed.

    Raises:
        UsageError: the folder is no archive.
        ArchiveHeldError: another run holds it.
        StopError: it cannot be written.
    """
    with _held(workplace) as archive, open_extractor(workplace) as extractor:
        yield archive, extractor


@contextmanager
def open_run(
    verb: str, workplace: Workplace, publishes: str | None = None
) -> Iterator[tuple[RunAccount, Archive, Extractor]]:
    """As ``open_archive``, with the account of the run; the block ends with its ``complete``, or the run was broken off.

    ``publishes`` is the repository that the run is to publish to afterwards.
    """
    with (
        _held(workplace) as archive,
        account_of(verb, archive, workplace, publishes) as account,
        open_extractor(account.workplace) as extractor,
    ):
        yield account, archive, extractor


@contextmanager
def open_records(
    workplace: Workplace, workers: int = 1, *, anew: bool = False
) -> Iterator[tuple[ArchiveReader, Extractor]]:
    """The archive open for reading and its records for writing, its lock held; ``anew`` drops the records first.

    Takedowns are completed as ``open_archive`` does.

    Raises:
        UsageError: there is no archive, or nothing in it.
        ArchiveHeldError: another run holds it.
    """
    _complete_takedowns(workplace)
    with open_to_read(workplace.folder) as archive, Lock(workplace.folder):
        if anew:
            (workplace.folder / RECORDS_FILE).unlink(missing_ok=True)
        with open_extractor(workplace, workers) as extractor:
            yield archive, extractor
    _complete_takedowns(workplace)


@contextmanager
def open_records_to_read(
    workplace: Workplace, *, exclusively: bool = False
) -> Iterator[tuple[ArchiveReader, Extractor]]:
    """As ``open_records``; where another run holds the archive, or it may only be read, the records are a copy of the committed ones.

    The copy is gone afterwards. ``exclusively`` keeps other runs out meanwhile, wherever this user may write.

    Raises:
        UsageError: as ``open_records``.
        ArchiveHeldError: another run holds the archive, and takes something down or was to be kept out.
        StopError: a takedown waits to be completed in an archive that cannot be written.
    """
    with ExitStack() as stack:
        if is_writable(workplace.folder) or not workplace.folder.is_dir():
            try:
                opened = stack.enter_context(open_records(workplace))
            except ArchiveHeldError:
                if exclusively:
                    raise
                workplace.progress.announce(_AT_WORK.format(folder=workplace.folder))
                opened = stack.enter_context(_committed_records(workplace))
        else:
            opened = stack.enter_context(_committed_records(workplace))
        yield opened


@contextmanager
def _committed_records(workplace: Workplace) -> Iterator[tuple[ArchiveReader, Extractor]]:
    """The archive open for reading, and a copy of its records in which the visits are read that they lack."""
    folder = workplace.folder
    if is_taking_down(folder):
        if is_held(folder):
            message = f"{folder} is being written by another run, which takes something down. Wait until it has ended."
            raise ArchiveHeldError(message)
        message = (
            f"{folder} cannot be written, and a takedown in it waits to be completed. "
            "Make the folder writable, then run the same command again."
        )
        raise StopError(message)
    with (
        open_to_read(folder) as archive,
        tempfile.TemporaryDirectory(prefix="postkeep-") as scratch,
    ):
        records = folder / RECORDS_FILE
        if records.is_file():
            copy_database(records, Path(scratch, RECORDS_FILE), Disk())
        with open_extractor(workplace, records_in=Path(scratch), reports_returned=False) as extractor:
            yield archive, extractor


@contextmanager
def _held(workplace: Workplace) -> Iterator[Archive]:
    _complete_takedowns(workplace)
    with Archive.open(
        workplace.folder, clock=workplace.clock, warcinfo=workplace.warcinfo(), disk=workplace.disk
    ) as archive:
        yield archive
    _complete_takedowns(workplace)


def _complete_takedowns(workplace: Workplace) -> None:
    """As ``complete_takedowns``, whose rooms are loaded where an archive has something that a takedown can have left behind."""
    if read_pending(workplace.folder) or outputs_of(workplace.folder):
        from scraper.jobs.takedowns import complete_takedowns  # noqa: PLC0415

        complete_takedowns(workplace)
