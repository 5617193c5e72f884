"""``postkeep forget``."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress, SilentProgress
from scraper.model.outcome import Report


def forget(
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL|ID|AUTHOR]",
            help="A post's URL or post_id, a comment_id, an author_id, or an author's name or profile URL.",
            show_default=False,
        ),
    ] = None,
    requests: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Requests as a table (CSV, TSV) with the columns what, why, when. Each gets its state in FILE's copy .done.csv.",
        ),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, in your words; it is kept with the tombstone.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Take down a post, a comment, or all that a person wrote. Raw captures, records and history lose it; it cannot be undone.

    Example: postkeep forget careerly:comments-70434 --reason 'asked by author'
    """

    def job(progress: Progress) -> Report:
        from scraper.cli.asking import TerminalAnswers, confirm
        from scraper.jobs.forget import forget as take_down
        from scraper.jobs.takedown_requests.job import forget_requests

        place = workplace(archive, progress)
        if requests is not None and subject is None:
            answers = TerminalAnswers(progress, yes)
            return forget_requests(requests, place, answers, reason=reason, dry_run=dry_run)
        if subject is None or requests is not None:
            raise UsageError(
                "Name one thing to take down, or a table of requests instead: postkeep forget --from FILE."
            )
        if dry_run or yes or not sys.stdin.isatty():
            return take_down(subject, place, reason=reason, dry_run=dry_run)
        would = take_down(subject, place, reason=reason, dry_run=True)
        asked = f"{would.items[0].reason} This cannot be undone. Take it down?"
        if not confirm(progress, asked):
            raise UsageError(f"{subject} was not taken down: you did not say yes.")
        return take_down(subject, replace(place, progress=SilentProgress(progress)), reason=reason)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("forget", job, as_json=as_json, loudness=loudness)
