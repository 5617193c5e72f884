"""The polite way out of a job: a Visitor whose robots.txt copies, pace and ledger are those of the archive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scraper.archive.archive import Archive
from scraper.fetch.client import WireClient
from scraper.fetch.visitor import Visitor
from scraper.jobs.workplace import Workplace
from scraper.sites.registry import installed_sites


@asynccontextmanager
async def open_visitor(workplace: Workplace, archive: Archive) -> AsyncIterator[Visitor]:
    """A Visitor for one run.

    Raises:
        UsageError: no contact is set, or the file of certificate authorities cannot be read.
    """
    settings, sites = workplace.settings, workplace.sites or installed_sites()
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
            askers=lambda host: workplace.shard.askers(sites.home_host(host)),
        )
