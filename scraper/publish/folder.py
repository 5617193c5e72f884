"""The dataset folder that is about to go out, file by file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scraper.dataset.manifest import Manifest
from scraper.publish.remote import RemoteFile

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of the dataset. ``path`` is relative to its folder; ``rows`` is None where the file holds none."""

    path: str
    source: Path
    size: int
    sha256: str
    blob_id: str
    rows: int | None

    def is_same_as(self, remote: RemoteFile | None) -> bool:
        """Whether the Hub has the same bytes."""
        if remote is None:
            return False
        if remote.sha256 is not None:
            return remote.sha256 == self.sha256
        return remote.blob_id == self.blob_id


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A dataset folder with its manifest; ``files`` are by path."""

    manifest: Manifest
    files: Mapping[str, LocalFile]

    @classmethod
    def read(cls, folder: Path) -> "DatasetFolder":
        """The folder that an export wrote.

        Raises:
            UsageError: its manifest is missing or cannot be read.
        """
        manifest = Manifest.read(folder)
        rows = {
            path: entry.rows for config in manifest.configs.values() for path, entry in config.files.items()
        }
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        names = [path.relative_to(folder).as_posix() for path in paths]
        return cls(
            manifest,
            {name: _local_file(name, path, rows.get(name)) for name, path in zip(names, paths, strict=True)},
        )


def _local_file(name: str, path: Path, rows: int | None) -> LocalFile:
    size = path.stat().st_size
    sha256, git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            git.update(chunk)
    return LocalFile(name, path, size, sha256.hexdigest(), git.hexdigest(), rows)
