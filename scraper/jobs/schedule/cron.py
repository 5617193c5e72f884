"""The job as lines of a crontab (crontab(5))."""

import shlex

from scraper.jobs.schedule.plan import FRESH, NightlyRun, fill


def crontab(plan: NightlyRun) -> str:
    """The lines of a crontab: the nightly run, and twelve hours later a look whether it is alive."""
    program = str(plan.program.executable)
    return fill(
        "crontab",
        name=plan.name,
        owner=plan.owner,
        archive=str(plan.archive),
        hour=str(plan.hour),
        check_hour=str((plan.hour + 12) % 24),
        minute=str(plan.minute),
        refresh=_command([program, *plan.refresh]),
        check=_command([program, *plan.check]),
        fresh=FRESH,
    )


def _command(words: list[str]) -> str:
    """``words`` for sh within a crontab.

    cron ends a command at the first ``%`` without a backslash and takes that backslash away, quotes or not. Outside of the
    quotes it does no harm under a cron that leaves it.
    """
    return " ".join(shlex.quote(word).replace("%", "'\\%'") for word in words)
