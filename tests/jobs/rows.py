"""The rows that an archive gives: those of its records, and those read back from an export."""

from pathlib import Path

import pyarrow.parquet as pq

from scraper.jobs.publication.export import export, records_up_to_date
from scraper.jobs.workplace import Workplace
from scraper.records.contract import Row
from tests.dataset.rows import CONTRACT

# What may differ between two crawls of the same site: when each was, and where in the archive it lies.
TIME_AND_PLACE = frozenset(
    {"captured_at", "counts_observed_at", "first_seen", "observed_at", "status_at", "warc_record_id"}
)

Rows = dict[str, list[Row]]


def rows_of(workplace: Workplace) -> Rows:
    """All rows of the archive's records, by config, every visit read."""
    with records_up_to_date(workplace) as records:
        return {config: list(records.store.rows(config)) for config in CONTRACT.configs}


def exported_rows(workplace: Workplace, folder: Path) -> Rows:
    """All rows of an export of the archive, by config."""
    export(folder, workplace)
    return read_rows(folder)


def read_rows(folder: Path) -> Rows:
    """All rows of a dataset folder, by config."""
    return {
        config.name: [row for part in sorted(config.iterdir()) for row in pq.read_table(part).to_pylist()]
        for config in sorted((folder / "data").iterdir())
    }


def without_time_and_place(rows: Rows) -> Rows:
    """Rows as two crawls of the same site must agree on them."""
    return {
        config: [{key: value for key, value in row.items() if key not in TIME_AND_PLACE} for row in each]
        for config, each in rows.items()
    }
