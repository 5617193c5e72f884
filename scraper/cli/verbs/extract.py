"""``postkeep extract``."""

from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def extract(
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Read with N processes.")] = 1,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Read the whole archive into records again, without network. Pages that are rejected are listed.

    Example: postkeep extract --archive archive
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.extract.anew import extract as extract_records

        return extract_records(workplace(archive, progress), workers)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "extract",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_extract(report, archive),
    )
