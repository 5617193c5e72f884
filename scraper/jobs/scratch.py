"""Tables that one run needs and none after it, kept on disk so that they take no memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import finalize

from scraper.errors import StopError

Value = str | bytes | int | None
_CODING: Final = ("utf-8", "surrogatepass")


class Scratch:
    """A temporary database (https://sqlite.org/inmemorydb.html#temp_db): gone with the last who holds it.

    What its page cache of 2 MB has no room for lies in a file without a name, in TMPDIR or else in /var/tmp. Texts are
    kept as bytes, since a word of a command line may hold a lone surrogate, which SQLite's text may not.
    Every method raises StopError where that folder has no room.
    """

    def __init__(self, tables: str) -> None:
        # It is used by one thread; the one that collects garbage may be another.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        finalize(self, self._connection.close)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {tables}")

    def execute(self, sql: str, *values: Value) -> bool:
        """Run one statement; gives whether it changed a row."""
        with _explained():
            return self._connection.execute(sql, _as_bytes(values)).rowcount > 0

    def rows(self, sql: str, *values: Value) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one after the other; the tables that it reads must not change meanwhile."""
        with _explained():
            for row in self._connection.execute(sql, _as_bytes(values)):
                yield tuple(value.decode(*_CODING) if isinstance(value, bytes) else value for value in row)

    def octets(self, sql: str, *values: Value) -> bytes | None:
        """The one value, bytes, of the first row of a query; None where there is none."""
        with _explained():
            row = self._connection.execute(sql, _as_bytes(values)).fetchone()
        return bytes(row[0]) if row else None


def _as_bytes(values: Iterable[Value]) -> tuple[bytes | int | None, ...]:
    return tuple(value.encode(*_CODING) if isinstance(value, str) else value for value in values)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = (
            f"The list of what this run does cannot be written: {error}. Nothing that was kept is lost. "
            "Free space in /var/tmp, or name a folder that has some as TMPDIR, then run the same command again."
        )
        raise StopError(message) from error
