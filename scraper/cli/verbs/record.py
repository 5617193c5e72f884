"""``postkeep record``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.network import read_network
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def record(
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="The site or platform, as `postkeep sites` names it.")
    ],
    url: Annotated[str, typer.Argument(metavar="URL", help="One of its posts.")],
    case: Annotated[str, typer.Option(metavar="NAME", help="What the recording is called.")] = "post",
    source: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Where it was recorded, as it then says of itself."),
    ] = None,
    into: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help="The folder of cassettes.")
    ] = Path("cassettes"),
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    connect_to: options.ConnectTo = None,
    cacert: options.CaCert = None,
    allow_host: options.AllowHost = None,
    as_json: options.Json = False,
) -> None:
    """Record a post for the tests of a site. Writes a cassette, and the record that it must be read as.

    The settings are those of the archive; nothing is kept in it. Of a live site both go to the folder `live`, which is not committed.

    Example: postkeep record phpbb https://forum.example/viewtopic.php?t=123 --case topic
    """

    def job(progress: Progress) -> Report:
        try:
            from scraper.jobs.record.job import RecordOptions
            from scraper.jobs.record.job import record as record_post
        except ModuleNotFoundError as error:
            if error.name != "vcr":
                raise
            message = "Recording needs vcrpy, which is not installed. Install it with: pip install 'postkeep[record]'"
            raise UsageError(message) from error
        place = workplace(archive, progress, read_network(connect_to, cacert, allow_host))
        return record_post(site, url, place, RecordOptions(into, case, source))

    perform("record", job, as_json=as_json)
