"""The rows of a dataset folder as the record store gave them to the export that wrote it."""

import hashlib
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from scraper.dataset.features import store_row
from scraper.dataset.folder import refuse_foreign
from scraper.dataset.layout import post_of
from scraper.dataset.manifest import Manifest
from scraper.errors import UsageError

_BATCH_ROWS: Final = 512


@dataclass(frozen=True, slots=True)
class FolderRows:
    """A RowSource over the files of an export."""

    folder: Path
    manifest: Manifest

    def rows(self, config: str) -> Iterator[dict[str, Any]]:
        """The rows of a config by post, in the order they had: a post's rows lie in one file, one after the other."""
        entry = self.manifest.configs.get(config)
        files = [_rows(self.folder / path) for path in entry.files] if entry else []
        return heapq.merge(*files, key=post_of)


def open_export(folder: Path) -> FolderRows:
    """The rows of a folder that an export wrote and nobody changed since.

    Raises:
        UsageError: it is no such folder; the message says what is wrong with it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. Name one that `postkeep export` wrote.")
    refuse_foreign(folder)
    manifest = Manifest.read(folder)
    listed = {path: entry for config in manifest.configs.values() for path, entry in config.files.items()}
    found = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*.parquet")}
    for path in sorted(found ^ listed.keys()):
        state = "is not listed in" if path in found else "is missing but listed in"
        raise UsageError(f"{folder / path} {state} its manifest. Export the dataset again.")
    for path, entry in listed.items():
        with (folder / path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                raise UsageError(f"{folder / path} was changed since its export. Export the dataset again.")
    return FolderRows(folder, manifest)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS):
            yield from map(store_row, batch.to_pylist())
