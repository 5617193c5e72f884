"""What another crawler's WARC file costs to unpack and to read, beside FastWARC and warcio on the same file."""

import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from fastwarc import GzipReader
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as Warcio

from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.unpacked import Unpacked
from scraper.archive.warc_file import WarcFile
from tests.bench.pages import post_pages, write_warc
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure

_PAGES: Final = 1000
_STEP: Final = 1 << 16
_GZIP: Final = 16 + zlib.MAX_WBITS


def inflating() -> Iterator[Figure]:
    """A file of gzip members, unpacked and thrown away; the limit is zlib by itself over bytes in memory."""

    def peer(path: Path) -> int:
        size = 0
        with path.open("rb") as file:
            unpacked = GzipReader(file)
            while piece := unpacked.read(_STEP):
                size += len(piece)
        return size

    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
        path = Path(folder) / "posts.warc.gz"
        write_warc(post_pages(_PAGES), path)
        members = members_of(path.read_bytes())
        works: dict[str, Callable[[], int]] = {
            "ours": partial(_unpacked, path),
            "peer": partial(peer, path),
            "limit": partial(inflated, members),
        }
        sizes = {name: work() for name, work in works.items()}
        if len(set(sizes.values())) != 1:
            raise SystemExit(f"Not the same bytes were unpacked: {sizes}")
        costs = {name: cost / sizes["limit"] * 1e9 for name, cost in least(works).items()}
    yield Figure(
        "a gzip file of one member a page, 15 kB each",
        "CPU s a GB unpacked",
        costs["ours"],
        Beside("FastWARC", costs["peer"]),
        Beside("zlib alone", costs["limit"]),
    )


def records() -> Iterator[Figure]:
    """Its records, each with its HTTP head parsed and its body taken; the limit is FastWARC, which does it in C++."""

    def warcio(path: Path) -> int:
        with path.open("rb") as file:
            responses = (record for record in Warcio(file) if record.rec_type == "response")
            return sum(len(record.content_stream().read()) for record in responses)

    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
        path = Path(folder) / "posts.warc.gz"
        write_warc(post_pages(_PAGES), path)
        works = {
            name: partial(work, path)
            for name, work in (("ours", _read), ("peer", warcio), ("limit", read_with_fastwarc))
        }
        costs = {name: cost / _PAGES * 1e6 for name, cost in least(works).items()}
    yield Figure(
        "a response of 15 kB, its digest taken",
        "CPU µs a record",
        costs["ours"],
        Beside("warcio", costs["peer"]),
        Beside("FastWARC", costs["limit"]),
        "neither of the others takes a digest",
    )


def _unpacked(path: Path) -> int:
    size = 0
    with path.open("rb") as file:
        unpacked = Unpacked(file)
        while piece := unpacked.take(_STEP):
            size += len(piece)
    return size


def members_of(data: bytes) -> list[bytes]:
    """The gzip members of a file, apart."""
    members = []
    while data:
        inflater = zlib.decompressobj(_GZIP)
        inflater.decompress(data)
        members.append(data[: len(data) - len(inflater.unused_data)])
        data = inflater.unused_data
    return members


def inflated(members: Sequence[bytes]) -> int:
    """How many bytes zlib unpacks out of members in memory."""
    return sum(len(zlib.decompress(member, _GZIP)) for member in members)


def read_with_fastwarc(path: Path) -> int:
    """How many bytes the bodies have that FastWARC reads out of a file's responses."""
    with path.open("rb") as file:
        responses = ArchiveIterator(file, record_types=WarcRecordType.response)
        return sum(len(record.reader.read()) for record in responses)


def _read(path: Path) -> int:
    size = 0
    for record in read_foreign(WarcFile.at(path)):
        if isinstance(record, ForeignProblem):
            raise SystemExit(record.what)
        size += len(record.block)
    return size


INFLATE: Final = Benchmark("inflate", "unpacking a WARC file", inflating)
RECORDS: Final = Benchmark("records", "reading the records of a WARC file", records)
