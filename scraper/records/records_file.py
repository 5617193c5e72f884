"""records.sqlite as a file: its tables and their format, and whether it can be used as it lies there."""

import sqlite3
import zlib
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from scraper.errors import ArchiveHeldError

_TABLES: Final = """
    CREATE TABLE view (fingerprint TEXT NOT NULL);
    CREATE TABLE readings (
        visit_id TEXT PRIMARY KEY,
        post_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        captured_at TEXT,
        is_cut INTEGER NOT NULL,
        left_out INTEGER NOT NULL,
        rows BLOB NOT NULL -- MessagePack in a zstd frame
    );
    CREATE INDEX readings_of_post ON readings (post_id, sequence, visit_id);
    CREATE TABLE departures (
        visit_id TEXT PRIMARY KEY,
        post_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        captured_at TEXT,
        captured_at_basis TEXT NOT NULL,
        status TEXT NOT NULL,
        warc_record_id TEXT NOT NULL,
        payload_digest TEXT NOT NULL,
        reason TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX departures_of_post ON departures (post_id);
    CREATE TABLE rejections (visit_id TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE looks (
        post_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        visit_id TEXT NOT NULL,
        at TEXT,
        is_live INTEGER NOT NULL,
        kind TEXT NOT NULL,
        words TEXT,
        numbers TEXT,
        published_at TEXT,
        PRIMARY KEY (post_id, sequence, visit_id)
    ) WITHOUT ROWID;
    CREATE INDEX looks_of_visit ON looks (visit_id);
    CREATE TABLE former (visit_id TEXT, today TEXT, id TEXT, PRIMARY KEY (visit_id, today, id)) WITHOUT ROWID;
    CREATE INDEX former_by_id ON former (id);
    CREATE INDEX former_by_today ON former (today);
    CREATE TABLE called (visit_id TEXT, today TEXT, id TEXT, PRIMARY KEY (visit_id, today, id)) WITHOUT ROWID;
    CREATE INDEX called_by_id ON called (id);
    CREATE TABLE addresses (digest BLOB PRIMARY KEY, post_id TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE held (visit_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# What SQLite keeps in the head of the file: another number, and the tables are those of another version.
_FORMAT: Final = zlib.crc32(_TABLES.encode()) >> 1
# What SQLite says of a file that is no database, is damaged, or has other tables than ours.
_UNUSABLE: Final = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY_CODE: Final = 0xFF
_BUSY_SECONDS: Final = 5.0


def opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that may have nothing in it yet."""
    return sqlite3.connect(path, timeout=_BUSY_SECONDS)


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to records that were begun; sqlite3.DatabaseError where there are none."""
    with ExitStack() as stack:
        source = f"{path.absolute().as_uri()}?mode={mode}"
        database = stack.enter_context(closing(sqlite3.connect(source, uri=True, timeout=_BUSY_SECONDS)))
        database.execute("SELECT fingerprint FROM view").fetchall()
        if database.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
            raise sqlite3.DatabaseError("another version of postkeep made them")
        stack.pop_all()
    return database


def make_tables(database: sqlite3.Connection, fingerprint: str) -> None:
    """Make the tables of a file in which nothing is yet."""
    database.executescript(_TABLES)
    database.execute(f"PRAGMA user_version = {_FORMAT}")
    database.execute("INSERT INTO view VALUES (?)", (fingerprint,))
    database.commit()


def is_busy(error: sqlite3.DatabaseError) -> bool:
    """Whether another program keeps a file locked."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _BUSY


def is_usable(path: Path, fingerprint: str) -> bool:
    """Whether ``path`` is a sound database of today's tables with this fingerprint."""
    if not path.exists():
        return False
    with closing(opened(path)) as database:
        try:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            if database.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                return False
            return bool(database.execute("SELECT fingerprint FROM view").fetchall() == [(fingerprint,)])
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE in _UNUSABLE:
                return False
            message = (
                f"{path} cannot be used: {error}. Wait until the other run ends, then run the command again."
            )
            raise ArchiveHeldError(message) from error


def drop(path: Path) -> None:
    """Remove the file, and what SQLite left beside it."""
    for leftover in (path, path.with_name(path.name + "-journal"), path.with_name(path.name + "-wal")):
        leftover.unlink(missing_ok=True)
