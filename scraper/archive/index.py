"""The index of the archive's records in state.sqlite.

Each row follows from the WARC record alone, so that writing, recovery and rebuilding share one way in: ``add``.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper.archive.compose import (
    REFERS_TO,
    SOURCE_FILE,
    VISIT,
    VISIT_SEQUENCE,
    VISIT_URL,
    VisitRow,
    VisitStamp,
)
from scraper.archive.members import Member
from scraper.archive.message import Message
from scraper.archive.replay import capture_time, is_capture, message_of, stated_payload_digest, truncation_of
from scraper.archive.state import State
from scraper.archive.warc import WarcRecord, parse_fields, unbracketed
from scraper.model.exchange import Headers, first_header

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record lies: its file's name, and the gzip member within it with the digest it must have."""

    record_id: str
    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a URL last answered with: its ETag and Last-Modified verbatim, the record it is kept in, its digest."""

    etag: str | None
    last_modified: str | None
    record_id: str
    payload_digest: str

    @property
    def conditions(self) -> Headers:
        """The headers that ask for the payload only if it has changed (RFC 9110 sections 13.1.2 and 13.1.3)."""
        stated = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple(
            (name, value) for name, value in stated if value and value.isascii() and value.isprintable()
        )


class Index:
    """Rows about files, records, captures and visits. Its changes belong into ``State.transaction``."""

    def __init__(self, state: State) -> None:
        self._state = state
        # The files that have a row, as far as this index gave it to them.
        self._filed: set[str] = set()

    def add(self, file: str, member: Member) -> None:
        """Index one record; nothing changes where it is indexed already."""
        record = member.record
        if file not in self._filed:
            self._state.execute("INSERT INTO files (name) VALUES (?) ON CONFLICT (name) DO NOTHING", file)
            self._filed.add(file)
        self._state.execute(
            "INSERT INTO records SELECT ?, file_id, ?, ?, ?, ? FROM files WHERE name = ? "
            "ON CONFLICT (record_id) DO NOTHING",
            record.record_id, member.offset, member.length, member.sha256, record.type, file,
        )  # fmt: skip
        if is_capture(record):
            self._add_capture(record)
        elif record.type == "metadata" and record.get(VISIT):
            self._end_visit(record)

    def drop_file(self, file: str) -> None:
        """Forget a file that is gone, with all its records."""
        for place in self.places(file):
            self._state.execute("DELETE FROM records WHERE record_id = ?", place.record_id)
        self._state.execute("DELETE FROM files WHERE name = ?", file)
        self._filed.discard(file)

    def begin_visit(self, visit_id: str, url: str, site: str, at: datetime) -> None:
        """A new visit, next in sequence."""
        self._state.change(
            "INSERT INTO visits SELECT ?, ifnull(max(sequence), 0) + 1, ?, ?, ?, NULL, NULL, NULL FROM visits",
            visit_id, url, site, at,
        )  # fmt: skip

    def bind(self, visit_id: str, record_id: str) -> None:
        """Make a capture the visit's last; nothing changes where it is the visit's already."""
        self._state.change(
            "INSERT INTO visit_captures "
            "SELECT ?1, ifnull(max(position), -1) + 1, ?2 FROM visit_captures WHERE visit_id = ?1 "
            "ON CONFLICT (visit_id, record_id) DO NOTHING",
            visit_id, record_id,
        )  # fmt: skip

    def files(self) -> list[str]:
        """The names of all files, without ``.open``, in the order in which they were begun."""
        return [row["name"] for row in self._state.rows("SELECT name FROM files ORDER BY file_id")]

    def committed(self, file: str) -> int:
        """The offset after the file's last indexed record; 0 for a file without one."""
        return self._state.number(
            "SELECT max(offset + length) FROM records JOIN files USING (file_id) WHERE name = ?", file
        )

    def places(self, file: str) -> list[RecordPlace]:
        """Where each record of a file should lie, in order."""
        sql = f"{_PLACES} WHERE name = ? ORDER BY offset"
        return [_place(row) for row in self._state.rows(sql, file)]

    def place(self, record_id: str) -> RecordPlace | None:
        """Where one record lies; None where it is not indexed."""
        row = self._state.row(f"{_PLACES} WHERE record_id = ?", record_id)
        return _place(row) if row else None

    def captures_of(self, visit_id: str) -> list[RecordPlace]:
        """Where the captures of a visit lie, in the visit's order; those that are gone are left out."""
        sql = f"{_PLACES} JOIN visit_captures USING (record_id) WHERE visit_id = ? ORDER BY position"
        return [_place(row) for row in self._state.rows(sql, visit_id)]

    def bound(self, visit_id: str) -> list[str]:
        """The ids of a visit's captures, in order."""
        sql = "SELECT record_id FROM visit_captures WHERE visit_id = ? ORDER BY position"
        return [row["record_id"] for row in self._state.rows(sql, visit_id)]

    def visit(self, visit_id: str) -> VisitRow | None:
        """One visit, open or ended."""
        row = self._state.row("SELECT * FROM visits WHERE visit_id = ?", visit_id)
        return visit_row(row) if row else None

    def read_visits(self) -> None:
        """Read the row of every visit once.

        Raises:
            ArchiveDamagedError: a text in one is none.
            ValueError: a time in one is none.
        """
        last = self._state.number("SELECT max(rowid) FROM visits")
        for start in range(0, last + 1, _ROWS_AT_ONCE):
            sql = "SELECT * FROM visits WHERE rowid >= ? AND rowid < ?"
            for row in self._state.rows(sql, start, start + _ROWS_AT_ONCE):
                visit_row(row)

    def dangling(self) -> list[tuple[str, str]]:
        """Visits' URLs with the ids of captures they bind that are not in the archive."""
        rows = self._state.rows(
            "SELECT url, record_id FROM visit_captures JOIN visits USING (visit_id) "
            "WHERE record_id NOT IN (SELECT record_id FROM captures) ORDER BY sequence, position"
        )
        return [(row["url"], row["record_id"]) for row in rows]

    def refers_to(self, record_id: str) -> RecordPlace | None:
        """Where the original of a revisit lies; None where the record is no revisit, or its original is gone."""
        row = self._state.row("SELECT refers_to FROM revisits WHERE record_id = ?", record_id)
        return self.place(row["refers_to"]) if row else None

    def orphans(self) -> list[tuple[str, str, str]]:
        """The revisits whose original is not in the archive: URL, record id, and the id of the original."""
        rows = self._state.rows(
            "SELECT url, record_id, refers_to FROM revisits JOIN captures USING (record_id) "
            "WHERE refers_to NOT IN (SELECT record_id FROM captures) ORDER BY record_id"
        )
        return [(row["url"], row["record_id"], row["refers_to"]) for row in rows]

    def validators(self, url: str) -> Validators | None:
        """The last whole answer to ``url`` that a later one may be compared with; None where there is none."""
        row = self._state.row(
            "SELECT etag, last_modified, record_id, payload_digest FROM validators JOIN captures USING (record_id) "
            "WHERE validators.url = ?",
            url,
        )
        return Validators(*row) if row else None

    def _add_capture(self, record: WarcRecord) -> None:
        time, message = capture_time(record), message_of(record)
        self._state.execute(
            "INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (record_id) DO NOTHING",
            record.record_id, record.get("WARC-Target-URI"), message.status if message else None,
            stated_payload_digest(record), time.at, time.basis,
        )  # fmt: skip
        if record.type == "revisit":
            refers_to = unbracketed(record.get(REFERS_TO) or "")
            self._state.execute(
                "INSERT INTO revisits VALUES (?, ?) ON CONFLICT (record_id) DO NOTHING",
                record.record_id, refers_to,
            )  # fmt: skip
        if message and record.get(SOURCE_FILE) is None and truncation_of(record) is None:
            self._note_validators(record, message)
        visit_id = unbracketed(record.get(VISIT) or "")
        if visit_id:
            self._meet_visit(visit_id, record)
            self.bind(visit_id, record.record_id)

    def _note_validators(self, record: WarcRecord, message: Message) -> None:
        """Keep with what the next request for this URL may ask whether its payload is still the same."""
        etag = first_header(message.headers, "etag")
        last_modified = first_header(message.headers, "last-modified")
        if record.type == "revisit":
            self._state.execute(
                "UPDATE validators SET etag = ifnull(?, etag), last_modified = ifnull(?, last_modified) "
                "WHERE record_id = ?",
                etag, last_modified, unbracketed(record.get(REFERS_TO) or ""),
            )  # fmt: skip
        elif message.status == 200:
            self._state.execute(
                "INSERT INTO validators VALUES (?, ?, ?, ?) ON CONFLICT (url) DO UPDATE "
                "SET etag = excluded.etag, last_modified = excluded.last_modified, record_id = excluded.record_id "
                "WHERE ifnull((SELECT captured_at FROM captures WHERE record_id = validators.record_id), '') "
                "<= (SELECT captured_at FROM captures WHERE record_id = excluded.record_id)",
                record.get("WARC-Target-URI"), etag, last_modified, record.record_id,
            )  # fmt: skip

    def _end_visit(self, record: WarcRecord) -> None:
        fields = parse_fields(record.block)
        about = dict(fields)
        self._meet_visit(record.record_id, record)
        self._state.execute(
            "UPDATE visits SET site = ?, begun_at = ?, ended_at = ?, whole = ?, run = ? WHERE visit_id = ?",
            about.get("site", ""), about.get("begun") or record.get("WARC-Date"), record.get("WARC-Date"), about.get("whole") == "yes",
            about.get("run"), record.record_id,
        )  # fmt: skip
        self._rebind(record.record_id, [unbracketed(value) for name, value in fields if name == "capture"])

    def _meet_visit(self, visit_id: str, record: WarcRecord) -> None:
        """Make the row of a visit that only its records still tell of."""
        self._state.execute(
            "INSERT INTO visits VALUES (?, ?, ?, '', ?, NULL, NULL, NULL) ON CONFLICT (visit_id) DO NOTHING",
            visit_id, int(record.get(VISIT_SEQUENCE) or 0), record.get(VISIT_URL), record.get("WARC-Date"),
        )  # fmt: skip

    def _rebind(self, visit_id: str, record_ids: Sequence[str]) -> None:
        if self.bound(visit_id) == record_ids:
            return
        self._state.execute("DELETE FROM visit_captures WHERE visit_id = ?", visit_id)
        for record_id in record_ids:
            self.bind(visit_id, record_id)


_PLACES = "SELECT record_id, name, offset, length, sha256 FROM records JOIN files USING (file_id)"


def _place(row: sqlite3.Row) -> RecordPlace:
    return RecordPlace(row["record_id"], row["name"], row["offset"], row["length"], row["sha256"])


def visit_row(row: sqlite3.Row) -> VisitRow:
    """A row of the table ``visits``."""
    return VisitRow(
        stamp=VisitStamp(row["visit_id"], row["url"], row["sequence"]),
        site=row["site"],
        begun_at=datetime.fromisoformat(row["begun_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        whole=row["whole"] != 0,
        run=row["run"],
    )
