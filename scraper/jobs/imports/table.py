"""A table of saved pages, as a spreadsheet writes it: which file, where its page was, when it was saved."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.errors import SkippableError, UsageError
from scraper.jobs.table_file import TableFile
from scraper.model.url import parse_url

_FILE, _URL, _CAPTURED_AT = "file", "url", "captured_at"
_COLUMNS: Final = (_FILE, _URL, _CAPTURED_AT)
_HEADER: Final = "file,url,captured_at"
_SHOWN: Final = 200
_EXAMPLE: Final = "2023-05-01T09:00:00+09:00"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: ``place`` names it in sentences, ``path`` is the file; ``url`` and ``captured_at`` (UTC) are None where their cells are empty."""

    place: str
    path: Path
    url: str | None
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used; ``reason`` is a sentence that names it and what to do."""

    place: str
    reason: str


class Table:
    """The rows of a CSV or TSV file with a header, in UTF-8, UTF-16 or CP949."""

    def __init__(self, path: Path, now: datetime) -> None:
        """Look at the header.

        Raises:
            UsageError: the file cannot be read, is no such table, or has no column of files.
        """
        self._file = TableFile(path)
        self._now = now
        self._check_header()

    def rows(self) -> Iterator[TableRow | BadRow]:
        """Each row after the header that is not blank.

        Raises:
            UsageError: the file cannot be read any more.
        """
        for place, cells in self._file.rows():
            try:
                yield self._row(place, cells)
            except SkippableError as error:
                yield BadRow(place, f"{place}: {error}")

    def _row(self, place: str, cells: Sequence[str] | str) -> TableRow:
        if problem := self._file.problem_of(cells):
            raise SkippableError(problem)
        row = dict(zip(self._file.header, cells, strict=False))
        name, url, at = row.get(_FILE, ""), row.get(_URL, "").strip(), row.get(_CAPTURED_AT, "").strip()
        if not name.strip():
            raise SkippableError("it names no file. Fill its cell in the column file.")
        if url and parse_url(url) is None:
            raise SkippableError(
                f"{url} is no URL. Write it as an http(s) URL, such as https://example.org/post."
            )
        return TableRow(place, self._found(name), url or None, self._moment(at) if at else None)

    def _found(self, name: str) -> Path:
        """The file of this name; where there is none, one whose name differs only in how it is written.

        Macs decompose Hangul in names, Windows writes backslashes, and spreadsheets leave blanks.
        """
        folder = self._file.path.parent
        spellings = [name, name.strip(), name.strip().replace("\\", "/")]
        forms = [unicodedata.normalize(form, each) for each in spellings for form in ("NFC", "NFD")]
        paths = [folder / each for each in (*spellings, *forms)]
        return next((path for path in paths if _exists(path)), paths[0])

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
            in_utc = moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise SkippableError(
                f"captured_at {text}: write it as an ISO 8601 time, such as {_EXAMPLE}."
            ) from error
        if moment.tzinfo is None:
            raise SkippableError(f"captured_at {text}: add time and zone, such as {_EXAMPLE}.")
        if in_utc > self._now:
            raise SkippableError(f"captured_at {text} lies in the future.")
        return in_utc

    def _check_header(self) -> None:
        for column in _COLUMNS:
            if self._file.header.count(column) > 1:
                raise UsageError(f"--from {self._file.path}: its header names the column {column} twice.")
        if _FILE not in self._file.header:
            names = ", ".join(self._file.header)[:_SHOWN] or "nothing"
            raise UsageError(
                f"--from {self._file.path}: its first line names no column file, but {names}. Begin it with a header "
                f"such as {_HEADER}."
            )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
