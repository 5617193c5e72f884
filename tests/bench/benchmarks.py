"""Every benchmark of the table, in its order."""

from typing import Final

from tests.bench import (
    commands,
    crawl,
    dataset_pieces,
    exporting,
    frontier,
    instructions,
    keeping,
    long_threads,
    publication,
    reader,
    reading,
    takedown,
    targets,
    warc_reading,
)
from tests.bench.table.figure import Benchmark

BENCHMARKS: Final[tuple[Benchmark, ...]] = (
    warc_reading.INFLATE,
    warc_reading.RECORDS,
    reading.READING,
    long_threads.LONG_THREADS,
    keeping.KEEPING,
    instructions.INSTRUCTIONS,
    crawl.CRAWL,
    commands.COMMANDS,
    commands.EXTRACT_FROM,
    dataset_pieces.DATASET_PIECES,
    exporting.EXPORT,
    publication.PUBLICATION,
    takedown.TAKEDOWN,
    frontier.FRONTIER,
    targets.TARGETS,
    reader.BROWSE,
    commands.START,
)
