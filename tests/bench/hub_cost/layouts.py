"""Layouts of the same rows: ours, and those that were tried beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scraper.dataset.layout import UNDATED, data_file
from scraper.dataset.parquet import WRITER_OPTIONS


@dataclass(frozen=True, slots=True)
class Layout:
    """``lay`` makes a folder of data files out of an exported one, and gives it; ours is the exported one itself."""

    name: str
    lay: Callable[[Path, Path], Path]


def _as_exported(folder: Path, _: Path) -> Path:
    return folder


def _by_month(folder: Path, target: Path) -> Path:
    posts = pa.concat_tables(_tables(folder, "posts").values())
    month = pc.strftime(posts["published_at"], "%Y-%m")
    months = dict(zip(posts["post_id"].to_pylist(), month.to_pylist(), strict=True))
    for config in _configs(folder):
        table = pa.concat_tables(_tables(folder, config).values())
        of_post = next(name for name in ("post_id", "item_id") if name in table.column_names)
        part = pa.array([months[post_id] or UNDATED for post_id in table[of_post].to_pylist()])
        for value in part.unique().to_pylist():
            _write(table.filter(pc.equal(part, value)), target, config, value)
    return target


def _whole(folder: Path, target: Path) -> Path:
    for config in _configs(folder):
        _write(pa.concat_tables(_tables(folder, config).values()), target, config, UNDATED)
    return target


def _with_pages_by_size(folder: Path, target: Path) -> Path:
    for config in _configs(folder):
        for part, table in _tables(folder, config).items():
            _write(table, target, config, part, use_content_defined_chunking=False)
    return target


def _configs(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data").iterdir())


def _tables(folder: Path, config: str) -> dict[str, pa.Table]:
    return {path.stem: pq.read_table(path) for path in sorted((folder / "data" / config).iterdir())}


def _write(table: pa.Table, target: Path, config: str, part: str, **options: Any) -> None:
    path = target / data_file(config, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **{**WRITER_OPTIONS, **options})


OURS: Final = Layout("a file a year", _as_exported)
LAYOUTS: Final = (
    OURS,
    Layout("a file a month", _by_month),
    Layout("one file a table", _whole),
    Layout("a file a year, pages cut by size", _with_pages_by_size),
)
