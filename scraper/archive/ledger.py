"""The politeness ledger on disk: ``ledger/<YYYY-MM>.jsonl``, one line an entry, only ever appended to."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from typing import Final

from scraper.archive.disk import Disk, explained
from scraper.archive.warc import format_date
from scraper.model.run import Traffic
from scraper.model.stores import LedgerEntry

LEDGER_FOLDER: Final = "ledger"
_FILES: Final = "*.jsonl"


class FileLedger:
    """A Ledger. A line survives a kill when ``note`` returns, and a power cut when ``sync`` returns.

    ``traffic`` sums up what was noted since it was opened.
    """

    def __init__(self, archive: Path, disk: Disk) -> None:
        self._folder = archive / LEDGER_FOLDER
        self._disk = disk
        self._path: Path | None = None
        self._file: FileIO | None = None
        self._dirty = False
        self.traffic = Traffic()

    def note(self, entry: LedgerEntry) -> None:
        """Append one entry.

        Raises:
            StopError: the medium refused.
        """
        path = self._path_for(entry)
        line = json.dumps(asdict(entry) | {"at": format_date(entry.at)}, ensure_ascii=False) + "\n"
        with explained(path):
            self._disk.append(self._open(path), line.encode())
        self._dirty = True
        self.traffic = Traffic(
            self.traffic.requests + (entry.event == "request"),
            self.traffic.bytes + int(entry.detail.get("wire_bytes") or 0),
        )

    def sync(self) -> None:
        """Force the lines noted so far to the medium.

        Raises:
            StopError: the medium refused.
        """
        if self._file is not None and self._dirty:
            with explained(self._folder):
                self._disk.sync(self._file)
            self._dirty = False

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = self._path = None

    def _path_for(self, entry: LedgerEntry) -> Path:
        """The file of the entry's month, or a later one that was begun before the clock was set back.

        So the files in the order of their names have the lines in the order in which they were written.
        """
        last = self._path or max(self._folder.glob(_FILES), default=None)
        path = self._folder / f"{entry.at:%Y-%m}.jsonl"
        return max(path, last) if last else path

    def _open(self, path: Path) -> FileIO:
        if self._file is None or self._path != path:
            self.sync()
            self.close()
            self._file = self._disk.open_to_append(path)
            self._path = path
            self._disk.sync_folder(path.parent)
        return self._file


def ledger_files(archive: Path) -> list[Path]:
    """The files of the ledger, oldest first."""
    return sorted((archive / LEDGER_FOLDER).glob(_FILES))


def cut_torn_lines(archive: Path, disk: Disk) -> list[Path]:
    """Cut the last line of each file where a crash cut it short; gives the files that were mended.

    Raises:
        StopError: the medium refused.
    """
    mended = []
    for path in ledger_files(archive):
        torn = torn_bytes(path)
        if torn:
            with explained(path):
                disk.truncate(path, path.stat().st_size - torn)
            mended.append(path)
    return mended


def torn_bytes(path: Path) -> int:
    """The length of an unfinished last line; 0 where the file ends with a line break."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end > 0:
            start = max(0, end - 4096)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return size - (start + found + 1)
            end = start
    return size


def broken_lines(path: Path) -> Iterator[int]:
    """The numbers, from 1, of the whole lines that are no JSON object."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n") and not _is_object(line):
                yield number


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
