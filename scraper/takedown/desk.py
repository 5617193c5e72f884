"""A takedown as one step: what is to change is written beside the archive's files, and then takes their places.

``takedown.new`` holds the new files while they are written; renamed to ``takedown.ready`` they are decided on, and whoever
opens the archive next puts them in place. ``takedown.pending`` names what is being taken down from before the first byte is
written until the last is gone, so that one that was killed before it was ready is begun again.
"""

import json
import shutil
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from scraper.archive.backup import copy_database
from scraper.archive.disk import Disk, explained
from scraper.archive.files import WARC_FOLDER, closed_path
from scraper.archive.index import Index
from scraper.archive.ledger import LEDGER_FOLDER
from scraper.archive.lock import Lock
from scraper.archive.members import Damage, Member, read_at, scan
from scraper.archive.state import State
from scraper.archive.warc import WarcRecord, build_member
from scraper.errors import ArchiveHeldError, StopError
from scraper.takedown.record import without_sums

PENDING_FILE: Final = "takedown.pending"
NEW_FOLDER: Final = "takedown.new"
READY_FOLDER: Final = "takedown.ready"
REMOVALS: Final = "removals.json"
_BESIDE_A_DATABASE: Final = ("-wal", "-shm", "-journal")

Edit = Callable[[WarcRecord], WarcRecord | None]
"""The record as it is to be: the same object where nothing changes, None where it goes."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A takedown that was begun: the subject's id, and the owner's reason; ``visits`` are those that showed it again."""

    subject: str
    reason: str
    visits: tuple[str, ...] = ()


def read_pending(archive: Path) -> tuple[Pending, ...]:
    """What is being taken down."""
    path = archive / PENDING_FILE
    if not path.is_file():
        return ()
    said = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return tuple(Pending(each["subject"], each["reason"], tuple(each["visits"])) for each in said)


def is_taking_down(archive: Path) -> bool:
    """Whether a takedown was begun and is not completed."""
    return (archive / PENDING_FILE).is_file() or (archive / READY_FOLDER).is_dir()


def note_pending(archive: Path, pending: Iterable[Pending], disk: Disk) -> None:
    """Keep durably what is being taken down; nothing, where it is done.

    Raises:
        StopError: the medium refused.
    """
    path = archive / PENDING_FILE
    lines = [json.dumps(asdict(each)) + "\n" for each in pending]
    with explained(path):
        if not lines:
            if path.exists():
                disk.remove(path)
                disk.sync_folder(archive)
            return
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        write_file(part, "".join(lines).encode(), disk)
        disk.rename(part, path)
        disk.sync_folder(archive)


def write_file(path: Path, data: bytes, disk: Disk) -> None:
    """Write a new file, and force it to the medium."""
    with disk.open_to_append(path) as file:
        disk.append(file, data)
        disk.sync(file)


class Desk:
    """Where the new files of a takedown are made."""

    def __init__(self, archive: Path, disk: Disk) -> None:
        self._archive = archive
        self._disk = disk
        self._folder = archive / NEW_FOLDER
        self._removals: list[str] = []
        clear_desk(archive)
        with explained(self._folder):
            for name in (WARC_FOLDER, LEDGER_FOLDER):
                disk.make_folder(self._folder / name)

    def rewrite_warc(self, name: str, edit: Edit, is_suspect: Callable[[bytes], bool]) -> Path | None:
        """Write the file anew, records that do not change byte for byte; None where no record of it stays.

        Damaged stretches stay as they are, unless what can be read of them ``is_suspect``.

        Raises:
            StopError: the medium refused, or what was written does not read as it should.
        """
        source, target = closed_path(self._archive, name), self._folder / WARC_FOLDER / name
        kept = 0
        with explained(target), self._disk.open_to_append(target) as file:
            for found in scan(source):
                octets = read_at(source, found.offset, found.length)
                if isinstance(found, Damage):
                    octets = b"" if is_suspect(octets) else octets
                else:
                    record = edit(found.record)
                    if record is None:
                        continue
                    kept += record.type != "warcinfo"
                    octets = octets if record is found.record else build_member(without_sums(record))
                self._disk.append(file, octets)
            self._disk.sync(file)
        if not kept:
            target.unlink()
            self._removals.append(f"{WARC_FOLDER}/{name}")
            return None
        return target

    def write_ledger(self, name: str, lines: bytes) -> None:
        """Write one file of the ledger anew."""
        path = self._folder / LEDGER_FOLDER / name
        with explained(path):
            write_file(path, lines, self._disk)

    def rewrite_database(self, name: str, change: Callable[[State], None]) -> None:
        """Write a database anew: changed, and without the pages that its rows have left free."""
        draft, target = self._folder / f"{name}.draft", self._folder / name
        copy_database(self._archive / name, draft, self._disk)
        with State(draft, self._disk) as state:
            state.execute("PRAGMA journal_mode = DELETE")
            state.execute("PRAGMA foreign_keys = ON")
            with state.transaction():
                change(state)
            state.execute("VACUUM INTO ?", str(target))
        with explained(target):
            remove_database(draft)
            with self._disk.open_to_append(target) as file:
                self._disk.sync(file)

    def remove(self, name: str) -> None:
        """Have a file of the archive removed."""
        self._removals.append(name)

    def decide(self) -> None:
        """Make everything ready to be put in place: from here on the takedown is completed whatever happens.

        Raises:
            StopError: the medium refused.
        """
        with explained(self._folder):
            write_file(self._folder / REMOVALS, json.dumps(self._removals).encode(), self._disk)
            for folder in (self._folder / WARC_FOLDER, self._folder / LEDGER_FOLDER, self._folder):
                self._disk.sync_folder(folder)
            self._disk.rename(self._folder, self._archive / READY_FOLDER)
            self._disk.sync_folder(self._archive)


def clear_desk(archive: Path) -> None:
    """Remove the new files of a takedown that did not become ready."""
    shutil.rmtree(archive / NEW_FOLDER, ignore_errors=True)


def put_in_place(archive: Path, disk: Disk) -> bool:
    """Put the files of a takedown that is ready in their places; whether there were any. The caller holds the lock.

    Nobody may have a database of the archive open. Stopped anywhere, it can simply be run again.

    Raises:
        StopError: the medium refused.
    """
    ready = archive / READY_FOLDER
    if not ready.is_dir():
        return False
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
        clear_desk(archive)
        disk.rename(ready, archive / NEW_FOLDER)
        clear_desk(archive)
    return True


def finish(archive: Path, disk: Disk) -> None:
    """Put in place what a takedown that was cut off had made ready; for those who only read.

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


def reindex(state: State, name: str, written: Path | None, renamed: Mapping[str, str]) -> None:
    """Make the rows of one file say what it holds now; ``written`` is None where it is gone.

    Raises:
        StopError: what was written does not read as it should; nothing was changed.
    """
    index = Index(state)
    before = [place.record_id for place in index.places(name)]
    for record_id in before:
        if record_id in renamed:
            state.execute(
                "UPDATE visit_captures SET record_id = ? WHERE record_id = ?", renamed[record_id], record_id
            )
    index.drop_file(name)
    for found in scan(written) if written else ():
        if isinstance(found, Member):
            index.add(name, found)


def require_readable(path: Path, damaged_before: int) -> None:
    """Raise StopError where a file that was written anew has damage that the one before had not."""
    damaged = sum(isinstance(found, Damage) for found in scan(path))
    if damaged > damaged_before:
        raise StopError(f"{path} does not read as it was written, so nothing was changed. Look at the disk.")


def remove_database(path: Path) -> None:
    """Remove a database with what SQLite keeps beside it."""
    _remove_beside(path)
    path.unlink(missing_ok=True)


def _remove_beside(path: Path) -> None:
    for ending in _BESIDE_A_DATABASE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def salvaged(octets: bytes) -> bytes:
    """What still inflates of a damaged stretch, and the stretch itself."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    inflated = bytearray()
    try:
        for at in range(0, len(octets), 256):
            inflated += inflater.decompress(octets[at : at + 256])
    except zlib.error:
        pass
    return bytes(inflated) + octets
