"""``postkeep sites``."""

from scraper.cli.options import JsonOption
from scraper.cli.run import perform
from scraper.jobs.describe import describe_sites


def sites(as_json: JsonOption = False) -> None:
    """List the sites that postkeep can read.

    Example: postkeep sites
    """
    perform("sites", lambda _: describe_sites(), as_json=as_json)
