"""Opening state.sqlite: its format version, and the way from an older one to this one."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from scraper.archive.compose import SOURCE_FILE
from scraper.archive.disk import Disk, explained
from scraper.archive.files import present_names, present_path
from scraper.archive.lock import Lock
from scraper.archive.members import read_at
from scraper.archive.state import REBUILD, STATE_FILE, State, copy_database
from scraper.archive.tables import IMPORTED_IS_ASSERTED, MIGRATIONS
from scraper.archive.warc import parse_member
from scraper.errors import ArchiveDamagedError, StopError


def open_state(archive: Path, disk: Disk, migrations: Sequence[str] = MIGRATIONS) -> State:
    """The state of an archive, for writing: migrated to this format, new where nothing was kept yet.

    One of an older format is copied first, to ``state.sqlite.format-<N>`` beside it.

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
    return _opened(path, disk, migrations, may_be_new=not kept)


def new_state(archive: Path, disk: Disk) -> State:
    """As ``open_state``, but new where it is missing whatever was kept: for rebuilding."""
    return _opened(archive / STATE_FILE, disk, MIGRATIONS, may_be_new=True)


def scratch_state(path: Path) -> State:
    """A new state at ``path`` that is thrown away after its use: nothing of it is forced to the medium."""
    state = State(path, Disk())
    state.execute("PRAGMA journal_mode = OFF")
    state.execute("PRAGMA synchronous = OFF")
    _run_scripts(state, MIGRATIONS, 0)
    return state


def upgrade(archive: Path, disk: Disk, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring the state of an older format to this one; nothing happens where it is of this format.

    Raises:
        ArchiveHeldError: another run holds the archive.
        ArchiveDamagedError, StopError: as ``open_state``.
    """
    path = archive / STATE_FILE
    if not path.is_file():
        return
    with State(path, disk, _read_only(archive)) as state:
        version = _readable_version(state, path, migrations)
    if 0 < version < len(migrations):
        with Lock(archive):
            open_state(archive, disk, migrations).close()


def _opened(path: Path, disk: Disk, migrations: Sequence[str], *, may_be_new: bool) -> State:
    with ExitStack() as opened:
        state = opened.enter_context(State(path, disk))
        version = _readable_version(state, path, migrations)
        if version == 0 and not may_be_new:
            raise ArchiveDamagedError(f"{path} is empty, although there are WARC files. {REBUILD}")
        state.execute("PRAGMA journal_mode = WAL")
        state.execute("PRAGMA synchronous = FULL")
        state.execute("PRAGMA foreign_keys = ON")
        if 0 < version < len(migrations):
            _keep_former(path, version, disk)
        if 0 < version < min(IMPORTED_IS_ASSERTED, len(migrations) + 1):
            _mark_imported(path.parent, state)
        _run_scripts(state, migrations, version)
        _require_tables(state)
        opened.pop_all()
    return state


def _run_scripts(state: State, migrations: Sequence[str], version: int) -> None:
    for number, script in enumerate(migrations[version:], start=version + 1):
        with state.transaction():
            for statement in script.split(";"):
                state.execute(statement)
            state.execute(f"PRAGMA user_version = {number}")


def open_state_to_read(archive: Path) -> State:
    """The state of an archive, for reading alone.

    Raises:
        ArchiveDamagedError: the file is missing, no database, or a damaged one.
        StopError: it was made by a newer version, or by an older one and not upgraded yet.
    """
    path = archive / STATE_FILE
    if not path.is_file():
        raise ArchiveDamagedError(f"{path} is missing. {REBUILD}")
    with ExitStack() as opened:
        state = opened.enter_context(State(path, Disk(), _read_only(archive)))
        version = _readable_version(state, path, MIGRATIONS)
        if version == 0:
            raise ArchiveDamagedError(f"{path} was never finished. {REBUILD}")
        if version < len(MIGRATIONS):
            message = f"{path} has format {version}, made by an older postkeep. Any command but `check` upgrades it, once it has copied it."
            raise StopError(message)
        _require_tables(state)
        opened.pop_all()
    return state


def _mark_imported(archive: Path, state: State) -> None:
    """Mark as ``asserted`` the captures that came out of somebody's file; done again after a crash, it does the same."""
    places = state.rows(
        "SELECT captures.record_id AS record_id, name, offset, length FROM captures JOIN records USING (record_id) "
        "JOIN files USING (file_id) WHERE captured_at_basis = 'observed'"
    )
    imported = [
        row["record_id"] for row in places if _is_imported(archive, row["name"], row["offset"], row["length"])
    ]
    with state.transaction():
        for record_id in imported:
            state.execute("UPDATE captures SET captured_at_basis = 'asserted' WHERE record_id = ?", record_id)


def _is_imported(archive: Path, name: str, offset: int, length: int) -> bool:
    path = present_path(archive, name)
    try:
        return path is not None and parse_member(read_at(path, offset, length)).get(SOURCE_FILE) is not None
    except (OSError, ValueError):
        return False  # What is damaged is for `check` to say.


def _keep_former(path: Path, version: int, disk: Disk) -> None:
    former = path.with_name(f"{path.name}.format-{version}")
    part = former.with_name(former.name + ".part")
    part.unlink(missing_ok=True)
    copy_database(path, part, disk)
    with explained(former):
        disk.rename(part, former)
        disk.sync_folder(path.parent)


def _read_only(archive: Path) -> str:
    """The options of a connection for reading.

    Reading in WAL mode makes a -shm file beside the database. Where the medium forbids that, nobody can be writing
    either, and the database can be read as immutable.
    """
    return "?mode=ro" if _is_writable(archive) else "?mode=ro&immutable=1"


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _readable_version(state: State, path: Path, migrations: Sequence[str]) -> int:
    version = state.number("PRAGMA user_version")
    if version > len(migrations):
        message = (
            f"{path} has format {version}, made by a newer postkeep; this one reads up to {len(migrations)}. "
            "Install the newer version to go on; nothing was changed. If no newer one made it, the file is damaged: "
            "move it away and run `postkeep check --repair`."
        )
        raise StopError(message)
    return version


def _require_tables(state: State) -> None:
    """Fail as damaged where a table of the index is missing, rather than in the middle of a run."""
    state.rows("SELECT 1 FROM files, records, captures, visits, visit_captures LIMIT 0")
