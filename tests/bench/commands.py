"""What commands cost over a WARC file of made posts, each with all its processes, beside a loop of FastWARC and trafilatura over it.

The loop reads the text with comments of each page and keeps nothing. The limit of what reads a file is FastWARC reading it and no more.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from tests.bench.pages import post_pages, write_warc
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.bench.verb_costs.bench import Bench
from tests.bench.warc_reading import inflated, members_of, read_with_fastwarc

_POSTS: Final = 500
_FILES: Final = 4
_ROUNDS: Final = 3
_LOOP: Final = """\
import logging, sys
import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
logging.disable()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            trafilatura.extract(record.reader.read(), include_comments=True)
"""


def over_a_file() -> Iterator[Figure]:
    """`import`, `extract` and `forget` of 500 posts."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench, warc = Bench(folder, _ROUNDS), folder / "posts.warc.gz"
        write_warc(post_pages(_POSTS), warc)
        loop = Beside(
            "FastWARC and trafilatura",
            _a_page(bench.measure_command(sys.executable, "-c", _LOOP, warc.name).seconds),
        )
        bare = Beside("FastWARC alone", _a_page(least({"bare": partial(read_with_fastwarc, warc)})["bare"]))
        unit = "CPU ms a page"
        imported = bench.measure("import", warc.name, prepare=bench.empty_archive)
        yield Figure(
            "`import`",
            unit,
            _a_page(imported.seconds),
            loop,
            bare,
            "kept as WARC, read, stored; start with it",
        )
        extracted = bench.measure("extract", "--workers", "1")
        yield Figure("`extract`", unit, _a_page(extracted.seconds), loop, bare, "start with it")
        kept = folder / "kept"
        shutil.copytree(folder / "archive", kept)
        target = next(post_pages(1)).url
        forgotten = bench.measure("forget", target, "--reason", "Asked", prepare=bench.copy_of(kept))
        members = [each for part in (kept / "warc").iterdir() for each in members_of(part.read_bytes())]
        unpacked = Beside(
            "zlib, the archive unpacked", _a_page(least({"bare": partial(inflated, members)})["bare"])
        )
        yield Figure(
            "`forget` of one post", f"{unit} of the archive", _a_page(forgotten.seconds), limit=unpacked
        )


def start() -> Iterator[Figure]:
    """`--help`; the limit is a Python that does nothing."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        bench = Bench(Path(name), _ROUNDS)
        ours, bare = bench.measure("--help"), bench.measure_command(sys.executable, "-c", "pass")
        peer = bench.measure_command(sys.executable, "-m", "warcio.cli", "--help")
        yield Figure(
            "`postkeep --help`",
            "CPU s",
            ours.seconds,
            Beside("warcio --help", peer.seconds),
            Beside("python -c pass", bare.seconds),
        )
        yield Figure(
            "`postkeep --help`",
            "MB",
            ours.megabytes,
            Beside("warcio --help", peer.megabytes),
            Beside("python -c pass", bare.megabytes),
        )


def _a_page(seconds: float) -> float:
    """Milliseconds for each of the posts."""
    return seconds / _POSTS * 1e3


def straight_from_files() -> Iterator[Figure]:
    """`extract --from` over four files, by one process that reads and by two; and what the largest process takes in memory."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench, warcs = Bench(folder, _ROUNDS), _files(folder)
        loop = bench.measure_command(sys.executable, "-c", _LOOP, *warcs)
        bare = sum(least({"bare": partial(read_with_fastwarc, folder / warc)})["bare"] for warc in warcs)

        def anew() -> None:
            for left in folder.glob("dataset*"):
                shutil.rmtree(left)

        for workers in ("1", "2"):
            cost = bench.measure(
                "extract", "--from", *warcs, "--into", "dataset", "--workers", workers, prepare=anew
            )
            told = f"{_POSTS:,} posts in {len(warcs)} files, --workers {workers}"
            peer = Beside("FastWARC and trafilatura", _a_page(loop.seconds))
            limit = Beside("FastWARC alone", _a_page(bare))
            yield Figure(
                told, "CPU ms a page", _a_page(cost.seconds), peer, limit, "to the dataset; start with it"
            )
            yield Figure(told, "MB, largest process", cost.megabytes, Beside(peer.name, loop.megabytes))


def _files(folder: Path) -> list[str]:
    """The posts, in files of the folder, by their names."""
    pages, names = post_pages(_POSTS), [f"part-{number}.warc.gz" for number in range(_FILES)]
    for name in names:
        write_warc(islice(pages, _POSTS // _FILES), folder / name)
    return names


COMMANDS: Final = Benchmark("commands", "commands over a WARC file of 500 posts", over_a_file)
EXTRACT_FROM: Final = Benchmark("extract-from", "a dataset straight from WARC files", straight_from_files)
START: Final = Benchmark("start", "starting", start)
