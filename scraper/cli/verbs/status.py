"""``postkeep status``."""

import os

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report
from scraper.settings_file import origins_of


def status(
    context: typer.Context,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """Show what is in the archive, what is due, and the settings. It says what happened last, too, and where each setting comes from.

    Example: postkeep status
    """

    def job(progress: Progress) -> Report:
        from scraper.cli.screens.status import status_screen
        from scraper.jobs.look.status import status_of

        named = options.origin_of(context, "archive")
        origins = {**origins_of(archive, os.environ), **({"archive": named} if named else {})}
        seen = status_of(workplace(archive, progress), origins)
        return Report(data={**seen}, view=status_screen(seen, options.columns()))

    perform("status", job, as_json=as_json)
