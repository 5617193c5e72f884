"""Every durable operation of the archive, in one place.

The archive writes through a ``Disk`` that is handed in, so that tests can put one in its place that fails
before, after or in the middle of any single operation.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from scraper.errors import StopError, remedy_of


class Disk:
    """The real disk. Each method is one step that a crash may precede, cut in half or follow."""

    def make_folder(self, path: Path) -> None:
        """Make a folder and its parents; nothing happens where it is there."""
        path.mkdir(parents=True, exist_ok=True)

    def open_to_append(self, path: Path) -> FileIO:
        """Open a file for appending, unbuffered; it is made where it is missing."""
        return path.open("ab", buffering=0)

    def append(self, file: FileIO, data: bytes) -> None:
        """Write all of ``data`` at the end of the file; it survives a kill, not yet a power cut."""
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]

    def sync(self, file: FileIO) -> None:
        """Force the file's bytes to the medium."""
        os.fsync(file.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Force the names in a folder to the medium."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def commit(self, connection: sqlite3.Connection) -> None:
        """Commit the open transaction; it survives a power cut (``synchronous=FULL``)."""
        connection.execute("COMMIT")

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to ``size`` bytes."""
        with path.open("r+b", buffering=0) as file:
            file.truncate(size)
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Give a file a new name within the archive."""
        old.rename(new)

    def remove(self, path: Path) -> None:
        """Remove a file that holds nothing whole."""
        path.unlink()

    def restrict(self, path: Path) -> None:
        """Make a file readable and writable by its owner alone."""
        path.chmod(0o600)


def write_file(path: Path, data: bytes, disk: Disk) -> None:
    """Write a new file, and force it to the medium."""
    with disk.open_to_append(path) as file:
        disk.append(file, data)
        disk.sync(file)


def sync_file(path: Path, disk: Disk) -> None:
    """Force a file that something else has written to the medium."""
    with disk.open_to_append(path) as file:
        disk.sync(file)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the medium under ``path`` into a StopError that names the file and the remedy."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> StopError:
    """The error that names the file that could not be written and the remedy."""
    return StopError(
        f"{path} cannot be written: {error.strerror or error}. Nothing that was kept before is lost. "
        f"{remedy_of(error)}"
    )
