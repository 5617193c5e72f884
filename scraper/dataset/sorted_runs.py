"""Rows on their way into the files of a dataset, written by several at once.

Each of them writes a run, the rows of some of the posts, by ``post_id``. Whatever posts the runs have, merged they are the rows that one
pass over all posts would write: each file of the dataset, and each digest over the rows, is made from the runs by itself.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from scraper.dataset.figures import Tally
from scraper.dataset.layout import UNDATED, month_of, year_of
from scraper.dataset.manifest import SteadyDigest
from scraper.dataset.parquet import write_part
from scraper.records.contract import Column, Contract
from scraper.records.history import PostRows

_STEADY: Final = "steady"
_POST: Final = "(post)"
_MONTH: Final = "(month)"
# So much of each file of a run is in memory while it is written, and while it is read.
_GROUP_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SortedRun:
    """A run in a folder: a file of rows for each year, and one of what the steady digests are over.

    ``rows`` counts the rows of each config by the month in which their post was published.
    """

    folder: Path
    rows: Mapping[str, Mapping[str, int]]

    def has(self, config: str, part: str | None = None) -> bool:
        """Whether there are rows of a config, of posts of a year or a month where that is asked."""
        return any(part in {None, month, year_of(month)} for month in self.rows.get(config, ()))


class RunWriter:
    """Writes a run into a folder that is there, post after post by ``post_id``; ``tally`` counts the rows."""

    def __init__(self, folder: Path, contract: Contract) -> None:
        self.tally = Tally()
        self._folder = folder
        self._contract = contract
        self._encode = msgspec.json.Encoder().encode
        self._steady = {name: SteadyDigest(contract.columns(name)) for name in contract.configs}
        self._files: dict[str, _RunFile] = {}
        self._rows: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, post: PostRows) -> None:
        """Take the next post."""
        month = month_of(post.post["published_at"])
        lines, steady = [], []
        for config in self._contract.configs:
            rows = post.of(config)
            for row in rows:
                self.tally.see(config, row)
            lines.append(b"".join(self._encode(row) + b"\n" for row in rows))
            steady.append(b"".join(map(self._steady[config].line, rows)))
            if rows:
                self._rows[config][month] += len(rows)
        post_id = post.post["post_id"]
        self._file(year_of(month)).add(post_id, month, lines)
        self._file(_STEADY).add(post_id, month, steady)

    def finish(self) -> SortedRun:
        """End the run."""
        for file in self._files.values():
            file.close()
        return SortedRun(self._folder, {config: dict(months) for config, months in self._rows.items()})

    def _file(self, name: str) -> "_RunFile":
        if name not in self._files:
            self._files[name] = _RunFile(_path(self._folder, name), self._contract.configs)
        return self._files[name]


def years_of(runs: Iterable[SortedRun], config: str) -> list[str]:
    """The years of which the runs have rows of a config, sorted."""
    return sorted({year_of(month) for run in runs for month in run.rows.get(config, ())})


def months_of(runs: Iterable[SortedRun], config: str, year: str) -> list[str]:
    """The months of a year of which the runs have rows of a config, sorted."""
    return sorted({month for run in runs for month in run.rows.get(config, ()) if year_of(month) == year})


def write_merged(
    folders: Sequence[Path], path: Path, columns: Sequence[Column], place: tuple[str, str], most: int
) -> bool:
    """Write the file of a config and part, which are the ``place``, from the runs in ``folders`` that have rows for it.

    Gives whether the file is whole: that of a year is given up where it has more than ``most`` bytes and is to be parted into months.
    """
    config, part = place
    year = year_of(part)
    merged = _merged([_path(folder, year) for folder in folders], config)
    chosen = (lines for _, month, lines in merged if part in {month, year})
    each = (line for lines in chosen for line in lines.splitlines(keepends=True))
    limit = {"most": most} if part == year != UNDATED else {}
    return write_part(each, path, columns, path.with_suffix(".arrow"), **limit)


def steady_digest(folders: Sequence[Path], columns: Sequence[Column], config: str) -> str:
    """The digest over the rows of a config without counts, as ``ConfigEntry`` has it, of the runs in ``folders``."""
    digest = SteadyDigest(columns)
    for _, _, lines in _merged([_path(folder, _STEADY) for folder in folders], config):
        digest.take(lines)
    return digest.text


class _RunFile:
    """Posts with what there is for each config, a row group once it has so many bytes."""

    def __init__(self, path: Path, configs: Sequence[str]) -> None:
        plain = [pa.field(name, pa.string()) for name in (_POST, _MONTH)]
        self._schema = pa.schema([*plain, *(pa.field(config, pa.binary()) for config in configs)])
        self._path = path
        self._writer: Any = None
        self._posts: list[tuple[str | bytes, ...]] = []
        self._size = 0

    def add(self, post_id: str, month: str, lines: Sequence[bytes]) -> None:
        self._posts.append((post_id, month, *lines))
        self._size += sum(map(len, lines))
        if self._size >= _GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if not self._posts:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path,
                self._schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=False,
                write_statistics=False,
            )
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._posts, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._posts, self._size = [], 0


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _merged(paths: Sequence[Path], config: str) -> Iterator[tuple[str, str, bytes]]:
    """Each post of the files with its month and what they have of it for a config, by ``post_id``."""
    with ExitStack() as opened:
        files = [opened.enter_context(pq.ParquetFile(path)) for path in paths]
        yield from heapq.merge(*(_read(file, config) for file in files), key=itemgetter(0))


def _read(file: pq.ParquetFile, config: str) -> Iterator[tuple[str, str, bytes]]:
    for number in range(file.num_row_groups):
        group = file.read_row_group(number, columns=[_POST, _MONTH, config], use_threads=False)
        yield from zip(*(column.to_pylist() for column in group.columns), strict=True)
