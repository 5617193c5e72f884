"""``postkeep export``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform, workplace
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


class Format(StrEnum):
    """The formats of a dataset folder."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    CONVOKIT = "convokit"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the dataset into.")],
    format: Annotated[  # noqa: A002 - the word of the option
        Format,
        typer.Option(
            "--format", help="What load_dataset opens, tables for spreadsheets, threads as JSON, or a corpus."
        ),
    ] = Format.PARQUET,
    without: options.Without = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Write the dataset as a folder that load_dataset opens, or in another format.

    Example: postkeep export tables --format csv
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.publication.export import export as export_dataset

        with_text = options.with_text(without)
        return export_dataset(folder, workplace(archive, progress), with_text=with_text, format=format.value)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "export",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=lambda report: advice.after_export(report, archive, is_dataset=format is Format.PARQUET),
    )
