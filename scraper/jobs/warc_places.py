"""Where the captures of WARC files stand, host by host and on disk, so that a file of any size costs little memory."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import ForeignProblem, read_foreign
from scraper.errors import SkippableError
from scraper.model.url import parse_url

# After so many hosts asked for one by one, one more reading of the files takes in all the others.
_HOSTS_ONE_BY_ONE: Final = 8
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)
# An empty name is a private database on disk that goes when it is closed (https://sqlite.org/inmemorydb.html).
_TABLE: Final = """
PRAGMA journal_mode = OFF;
CREATE TABLE places (key TEXT, file INTEGER, offset INTEGER, at REAL) STRICT;
CREATE INDEX places_by_key ON places (key, at);
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in a file."""

    path: Path
    offset: int

    def read(self) -> ForeignRecord:
        """The record itself.

        Raises:
            SkippableError: it is no longer there.
        """
        record = next(read_foreign(self.path, start=self.offset))
        if isinstance(record, ForeignProblem):
            raise SkippableError(record.what)
        return record


class WarcPlaces:
    """The captures in the files, by URL. The files are read again for each host that is asked for."""

    def __init__(self, warcs: Sequence[Path]) -> None:
        self._warcs = tuple(warcs)
        self._hosts: set[str] = set()
        self._has_all = False
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLE)

    def nearest(self, url: str, at: datetime | None) -> Place | None:
        """The capture of ``url`` that was made nearest to ``at``, the earlier of two; None where there is none."""
        parsed = parse_url(url)
        if parsed is None:
            return None
        self._index(parsed.host)
        query = "SELECT file, offset FROM places WHERE key = ? ORDER BY abs(at - ?), at, file, offset LIMIT 1"
        with closing(self._database.execute(query, (parsed.href, _seconds(at)))) as rows:
            row = rows.fetchone()
        return Place(self._warcs[row[0]], row[1]) if row else None

    def close(self) -> None:
        """Let go of the places."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _index(self, host: str) -> None:
        if self._has_all or host in self._hosts:
            return
        self._has_all = len(self._hosts) >= _HOSTS_ONE_BY_ONE
        wanted = self._is_new if self._has_all else _on(host)
        self._database.execute("BEGIN")
        for number, path in enumerate(self._warcs):
            for record in read_foreign(path, wanted=wanted):
                if isinstance(record, ForeignRecord):
                    row = (_key(record.url), number, record.offset, _seconds(record.time.at))
                    self._database.execute("INSERT INTO places VALUES (?, ?, ?, ?)", row)
        self._database.execute("COMMIT")
        self._hosts.add(host)

    def _is_new(self, url: str) -> bool:
        return _host(url) not in self._hosts


def _on(host: str) -> Callable[[str], bool]:
    return lambda url: _host(url) == host


def _host(url: str) -> str | None:
    parsed = parse_url(url)
    return parsed.host if parsed else None


def _key(url: str) -> str:
    parsed = parse_url(url)
    return parsed.href if parsed else url


def _seconds(at: datetime | None) -> float:
    return ((at or _UNDATED) - _UNDATED).total_seconds()
