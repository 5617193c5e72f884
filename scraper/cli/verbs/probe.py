"""``postkeep probe``."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.moments import read_moment
from scraper.cli.network import read_network
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def probe(
    target: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE",
            help="A page to ask for; or a file: saved HTML, the text of a page, a WARC file.",
        ),
    ],
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the page there with what was found marked on it."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Where the page was, if the file does not say; which of the pages in a WARC file."),
    ] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the file was saved: 2023-05-01T09:00:00+09:00."),
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    connect_to: options.ConnectTo = None,
    cacert: options.CaCert = None,
    allow_host: options.AllowHost = None,
    as_json: options.Json = False,
) -> None:
    """Show what would be read of a page, and where on it that stands. Nothing is kept.

    A URL is asked for as `crawl` asks: robots.txt first, at its pace, with your contact.

    Example: postkeep probe saved.html --html marked.html
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.probe.job import ProbeOptions
        from scraper.jobs.probe.job import probe as probe_page

        saved_at = None if captured_at is None else read_moment("--captured-at", captured_at)
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        place = workplace(archive, progress, read_network(connect_to, cacert, allow_host))
        return probe_page(target, place, ProbeOptions(url, saved_at, html, columns))

    perform("probe", job, as_json=as_json)
