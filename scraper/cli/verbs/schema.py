"""``postkeep schema``."""

from scraper.cli.options import JsonOption
from scraper.cli.run import perform
from scraper.jobs.describe import describe_schema


def schema(as_json: JsonOption = False) -> None:
    """List the dataset's tables and columns.

    Example: postkeep schema
    """
    perform("schema", lambda _: describe_schema(), as_json=as_json)
