"""Instructions that work executes, counted by callgrind: the same on a busy machine and on an idle one, to a part in a thousand.

Hardware counters (``perf stat``) are not to be had on many virtual machines; callgrind runs the program on a processor of its own, so it
counts without them, some fifty times as slowly. ``python -m tests.bench.instructions WORK.pickle`` is the program that is counted.
"""

import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from scraper.dataset.export import write_data
from scraper.dataset.parquet import WRITER_OPTIONS
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.contract import Contract
from scraper.records.history import PostRows
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.archive.making import exchange, open_archive
from tests.bench.keeping import keep_with_warcio, packed
from tests.bench.kinds import Kind, kinds, made_posts, visit_of
from tests.bench.reading import parse, peer
from tests.bench.table.figure import Benchmark, Beside, Figure, UnmeasuredError
from tests.conftest import REPOSITORY

_A_KIND: Final = 2
_POSTS: Final = 100
# The counts are written at each call of this function, which nothing else calls: ``sys.setrecursionlimit``.
_MARK: Final = "Py_SetRecursionLimit"
_SUMMARY: Final = re.compile(r"^summary: (\d+)", re.MULTILINE)
_UNIT: Final = "million instructions"

Works = dict[str, tuple[Callable[[], object], int]]


def figures() -> Iterator[Figure]:
    """Reading a page of each kind, keeping one, storing a reading, writing posts as Parquet."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise UnmeasuredError("valgrind is not installed here; it is a package of that name")
    chosen = [Kind(kind.name, kind.pages[: 1 if kind.is_real else _A_KIND], kind.is_real) for kind in kinds()]
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        (folder / "work.pickle").write_bytes(pickle.dumps((chosen, _readings())))
        costs = _counted(valgrind, folder)
    for kind in chosen:
        limit = Beside("selectolax, a bare parse", costs[f"parse {kind.name}"])
        yield Figure(
            f"a page: {kind.label}",
            _UNIT,
            costs[f"read {kind.name}"],
            Beside("trafilatura", costs[f"peer {kind.name}"]),
            limit,
        )
    besides = Beside("warcio", costs["keep with warcio"]), Beside("gzip of its bytes", costs["pack"])
    yield Figure("keeping a page of 15 kB", _UNIT, costs["keep"], *besides)
    yield Figure("a reading of a post and 14 comments into records.sqlite", _UNIT, costs["store"])
    bare = Beside("pyarrow, tables made already", costs["write with pyarrow"] * 1000)
    yield Figure(
        "merging and writing 1,000 posts with 14,000 comments, Parquet",
        _UNIT,
        costs["export"] * 1000,
        limit=bare,
    )


def _counted(valgrind: str, folder: Path) -> dict[str, float]:
    """Millions of instructions of each work, for one of what it is done to."""
    command = [
        valgrind, "--tool=callgrind", f"--dump-before={_MARK}", f"--callgrind-out-file={folder / 'counts'}",
        sys.executable, "-m", "tests.bench.instructions", str(folder / "work.pickle"),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    names = [line.rpartition("\t") for line in done.stdout.splitlines() if "\t" in line]
    # A dump at each mark, of what was executed since the one before: every second one is of the work itself.
    dumps = [
        _SUMMARY.search((folder / f"counts.{number}").read_text())
        for number in range(2, 2 * len(names) + 1, 2)
    ]
    return {
        name: int(dump[1]) / int(times) / 1e6
        for (name, _, times), dump in zip(names, dumps, strict=True)
        if dump
    }


def _readings() -> list[Reading]:
    """What there is to store and to export, read before anything is counted."""
    policy, sites = Policy.of(Settings(), bytes(32)), installed_sites()
    pages = enumerate(made_posts(_POSTS).pages, 1)
    read = (read_visit(visit_of(url, body, number), policy, sites) for number, (url, body) in pages)
    return [each for each in read if isinstance(each, Reading)]


def _works(chosen: list[Kind], readings: list[Reading], folder: Path) -> Works:
    works: Works = {}
    for kind in chosen:
        each = len(kind.pages)
        works[f"read {kind.name}"] = (kind.read, each)
        works[f"peer {kind.name}"] = (partial(peer, kind), each)
        works[f"parse {kind.name}"] = (partial(parse, kind), each)
    pages = chosen[0].pages
    exchanges, numbers = [exchange(url, body) for url, body in pages], count()
    archive, store = open_archive(folder / "archive"), RecordStore(folder / "records.sqlite", "bench")

    def keep() -> None:
        for each in exchanges:
            visit = archive.begin_visit(each.request.url, "careerly")
            archive.keep(each, visit)
            archive.end_visit(visit, whole=True)

    def put() -> None:
        for each in readings:
            store.put(each)

    put()
    posts, contract = list(store.posts()), Contract.load()

    def export() -> list[PostRows]:
        number = next(numbers)
        target, scratch = folder / f"out-{number}", folder / f"scratch-{number}"
        target.mkdir()
        scratch.mkdir()
        merged = list(store.posts())
        write_data(merged, target, scratch, contract=contract)
        return merged

    export()
    tables = [pq.read_table(path) for path in sorted((folder / "out-0").rglob("*.parquet"))]

    def bare() -> None:
        for number, table in enumerate(tables):
            pq.write_table(table, folder / f"bare-{number}.parquet", **WRITER_OPTIONS)

    works["keep"] = (keep, len(exchanges))
    works["keep with warcio"] = (
        lambda: keep_with_warcio(exchanges, folder / "warcio.warc.gz"),
        len(exchanges),
    )
    works["pack"] = (lambda: packed(exchanges), len(exchanges))
    works["store"] = (put, len(readings))
    works["export"] = (export, len(posts))
    works["write with pyarrow"] = (bare, len(posts))
    return works


def main() -> None:
    """Do each work twice, the second time between two marks, and print its name and how many it was done to."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
        chosen, readings = pickle.loads(Path(sys.argv[1]).read_bytes())
        for name, (work, times) in _works(chosen, readings, Path(folder)).items():
            work()
            sys.setrecursionlimit(sys.getrecursionlimit())
            work()
            sys.setrecursionlimit(sys.getrecursionlimit())
            print(f"{name}\t{times}", flush=True)


INSTRUCTIONS: Final = Benchmark("instructions", "instructions, where time is noisy", figures)

if __name__ == "__main__":
    main()
