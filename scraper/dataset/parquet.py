"""Rows to Parquet files whose bytes depend on nothing but the rows, in flat memory.

Rows are spooled to one Arrow file a year, in batches of a fixed number of rows, and each is then written from its
memory map. The bytes of a Parquet file change with the batches it was written from, so a batch is never cut
anywhere else: what happens in one year leaves the files of all others as they were.

Rows become columns by way of JSON lines: Arrow reads these faster than Python objects, and loads pandas for the latter.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from scraper.dataset.features import arrow_schema, store_row
from scraper.dataset.layout import UNDATED, data_file, year_of
from scraper.records.contract import Column, Row

_BATCH_ROWS: Final = 512
# As many batches as pyarrow takes into a row group by itself.
_GROUP_ROWS: Final = 2048 * _BATCH_ROWS
# Spooled with each row and left out of the dataset. No column of the contract can have this name.
_MONTH: Final = "(month)"
WRITER_OPTIONS: Final[Mapping[str, Any]] = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "write_page_index": True,
    # Pages end where the content says so: after a row inserted early, the later pages are stored as they were.
    "use_content_defined_chunking": True,
}


class _Spool:
    """The rows of one part, in order, on disk once they fill a batch."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._encoder = msgspec.json.Encoder()
        self._lines = bytearray()
        self._pending = 0
        self._writer: Any = None

    def add(self, month: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self._encoder.encode_into({**row, _MONTH: month}, self._lines, -1)
            self._lines += b"\n"
            self._end_row()

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Add rows as JSON, each with the end of its line."""
        for line in lines:
            self._lines += line
            self._end_row()

    def _end_row(self) -> None:
        self._pending += 1
        if self._pending == _BATCH_ROWS:
            if self._writer is None:
                self._writer = pa.ipc.new_file(self._path, self._schema)
            self._writer.write_batch(self._batch())

    def finish(self) -> pa.Table:
        """All rows, mapped from the disk; the file itself is gone when the table is."""
        rest = [self._batch()] if self._pending else []
        if self._writer is None:
            return pa.Table.from_batches(rest, self._schema)
        for batch in rest:
            self._writer.write_batch(batch)
        self._writer.close()
        with pa.memory_map(str(self._path)) as source:
            table = pa.ipc.open_file(source).read_all()
        self._path.unlink()
        return table

    def _batch(self) -> pa.RecordBatch:
        """The pending rows as columns."""
        lines, self._lines, self._pending = self._lines, bytearray(), 0
        table = pyarrow.json.read_json(
            pa.BufferReader(pa.py_buffer(lines)),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines)),
            parse_options=pyarrow.json.ParseOptions(
                explicit_schema=self._schema, unexpected_field_behavior="ignore"
            ),
        )
        [batch] = table.to_batches()
        # Read from JSON, every column could be null. A cast to the schema would load Arrow's compute functions.
        return pa.ipc.read_record_batch(batch.serialize(), self._schema)


@dataclass(slots=True)
class ConfigWriter:
    """Writes the files of one config below ``folder``; ``scratch`` is a folder for spooled rows.

    A year whose file is larger than ``year_limit`` bytes is parted into months.
    """

    config: str
    columns: Sequence[Column]
    folder: Path
    scratch: Path
    year_limit: int
    _years: dict[str, _Spool] = field(default_factory=dict)

    def add(self, month: str, rows: Iterable[Row]) -> None:
        """Take the next rows in the order of the config's key; their post was published in ``month``."""
        self._spool(self._years, year_of(month)).add(month, rows)

    def finish(self) -> tuple[Path, ...]:
        """Write the files; gives their paths, sorted; none where there are no rows."""
        years = (self._write_year(year, spool.finish()) for year, spool in self._years.items())
        return tuple(sorted(path for paths in years for path in paths))

    def _spool(self, spools: dict[str, _Spool], part: str) -> _Spool:
        if part not in spools:
            schema = arrow_schema(self.columns).append(pa.field(_MONTH, pa.string(), nullable=False))
            spools[part] = _Spool(self.scratch / f"{self.config}-{part}.arrow", schema)
        return spools[part]

    def _write_year(self, year: str, table: pa.Table) -> list[Path]:
        path = self._write_part(year, table)
        if year == UNDATED or path.stat().st_size <= self.year_limit:
            return [path]
        path.unlink()
        months: dict[str, _Spool] = {}
        for row in _rows(table):
            self._spool(months, row[_MONTH]).add(row[_MONTH], [row])
        return [self._write_part(month, spool.finish()) for month, spool in months.items()]

    def _write_part(self, part: str, table: pa.Table) -> Path:
        path = self.folder / data_file(self.config, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = table.drop_columns(_MONTH)
        with pq.ParquetWriter(path, whole.schema, **WRITER_OPTIONS) as writer:
            writer.write_table(whole)
        return path


def write_part(
    lines: Iterator[bytes],
    path: Path,
    columns: Sequence[Column],
    scratch: Path,
    most: float = math.inf,
    *,
    group_rows: int = _GROUP_ROWS,
) -> bool:
    """Write one file of a config from its rows in order, each a line of JSON; the bytes are those that ``ConfigWriter`` gives it.

    Gives whether the file is whole: it is given up once it has more than ``most`` bytes. ``scratch`` is a name for spooled rows, of which
    those of one row group are on disk at once.
    """
    schema = arrow_schema(columns)
    with pa.OSFile(str(path), "wb") as file:
        with pq.ParquetWriter(file, schema, **WRITER_OPTIONS) as writer:
            while True:
                spool = _Spool(scratch, schema)
                spool.add_lines(islice(lines, group_rows))
                table = spool.finish()
                if not table.num_rows:
                    break
                writer.write_table(table)
                if file.tell() > most:
                    return False
        return bool(file.tell() <= most)


def _rows(table: pa.Table) -> Iterator[Row]:
    for batch in table.to_batches():
        yield from map(store_row, batch.to_pylist())
