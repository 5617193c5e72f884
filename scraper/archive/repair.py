"""Mends what can be mended of a damaged archive. Nothing that was kept is deleted."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scraper.archive.check import Problem, check, require_sound
from scraper.archive.disk import Disk, explained
from scraper.archive.files import KEY_FILE, closed_path, present_names, require_archive, require_captures
from scraper.archive.index import Index
from scraper.archive.lock import Lock
from scraper.archive.members import Member, scan
from scraper.archive.migrate import new_state, open_state
from scraper.archive.rebuilt import in_order, rebuilding, restore
from scraper.archive.recover import recover
from scraper.archive.state import STATE_FILE, State
from scraper.archive.swap import put_in_place
from scraper.errors import ArchiveDamagedError


@dataclass(frozen=True, slots=True)
class Repair:
    """What was wrong and is right now, and what is still wrong."""

    mended: tuple[Problem, ...]
    left: tuple[Problem, ...]


def repair(archive: Path, now: datetime, disk: Disk | None = None) -> Repair:
    """Mend an archive: its index, files that were left open, torn lines, the key's permissions.

    A state.sqlite that is damaged is moved aside and rebuilt from the WARC files; what only it knew, which is the
    frontier and what is owed to each host, begins anew. Of a sound one, what the WARC files tell otherwise is put right.
    Stopped anywhere, it can simply be run again.

    Raises:
        UsageError: the folder is no archive.
        ArchiveHeldError: a run is writing it.
        StopError: it was made by a newer version, or cannot be written.
    """
    require_archive(archive)
    require_captures(archive)
    disk = disk or Disk()
    with Lock(archive):
        put_in_place(archive, disk)
        before = check(archive, held=False)
        if before:
            _mend(archive, now, disk)
        left = check(archive, held=False) if before else []
    return Repair(tuple(problem for problem in before if problem not in left), tuple(left))


def _mend(archive: Path, now: datetime, disk: Disk) -> None:
    with rebuilding() as rebuilt, _sound_state(archive, now, disk) as state:
        recover(archive, state, disk, now)
        for name in in_order(present_names(archive), Index(state)):
            for stretch in scan(closed_path(archive, name)):
                if isinstance(stretch, Member):
                    rebuilt.index.add(name, stretch)
        rebuilt.attach_to(state)
        with state.transaction():
            restore(state)
    key = archive / KEY_FILE
    if key.is_file():
        with explained(key):
            disk.restrict(key)


def _sound_state(archive: Path, now: datetime, disk: Disk) -> State:
    """The archive's state; a new one, the old one moved aside, where that is damaged or missing."""
    try:
        state = open_state(archive, disk)
        try:
            require_sound(state, archive)
        except BaseException:
            state.close()
            raise
    except ArchiveDamagedError:
        _move_state_aside(archive, now, disk)
        return new_state(archive, disk)
    return state


def _move_state_aside(archive: Path, now: datetime, disk: Disk) -> None:
    mark, number = f"damaged-{now:%Y%m%d%H%M%S}", 0
    while (archive / f"{STATE_FILE}.{mark}-{number}").exists():
        number += 1
    # The log goes first: replayed into a new database, it would damage that one.
    for suffix in ("-wal", "-shm", ""):
        path = archive / (STATE_FILE + suffix)
        if path.exists():
            with explained(path):
                disk.rename(path, archive / f"{STATE_FILE}.{mark}-{number}{suffix}")
    with explained(archive):
        disk.sync_folder(archive)
