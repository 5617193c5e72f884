"""records.sqlite: the readings and rejections of an archive, ready to be merged into rows.

It is a view of the archive: never migrated, only rebuilt. Whatever it holds can be dropped at any time and read from
the archive again.
"""

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from scraper.errors import ArchiveHeldError, UsageError
from scraper.model.closable import Closable
from scraper.records.contract import Contract, Row
from scraper.records.history import PostRows, merge
from scraper.records.looks import Look, look_of, look_of_departure
from scraper.records.reading import Departure, Reading
from scraper.records.records_file import connected, drop, is_busy, is_usable, make_tables, opened
from scraper.records.stored_rows import (
    address_digest,
    packed,
    stored_look,
    stored_reading,
    stored_time,
    time_of,
    unpacked,
)

OF_VISITS: Final = ("readings", "departures", "rejections", "looks", "held", "former", "called")
"""The tables that have rows of visits."""
NOT_HELD: Final = "visit_id NOT IN (SELECT visit_id FROM held)"
"""The condition that a row is of a visit that no drift holds back."""

_READINGS: Final = "SELECT visit_id, post_id, sequence, captured_at, is_cut, left_out, rows FROM readings"
_LOOK_COLUMNS: Final = tuple(field.name for field in fields(Look))
_look_values: Final = attrgetter(*_LOOK_COLUMNS)
_LOOKS: Final = f"SELECT {', '.join(_LOOK_COLUMNS)} FROM looks"  # noqa: S608 - our names
_DEPARTURE_COLUMNS: Final = tuple(field.name for field in fields(Departure))
_departure_values: Final = attrgetter(*_DEPARTURE_COLUMNS)
_DEPARTURES: Final = f"SELECT {', '.join(_DEPARTURE_COLUMNS)} FROM departures"  # noqa: S608 - our names
# What is put is committed after so many visits, or bytes of rows: it is held in memory until then.
_PUTS_A_COMMIT: Final = 500
_BYTES_A_COMMIT: Final = 4_000_000
_LOOKS_AT_ONCE: Final = 5000
_POSTS_AT_ONCE: Final = 5000
# SQLite takes 999 values of a statement, or more.
_VISITS_AT_ONCE: Final = 150


class Records(Closable):
    """What records.sqlite holds, to be read.

    ``keep_deleted_text`` leaves the texts of what was deleted in the revisions.
    """

    def __init__(self, database: sqlite3.Connection, *, keep_deleted_text: bool = False) -> None:
        self._database = database
        self._keep_deleted_text = keep_deleted_text

    @property
    def database(self) -> sqlite3.Connection:
        """The open file, for the tables that what is built on the records keeps beside them."""
        return self._database

    @staticmethod
    def open_to_read(path: Path) -> "Records":
        """The records as they stand, whatever they were read by; nothing is dropped or written.

        Raises:
            UsageError: there is no such file, or it is damaged.
            ArchiveHeldError: another program keeps it locked.
        """
        try:
            return Records(connected(path, "ro"))
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
                return Records._rolled_back(path)
            if is_busy(error):
                message = (
                    f"{path} is being written by another run. Wait a moment, then run the same command again."
                )
                raise ArchiveHeldError(message) from error
            raise UsageError(
                f"{path} holds no records that can be read: {error}. Run: postkeep extract"
            ) from error

    @staticmethod
    def _rolled_back(path: Path) -> "Records":
        """The records that a run was writing when it was killed, as they were before: SQLite puts that right, if it may write."""
        try:
            return Records(connected(path, "rw"))
        except sqlite3.DatabaseError as error:
            message = f"{path} was being written when a run was killed, and cannot be put right: {error}. Make it writable, then run the same command again."
            raise UsageError(message) from error

    def close(self) -> None:
        """Let go of the file; what was put is kept."""
        self._database.commit()
        self._database.close()

    def unread(self, visit_ids: Iterable[str]) -> Iterator[str]:
        """Of visits those that were not read, in their order."""
        visits = iter(visit_ids)
        while some := tuple(islice(visits, _VISITS_AT_ONCE)):
            ids = f"({', '.join('?' * len(some))})"
            query = " UNION ".join(
                f"SELECT visit_id FROM {name} WHERE visit_id IN {ids}"  # noqa: S608 - our names
                for name in OF_VISITS
            )
            read = {visit_id for (visit_id,) in self._database.execute(query, some * len(OF_VISITS))}
            yield from (visit_id for visit_id in some if visit_id not in read)

    def has_post(self, post_id: str) -> bool:
        """Whether any visit could read the post."""
        query = "SELECT 1 FROM readings WHERE post_id = ?"
        return self._database.execute(query, (post_id,)).fetchone() is not None

    def ids_today(self, former: Iterable[str]) -> frozenset[str]:
        """The ids of posts and authors to which readers before this one gave one of the ``former`` ids."""
        query = "SELECT today FROM former WHERE id = ?"
        return frozenset(today for each in former for (today,) in self._database.execute(query, (each,)))

    def people_called(self, named: Iterable[str]) -> frozenset[str]:
        """The ids of the authors with accounts who have the names of which ``named`` are the ids."""
        query = "SELECT today FROM called WHERE id = ?"
        return frozenset(today for each in named for (today,) in self._database.execute(query, (each,)))

    def former_ids(self, today: str) -> frozenset[str]:
        """The ids that readers before this one gave to a post, an author, or a comment with an id of its site."""
        post_id, mark, native = today.partition("#")
        rows = self._database.execute("SELECT id FROM former WHERE today = ?", (post_id,))
        return frozenset(f"{former}{mark}{native}" for (former,) in rows)

    def post_at(self, url: str) -> str | None:
        """The post that an earlier visit of ``url`` could read; None where there was none."""
        return self.post_at_address(address_digest(url))

    def post_at_address(self, address: bytes) -> str | None:
        """As ``post_at``, where the URL is known by its digest."""
        query = "SELECT post_id FROM addresses WHERE digest = ?"
        row = self._database.execute(query, (address,)).fetchone()
        return str(row[0]) if row else None

    def site_of(self, post_id: str) -> str | None:
        """The site of a post that a visit could read; None where none could."""
        query = "SELECT rows FROM readings WHERE post_id = ? LIMIT 1"
        row = self._database.execute(query, (post_id,)).fetchone()
        return unpacked(row[0])[0]["site"] if row else None

    def platform_of(self, post_id: str) -> str | None:
        """The platform of the site of a post that a visit could read; None where none could."""
        query = "SELECT rows FROM readings WHERE post_id = ? LIMIT 1"
        row = self._database.execute(query, (post_id,)).fetchone()
        return unpacked(row[0])[0]["platform"] if row else None

    def post_ids(self) -> Iterator[str]:
        """The posts there are, sorted; those that only a run read that is held back are not among them. Nothing is locked meanwhile."""
        query = (
            f"SELECT DISTINCT post_id FROM readings WHERE post_id > ? AND {NOT_HELD} ORDER BY post_id LIMIT ?"  # noqa: S608 - our names
        )
        last = ""
        while rows := self._database.execute(query, (last, _POSTS_AT_ONCE)).fetchall():
            yield from (post_id for (post_id,) in rows)
            last = rows[-1][0]

    def post_count(self) -> int:
        """How many posts ``post_ids`` gives."""
        query = f"SELECT count(DISTINCT post_id) FROM readings WHERE {NOT_HELD}"  # noqa: S608 - our names
        (count,) = self._database.execute(query).fetchone()
        return int(count)

    def posts(self) -> Iterator[PostRows]:
        """All rows, post after post by ``post_id``; only one post's readings are in memory."""
        for post_id, readings in groupby(self._readings(), key=attrgetter("post_id")):
            yield merge(readings, self._departures(post_id), keep_deleted_text=self._keep_deleted_text)

    def post(self, post_id: str) -> PostRows | None:
        """All rows of one post; None where no visit that counts could read it."""
        readings = self.readings_of(post_id)
        if not readings:
            return None
        return merge(readings, self._departures(post_id), keep_deleted_text=self._keep_deleted_text)

    def rows(self, config: str) -> Iterator[Row]:
        """The rows of one config, by post.

        Comments are sorted by position within their post, metrics by time with unknown first, revisions by item,
        field and revision.
        """
        for rows in self.posts():
            yield from rows.of(config)

    def looks(self) -> Iterator[Look]:
        """What every visit to a known post came to, by post and in the order of the visits; nothing is locked meanwhile."""
        query = f"{_LOOKS} WHERE (post_id, sequence, visit_id) > (?, ?, ?) ORDER BY post_id, sequence, visit_id LIMIT ?"
        last = ("", 0, "")
        while rows := self._database.execute(query, (*last, _LOOKS_AT_ONCE)).fetchall():
            yield from map(stored_look, rows)
            last = rows[-1][:3]

    def rejection_count(self) -> int:
        """How many visits ``rejections`` gives."""
        (count,) = self._database.execute("SELECT count(*) FROM rejections").fetchone()
        return int(count)

    def rejections(self) -> dict[str, str]:
        """The visits that gave no record, each with a sentence that says why."""
        return dict(self._database.execute("SELECT visit_id, reason FROM rejections").fetchall())

    def departures_of_unknown(self) -> dict[str, str]:
        """The visits that found a post gone of which there is no reading, each with a sentence that says why."""
        query = "SELECT visit_id, reason FROM departures WHERE post_id NOT IN (SELECT post_id FROM readings)"
        return dict(self._database.execute(query).fetchall())

    def looks_at(self, post_id: str) -> Iterator[Look]:
        """What every visit to one post came to, in their order."""
        query = f"{_LOOKS} WHERE post_id = ? ORDER BY sequence, visit_id"
        return map(stored_look, self._database.execute(query, (post_id,)))

    def reading(self, visit_id: str) -> Reading | None:
        """What one visit gave, held back or not; None where that was no reading."""
        row = self._database.execute(f"{_READINGS} WHERE visit_id = ?", (visit_id,)).fetchone()
        return stored_reading(row) if row else None

    def readings_of(self, post_id: str) -> list[Reading]:
        """What the visits to one post gave, in their order; those that are held back are not among them."""
        query = f"{_READINGS} WHERE post_id = ? AND {NOT_HELD} ORDER BY sequence, visit_id"
        return [stored_reading(row) for row in self._database.execute(query, (post_id,)).fetchall()]

    def visited(self) -> Iterator[Reading | Departure]:
        """What ``posts`` is merged of, by ``post_id``: the readings and departures that are not held back."""
        return heapq.merge(self._readings(), self._departures_by_post(), key=attrgetter("post_id"))

    def _readings(self) -> Iterator[Reading]:
        query = f"{_READINGS} WHERE {NOT_HELD} ORDER BY post_id, sequence, visit_id"
        return map(stored_reading, self._database.execute(query))

    def readings(self) -> Iterator[Reading]:
        """Every reading, held back or not, by ``post_id`` and then in the order of their visits."""
        return map(
            stored_reading, self._database.execute(f"{_READINGS} ORDER BY post_id, sequence, visit_id")
        )

    def _departures(self, post_id: str) -> tuple[Departure, ...]:
        query = f"{_DEPARTURES} WHERE post_id = ? AND {NOT_HELD}"
        return tuple(map(_stored_departure, self._database.execute(query, (post_id,))))

    def _departures_by_post(self) -> Iterator[Departure]:
        query = f"{_DEPARTURES} WHERE {NOT_HELD} ORDER BY post_id, sequence, visit_id"
        return map(_stored_departure, self._database.execute(query))


class RecordStore(Records):
    """The records at ``path``, to be read and written.

    ``fingerprint`` stands for all that decides what a reading says: the readers' versions, the schema, the settings.
    A file with another fingerprint, or a damaged one, is dropped and begun anew. One that is not ``is_lasting`` is of use to nobody
    where this process dies, so it does not wait for the medium.

    Raises:
        ArchiveHeldError: another program is writing to the file.
    """

    def __init__(
        self, path: Path, fingerprint: str, *, keep_deleted_text: bool = False, is_lasting: bool = True
    ) -> None:
        if not is_usable(path, fingerprint):
            drop(path)
        super().__init__(opened(path), keep_deleted_text=keep_deleted_text)
        if not is_lasting:
            self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        self._contract = Contract.load()
        self._uncommitted = self._uncommitted_bytes = 0
        # Changes that went to the file before their commit would lock out whoever reads, for as long as a run goes on.
        self._database.execute("PRAGMA cache_spill = OFF")
        if not self._database.execute("SELECT 1 FROM sqlite_schema").fetchone():
            make_tables(self._database, fingerprint)

    def put(self, reading: Reading) -> tuple[str, ...]:
        """Keep a reading in place of what its visit gave before; or reject it, and return all its problems."""
        problems = self._problems(reading)
        if problems:
            look = replace(look_of(reading), kind="nothing", words=None, numbers=None)
            self.reject(reading.visit_id, f"The record breaks the schema: {' '.join(problems)}", look)
            return problems
        values = {
            "visit_id": reading.visit_id,
            "post_id": reading.post_id,
            "sequence": reading.sequence,
            "captured_at": stored_time(reading.captured_at),
            "is_cut": reading.is_cut,
            "left_out": reading.left_out,
            "rows": packed(reading.post, reading.comments),
        }
        self._replace("readings", values, look_of(reading))
        for table, others in (("former", reading.former), ("called", reading.called)):
            values_of_ids = [(reading.visit_id, today, each) for today, ids in others.items() for each in ids]
            self._database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", values_of_ids)  # noqa: S608 - our names
        self._database.execute(
            "INSERT OR REPLACE INTO addresses VALUES (?, ?)",
            (reading.address, reading.post_id),
        )
        return ()

    def put_departure(self, departure: Departure) -> None:
        """Keep that a visit saw its post gone, in place of what it gave before."""
        columns = dict(zip(_DEPARTURE_COLUMNS, _departure_values(departure), strict=True))
        values = columns | {"captured_at": stored_time(departure.captured_at)}
        self._replace("departures", values, look_of_departure(departure))

    def reject(self, visit_id: str, reason: str, look: Look | None = None) -> None:
        """Note that a visit gave no record, in place of what it gave before; ``look`` where its post is known, ``reason`` is a sentence."""
        self._replace("rejections", {"visit_id": visit_id, "reason": reason}, look)

    def drop(self, visit_ids: Iterable[str]) -> None:
        """Let go of what visits gave, so that they are read again."""
        for visit_id in visit_ids:
            for name in OF_VISITS:
                self._database.execute(f"DELETE FROM {name} WHERE visit_id = ?", (visit_id,))  # noqa: S608 - our names
        self._database.commit()

    def hold(self, visit_ids: Iterable[str]) -> None:
        """Leave what these visits gave out of the rows until they are released or read again."""
        self._database.executemany("INSERT OR IGNORE INTO held VALUES (?)", ((each,) for each in visit_ids))

    def release(self, visit_ids: Iterable[str]) -> None:
        """Let what these visits gave into the rows."""
        self._database.executemany("DELETE FROM held WHERE visit_id = ?", ((each,) for each in visit_ids))

    def _problems(self, reading: Reading) -> tuple[str, ...]:
        problems = list(self._contract.problems("posts", reading.post))
        for comment in reading.comments:
            of_comment = self._contract.problems("comments", comment)
            problems += [f"{comment['comment_id']}: {problem}" for problem in of_comment]
        return tuple(problems)

    def _replace(self, table: str, values: Mapping[str, Any], look: Look | None) -> None:
        # Before the visit, not behind it: whether it is held back is told after this, and belongs with it.
        if self._uncommitted >= _PUTS_A_COMMIT or self._uncommitted_bytes >= _BYTES_A_COMMIT:
            self._database.commit()
            self._uncommitted = self._uncommitted_bytes = 0
        for name in OF_VISITS:
            self._database.execute(f"DELETE FROM {name} WHERE visit_id = :visit_id", values)  # noqa: S608 - our names
        self._insert(table, values)
        if look is not None:
            times = {"at": stored_time(look.at), "published_at": stored_time(look.published_at)}
            self._insert("looks", dict(zip(_LOOK_COLUMNS, _look_values(look), strict=True)) | times)
        self._uncommitted += 1
        self._uncommitted_bytes += len(values.get("rows", b""))

    def _insert(self, table: str, values: Mapping[str, Any]) -> None:
        columns = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        self._database.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - our names


def _stored_departure(row: tuple[Any, ...]) -> Departure:
    columns = dict(zip(_DEPARTURE_COLUMNS, row, strict=True))
    return Departure(**columns | {"captured_at": time_of(columns["captured_at"])})
