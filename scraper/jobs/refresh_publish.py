"""``postkeep refresh --publish``: what was refreshed goes to the Hub, where anything of it differs from what is there."""

from dataclasses import replace

from scraper.jobs.publication_building import Answers
from scraper.jobs.publish import PublishOptions, publish
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report


def published_after(
    refreshed: Report, repo: str, workplace: Workplace, answers: Answers, *, public: bool
) -> Report:
    """Publish to ``repo`` (``OWNER/NAME``); no commit is made where no row changed. The report is that of both.

    ``answers`` is asked what the owner has to decide. That a publication failed before does not matter: what differs from the Hub decides, not what this run found.

    Raises:
        UsageError, RefusedError, ArchiveHeldError, DriftError, RetryableError, StopError: as ``publish``; what was
            refreshed is kept.
    """
    published = publish(repo, workplace, PublishOptions(public=public), answers)
    return replace(
        refreshed,
        items=(*refreshed.items, *published.items),
        outputs=(*refreshed.outputs, *published.outputs),
        summary=(*refreshed.summary, *published.summary),
    )
