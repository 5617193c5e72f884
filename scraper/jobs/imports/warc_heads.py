"""The heads of the captures and requests of WARC files as tables, one pass over each file.

A file of any size costs little memory, and the tables of many files are joined without reading one of them again.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.archive.asking import asked_in, links_of
from scraper.archive.foreign import are_concurrent, read_heads
from scraper.archive.foreign_records import PlacedRecord
from scraper.archive.replay import capture_time
from scraper.archive.unpacked import Position
from scraper.archive.warc import WarcRecord, unbracketed
from scraper.archive.warc_file import WarcFile
from scraper.model.url import parse_url

_UNDATED: Final = datetime.min.replace(tzinfo=UTC)
# ``asked_member`` and ``asked_within`` are where the request of a capture stands if it comes right before it, else where the capture does.
_TABLES: Final = """
CREATE TABLE heads (
    record_id TEXT, key TEXT, at REAL, digest TEXT, type TEXT, file INTEGER,
    member INTEGER, within INTEGER, asked_member INTEGER, asked_within INTEGER
) STRICT;
CREATE TABLE requests (number INTEGER PRIMARY KEY, type TEXT, key TEXT, at REAL, method TEXT, personal TEXT) STRICT;
CREATE TABLE links (id TEXT, request INTEGER) STRICT;
"""
# Made once the tables are full, which is much quicker. Each question has an index that gives its answer first, however many heads have one
# URL, digest or id; ``asked`` has what requests tell of records by their ids, ``untied`` the request that counts of those of a URL and moment
# that nothing ties to an answer: of several that which is least like anybody's is believed.
_INDEXES: Final = """
CREATE INDEX heads_by_id ON heads (record_id, type, key, at);
CREATE INDEX heads_by_key ON heads (key, at, file, member, within);
CREATE INDEX heads_by_digest_of_key ON heads (digest, type, key, at, file, member, within);
CREATE INDEX heads_by_digest ON heads (digest, type, at, file, member, within);
CREATE INDEX links_by_request ON links (request, id);
CREATE TABLE asked (id TEXT, method TEXT, personal TEXT) STRICT;
INSERT INTO asked SELECT DISTINCT id, method, personal FROM links JOIN requests ON request = number;
CREATE INDEX asked_by_id ON asked (id);
CREATE TABLE untied (key TEXT, at REAL, method TEXT, personal TEXT, number INTEGER) STRICT;
INSERT INTO untied SELECT key, at, method, personal, number FROM (
    SELECT *, row_number() OVER (PARTITION BY key, at ORDER BY personal = '', method = 'GET', number) AS rank FROM requests
    WHERE type = 'request' AND NOT EXISTS (SELECT 1 FROM links JOIN heads ON heads.record_id = links.id WHERE links.request = requests.number)
) WHERE rank = 1;
CREATE UNIQUE INDEX untied_by_key ON untied (key, at);
"""
_COLUMNS: Final = "record_id, key, at, digest, type"
_PLACES: Final = "member, within, asked_member, asked_within"


def make_tables(database: sqlite3.Connection) -> None:
    """Make the empty tables. A reader who is killed has only to begin anew, so nothing is journalled."""
    database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")


def note_file(database: sqlite3.Connection, number: int, warc: WarcFile) -> None:
    """Note the heads of one file under its number. A file that is no WARC file is said where it is read.

    Raises:
        UnreadableError: its medium does not give it, or not to its end; the heads before that are noted.
        RetryableError: it lies far away and cannot be had for now.
    """
    database.execute("BEGIN")
    try:
        _note_heads(database, number, read_heads(warc))
    finally:
        database.execute("COMMIT")


def _note_heads(database: sqlite3.Connection, number: int, heads: Iterator[PlacedRecord]) -> None:
    for placed, asked_at in _with_requests(heads):
        head = placed.record
        if head.type in {"request", "metadata"}:
            _note_request(database, head)
            continue
        row = (
            head.record_id,
            url_key(unbracketed(head.get("WARC-Target-URI") or "")),
            seconds(capture_time(head).at),
            digest_key(head.get("WARC-Payload-Digest")),
            head.type,
            number,
            placed.position.member,
            placed.position.within,
            asked_at.member,
            asked_at.within,
        )
        database.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def add_tables(database: sqlite3.Connection, number: int, part: Path) -> None:
    """Add the tables in the database ``part``, which are of one file, under the file's number."""
    database.execute("ATTACH ? AS part", (str(part),))
    try:
        (last,) = database.execute("SELECT coalesce(max(number), 0) FROM requests").fetchone()
        database.execute("BEGIN")
        database.execute(
            f"INSERT INTO heads SELECT {_COLUMNS}, ?, {_PLACES} FROM part.heads ORDER BY rowid",  # noqa: S608 - our names
            (number,),
        )
        database.execute(
            "INSERT INTO requests SELECT number + ?, type, key, at, method, personal FROM part.requests",
            (last,),
        )
        database.execute("INSERT INTO links SELECT id, request + ? FROM part.links", (last,))
        database.execute("COMMIT")
    finally:
        database.execute("DETACH part")


def make_indexes(database: sqlite3.Connection) -> None:
    """Make the tables quick to ask, once they are full."""
    database.executescript(_INDEXES)


def url_key(url: str) -> str:
    """What stands for a URL in any of its spellings; the URL itself may name people, and these tables outlast a run."""
    parsed = parse_url(url)
    text = parsed.href if parsed else url
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest_key(stated: str | None) -> str | None:
    """A digest in one spelling: some write the algorithm, and base 32, in small letters."""
    algorithm, _, value = (stated or "").partition(":")
    return f"{algorithm.lower()}:{value.upper()}" if value else None


def seconds(at: datetime | None) -> float:
    """A time as the tables have it; 0 where it is unknown."""
    return ((at or _UNDATED) - _UNDATED).total_seconds()


@dataclass(slots=True)
class _LastRequest:
    record: WarcRecord
    position: Position


def _with_requests(heads: Iterator[PlacedRecord]) -> Iterator[tuple[PlacedRecord, Position]]:
    """Each head with where its request stands, if that is the head before it, else where it stands itself."""
    last: _LastRequest | None = None
    for placed in heads:
        record = placed.record
        position = placed.position
        if record.type == "request":
            last = _LastRequest(record, position)
        elif record.type != "metadata":
            if last and are_concurrent(last.record, record):
                position = last.position
            last = None
        yield placed, position


def _note_request(database: sqlite3.Connection, record: WarcRecord) -> None:
    asked = asked_in(record)
    row = (
        record.type,
        url_key(unbracketed(record.get("WARC-Target-URI") or "")),
        seconds(capture_time(record).at),
        asked.method,
        " ".join(asked.personal),
    )
    cursor = database.execute("INSERT INTO requests VALUES (NULL, ?, ?, ?, ?, ?)", row)
    links = ((link, cursor.lastrowid) for link in links_of(record))
    database.executemany("INSERT INTO links VALUES (?, ?)", links)
