"""One writer at a time: an advisory lock on a file in the archive (flock(2))."""

import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scraper.archive.disk import explained
from scraper.archive.files import PUBLICATION_FOLDER, RECORDS_FILE
from scraper.errors import ArchiveHeldError

LOCK_FILE: Final = "lock"


class Lock:
    """The writer's lock, held from construction until ``release`` or the end of the process.

    The file stays when the lock is released: removing it would let two writers lock two different files. Whoever gets the
    lock is rid of what a publication that was killed left half built.

    Raises:
        ArchiveHeldError: another process, or another ``Lock`` of this one, holds the archive.
        StopError: the lock file cannot be written.
    """

    def __init__(self, archive: Path) -> None:
        path = archive / LOCK_FILE
        with explained(path):
            self._file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(path)
            self._file.close()
            message = (
                f"{archive} is being written by another run{holder}. "
                "Wait until it has ended, or choose another folder with --archive."
            )
            raise ArchiveHeldError(message) from error
        with explained(path):
            self._file.truncate(0)
            self._file.write(str(os.getpid()).encode())
        shutil.rmtree(archive / PUBLICATION_FOLDER, ignore_errors=True)

    def release(self) -> None:
        """Let the next writer in."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_writable(archive: Path) -> bool:
    """Whether this user may write into the archive, on the medium that it lies on."""
    paths = (archive, *(path for name in (LOCK_FILE, RECORDS_FILE) if (path := archive / name).exists()))
    effective = os.access in os.supports_effective_ids
    return all(os.access(path, os.W_OK, effective_ids=effective) for path in paths)


def is_held(archive: Path) -> bool:
    """Whether a writer holds the archive at this moment. Writes nothing."""
    try:
        with (archive / LOCK_FILE).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def holder_of(archive: Path) -> int | None:
    """The process id of the writer that holds the archive; None where nobody does, or the file does not say."""
    return _noted_in(archive / LOCK_FILE) if is_held(archive) else None


def _noted_in(path: Path) -> int | None:
    text = path.read_bytes()[:20].decode("ascii", "replace")
    return int(text) if text.isdecimal() else None


def _holder(path: Path) -> str:
    """The holder's process id as a clause for a sentence; empty where the file does not say."""
    process = _noted_in(path)
    return f" (process {process})" if process is not None else ""
