"""``postkeep export``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the dataset into.")],
    without: options.Without = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Write the dataset as a folder that load_dataset opens.

    Example: postkeep export dataset
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.publication.export import export as export_dataset

        return export_dataset(folder, workplace(archive, progress), with_text=options.with_text(without))

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "export",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_export(report, archive),
    )
