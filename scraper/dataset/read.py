"""The rows of a dataset folder as the record store gave them to the export that wrote it."""

import hashlib
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from scraper.dataset.features import store_row
from scraper.dataset.folder import refuse_foreign
from scraper.dataset.layout import post_of
from scraper.dataset.manifest import Manifest
from scraper.errors import StopError, UsageError
from scraper.records.contract import Row
from scraper.records.history import PostRows

_BATCH_ROWS: Final = 512


@dataclass(frozen=True, slots=True)
class FolderRows:
    """The rows in the files of an export, by post."""

    folder: Path
    manifest: Manifest

    def __iter__(self) -> Iterator[PostRows]:
        return by_post({name: self.rows(name) for name in self.manifest.configs})

    def rows(self, config: str) -> Iterator[Row]:
        """The rows of a config by post, in the order they had: a post's rows lie in one file, one after the other."""
        entry = self.manifest.configs.get(config)
        files = [_rows(self.folder / path) for path in entry.files] if entry else []
        return heapq.merge(*files, key=post_of)

    def columns(self, config: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The values of some columns of a config, a tuple a row, in no order."""
        entry = self.manifest.configs.get(config)
        for path in entry.files if entry else ():
            with pq.ParquetFile(self.folder / path) as file:
                for batch in file.iter_batches(columns=list(names)):
                    yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


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
    present = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*.parquet")}
    for path in sorted(present ^ listed.keys()):
        state = "is not listed in" if path in present else "is missing but listed in"
        raise UsageError(f"{folder / path} {state} its manifest. Export the dataset again.")
    for path, entry in listed.items():
        with (folder / path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                raise UsageError(f"{folder / path} was changed since its export. Export the dataset again.")
    return FolderRows(folder, manifest)


def by_post(rows: Mapping[str, Iterator[Row]]) -> Iterator[PostRows]:
    """The rows of all configs, each in the order of ``post_id``, as the posts that they are of.

    Raises:
        StopError: there are rows of a post that is not there.
    """
    threads = {name: _Lookahead(rows.get(name, iter(()))) for name in ("comments", "metrics", "revisions")}
    for post in rows.get("posts", ()):
        post_id = post["post_id"]
        comments, metrics, revisions = (thread.of(post_id) for thread in threads.values())
        yield PostRows.of_rows(post, comments, metrics, revisions)
    for thread in threads.values():
        thread.require_end()


class _Lookahead:
    """The rows of one config, taken post by post."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, post_id: str) -> tuple[Row, ...]:
        taken: list[Row] = []
        while self._next is not None and post_of(self._next) <= post_id:
            if post_of(self._next) != post_id:
                self.require_end()
            taken.append(self._next)
            self._next = next(self._rows, None)
        return tuple(taken)

    def require_end(self) -> None:
        if self._next is not None:
            raise StopError(
                f"There are rows of the post {post_of(self._next)} but not the post itself, so nothing was written. "
                f"Export the dataset again from its archive."
            )


def _rows(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS):
            yield from map(store_row, batch.to_pylist())
