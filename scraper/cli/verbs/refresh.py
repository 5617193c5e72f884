"""``postkeep refresh``."""

from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.network import read_network
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def refresh(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is due, why, and about what it costs; ask nobody.")
    ] = False,
    publish: Annotated[
        str | None,
        typer.Option(
            "--publish", metavar="OWNER/NAME", help="Then publish there, if and only if something changed."
        ),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="With --publish: the dataset there is to be public.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --publish: agree to what would be asked, for jobs.")
    ] = False,
    max_requests: Annotated[
        int | None, typer.Option("--max-requests", min=1, metavar="N", help="End the run after N requests.")
    ] = None,
    max_bytes: Annotated[
        int | None,
        typer.Option("--max-bytes", min=1, metavar="N", help="End the run after N bytes of answers."),
    ] = None,
    max_minutes: Annotated[
        int | None, typer.Option("--max-minutes", min=1, metavar="N", help="End the run after N minutes.")
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    connect_to: options.ConnectTo = None,
    cacert: options.CaCert = None,
    allow_host: options.AllowHost = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Visit what is due, and new posts on the lists that are followed. No more than that; safe from cron. The lists are those of `follow` in postkeep.toml.

    Example: postkeep refresh --dry-run
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.refresh.budget import Budget
        from scraper.jobs.refresh.job import refresh as refresh_posts
        from scraper.jobs.refresh.plan import plan

        network = read_network(connect_to, cacert, allow_host)
        place = workplace(archive, progress, network)
        budget = Budget(max_requests, max_bytes, max_minutes)
        if dry_run:
            return plan(place, budget)
        if publish is None:
            return refresh_posts(place, budget)
        from scraper.cli.asking import TerminalAnswers
        from scraper.jobs.refresh.publish import refresh_and_publish

        return refresh_and_publish(place, budget, publish, TerminalAnswers(progress, yes), public=public)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "refresh",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: (
            advice.after_plan(report, archive)
            if dry_run
            else advice.after_visits(report, archive, is_published=publish is not None)
        ),
    )
