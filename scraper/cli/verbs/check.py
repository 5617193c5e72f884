"""``postkeep check``."""

from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.moments import read_duration
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    politeness: Annotated[
        bool,
        typer.Option("--politeness", help="Judge instead how the visited sites were treated, by the ledger."),
    ] = False,
    fresh: Annotated[
        str | None,
        typer.Option(
            "--fresh",
            metavar="TIME",
            help="Say instead whether a run, and its publication, succeeded within TIME: 90m, 48h, 7d.",
        ),
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Say whether the archive is whole, and what is wrong with what.

    Example: postkeep check --politeness
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.check import check as check_archive
        from scraper.jobs.politeness.judge import judge_politeness
        from scraper.jobs.schedule.freshness import check_fresh

        if repair and politeness:
            raise UsageError("--repair mends files, and what was impolite stays so. Give one of the two.")
        if fresh is not None:
            if repair or politeness:
                raise UsageError(
                    "--fresh looks at the list of runs alone. Give it without --repair and --politeness."
                )
            return check_fresh(workplace(archive, progress), read_duration("--fresh", fresh))
        if politeness:
            return judge_politeness(archive, progress)
        return check_archive(workplace(archive, progress), repair=repair)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("check", job, as_json=as_json, log_format=log_format, loudness=loudness)
