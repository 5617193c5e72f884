"""``postkeep check --fresh``: has a run completed lately, or did the job die in silence?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from scraper.archive.files import is_archive
from scraper.archive.lock import is_held
from scraper.archive.runs import read_runs
from scraper.errors import UsageError
from scraper.jobs.run_summary import duration_text
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import Run

# Two readings of one clock may differ by so much while it is being set right.
TOLERANCE: Final = timedelta(minutes=5)


def check_fresh(workplace: Workplace, within: timedelta) -> Report:
    """One item for the archive: ``done`` where a run completed within that time, else ``failed``. Writes nothing.

    Raises:
        UsageError: the folder is no archive.
        ArchiveDamagedError, StopError: its list of runs cannot be read.
    """
    folder = workplace.folder
    if not is_archive(folder):
        raise UsageError(f"{folder} is no archive. Name one with --archive.")
    item = judge_freshness(folder, read_runs(folder), within, workplace.clock.now(), held=is_held(folder))
    workplace.progress.end(item)
    return Report(items=(item,))


def judge_freshness(
    archive: Path, runs: Sequence[Run], within: timedelta, now: datetime, *, held: bool
) -> Item:
    """Whether the last of ``runs``, oldest first, that completed is at most ``within`` old.

    A run that had something to do and could do nothing of it does not count: a job that reaches nobody is as good as
    dead. ``held``: a run is writing at this moment.
    """
    last = next((run for run in reversed(runs) if run.completed and not run.was_in_vain), None)
    later = runs[runs.index(last) + 1 :] if last else runs
    since = _since(later, held=held)
    if last is None or last.ended_at is None:
        said = (
            f"No run has completed in {archive} yet, so it is not fresh.{since} Start one: postkeep refresh."
        )
        return Item(str(archive), "failed", reason=said)
    which = f"The last run that completed was {last.verb} {last.run_id}"
    age = now - last.ended_at
    if age < -TOLERANCE:
        said = (
            f"{which}, which ended {_moment(last.ended_at)}: that lies {duration_text(-age)} in the future, so the "
            f"clock was set back and nothing can be said.{since} Set the clock right, or let a run complete."
        )
        return Item(str(archive), "failed", reason=said)
    ended = f"{which}; it ended {_moment(last.ended_at)}, {duration_text(max(age, timedelta()))} ago"
    if age > within:
        said = f"{ended}, and {duration_text(within)} are allowed.{since} Look at the job's log, and whether its timer is on."
        return Item(str(archive), "failed", reason=said)
    return Item(str(archive), "done", reason=f"{ended}.")


def _since(later: Sequence[Run], *, held: bool) -> str:
    """What became of the runs after it, as sentences; empty where there were none."""
    if not later:
        return ""
    newest = later[-1]
    begun = f" Since then {len(later)} began; the newest, {newest.run_id} of {_moment(newest.began_at)},"
    if newest.completed:
        return f"{begun} reached none of its targets."
    if newest.ended_at is None:
        return f"{begun} is still at work." if held else f"{begun} was killed."
    return f"{begun} broke off: {newest.reason or 'it did not say why.'}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
