"""``postkeep drift``."""

from enum import StrEnum
from typing import Annotated

import typer

from scraper.cli import options
from scraper.cli.run import perform, workplace
from scraper.errors import UsageError
from scraper.jobs.progress import Progress
from scraper.model.outcome import Report


class DriftAction(StrEnum):
    """What can be done about drift."""

    ACCEPT = "accept"


def drift(
    action: Annotated[
        DriftAction | None,
        typer.Argument(metavar="[accept]", help="'accept': the held runs read rightly, publish them."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Argument(metavar="[SITE]", help="Only runs of this site, as `postkeep drift` names it."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why the runs are accepted; it is kept.")
    ] = None,
    archive: options.Archive = options.DEFAULT_ARCHIVE,
    as_json: options.Json = False,
) -> None:
    """List runs that read worse than before, or accept them. They are held back until then. Exit code 1 where any is.

    Example: postkeep drift --archive archive
    """

    def job(progress: Progress) -> Report:
        from scraper.jobs.drift import accept_drift, list_drift

        if action is DriftAction.ACCEPT:
            return accept_drift(site, reason, workplace(archive, progress))
        if reason is not None:
            raise UsageError("--reason belongs to `postkeep drift accept`.")
        return list_drift(workplace(archive, progress))

    perform("drift", job, as_json=as_json)
