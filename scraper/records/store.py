"""records.sqlite: the readings and rejections of an archive, ready to be merged into rows.

It is a view of the archive: never migrated, only rebuilt. Whatever it holds can be dropped at any time and read from
the archive again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scraper.errors import ArchiveHeldError, UsageError
from scraper.records.contract import Contract, Row
from scraper.records.history import PostRows, merge
from scraper.records.reading import Reading
from scraper.records.times import parse_time, time_text

_TABLES: Final = """
    CREATE TABLE view (fingerprint TEXT NOT NULL);
    CREATE TABLE readings (
        visit_id TEXT PRIMARY KEY,
        post_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        captured_at TEXT,
        post TEXT NOT NULL,
        comments TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX readings_of_post ON readings (post_id, sequence, visit_id);
    CREATE TABLE rejections (
        visit_id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        url TEXT NOT NULL,
        site TEXT,
        reason TEXT NOT NULL
    ) WITHOUT ROWID;
"""
# What SQLite says of a file that is no database, is damaged, or has other tables than ours.
_UNUSABLE: Final = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE: Final = 0xFF
_BUSY_SECONDS: Final = 5.0
_PUTS_A_COMMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Rejected:
    """A visit that gave no record, and why; ``site`` is None where no site claims the URL."""

    visit_id: str
    sequence: int
    url: str
    site: str | None
    reason: str


class Records:
    """What records.sqlite holds, to be read; a context manager."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @staticmethod
    def open_to_read(path: Path) -> "Records":
        """The records as they stand, whatever they were read by; nothing is dropped or written.

        Raises:
            UsageError: there is no such file, or it is damaged.
        """
        source = f"{path.absolute().as_uri()}?mode=ro"
        try:
            with ExitStack() as stack:
                database = stack.enter_context(
                    closing(sqlite3.connect(source, uri=True, timeout=_BUSY_SECONDS))
                )
                database.execute("SELECT fingerprint FROM view")
                stack.pop_all()
                return Records(database)
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{path} holds no records: {error}. Run: postkeep extract") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what was put is kept."""
        self._database.commit()
        self._database.close()

    def has(self, visit_id: str) -> bool:
        """Whether the visit was read, into a reading or a rejection."""
        query = "SELECT 1 FROM readings WHERE visit_id = ?1 UNION ALL SELECT 1 FROM rejections WHERE visit_id = ?1"
        return self._database.execute(query, (visit_id,)).fetchone() is not None

    def post_ids(self) -> tuple[str, ...]:
        """The posts there are, sorted."""
        query = "SELECT DISTINCT post_id FROM readings ORDER BY post_id"
        return tuple(post_id for (post_id,) in self._database.execute(query))

    def posts(self) -> Iterator[PostRows]:
        """All rows, post after post by ``post_id``; only one post's readings are in memory."""
        for _, readings in groupby(self._readings(), key=attrgetter("post_id")):
            yield merge(readings)

    def rows(self, config: str) -> Iterator[Row]:
        """The rows of one config, by post.

        Comments are sorted by position within their post, metrics by time with unknown first, revisions by item,
        field and revision.
        """
        for rows in self.posts():
            yield from rows.of(config)

    def rejections(self) -> Iterator[Rejected]:
        """The visits that gave no record, in the order they were made."""
        query = "SELECT visit_id, sequence, url, site, reason FROM rejections ORDER BY sequence, visit_id"
        return (Rejected(*row) for row in self._database.execute(query))

    def _readings(self) -> Iterator[Reading]:
        query = """SELECT visit_id, post_id, sequence, captured_at, post, comments
                   FROM readings ORDER BY post_id, sequence, visit_id"""
        for visit_id, post_id, sequence, captured_at, post, comments in self._database.execute(query):
            yield Reading(
                post_id=post_id,
                visit_id=visit_id,
                sequence=sequence,
                captured_at=parse_time(captured_at) if captured_at else None,
                post=json.loads(post),
                comments=tuple(json.loads(comments)),
            )


class RecordStore(Records):
    """The records at ``path``, to be read and written.

    ``fingerprint`` stands for all that decides what a reading says: the readers' versions, the schema, the settings.
    A file with another fingerprint, or a damaged one, is dropped and begun anew.

    Raises:
        ArchiveHeldError: another program is writing to the file.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        if not _is_usable(path, fingerprint):
            _drop(path)
        super().__init__(sqlite3.connect(path, timeout=_BUSY_SECONDS))
        self._contract = Contract.load()
        self._uncommitted = 0
        if not self._database.execute("SELECT 1 FROM sqlite_schema").fetchone():
            self._database.executescript(_TABLES)
            self._database.execute("INSERT INTO view VALUES (?)", (fingerprint,))
            self._database.commit()

    def put(self, reading: Reading) -> tuple[str, ...]:
        """Keep a reading in place of what its visit gave before; or reject it, and return all its problems."""
        problems = self._problems(reading)
        if problems:
            reason = "The record breaks the schema: " + " ".join(problems)
            self.reject(reading.visit_id, reading.sequence, reading.post["url"], reading.post["site"], reason)
            return problems
        values = {
            "visit_id": reading.visit_id,
            "post_id": reading.post_id,
            "sequence": reading.sequence,
            "captured_at": time_text(reading.captured_at) if reading.captured_at else None,
            "post": json.dumps(reading.post, ensure_ascii=False),
            "comments": json.dumps(reading.comments, ensure_ascii=False),
        }
        self._replace("readings", values)
        return ()

    def reject(self, visit_id: str, sequence: int, url: str, site: str | None, reason: str) -> None:
        """Note that a visit gave no record, in place of what it gave before."""
        self._replace("rejections", asdict(Rejected(visit_id, sequence, url, site, reason)))

    def _problems(self, reading: Reading) -> tuple[str, ...]:
        problems = list(self._contract.problems("posts", reading.post))
        for comment in reading.comments:
            found = self._contract.problems("comments", comment)
            problems += [f"{comment['comment_id']}: {problem}" for problem in found]
        return tuple(problems)

    def _replace(self, table: str, values: Row) -> None:
        for name in ("readings", "rejections"):
            self._database.execute(f"DELETE FROM {name} WHERE visit_id = :visit_id", values)  # noqa: S608 - our names
        columns = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        self._database.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - our names
        self._uncommitted += 1
        if self._uncommitted >= _PUTS_A_COMMIT:
            self._database.commit()
            self._uncommitted = 0


def _is_usable(path: Path, fingerprint: str) -> bool:
    """Whether ``path`` is a sound database with this fingerprint."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as database:
        try:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            return bool(database.execute("SELECT fingerprint FROM view").fetchall() == [(fingerprint,)])
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE in _UNUSABLE:
                return False
            message = (
                f"{path} cannot be used: {error}. Wait until the other run ends, then run the command again."
            )
            raise ArchiveHeldError(message) from error


def _drop(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + "-journal"), path.with_name(path.name + "-wal")):
        leftover.unlink(missing_ok=True)
