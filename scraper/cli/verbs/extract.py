"""``postkeep extract``."""

from typing import Annotated

import typer

from scraper.cli.options import ArchiveOption, JsonOption, LogFormat, LogFormatOption, default_archive
from scraper.cli.run import perform, workplace
from scraper.jobs.extract import extract as extract_records


def extract(
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Read with N processes.")] = 1,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Rebuild every record from the archive, without network, and list the pages that were rejected.

    Example: postkeep extract --archive archive
    """
    perform(
        "extract",
        lambda progress: extract_records(workplace(archive, progress), workers),
        as_json=as_json,
        log_format=log_format,
    )
