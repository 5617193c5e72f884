"""state.sqlite: one connection, its queries, and its transactions."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn

from scraper.archive.disk import Disk, explained, sync_file, unwritable
from scraper.archive.warc import format_date
from scraper.errors import ArchiveDamagedError, StopError
from scraper.model.closable import Closable

STATE_FILE: Final = "state.sqlite"
REBUILD: Final = "Run `postkeep check --repair`: it rebuilds it from the WARC files."
_BUSY_SECONDS: Final = 30.0
# Primary result codes (https://sqlite.org/rescode.html) of a file whose content is at fault. SQLITE_ERROR is what a
# missing table gives.
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
_FAILURES: Final = (sqlite3.DatabaseError, OSError, UnicodeDecodeError)

Value = str | int | float | bytes | datetime | None


class State(Closable):
    """An open state.sqlite, used by one thread at a time. ``migrate`` opens it. Times are kept as WARC-Dates.

    Every method raises ArchiveDamagedError where the file is no database or a damaged one, and StopError where
    the medium refuses.
    """

    def __init__(self, path: Path, disk: Disk, options: str = "") -> None:
        """Connect; ``options`` is the query of an SQLite file URI (https://sqlite.org/uri.html)."""
        self._path = path
        self._disk = disk
        self._gathers = False
        try:
            self._connection = sqlite3.connect(
                path.resolve().as_uri() + options, uri=True, timeout=_BUSY_SECONDS, isolation_level=None
            )
        except _FAILURES as error:
            self._explain(error)
        self._connection.row_factory = sqlite3.Row

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """All rows of a query, read at once: no cursor stays open that could hold up the writer."""
        try:
            return self._connection.execute(sql, _as_columns(values)).fetchall()
        except _FAILURES as error:
            self._explain(error)

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, *values)
        return rows[0] if rows else None

    def number(self, sql: str, *values: Value) -> int:
        """The one integer that a query gives; 0 for NULL."""
        row = self.row(sql, *values)
        return int(row[0] or 0) if row else 0

    def execute(self, sql: str, *values: Value) -> int:
        """Run one statement, and give how many rows it changed; one that changes rows belongs into ``transaction``."""
        try:
            return self._connection.execute(sql, _as_columns(values)).rowcount
        except _FAILURES as error:
            self._explain(error)

    def change(self, sql: str, *values: Value) -> None:
        """Run one statement that changes rows, as a ``transaction`` with nothing else in it."""
        if self._is_in_transaction():
            # SQLite undoes a statement that fails.
            self.execute(sql, *values)
            return
        with self.transaction():
            self.execute(sql, *values)

    def begin(self) -> None:
        """Begin a transaction where none is under way: for who undoes all since the last commit where a part of it fails."""
        if not self._is_in_transaction():
            self.execute("BEGIN IMMEDIATE")

    def gather(self) -> None:
        """From now on, changes add up until ``commit`` makes them durable."""
        self._gathers = True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the changes inside, or none of them; within another transaction, with the rest of that one.

        They are durable at its end, or where changes are gathered with ``commit``.
        """
        within = self._is_in_transaction()
        self.execute("SAVEPOINT change" if within else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # SQLite itself has rolled all of it back where the medium refused.
            if self._is_in_transaction():
                self._connection.execute("ROLLBACK TO change" if within else "ROLLBACK")
            raise
        if within:
            self.execute("RELEASE change")
        elif not self._gathers:
            self.commit()

    def commit(self) -> None:
        """Make the changes since the last commit durable, all of them or none."""
        if not self._is_in_transaction():
            return
        try:
            self._disk.commit(self._connection)
        except _FAILURES as error:
            self._explain(error)
        finally:
            self.roll_back()

    def roll_back(self) -> None:
        """Undo the changes since the last commit."""
        if self._is_in_transaction():
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_in_transaction(self) -> bool:
        return self._connection.in_transaction

    def _explain(self, error: Exception) -> NoReturn:
        """Raise the error that says what to do about what failed; the same where it is a mistake of ours."""
        match error:
            case sqlite3.IntegrityError() | sqlite3.ProgrammingError():
                raise error
            case OSError():
                raise unwritable(self._path, error) from error
            case UnicodeDecodeError():
                message = f"{self._path} is damaged: it holds text that is none. {REBUILD}"
                raise ArchiveDamagedError(message) from error
        # Without a code it is Python's own: a text that is no UTF-8.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGE:
            raise ArchiveDamagedError(f"{self._path} is damaged: {error}. {REBUILD}") from error
        raise StopError(
            f"{self._path} cannot be used: {error}. Nothing that was kept before is lost. "
            "Free space, or make the folder writable, then run the same command again."
        ) from error


def _as_columns(values: Iterable[Value]) -> list[str | int | float | bytes | None]:
    return [format_date(value) if isinstance(value, datetime) else value for value in values]


def copy_database(source: Path, copy: Path, disk: Disk) -> None:
    """A consistent copy of an SQLite database, its log included, by SQLite's own backup; safe on disk on return.

    Raises:
        ArchiveDamagedError: the database is damaged.
        StopError: the medium refused.
    """
    with ExitStack() as opened, explained(copy):
        old = opened.enter_context(closing(sqlite3.connect(source.resolve().as_uri() + "?mode=ro", uri=True)))
        new = opened.enter_context(closing(sqlite3.connect(copy)))
        try:
            old.backup(new)
        except sqlite3.DatabaseError as error:
            message = f"{source} cannot be copied: {error}. Run `postkeep check --repair`, and look at the space on {copy.parent}."
            raise ArchiveDamagedError(message) from error
    disk.restrict(copy)
    sync_file(copy, disk)
