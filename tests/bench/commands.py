"""What commands cost over a WARC file of made posts, each with all its processes, beside a loop of FastWARC and trafilatura over it.

The loop reads the text with comments of each page and keeps nothing. The limit of what reads a file is FastWARC reading it and no more.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from tests.bench.pages import post_pages, write_warc
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.bench.verb_costs.bench import Bench
from tests.bench.warc_reading import inflated, members_of, read_with_fastwarc
from tests.commands import POSTKEEP

_POSTS: Final = 500
_FEW: Final = 40
_MORE: Final = 200
_FILES: Final = 4
_ROUNDS: Final = 2
_PLACES: Final = {
    "`places.sqlite`": "dataset.work/places.sqlite",
    "`shards/`": "dataset.work/shards",
    "the dataset": "dataset/data",
}
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
        copy = folder / "kept"
        shutil.copytree(folder / "archive", copy)
        target = next(post_pages(1)).url
        forgotten = bench.measure("forget", target, "--reason", "Asked", prepare=bench.copy_of(copy))
        members = [each for part in (copy / "warc").iterdir() for each in members_of(part.read_bytes())]
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
    """`extract --from` over four files, by one process that reads and by two: a page more, and what is beside the dataset."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench = Bench(folder, _ROUNDS)
        few, every = (_files(folder, posts) for posts in (_FEW, _MORE))

        def anew() -> None:
            for left in folder.glob("dataset*"):
                shutil.rmtree(left)

        def a_page_more(*command: str, after: Sequence[str] = ()) -> tuple[float, float]:
            """Milliseconds for a page more, and the memory of the largest process in MB."""
            costs = [bench.measure_command(*command, *files, *after, prepare=anew) for files in (few, every)]
            return (costs[1].seconds - costs[0].seconds) / (_MORE - _FEW) * 1e3, costs[1].megabytes

        loop, memory = a_page_more(sys.executable, "-c", _LOOP)
        bare = sum(least({"bare": partial(read_with_fastwarc, folder / warc)})["bare"] for warc in every)
        peer, limit = Beside("FastWARC and trafilatura", loop), Beside("FastWARC alone", bare / _MORE * 1e3)
        for workers in ("1", "2"):
            cost, most = a_page_more(
                str(POSTKEEP), "extract", "--from", after=("--into", "dataset", "--workers", workers)
            )
            label = f"--workers {workers}, {len(every)} files"
            yield Figure(f"{label}: a page more, to the dataset", "CPU ms", cost, peer, limit)
            yield Figure(f"{label}: largest process", "MB", most, Beside(peer.name, memory))
        packed = Beside(
            "the pages in their WARC files", sum((folder / warc).stat().st_size for warc in every) / _MORE
        )
        for part, place in _PLACES.items():
            yield Figure(f"{part}, a page", "bytes", _size_of(folder / place) / _MORE, limit=packed)


def _size_of(place: Path) -> int:
    """The bytes of a file, or of all files below a folder."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)


def _files(folder: Path, posts: int) -> list[str]:
    """So many posts in files of the folder, by their names."""
    pages, names = post_pages(posts), [f"{posts}-{number}.warc.gz" for number in range(_FILES)]
    for name in names:
        write_warc(islice(pages, posts // _FILES), folder / name)
    return names


COMMANDS: Final = Benchmark("commands", "commands over a WARC file of 500 posts", over_a_file)
EXTRACT_FROM: Final = Benchmark("extract-from", "a dataset straight from WARC files", straight_from_files)
START: Final = Benchmark("start", "starting", start)
