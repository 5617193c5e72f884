"""A frontier of 1,000,000 URLs over 50,000 hosts: what choosing the next one costs, at its start and near its end."""

import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.jobs.crawl.side_by_side import HostQueues

URLS: Final = 1_000_000
HOSTS: Final = 50_000
SAMPLE: Final = 100_000
START: Final = datetime(2026, 1, 5, tzinfo=UTC)
DELAY: Final = timedelta(seconds=2)


def peak_megabytes() -> float:
    """The most memory this process has had, in MB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def filled(urls: int) -> HostQueues:
    """So many URLs, dealt out over the hosts."""
    queues = HostQueues()
    for number in range(urls):
        queues.add(f"host-{number % HOSTS}.example", number, START)
    return queues


def microseconds_a_choice(queues: HostQueues, now: datetime, choices: int) -> tuple[float, datetime]:
    """What taking and giving back costs over so many choices, and what time it is then."""
    began = time.perf_counter()
    for _ in range(choices):
        found = queues.take(now)
        if found is None:
            now = queues.next_at() or now
            found = queues.take(now)
        if found is not None:
            queues.give_back(found.host, now + DELAY)
    return (time.perf_counter() - began) / choices * 1e6, now


def main() -> None:
    before = peak_megabytes()
    began = time.perf_counter()
    queues = filled(URLS)
    print(f"frontier: {URLS:,} URLs over {HOSTS:,} hosts")
    print(f"  filled in {time.perf_counter() - began:.2f} s, {peak_megabytes() - before:.0f} MB")
    now = START
    while len(queues) >= SAMPLE:
        left = len(queues)
        cost, now = microseconds_a_choice(queues, now, SAMPLE)
        print(f"  {cost:6.2f} µs a choice with {left:>9,} waiting; peak {peak_megabytes() - before:.0f} MB")


if __name__ == "__main__":
    main()
