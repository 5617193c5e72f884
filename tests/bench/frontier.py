"""A frontier of 1,000,000 URLs over 50,000 hosts: what choosing the next one costs, at its start and near its end."""

import heapq
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.jobs.crawl.side_by_side import HostQueues
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure

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
    """What taking and giving back costs over so many choices, in CPU time, and what time it is then."""
    began = time.process_time()
    for _ in range(choices):
        choice = queues.take(now)
        if choice is None:
            now = queues.next_at() or now
            choice = queues.take(now)
        if choice is not None:
            queues.give_back(choice.host, now + DELAY)
    return (time.process_time() - began) / choices * 1e6, now


def figures() -> Iterator[Figure]:
    """The first choices, the last ones, and the memory of it all."""
    before = peak_megabytes()
    queues, now, costs = filled(URLS), START, []
    memory = peak_megabytes() - before
    while len(queues) >= SAMPLE:
        cost, now = microseconds_a_choice(queues, now, SAMPLE)
        costs.append(cost)
    waiting = [(START + timedelta(seconds=number % 7), str(number)) for number in range(HOSTS)]
    heapq.heapify(waiting)
    spent = least({"heap": lambda: [heapq.heapreplace(waiting, (START, "x")) for _ in range(SAMPLE)]})["heap"]
    limit = Beside("heapq.heapreplace among as many hosts", spent / SAMPLE * 1e6)
    size = f"of {URLS:,} URLs on {HOSTS:,} hosts"
    yield Figure(f"a choice, all waiting, {size}", "CPU µs", costs[0], limit=limit)
    yield Figure(f"a choice, few left, {size}", "CPU µs", costs[-1], limit=limit)
    yield Figure(f"memory {size}", "MB", memory, limit=Beside("eight bytes a URL", URLS * 8 / 1e6))


FRONTIER: Final = Benchmark("frontier", "choosing the next URL of a crawl", figures)
