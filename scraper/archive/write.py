"""The write rule: append as often as need be, fsync, then commit; a file is named ``.open`` until it is closed.

So the index never knows of a record that is not on the medium, and what a crash leaves behind the last committed
offset is either whole, and indexed on the next start, or torn, and cut.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Final
from uuid import UUID

from scraper.archive.compose import warcinfo_record
from scraper.archive.disk import Disk, explained
from scraper.archive.files import WARC_FOLDER, closed_path, file_name, open_path, present_path
from scraper.archive.index import Index
from scraper.archive.ledger import FileLedger, failed_earlier
from scraper.archive.members import WARCINFO_ID, Member
from scraper.archive.state import State
from scraper.archive.warc import WarcRecord, bracketed, build_member
from scraper.model.stores import Clock

PART_SIZE: Final = 1_000_000_000
"""Bytes after which a file is closed and the next one begun."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run writes with. ``warcinfo`` is what each file says of its origin; ``part_size`` is in bytes."""

    clock: Clock
    warcinfo: Mapping[str, str]
    disk: Disk
    new_id: Callable[[], UUID]
    part_size: int = PART_SIZE


class Writer:
    """Writes the records of one run, to one file or, when it grows large, to several parts."""

    def __init__(self, archive: Path, state: State, ledger: FileLedger, environment: Environment) -> None:
        self._archive = archive
        self._state = state
        self._index = Index(state)
        self._ledger = ledger
        self._environment = environment
        self._began = environment.clock.now()
        self._number = 0
        self._part: _Part | None = None
        self._failed = False

    @property
    def uncommitted(self) -> int:
        """The bytes appended since the last commit."""
        return self._part.size - self._part.committed if self._part else 0

    def append(self, records: Sequence[WarcRecord]) -> None:
        """Keep a group of records: with the next commit, and all of them or none after a crash.

        Raises:
            SkippableError: a record is too large.
            StopError: the medium refused, now or earlier in this run.
        """
        if self._failed:
            raise failed_earlier(self._archive)
        if self._part is not None and self._part.size >= self._environment.part_size:
            self.close()
        part = self._part or self._open_part()
        self._write(part, records)

    def commit(self) -> None:
        """Make durable, in one step, what was appended, noted in the ledger and changed in the state since the last one.

        Raises:
            StopError: the medium refused, now or earlier in this run: what was to be made durable was undone.
        """
        if self._failed:
            raise failed_earlier(self._archive)
        with uninterrupted(), self._ending_the_run():
            if self._part is not None and self.uncommitted:
                with explained(self._part.path):
                    self._environment.disk.sync(self._part.file)
                self._part.committed = self._part.size
            self._ledger.tell()
            self._state.commit()
            self._ledger.write()

    def close(self) -> None:
        """Commit, and close the file: it loses its ``.open``. After a failure only what the state was told since is committed."""
        if self._failed:
            self._state.commit()
            return
        self.commit()
        if self._part is None:
            return
        name = self._part.name
        self._abandon()
        close_file(self._archive, name, self._environment.disk)

    def _abandon(self) -> None:
        """Let go of the file without closing it; the next run will."""
        if self._part is not None:
            self._part.file.close()
            self._part = None

    def _open_part(self) -> "_Part":
        name = self._free_name()
        path = open_path(self._archive, name)
        warcinfo_id = self._environment.new_id().urn
        with self._ending_the_run(), explained(path):
            part = self._part = _Part(name, path, warcinfo_id, self._environment.disk.open_to_append(path))
            self._environment.disk.sync_folder(path.parent)
        self._write(
            part,
            [warcinfo_record(warcinfo_id, self._environment.clock.now(), name, self._environment.warcinfo)],
        )
        return part

    def _free_name(self) -> str:
        indexed = set(self._index.files())
        while True:
            self._number += 1
            name = file_name(self._began, self._number)
            if name not in indexed and present_path(self._archive, name) is None:
                return name

    def _write(self, part: "_Part", records: Sequence[WarcRecord]) -> None:
        written, members, offset = [], [], part.size
        for record in records:
            data = build_member(_within(record, part.warcinfo_id))
            written.append(data)
            members.append(Member(offset, len(data), sha256(data).hexdigest(), record))
            offset += len(data)
        with uninterrupted(), self._ending_the_run():
            with explained(part.path):
                self._environment.disk.append(part.file, b"".join(written))
            self._state.begin()
            for member in members:
                self._index.add(part.name, member)
            # Still within: Ctrl-C that was held back must not come between.
            part.size = offset

    @contextmanager
    def _ending_the_run(self) -> Iterator[None]:
        """Let a failure be the last thing this run did to the files; what was not committed is not.

        What reached the medium is unknown then; the next start looks, and indexes what is whole.
        """
        try:
            yield
        except BaseException:
            self._failed = True
            self._abandon()
            self._state.roll_back()
            self._ledger.give_up()
            raise


class _Part:
    """The file that is being written: its length in bytes, and how much of it is committed."""

    def __init__(self, name: str, path: Path, warcinfo_id: str, file: FileIO) -> None:
        self.name = name
        self.path = path
        self.warcinfo_id = warcinfo_id
        self.file = file
        self.size = 0
        self.committed = 0


def close_file(archive: Path, name: str, disk: Disk) -> None:
    """Give a file that is written to the end its final name.

    Raises:
        StopError: the medium refused.
    """
    path = open_path(archive, name)
    with explained(path):
        disk.rename(path, closed_path(archive, name))
        disk.sync_folder(archive / WARC_FOLDER)


def _within(record: WarcRecord, warcinfo_id: str) -> WarcRecord:
    if record.type == "warcinfo":
        return record
    return WarcRecord((*record.fields, (WARCINFO_ID, bracketed(warcinfo_id))), record.block)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold SIGINT back until the block is done, then let it come.

    What is written stays whole without this too: it spares the next run the recovery. Elsewhere than in the main
    thread, where Python handles no signal, it does nothing; nor within an event loop, where SIGINT ends the task at its
    next pause, and so comes between no two steps of ours.
    """
    if threading.current_thread() is not threading.main_thread() or _is_in_loop():
        yield
        return
    former = signal.getsignal(signal.SIGINT)
    if former is None:
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
        if came:
            signal.raise_signal(signal.SIGINT)


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
