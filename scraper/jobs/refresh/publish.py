"""``postkeep refresh --publish``: what was refreshed goes to the Hub, where anything of it differs from what is there."""

from dataclasses import replace
from uuid import uuid4

from scraper.errors import PostkeepError
from scraper.jobs.publication.account import publish_for_run
from scraper.jobs.publication.draft import Answers
from scraper.jobs.publication.job import PublishOptions, publish
from scraper.jobs.refresh.budget import Budget
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report


def refresh_and_publish(
    workplace: Workplace, budget: Budget, repo: str, answers: Answers, *, public: bool
) -> Report:
    """Refresh, then publish to ``repo`` (``OWNER/NAME``); no commit is made where no row changed. The report is that of both.

    ``answers`` is asked what the owner has to decide. That a publication failed before does not matter: what differs from the Hub decides, not what this run found.

    Raises:
        UsageError, RefusedError, ArchiveHeldError, DriftError, RetryableError, StopError: as ``refresh`` and ``publish``;
            what was refreshed is kept, and has been told.
    """
    run_id = workplace.run_id or uuid4().urn
    place = replace(workplace, run_id=run_id)
    refreshed = refresh(place, budget, publishes=repo)
    options = PublishOptions(public=public)
    try:
        published = publish_for_run(lambda: publish(repo, place, options, answers), repo, place, run_id)
    except PostkeepError:
        for line in refreshed.summary:
            place.progress.end(Item("refresh", "done", reason=line))
        raise
    return replace(
        refreshed,
        items=(*refreshed.items, *published.items),
        outputs=(*refreshed.outputs, *published.outputs),
        summary=(*refreshed.summary, *published.summary),
    )
