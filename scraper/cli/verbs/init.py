"""``postkeep init``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder; --archive by default.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Your e-mail address or web page, for the sites you will visit.")
    ] = None,
    key_of: Annotated[
        Path | None,
        typer.Option(
            "--key-of",
            metavar="ARCHIVE",
            help="Share the pseudonym key of another archive, so that `postkeep merge` can join the two.",
        ),
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """Make an archive folder with its settings file.

    Example: postkeep init archive --contact you@example.org
    """

    def job(_: Progress) -> Report:
        from scraper.jobs.init import init as init_archive

        return init_archive(folder or archive, contact, key_of)

    place = folder or archive
    perform(
        "init",
        job,
        as_json=as_json,
        advise=lambda report: advice.after_init(report, place, has_contact=contact is not None),
    )
