"""The job as lines of a crontab (crontab(5))."""

import shlex
from typing import Final

from scraper.jobs.schedule.plan import FRESH, Plan

_TEMPLATE: Final = """\
# {name}: keeps {archive} fresh. Put these lines into `crontab -e` of {owner}.
# cron mails what a line prints to MAILTO. These lines print when somebody has to look, and else nothing:
#   0 all done; 1 some posts failed, they are tried again another night; 4 another run holds the archive: nothing is printed
#   2 settings, 3 refused everywhere, 5 drift stopped a publication, and anything else: a line with the exit code
# What a run says goes to the system log: journalctl -t {name}
# Two runs never work at once: the second ends with 4. A run that was cut off goes on in the next.
# A night on which the machine was off is made up for by the next one; what is due then is visited at the usual pace.
MAILTO={owner}
# UTC where cron knows CRON_TZ (cronie); elsewhere the machine's zone, at an hour in which no zone sets its clocks.
CRON_TZ=UTC
{minute} {hour} * * * {{ {refresh} 2>&1 || case $? in 1|4) ;; *) echo "{name}: refresh ended with exit code $?; see journalctl -t {name}" >&2 ;; esac; }} | logger -t {name}
# Says so when no run completed within {fresh}: a job can die in silence. Better still, run this line on another machine.
{minute} {check_hour} * * * out=$({check} 2>&1) || echo "$out"
"""


def crontab(plan: Plan) -> str:
    """The lines of a crontab: the nightly run, and twelve hours later a look whether it is alive."""
    refresh = [
        str(plan.program.executable),
        "refresh",
        "--archive",
        str(plan.archive),
        "--log-format",
        "json",
    ]
    if plan.publish:
        refresh += ["--publish", plan.publish]
    check = [str(plan.program.executable), "check", "--fresh", FRESH, "--archive", str(plan.archive)]
    return _TEMPLATE.format(
        name=plan.name,
        owner=plan.owner,
        archive=plan.archive,
        hour=plan.hour,
        check_hour=(plan.hour + 12) % 24,
        minute=plan.minute,
        refresh=_command(refresh),
        check=_command(check),
        fresh=FRESH,
    )


def _command(words: list[str]) -> str:
    """``words`` for sh within a crontab.

    cron ends a command at the first ``%`` without a backslash and takes that backslash away, quotes or not. Outside of the
    quotes it does no harm under a cron that leaves it.
    """
    return " ".join(shlex.quote(word).replace("%", "'\\%'") for word in words)
