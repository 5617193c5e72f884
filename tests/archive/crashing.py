"""A disk on which the machine dies at a chosen operation."""

import errno
import sqlite3
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Literal

from scraper.archive.disk import Disk

When = Literal["before", "half", "after"]
WHENS: tuple[When, ...] = ("before", "half", "after")


class Crash(BaseException):
    """The machine died. No handler of ordinary errors may catch it."""


class CrashingDisk(Disk):
    """Dies before, in the middle of, or after operation number ``at``, and does nothing at all from then on.

    ``halves`` lists the operations that have a middle: those that write bytes.
    """

    def __init__(self, at: int, when: When) -> None:
        self.operations = 0
        self.halves: list[int] = []
        self.dead = False
        self._at = at
        self._when = when

    def make_folder(self, path: Path) -> None:
        self._step(lambda: super(CrashingDisk, self).make_folder(path))

    def open_to_append(self, path: Path) -> FileIO:
        self._step(lambda: super(CrashingDisk, self).open_to_append(path).close())
        return super().open_to_append(path)

    def append(self, file: FileIO, data: bytes) -> None:
        half = data[: len(data) // 2]
        self._step(
            lambda: super(CrashingDisk, self).append(file, data),
            lambda: super(CrashingDisk, self).append(file, half),
        )

    def sync(self, file: FileIO) -> None:
        self._step(lambda: super(CrashingDisk, self).sync(file))

    def sync_folder(self, folder: Path) -> None:
        self._step(lambda: super(CrashingDisk, self).sync_folder(folder))

    def commit(self, connection: sqlite3.Connection) -> None:
        self._step(lambda: super(CrashingDisk, self).commit(connection))

    def truncate(self, path: Path, size: int) -> None:
        halfway = size + (path.stat().st_size - size) // 2
        self._step(
            lambda: super(CrashingDisk, self).truncate(path, size),
            lambda: super(CrashingDisk, self).truncate(path, halfway),
        )

    def rename(self, old: Path, new: Path) -> None:
        self._step(lambda: super(CrashingDisk, self).rename(old, new))

    def remove(self, path: Path) -> None:
        self._step(lambda: super(CrashingDisk, self).remove(path))

    def restrict(self, path: Path) -> None:
        self._step(lambda: super(CrashingDisk, self).restrict(path))

    def _step(self, whole: Callable[[], None], half: Callable[[], None] | None = None) -> None:
        if self.dead:
            raise Crash
        self.operations += 1
        if half is not None:
            self.halves.append(self.operations)
        if self.operations != self._at:
            whole()
            return
        self.dead = True
        if self._when == "after":
            whole()
        elif self._when == "half" and half is not None:
            half()
        raise Crash


class WatchedDisk(Disk):
    """Notes each operation with the file it was for."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str]] = []

    def append(self, file: FileIO, data: bytes) -> None:
        self.noted.append(("append", Path(str(file.name)).parent.name))
        super().append(file, data)

    def sync(self, file: FileIO) -> None:
        self.noted.append(("sync", Path(str(file.name)).parent.name))
        super().sync(file)

    def commit(self, connection: sqlite3.Connection) -> None:
        self.noted.append(("commit", "state"))
        super().commit(connection)


class FullDisk(Disk):
    """Has room for the first ``room`` appended bytes, and then is full."""

    def __init__(self, room: int) -> None:
        self._room = room

    def append(self, file: FileIO, data: bytes) -> None:
        fits = data[: self._room]
        self._room -= len(fits)
        super().append(file, fits)
        if len(fits) < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
