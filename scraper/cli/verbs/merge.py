"""``postkeep merge``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def merge(
    archives: Annotated[
        list[Path], typer.Argument(metavar="ARCHIVE...", help="The archive folders, in any order.")
    ],
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="The folder to write the dataset into.")
    ],
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Join several archives that share a key into one dataset.

    In whatever order they are named, it is as if one had made every visit; what any of them took down is left out.

    Example: postkeep merge shard-1 shard-2 --into dataset
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.merge import merge as merge_archives

        return merge_archives([workplace(archive, progress) for archive in archives], into)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "merge",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_merge(report, archives[0]),
    )
