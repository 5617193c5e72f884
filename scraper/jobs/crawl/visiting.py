"""The polite way out of a job: a Visitor whose robots.txt copies, pace and ledger are those of the archive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scraper.archive.archive import Archive
from scraper.fetch.client import WireClient
from scraper.fetch.visitor import Visitor
from scraper.jobs.workplace import Workplace


@asynccontextmanager
async def open_visitor(workplace: Workplace, archive: Archive) -> AsyncIterator[Visitor]:
    """A Visitor for one run.

    Raises:
        UsageError: no contact is set, or the file of certificate authorities cannot be read.
    """
    settings = workplace.settings
    client = WireClient(
        workplace.user_agent, settings.contact_email, workplace.network, workplace.limits, workplace.clock
    )
    async with client:
        yield Visitor(
            client,
            settings=settings,
            clock=workplace.clock,
            robots=archive.robots,
            pace=archive.pace,
            ledger=archive.ledger,
            recorder=archive,
            commit=archive.commit,
            tell=workplace.progress.tell,
        )
