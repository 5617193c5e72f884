"""``postkeep report``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def report(
    page: Annotated[
        Path | None, typer.Argument(metavar="FILE.html", dir_okay=False, help="The page to write.")
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """Show a crawl at a glance on one page. It says what came, what did not and why, politeness, drift, growth, and what is due.

    Example: postkeep report report.html
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.report.job import report as write_report

        if page is None and not as_json:
            raise UsageError(
                "Name the page to write, such as report.html; or ask for the numbers with --json."
            )
        return write_report(page, workplace(archive, progress))

    perform("report", job, as_json=as_json)
