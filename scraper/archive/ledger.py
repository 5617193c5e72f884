"""The politeness ledger on disk: ``ledger/<YYYY-MM>.jsonl``, one line an entry, only ever appended to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final

from scraper.archive.disk import Disk, explained
from scraper.archive.state import State
from scraper.archive.warc import format_date
from scraper.errors import StopError
from scraper.model.run import Traffic
from scraper.model.stores import LedgerEntry

LEDGER_FOLDER: Final = "ledger"
_FILES: Final = "*.jsonl"
# Lines after which the file is forced to the medium.
_MOST_TOLD: Final = 512


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the name of its file and the byte at which it begins there."""

    file: str
    offset: int
    text: str

    @property
    def data(self) -> bytes:
        return self.text.encode()


class FileLedger:
    """A Ledger whose lines become durable in one commit with all else that state.sqlite is told of.

    A line is written to its file when that commit is done; one that says that a request leaves, at once, with those
    before it. What the file may lose with the power stays in the table ``ledger_tail`` until it is on the medium.

    ``traffic`` sums up what was noted since the ledger was opened.
    """

    def __init__(self, archive: Path, state: State, disk: Disk) -> None:
        self._folder = archive / LEDGER_FOLDER
        self._state = state
        self._disk = disk
        latest = max(self._folder.glob(_FILES), default=None)
        # The name of the file that is gone on with, and the one that is open.
        self._name = latest.name if latest else ""
        self._size = latest.stat().st_size if latest else 0
        self._file: FileIO | None = None
        self._opened = self._folder
        self._unwritten: list[_Line] = []
        self._untold: list[_Line] = []
        self._told = 0
        self._failed = False
        self.traffic = Traffic()

    def note(self, entry: LedgerEntry) -> None:
        """Take in one entry.

        Raises:
            StopError: the medium refused; or it did earlier in this run, and a request would leave without a line.
        """
        is_request = entry.event == "request"
        if self._failed and is_request:
            raise failed_earlier(self._folder.parent)
        self.traffic = Traffic(
            self.traffic.requests + is_request, self.traffic.bytes + int(entry.detail.get("wire_bytes") or 0)
        )
        if self._failed:
            # It would be written behind what the medium has of the line that it refused.
            return
        text = json.dumps(_fields(entry), ensure_ascii=False) + "\n"
        self._turn_to(entry)
        line = _Line(self._name, self._size, text)
        self._size += len(line.data)
        self._unwritten.append(line)
        self._untold.append(line)
        if is_request:
            self.write()

    def tell(self) -> None:
        """Add the lines noted since the last call to the transaction in hand, which is undone where this fails.

        Raises:
            StopError: the medium refused.
        """
        if not self._untold:
            return
        self._state.begin()
        if self._told >= _MOST_TOLD:
            self._forget()
        for line in self._untold:
            self._state.execute(
                "INSERT INTO ledger_tail (file, offset, line) VALUES (?, ?, ?)",
                line.file, line.offset, line.text,
            )  # fmt: skip
        self._told += len(self._untold)
        self._untold.clear()

    def write(self) -> None:
        """Write the lines noted so far to their files; they survive a kill from then on.

        Raises:
            StopError: the medium refused.
        """
        if self._failed:
            return
        try:
            for name, lines in groupby(self._unwritten, key=attrgetter("file")):
                path = self._opened if self._opened.name == name else self._folder / name
                with explained(path):
                    self._disk.append(self._open(path), b"".join(line.data for line in lines))
        except BaseException:
            self.give_up()
            raise
        self._unwritten.clear()

    def settle(self) -> None:
        """Force all that was written to the medium, and have nothing more to tell of it, durably.

        Raises:
            StopError: the medium refused.
        """
        if self._told and not self._failed:
            with self._state.transaction():
                self._forget()
            self._state.commit()

    def give_up(self) -> None:
        """Write no more: what was committed is written by the next run, and the rest was not committed.

        So of a request whose answer was undone no answer is told: the pace that it asked for is undone with it, and whoever judges
        the next run must not hold it to a Retry-After that it cannot know of.
        """
        self._failed = True
        self._untold.clear()
        self._unwritten.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _forget(self) -> None:
        if self._file is not None:
            with explained(self._folder):
                self._disk.sync(self._file)
        self._state.execute("DELETE FROM ledger_tail")
        self._told = 0

    def _turn_to(self, entry: LedgerEntry) -> None:
        """Go on in the file of the entry's month, or a later one that was begun before the clock was set back.

        So the files in the order of their names have the lines in the order in which they were written.
        """
        name = f"{entry.at.year:04}-{entry.at.month:02}.jsonl"
        if name > self._name:
            self._name, self._size = name, 0

    def _open(self, path: Path) -> FileIO:
        if self._file is None or self._opened != path:
            if self._file is not None:
                self._disk.sync(self._file)
            self.close()
            self._file, self._opened = self._disk.open_to_append(path), path
            self._disk.sync_folder(self._folder)
        return self._file


def failed_earlier(archive: Path) -> StopError:
    """The error for whoever goes on writing after the medium refused."""
    return StopError(
        f"{archive} could not be written earlier in this run. Run the same command again to go on."
    )


def _fields(entry: LedgerEntry) -> dict[str, object]:
    """The fields of an entry in their order, its time as text."""
    return {
        "at": format_date(entry.at),
        "event": entry.event,
        "host": entry.host,
        "url": entry.url,
        "rule": entry.rule,
        "detail": dict(entry.detail),
    }


def complete_ledger(archive: Path, state: State, disk: Disk) -> bool:
    """Write the lines that were committed and did not reach their files, and cut one that a crash cut short.

    Whether a run was cut off: it may have asked for more than the ledger tells of. Belongs into a transaction of
    ``state``; stopped anywhere, it can simply be run again.

    Raises:
        StopError: the medium refused.
    """
    rows = state.rows("SELECT file, offset, line FROM ledger_tail ORDER BY position")
    for name, lines in groupby((_Line(*row) for row in rows), key=attrgetter("file")):
        _complete(archive / LEDGER_FOLDER / name, list(lines), disk)
    cut_torn_lines(archive, disk)
    state.execute("DELETE FROM ledger_tail")
    return bool(rows)


def _complete(path: Path, lines: list[_Line], disk: Disk) -> None:
    with explained(path):
        size = path.stat().st_size if path.exists() else 0
        lost = [line for line in lines if line.offset + len(line.data) > size]
        if lost and lost[0].offset < size:
            disk.truncate(path, lost[0].offset)
        with disk.open_to_append(path) as file:
            if lost:
                disk.append(file, b"".join(line.data for line in lost))
            disk.sync(file)
        disk.sync_folder(path.parent)


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
            at_break = file.read(end - start).rfind(b"\n")
            if at_break >= 0:
                return size - (start + at_break + 1)
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
    except (ValueError, RecursionError):
        return False
