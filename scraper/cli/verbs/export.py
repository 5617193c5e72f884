"""``postkeep export``."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import advice, options
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report, joined


class Format(StrEnum):
    """The formats of a dataset folder."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    CONVOKIT = "convokit"


def export(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder to write the dataset into.")
    ] = None,
    format: Annotated[  # noqa: A002 - the word of the option
        Format,
        typer.Option(
            "--format", help="What load_dataset opens, tables for spreadsheets, threads as JSON, or a corpus."
        ),
    ] = Format.PARQUET,
    without: options.Without = None,
    wacz: Annotated[
        Path | None,
        typer.Option(
            "--wacz",
            metavar="FILE",
            help="Write the captures of what goes out as a WACZ file for ReplayWeb.page and pywb. It is raw.",
        ),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="With --wacz: pack every capture, what is withheld too.")
    ] = False,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    log_format: options.LogAs = options.LogFormat.TEXT,
) -> None:
    """Write the dataset as a folder, for load_dataset or other tools.

    Example: postkeep export tables --format csv
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.publication.export import export as export_dataset
        from scraper.jobs.publication.wacz import export_wacz

        with_text = options.with_text(without)
        _require_sense(folder, wacz, is_plain=with_text and format is Format.PARQUET, is_private=private)
        place = workplace(archive, progress)
        reports = []
        if folder is not None:
            reports.append(export_dataset(folder, place, with_text=with_text, format=format.value))
        if wacz is not None:
            reports.append(export_wacz(wacz, place, is_private=private))
        return joined(reports)

    def advise(report: Report) -> Sequence[str]:
        if folder is None:
            return ["To look at it: open it in ReplayWeb.page, which keeps it on your machine, or in pywb."]
        return advice.after_export(report, archive, is_dataset=format is Format.PARQUET)

    loudness = options.loudness(verbose=verbose, quiet=quiet)
    perform(
        "export",
        job,
        as_json=as_json,
        log_format=log_format,
        loudness=loudness,
        advise=advise,
    )


def _require_sense(folder: Path | None, wacz: Path | None, *, is_plain: bool, is_private: bool) -> None:
    """Raise UsageError where what was asked for says nothing, or something of what was not asked for."""
    if folder is None and wacz is None:
        raise UsageError("Nothing was named. Give a DIR for the dataset, or --wacz FILE for the captures.")
    if folder is not None and folder.suffix.lower() == ".wacz":
        raise UsageError(f"{folder} would be a folder of the dataset. For a WACZ file say: --wacz {folder}")
    if folder is None and not is_plain:
        raise UsageError(
            "--format and --without are of the dataset. Give a DIR for it: a WACZ file is raw and whole."
        )
    if wacz is None and is_private:
        raise UsageError(
            "--private is of the captures. Give --wacz FILE: a dataset never has what is withheld."
        )
