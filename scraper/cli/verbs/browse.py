"""``postkeep browse``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def browse(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the pages into.")],
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Show what a publication leaves out too; the folder is then yours alone."
        ),
    ] = False,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Write the archive as pages to read. They open from disk and from any web server, without a network.

    Example: postkeep browse pages
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.browse import browse as write_pages

        return write_pages(folder, workplace(archive, progress), is_private=private)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("browse", job, as_json=as_json, log_format=log_format, loudness=loudness)
