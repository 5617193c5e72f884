"""The costs of verbs as figures, and as the table in docs/figures.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.conftest import REPOSITORY

FIGURES: Final = REPOSITORY / "docs" / "verbs.json"
DOCUMENT: Final = REPOSITORY / "docs" / "figures.md"
BEGIN: Final = "<!-- verbs: written by `python -m tests.bench.verbs --write` -->\n"
END: Final = "<!-- verbs: end -->"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost: CPU seconds, user and system, and the largest resident set in MB, workers included."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is shown. Times are CPU seconds; ``reading`` and ``peer`` are those of one page.

    ``large`` leads from a verb to its cost over ``large_posts``; ``threads`` from how a thread of WordPress pages is linked and how
    many pages it has to the cost of its import. ``durable_operations`` are the syncs and commits for a page that is crawled.
    """

    posts: int
    large_posts: int
    rounds: int
    reading: float
    peer: float
    verbs: Mapping[str, Cost]
    large: Mapping[str, Cost]
    threads: Mapping[str, Cost]
    start: Cost
    first_page: Cost
    warc_bytes: int
    records_bytes: int
    durable_operations: float


def section(figures: Figures) -> str:
    """The table, as it stands in the document."""
    n, page = figures.posts, figures.reading
    verbs, large = figures.verbs, figures.large
    times = figures.large_posts / n

    def added(verb: str) -> str:
        return f"{(verbs[verb].seconds / n - page) * 1000:.1f} ms a page"

    def growth(verb: str) -> str:
        seconds = large[verb].seconds / verbs[verb].seconds
        memory = large[verb].megabytes / verbs[verb].megabytes
        return f"{seconds:.1f} × the CPU, {memory:.2f} × the memory"

    thread = {name: f"{cost.seconds:.1f} CPU s" for name, cost in figures.threads.items()}
    rows = [
        (
            "reading one page (15 kB, 14 comments)",
            f"{1 / page:.0f} pages/s; trafilatura {1 / figures.peer:.0f} pages/s: {figures.peer / page:.1f} ×",
        ),
        *((f"`{verb}`: {n:,} posts", f"{cost.seconds:.1f} CPU s") for verb, cost in verbs.items()),
        *((f"what `{verb}` adds to reading", added(verb)) for verb in ("extract", "import")),
        *((f"`{verb}`: {times:g} × the posts", growth(verb)) for verb in large),
        *((f"`import` of a WordPress thread: {name}", cost) for name, cost in thread.items()),
        (
            "records.sqlite beside the WARC files",
            f"{figures.records_bytes / figures.warc_bytes:.2f} × ({figures.records_bytes:,} bytes)",
        ),
        ("durable operations for a page crawled (syncs and commits)", f"{figures.durable_operations:g}"),
        ("`extract` of one page", f"{figures.first_page.seconds:.2f} CPU s"),
        ("`postkeep --help`", f"{figures.start.seconds:.2f} CPU s, {figures.start.megabytes:.0f} MB"),
    ]
    table = "\n".join(f"| {what} | {figure} |" for what, figure in rows)
    return f"\n| {n:,} posts; medians of {figures.rounds} | |\n|---|---|\n{table}\n\n"


def load(text: str) -> Figures:
    """The figures that ``--write`` kept."""
    values = json.loads(text)
    costs = {
        name: {key: Cost(**cost) for key, cost in values[name].items()}
        for name in ("verbs", "large", "threads")
    }
    single = {name: Cost(**values[name]) for name in ("start", "first_page")}
    return Figures(**{**values, **costs, **single})
