"""What the last steps of an extraction cost for a post: those that an engine divides, and those that one process does for all."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from scraper.archive.files import RECORDS_FILE
from scraper.archive.warc_file import WarcFile
from scraper.dataset.layout import YEAR_LIMIT
from scraper.dataset.parquet import WRITER_OPTIONS
from scraper.dataset.sorted_runs import RunWriter, SortedRun, steady_digest, write_merged, years_of
from scraper.jobs.imports.warc_heads import add_tables, make_indexes, make_tables, note_file
from scraper.jobs.outgoing import Outgoing
from scraper.records.contract import Contract
from scraper.records.joined import JoinedRecords
from scraper.records.store import Records
from tests.bench.pages import post_pages, write_warc
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.bench.verb_costs.bench import Bench

_POSTS: Final = 1000
_FILES: Final = 100
# As heads of other pages are: in another order, and none the same.
_OTHERS: Final = (
    "UPDATE heads SET record_id = record_id || :n, key = substr(key || 1000 + :n, -32), digest = digest || :n"
)


def figures() -> Iterator[Figure]:
    """1,000 posts with 14 comments each, as if one bucket had them all; and the heads of 100 files with as many pages."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        write_warc(post_pages(_POSTS), folder / "posts.warc.gz")
        bench = Bench(folder, 1)
        bench.empty_archive()
        bench.measure("import", "posts.warc.gz")
        pieces = _Pieces(folder)
        with Records.open_to_read(folder / "archive" / RECORDS_FILE) as records:
            run = pieces.run(records)
            costs = least(
                {
                    "run": lambda: pieces.run(records),
                    "files": lambda: pieces.files(run),
                    "digest": lambda: pieces.digest(run),
                    "places": pieces.places,
                }
            )
        tables = [pq.read_table(path) for path in pieces.files(run)]

        def bare() -> None:
            for number, table in enumerate(tables):
                pq.write_table(table, folder / f"bare-{number}.parquet", **WRITER_OPTIONS)

        limits = least({"files": bare})
    ms, us = 1e3 / _POSTS, 1e6 / _POSTS
    yield Figure("a post with 14 comments, from records to a run of rows", "CPU ms", costs["run"] * ms)
    limit = Beside("pyarrow, tables made already", limits["files"] * ms)
    yield Figure("the same, from runs to files", "CPU ms", costs["files"] * ms, limit=limit)
    what = "its comments in the digest that one process takes of all"
    yield Figure(what, "CPU µs", costs["digest"] * us)
    what = "a page in `places.sqlite`, which one process brings together"
    yield Figure(what, "CPU µs", costs["places"] / _FILES * us)


class _Pieces:
    """The pieces of work, each of which can be done again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contract = Contract.load()
        (folder / "run").mkdir()
        for number in range(_FILES):
            with closing(sqlite3.connect(self._heads(number), isolation_level=None)) as database:
                if number:
                    database.deserialize(self._heads(0).read_bytes())
                    database.execute(_OTHERS, {"n": number})
                    self._heads(number).write_bytes(database.serialize())
                    continue
                make_tables(database)
                note_file(database, 0, WarcFile.at(folder / "posts.warc.gz"))

    def _heads(self, number: int) -> Path:
        return self._folder / f"heads-{number}.sqlite"

    def run(self, records: Records) -> SortedRun:
        """The rows of all posts."""
        writer = RunWriter(self._folder / "run", self._contract)
        outgoing = Outgoing(self._contract, still_kept="")
        for post in outgoing.posts(JoinedRecords([records]).posts()):
            writer.add(post)
        return writer.finish()

    def files(self, run: SortedRun) -> list[Path]:
        """The files of the dataset."""
        places = [(config, year) for config in self._contract.configs for year in years_of([run], config)]
        paths = [self._folder / f"{config}-{year}.parquet" for config, year in places]
        for path, place in zip(paths, places, strict=True):
            columns = self._contract.columns(place[0])
            write_merged([run.folder], path, columns, place, YEAR_LIMIT)
        return paths

    def digest(self, run: SortedRun) -> str:
        """The digest over the comments."""
        return steady_digest([run.folder], self._contract.columns("comments"), "comments")

    def places(self) -> None:
        """The heads of many files in one table."""
        path = self._folder / "places.sqlite"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            make_tables(database)
            for number in range(_FILES):
                add_tables(database, number, self._heads(number))
            make_indexes(database)


DATASET_PIECES: Final = Benchmark("dataset-pieces", "the dataset, piece by piece", figures)
