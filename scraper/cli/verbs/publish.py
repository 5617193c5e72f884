"""``postkeep publish``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def publish(
    repo: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The dataset's name on the Hub.")],
    from_folder: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="Publish a dataset that was merged or extracted, less what its archives leave out by now.",
        ),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Let everybody see it; without this it is private.")
    ] = False,
    gated: Annotated[
        bool, typer.Option("--gated", help="Who wants to read it has to ask, and you answer one by one.")
    ] = False,
    without: options.Without = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="List what would go out, and write the card to look at; offline too."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to what would be asked, for jobs.")] = False,
    keep_history: Annotated[
        bool,
        typer.Option(
            "--keep-history", help="After a takedown, leave earlier versions on the Hub as they are."
        ),
    ] = False,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Publish the dataset to the Hugging Face Hub. One commit, one tag, private unless you say --public.

    Example: postkeep publish my-name/careerly-posts
    """

    def job(progress: Progress) -> Report:
        from scraper.cli.asking import TerminalAnswers
        from scraper.jobs.publication.account import note_publication_by_hand
        from scraper.jobs.publication.job import PublishOptions
        from scraper.jobs.publication.job import publish as publish_dataset

        wish = PublishOptions(
            public=public,
            gated=gated,
            with_text=options.with_text(without),
            dry_run=dry_run,
            keep_history=keep_history,
            from_folder=from_folder,
        )
        place = workplace(archive, progress)
        report = publish_dataset(
            repo, place, wish, TerminalAnswers(progress, yes), lambda folder: workplace(folder, progress)
        )
        if not dry_run:
            note_publication_by_hand(report, repo, place)
        return report

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("publish", job, as_json=as_json, log_format=log_format, loudness=loudness)
