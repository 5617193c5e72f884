"""What one page costs to keep, and what was read of it to store: processor time, without the network and without reading."""

import gzip
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.model.exchange import Exchange
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.archive.making import exchange, open_archive
from tests.bench.kinds import made_posts, visit_of
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure

_PAGES: Final = 200
_READINGS: Final = 100
_LEVEL: Final = 6
_SYNCS: Final = 200


def figures() -> Iterator[Figure]:
    """A page into the archive, a reading into the records."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
        yield _of_a_page(Path(folder))
        yield _of_a_reading(Path(folder))
        yield Figure(
            "a sync of 4 kB that were appended, on the disk of this machine",
            "ms by the clock",
            _synced(Path(folder)) * 1e3,
        )


def _of_a_page(folder: Path) -> Figure:
    exchanges = [exchange(url, body) for url, body in made_posts(_PAGES).pages]
    numbers = count()

    def ours() -> None:
        with open_archive(folder / f"archive-{next(numbers)}") as archive:
            for each in exchanges:
                visit = archive.begin_visit(each.request.url, "careerly")
                archive.keep(each, visit)
                archive.end_visit(visit, whole=True)

    works: dict[str, Callable[[], None]] = {
        "ours": ours,
        "peer": lambda: keep_with_warcio(exchanges, folder / f"peer-{next(numbers)}.warc.gz"),
        "limit": lambda: packed(exchanges),
    }
    costs = {name: cost / _PAGES * 1e3 for name, cost in least(works).items()}
    return Figure(
        "a page of 15 kB, durable before anything reads it",
        "CPU ms a page",
        costs["ours"],
        Beside("warcio, nothing synced", costs["peer"]),
        Beside("gzip of its bytes", costs["limit"]),
        "with its visit, index, ledger and two syncs",
    )


def keep_with_warcio(exchanges: list[Exchange], path: Path) -> None:
    """Write each with its request, as warcio does, into one file."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for each in exchanges:
            head = StatusAndHeaders("200 OK", list(each.headers), protocol="HTTP/1.1")
            asked = StatusAndHeaders("GET / HTTP/1.1", list(each.request.headers), is_http_request=True)
            response = writer.create_warc_record(
                each.request.url, "response", payload=BytesIO(each.payload), http_headers=head
            )
            request = writer.create_warc_record(each.request.url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)


def packed(exchanges: list[Exchange]) -> None:
    """Pack the answers as they are packed when they are kept."""
    for each in exchanges:
        gzip.compress(each.head + each.body, compresslevel=_LEVEL, mtime=0)


def _of_a_reading(folder: Path) -> Figure:
    policy, sites = Policy.of(Settings(), bytes(32)), installed_sites()
    pages = enumerate(made_posts(_READINGS).pages, 1)
    read = [read_visit(visit_of(url, body, number), policy, sites) for number, (url, body) in pages]
    readings = [each for each in read if isinstance(each, Reading)]
    numbers = count()

    def ours() -> None:
        with RecordStore(folder / f"records-{next(numbers)}.sqlite", "bench") as store:
            for each in readings:
                if problems := store.put(each):
                    raise SystemExit(problems[0])

    ours()
    with closing(sqlite3.connect(folder / "records-0.sqlite")) as database:
        (packed,) = database.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()
    blob = bytes(packed // len(readings))
    works = {"ours": ours, "limit": lambda: _inserted(blob, folder / f"bare-{next(numbers)}.sqlite")}
    costs = {name: cost / len(readings) * 1e3 for name, cost in least(works).items()}
    return Figure(
        "a reading of a post and 14 comments into records.sqlite",
        "CPU ms a reading",
        costs["ours"],
        limit=Beside("SQLite, so many bytes in one transaction", costs["limit"]),
        note="each row checked against schema/",
    )


def _inserted(blob: bytes, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, held BLOB)")
        database.executemany("INSERT INTO bare (held) VALUES (?)", ((blob,) for _ in range(_READINGS)))
        database.commit()


def _synced(folder: Path) -> float:
    """Seconds that a sync takes, the median of some."""
    with (folder / "synced").open("wb", buffering=0) as file:
        took = []
        for _ in range(_SYNCS):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took)


KEEPING: Final = Benchmark("keeping", "keeping a page and storing what was read of it", figures)
