"""Files of an archive exchanged in one step: the new ones are written beside the old, and then take their places.

``takedown.new`` holds the new files while they are written; renamed to ``takedown.ready`` the exchange is decided on, and
whoever opens the archive next carries it out.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scraper.archive.disk import Disk, explained, sync_file, write_file
from scraper.archive.files import WARC_FOLDER
from scraper.archive.ledger import LEDGER_FOLDER
from scraper.archive.lock import Lock
from scraper.archive.state import State, copy_database
from scraper.errors import ArchiveHeldError

NEW_FOLDER: Final = "takedown.new"
READY_FOLDER: Final = "takedown.ready"
REMOVALS: Final = "removals.json"
_BESIDE_A_DATABASE: Final = ("-wal", "-shm", "-journal")


class Swap:
    """The new files of an archive before they take the places of the old ones."""

    def __init__(self, archive: Path, disk: Disk) -> None:
        self.archive = archive
        self.disk = disk
        self._folder = archive / NEW_FOLDER
        self._removals: list[str] = []
        discard(archive)
        with explained(self._folder):
            for name in (WARC_FOLDER, LEDGER_FOLDER):
                disk.make_folder(self._folder / name)

    def path(self, folder: str, name: str) -> Path:
        """Where the new file of a name in a folder of the archive is written."""
        return self._folder / folder / name

    @contextmanager
    def database(self, name: str) -> Iterator[State]:
        """A copy of a database, to be changed in one transaction; pages that its rows leave free are not kept."""
        draft, target = self._folder / f"{name}.draft", self._folder / name
        copy_database(self.archive / name, draft, self.disk)
        with State(draft, self.disk) as state:
            state.execute("PRAGMA journal_mode = DELETE")
            state.execute("PRAGMA foreign_keys = ON")
            with state.transaction():
                yield state
            state.execute("VACUUM INTO ?", str(target))
        with explained(target):
            remove_database(draft)
            sync_file(target, self.disk)

    def remove(self, name: str) -> None:
        """Have a file of the archive removed."""
        self._removals.append(name)

    def decide(self) -> None:
        """Make everything ready to be put in place: from here on the exchange is carried out whatever happens.

        Raises:
            StopError: the medium refused.
        """
        with explained(self._folder):
            write_file(self._folder / REMOVALS, json.dumps(self._removals).encode(), self.disk)
            for folder in (self._folder / WARC_FOLDER, self._folder / LEDGER_FOLDER, self._folder):
                self.disk.sync_folder(folder)
            self.disk.rename(self._folder, self.archive / READY_FOLDER)
            self.disk.sync_folder(self.archive)


def discard(archive: Path) -> None:
    """Remove the new files of an exchange that was not decided on."""
    shutil.rmtree(archive / NEW_FOLDER, ignore_errors=True)


def put_in_place(archive: Path, disk: Disk) -> None:
    """Put the files of an exchange that was decided on in their places. The caller holds the lock.

    Nobody may have a database of the archive open. Stopped anywhere, it can simply be run again.

    Raises:
        StopError: the medium refused.
    """
    ready = archive / READY_FOLDER
    if not ready.is_dir():
        return
    with explained(ready):
        for name in json.loads((ready / REMOVALS).read_bytes()):
            if (archive / name).exists():
                disk.remove(archive / name)
        for path in sorted(ready.rglob("*")):
            name = path.relative_to(ready)
            if path.is_dir() or name == Path(REMOVALS):
                continue
            if path.suffix == ".sqlite":
                # A log of the former database would be replayed into the new one.
                _remove_beside(archive / name)
            disk.rename(path, archive / name)
        for folder in (archive / WARC_FOLDER, archive / LEDGER_FOLDER, archive):
            disk.sync_folder(folder)
        # The folder goes by one rename, so that what is left of it is never taken for one that is ready.
        discard(archive)
        disk.rename(ready, archive / NEW_FOLDER)
        discard(archive)


def finish(archive: Path, disk: Disk) -> None:
    """Carry out an exchange that was decided on and cut off; for those who only read.

    Raises:
        ArchiveHeldError: another run holds the archive.
        StopError: the medium refused.
    """
    if not (archive / READY_FOLDER).is_dir():
        return
    try:
        lock = Lock(archive)
    except ArchiveHeldError as error:
        message = (
            f"{archive} is in the middle of a takedown. Wait until it has ended, then run the command again."
        )
        raise ArchiveHeldError(message) from error
    with lock:
        put_in_place(archive, disk)


def remove_database(path: Path) -> None:
    """Remove a database with what SQLite keeps beside it."""
    _remove_beside(path)
    path.unlink(missing_ok=True)


def _remove_beside(path: Path) -> None:
    for ending in _BESIDE_A_DATABASE:
        path.with_name(path.name + ending).unlink(missing_ok=True)
