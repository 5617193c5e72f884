"""Rows to Parquet files whose bytes depend on nothing but the rows, in flat memory.

Rows are spooled to one Arrow file a year, in batches of a fixed number of rows, and each is then written from its
memory map. The bytes of a Parquet file change with the batches it was written from, so a batch is never cut
anywhere else: what happens in one year leaves the files of all others as they were.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scraper.dataset.features import Row, arrow_row
from scraper.dataset.layout import UNDATED, data_file, year_of

_BATCH_ROWS: Final = 512
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
    """The rows of one part, in order, on disk."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._pending: list[dict[str, Any]] = []
        self._writer = pa.ipc.new_file(path, schema)

    def add(self, row: dict[str, Any]) -> None:
        self._pending.append(row)
        if len(self._pending) == _BATCH_ROWS:
            self._flush()

    def finish(self) -> pa.Table:
        """All rows, mapped from the disk; the file itself is gone when the table is."""
        self._flush()
        self._writer.close()
        with pa.memory_map(str(self._path)) as source:
            table = pa.ipc.open_file(source).read_all()
        self._path.unlink()
        return table

    def _flush(self) -> None:
        if self._pending:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._pending, schema=self._schema))
            self._pending.clear()


@dataclass(frozen=True, slots=True)
class ConfigWriter:
    """Writes the files of one config below ``folder``; ``scratch`` is a folder for spooled rows.

    A year whose file is larger than ``year_limit`` bytes is parted into months.
    """

    config: str
    schema: pa.Schema
    folder: Path
    scratch: Path
    year_limit: int

    def write(self, rows: Iterable[tuple[str, Row]]) -> tuple[Path, ...]:
        """Write pairs of a month and a row, given in the order of the config's key.

        Gives the paths written, sorted; none where there are no rows.
        """
        typed = ((month, {**arrow_row(row, self.schema), _MONTH: month}) for month, row in rows)
        years = self._spool((year_of(month), row) for month, row in typed)
        return tuple(
            sorted(path for year, spool in years.items() for path in self._write_year(year, spool.finish()))
        )

    def _write_year(self, year: str, table: pa.Table) -> list[Path]:
        path = self._write_part(year, table)
        if year == UNDATED or path.stat().st_size <= self.year_limit:
            return [path]
        path.unlink()
        months = self._spool((row[_MONTH], row) for row in _rows(table))
        return [self._write_part(month, spool.finish()) for month, spool in months.items()]

    def _spool(self, rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, _Spool]:
        spooled = self.schema.append(pa.field(_MONTH, pa.string(), nullable=False))
        spools: dict[str, _Spool] = {}
        for part, row in rows:
            if part not in spools:
                spools[part] = _Spool(self.scratch / f"{self.config}-{part}.arrow", spooled)
            spools[part].add(row)
        return spools

    def _write_part(self, part: str, table: pa.Table) -> Path:
        path = self.folder / data_file(self.config, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(path, self.schema, **WRITER_OPTIONS) as writer:
            writer.write_table(table.drop_columns(_MONTH))
        return path


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches():
        yield from batch.to_pylist()
