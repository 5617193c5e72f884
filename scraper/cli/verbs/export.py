"""``postkeep export``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.options import ArchiveOption, JsonOption, LogFormat, LogFormatOption, default_archive
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.export import export as export_dataset
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the dataset into.")],
    without: Annotated[
        str | None, typer.Option(metavar="text", help="'text': only ids, metadata and metrics go out.")
    ] = None,
    archive: ArchiveOption = default_archive,
    as_json: JsonOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Write the dataset as a folder that load_dataset opens.

    Example: postkeep export dataset
    """

    def job(progress: Progress) -> Report:
        if without not in {None, "text"}:
            raise UsageError(f"--without {without}: only --without text is known.")
        return export_dataset(folder, workplace(archive, progress), with_text=without is None)

    perform("export", job, as_json=as_json, log_format=log_format)
