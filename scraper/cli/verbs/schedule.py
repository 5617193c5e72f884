"""``postkeep schedule``."""

import pwd
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.jobs.schedule.plan import Program, Scheduler
from scraper.model.outcome import Report
from scraper.settings_file import load_settings


def schedule(
    scheduler: Annotated[
        Scheduler, typer.Argument(metavar="SCHEDULER", help="cron, systemd or github-actions.")
    ],
    publish: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="Publish to the Hub whatever changed.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="For github-actions, the private place of the archive: s3://BUCKET/FOLDER, or REMOTE:FOLDER of rclone.",
        ),
    ] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DIR",
            help="For github-actions, postkeep's wheel, or a folder with it and what it needs; they lie in the store, under wheels/.",
        ),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the files into DIR rather than to stdout.")
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """Print a job that refreshes this archive every night. With it comes one that says when it died.

    Example: postkeep schedule systemd --into units
    """

    def job(_: Progress) -> Report:
        from scraper.jobs.schedule.job import make_plan
        from scraper.jobs.schedule.job import schedule as schedule_job
        from scraper.jobs.schedule.wheels import read_wheels

        if (store or wheel) is not None and scheduler is not Scheduler.GITHUB_ACTIONS:
            raise UsageError(
                f"--store and --wheel are for github-actions: with {scheduler} archive and program stay where they are."
            )
        plan = make_plan(
            archive, _program(), _owner(archive), load_settings(archive, {}), publish=publish, store=store
        )
        if wheel is not None:
            plan = replace(plan, wheels=read_wheels(wheel))
        return schedule_job(scheduler, plan, into)

    perform("schedule", job, as_json=as_json)


def _program() -> Program:
    """The ``postkeep`` that is running: the one beside its Python, else the one on the PATH."""
    beside = Path(sys.executable).with_name("postkeep")
    command = str(beside) if beside.is_file() else shutil.which("postkeep")
    if command is None:
        raise UsageError(
            "No postkeep command was found beside Python or on the PATH. Install it: pip install ."
        )
    return Program(Path(command).absolute(), Path(sys.executable).resolve())


def _owner(archive: Path) -> str:
    """Whose archive it is: the name of the account, its number where the name is an odd one or has gone."""
    number = (archive if archive.exists() else Path()).stat().st_uid
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
    return name if re.fullmatch(r"[a-z_][a-z0-9_-]*", name) else str(number)
