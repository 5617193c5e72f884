"""``postkeep check --fresh``: has a run completed lately, and its publication too, or did the job die in silence?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from scraper.archive.files import require_archive
from scraper.archive.lock import is_held
from scraper.archive.runs import read_runs
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.model.run import PUBLISH, PublicationOutcome, Run, duration_text

# Two readings of one clock may differ by so much while it is being set right.
TOLERANCE: Final = timedelta(minutes=5)


def check_fresh(workplace: Workplace, within: timedelta) -> Report:
    """One item for the archive: ``done`` where a run completed within that time, else ``failed``. Writes nothing.

    Where runs of that time were to publish, a publication has to have succeeded within it too, or been found needless.

    Raises:
        UsageError: the folder is no archive.
        ArchiveDamagedError, StopError: its list of runs cannot be read.
    """
    folder = workplace.folder
    require_archive(folder)
    follows, now = bool(workplace.settings.follow), workplace.clock.now()
    item = judge_freshness(folder, read_runs(folder), within, now, held=is_held(folder), follows=follows)
    workplace.progress.end(item)
    return Report(items=(item,))


def judge_freshness(
    archive: Path, runs: Sequence[Run], within: timedelta, now: datetime, *, held: bool, follows: bool = True
) -> Item:
    """Whether the last of ``runs``, oldest first, that completed is at most ``within`` old.

    A run that had something to do and could do nothing of it does not count: a job that reaches nobody is as good as
    dead. So is one that follows nothing, knows no post and publishes nothing. ``held``: a run is writing at this moment; ``follows``: the
    settings name lists to look for posts in.
    """
    visiting = [run for run in runs if run.verb != PUBLISH]
    last = next((run for run in reversed(visiting) if run.completed and not run.was_in_vain), None)
    later = visiting[visiting.index(last) + 1 :] if last else visiting
    since = _since(later, held=held)
    if last is None or last.ended_at is None:
        reason = (
            f"No run has completed in {archive} yet, so it is not fresh.{since} Start one: postkeep refresh."
        )
        return Item(str(archive), "failed", reason=reason)
    which = f"The last run that completed was {last.verb} {last.run_id}"
    age = now - last.ended_at
    if age < -TOLERANCE:
        reason = (
            f"{which}, which ended {_moment(last.ended_at)}: that lies {duration_text(-age)} in the future, so the "
            f"clock was set back and nothing can be said.{since} Set the clock right, or let a run complete."
        )
        return Item(str(archive), "failed", reason=reason)
    ended = f"{which}; it ended {_moment(last.ended_at)}, {duration_text(max(age, timedelta()))} ago"
    if age > within:
        reason = f"{ended}, and {duration_text(within)} are allowed.{since} Look at the job's log, and whether its timer is on."
        return Item(str(archive), "failed", reason=reason)
    if _is_idle(last) and not follows:
        reason = (
            f"{ended}, but the archive holds no post that could be due, and no list is followed, so the job never does "
            "anything. Crawl some posts, or name listings under follow in postkeep.toml."
        )
        return Item(str(archive), "failed", reason=reason)
    unpublished = _unpublished(runs, within, now, held=held)
    return Item(str(archive), "failed" if unpublished else "done", reason=f"{ended}.{unpublished}")


def _is_idle(run: Run) -> bool:
    """Whether a refresh found no post to visit, today or ever, and was not to publish either."""
    is_without_posts = run.findings.visited == 0 and run.findings.next_due_at is None
    return run.verb == "refresh" and is_without_posts and run.publication is None


def _unpublished(runs: Sequence[Run], within: timedelta, now: datetime, *, held: bool) -> str:
    """That runs were to publish and no publication has succeeded in time, as sentences; empty where all is well."""
    meant = [run for run in runs if run.verb != PUBLISH and run.publication and now - run.began_at <= within]
    if not meant or meant[-1].publication is None:
        return ""
    newest, outcome = meant[-1], meant[-1].publication
    settled = [
        run.publication.settled_at
        for run in runs
        if run.publication and run.publication.repo == outcome.repo and run.publication.settled_at
    ]
    if settled and -TOLERANCE <= now - settled[-1] <= within:
        return ""
    before = f"the last one succeeded {_moment(settled[-1])}" if settled else "none ever succeeded"
    warning = f" But no publication to {outcome.repo} has succeeded within {duration_text(within)}; {before}."
    return f"{warning} That of run {newest.run_id} {_ended(newest, outcome, held=held)}"


def _ended(run: Run, outcome: PublicationOutcome, *, held: bool) -> str:
    """How a publication that did not succeed ended, as the end of a sentence and what to do."""
    if outcome.reason is not None:
        return f"failed: {outcome.reason}"
    if held and (run.ended_at is None or run.completed):
        return "is still at work."
    return f"was never made or noted. Publish by hand and see: postkeep publish {outcome.repo}"


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
