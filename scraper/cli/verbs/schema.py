"""``postkeep schema``."""

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def schema(
    action: Annotated[
        str | None, typer.Argument(metavar="migrate", help="Bring an older export forward to this schema.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder that `postkeep export` wrote.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the dataset's columns, or bring an older export forward.

    Example: postkeep schema migrate dataset
    """

    def job(_: Progress) -> Report:
        from scraper.jobs.describe import describe_schema
        from scraper.jobs.migrate_dataset import migrate_dataset

        if action is None:
            return describe_schema()
        if action != "migrate" or folder is None:
            raise UsageError(f"schema {action}: write `postkeep schema`, or `postkeep schema migrate DIR`.")
        return migrate_dataset(folder)

    perform("schema", job, as_json=as_json)
