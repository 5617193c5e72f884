"""A crawl by postkeep as fast as its hosts answer: ``python -m tests.bench.crawling.ours LIST ARCHIVE``.

Nothing of this is in the product, which asks no server so fast. Here the server is on loopback, whatever it is called.
"""

import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from scraper.archive.archive import Archive
from scraper.cli.clock import SystemClock
from scraper.cli.run import read_target_list
from scraper.fetch.client import WireClient
from scraper.fetch.pace import PaceRules
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl import job
from scraper.jobs.init import init
from scraper.jobs.workplace import Workplace
from scraper.model.url import parse_url
from scraper.settings import ConnectTo, HostSettings, Network, Settings
from tests.bench.crawling.server import ADDRESS

_UNHURRIED: Final = PaceRules(default_delay=0.0, least_delay=0.0, response_factor=0.0)


@asynccontextmanager
async def _hasty_visitor(workplace: Workplace, archive: Archive) -> AsyncIterator[Visitor]:
    """As the crawl opens its visitor, without a pace: towards loopback alone."""
    assert all(entry.to_host == ADDRESS for entry in workplace.network.connect_to)
    assert not workplace.network.allow_hosts
    client = WireClient(
        workplace.user_agent,
        workplace.settings.contact_email,
        workplace.network,
        workplace.limits,
        workplace.clock,
    )
    async with client:
        yield Visitor(
            client,
            settings=workplace.settings,
            clock=workplace.clock,
            robots=archive.robots,
            pace=archive.pace,
            ledger=archive.ledger,
            recorder=archive,
            commit=archive.commit,
            pace_rules=_UNHURRIED,
            tell=workplace.progress.tell,
        )


def main() -> None:
    """Crawl what the list names, and print the CPU seconds of the processes that read; a page that is not kept and read is an error."""
    listed, archive = Path(sys.argv[1]), Path(sys.argv[2])
    urls = [url for line in listed.read_text().splitlines() if (url := parse_url(line))]
    hosts = dict.fromkeys((url.host, url.port) for url in urls)
    network = Network(tuple(ConnectTo(host, port, ADDRESS, port) for host, port in hosts))
    settings = Settings(
        contact="bench@example.org", host={host: HostSettings(delay=0.0) for host, _ in hosts}
    )
    init(archive, "bench@example.org")
    with patch.object(job, "open_visitor", _hasty_visitor):
        workplace = Workplace(archive, settings, SystemClock(), network)
        report = job.crawl(read_target_list(listed), workplace)
    if (left := [item for item in report.items if item.outcome != "done"]) or len(report.items) != len(urls):
        raise SystemExit(f"{len(report.items)} of {len(urls)} pages; {left[:3]}")
    reading = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(reading.ru_utime + reading.ru_stime)


if __name__ == "__main__":
    main()
