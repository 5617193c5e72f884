"""``postkeep backup``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to put the copy into.")],
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Copy what the WARC files cannot rebuild. That is state, decisions, ledger, pseudonym key and settings.

    Example: postkeep backup /mnt/backup/postkeep
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.backup import backup as back_up

        return back_up(folder, workplace(archive, progress))

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform("backup", job, as_json=as_json, log_format=log_format, loudness=loudness)
