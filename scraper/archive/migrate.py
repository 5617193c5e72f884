"""Opening state.sqlite: its format version, and the way from an older one to this one."""

import os
from contextlib import ExitStack
from pathlib import Path

from scraper.archive.disk import Disk
from scraper.archive.files import present_names
from scraper.archive.state import REBUILD, STATE_FILE, State
from scraper.archive.tables import FORMAT_VERSION, MIGRATIONS
from scraper.errors import ArchiveDamagedError, StopError


def open_state(archive: Path, disk: Disk) -> State:
    """The state of an archive, for writing: migrated to this format, new where nothing was kept yet.

    It is put in WAL mode, so that readers never hold up the writer, and ``synchronous=FULL``, so that a commit
    outlives a power cut.

    Raises:
        ArchiveDamagedError: the file is damaged, or missing although there are WARC files.
        StopError: it was made by a newer version, or cannot be written.
    """
    path = archive / STATE_FILE
    kept = present_names(archive)
    if kept and not path.is_file():
        raise ArchiveDamagedError(f"{path} is missing, although there are WARC files. {REBUILD}")
    return _opened(path, disk, may_be_new=not kept)


def new_state(archive: Path, disk: Disk) -> State:
    """As ``open_state``, but new where it is missing whatever was kept: for rebuilding."""
    return _opened(archive / STATE_FILE, disk, may_be_new=True)


def _opened(path: Path, disk: Disk, *, may_be_new: bool) -> State:
    with ExitStack() as opened:
        state = opened.enter_context(State(path, disk))
        version = _readable_version(state, path)
        if version == 0 and not may_be_new:
            raise ArchiveDamagedError(f"{path} is empty, although there are WARC files. {REBUILD}")
        state.execute("PRAGMA journal_mode = WAL")
        state.execute("PRAGMA synchronous = FULL")
        state.execute("PRAGMA foreign_keys = ON")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            with state.transaction():
                for statement in script.split(";"):
                    state.execute(statement)
                state.execute(f"PRAGMA user_version = {number}")
        _require_tables(state)
        opened.pop_all()
    return state


def open_state_to_read(archive: Path) -> State:
    """The state of an archive, for reading alone.

    Raises:
        ArchiveDamagedError: the file is missing, no database, or a damaged one.
        StopError: it was made by a newer version.
    """
    path = archive / STATE_FILE
    if not path.is_file():
        raise ArchiveDamagedError(f"{path} is missing. {REBUILD}")
    # Reading in WAL mode makes a -shm file beside the database. Where the medium forbids that, nobody can be
    # writing either, and the database can be read as immutable.
    options = "?mode=ro" if _is_writable(archive) else "?mode=ro&immutable=1"
    with ExitStack() as opened:
        state = opened.enter_context(State(path, Disk(), options))
        if _readable_version(state, path) < FORMAT_VERSION:
            raise ArchiveDamagedError(f"{path} was never finished. {REBUILD}")
        _require_tables(state)
        opened.pop_all()
    return state


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _readable_version(state: State, path: Path) -> int:
    version = state.number("PRAGMA user_version")
    if version > FORMAT_VERSION:
        message = (
            f"{path} has format {version}, made by a newer postkeep; this one reads up to {FORMAT_VERSION}. "
            "Install the newer version to go on; nothing was changed."
        )
        raise StopError(message)
    return version


def _require_tables(state: State) -> None:
    """Fail as damaged where a table of the index is missing, rather than in the middle of a run."""
    state.rows("SELECT 1 FROM files, records, captures, visits, visit_captures LIMIT 0")
