"""``postkeep sites``."""

from scraper.cli import options
from scraper.cli.run import perform
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


def sites(as_json: options.Json = False) -> None:
    """List the sites that postkeep can read.

    Example: postkeep sites
    """

    def job(_: Progress) -> Report:
        from scraper.jobs.describe import describe_sites

        return describe_sites()

    perform("sites", job, as_json=as_json)
