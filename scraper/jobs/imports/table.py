"""A table of saved pages, as a spreadsheet writes it: which file, where its page was, when it was saved."""

import codecs
import csv
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from scraper.errors import SkippableError, UsageError
from scraper.model.url import parse_url

_FILE, _URL, _CAPTURED_AT = "file", "url", "captured_at"
_COLUMNS: Final = (_FILE, _URL, _CAPTURED_AT)
_HEADER: Final = "file,url,captured_at"
# What decodes is what it is: UTF-8 has a form that no other text has by chance.
_CHARSETS: Final = ("utf-16", "utf-8-sig", "cp949")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMES: Final = {",": "comma", "\t": "tab", ";": "semicolon"}
_DELIMITERS: Final = tuple(_NAMES)
_SHOWN: Final = 200
_PIECE: Final = 1 << 16
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
        self._path = path
        self._now = now
        self._charset = _charset_of(path)
        with self._text() as text:
            first = next((line for line in text if line.strip()), "")
        self._delimiter = max(_DELIMITERS, key=first.count)
        header = next((cells for _, cells in self._cells() if isinstance(cells, str) or any(cells)), [])
        if isinstance(header, str):
            raise UsageError(f"--from {path}: the header cannot be read: {header}. Mend its quotes.")
        self._header = tuple(name.strip().casefold() for name in header)
        self._check_header()

    def rows(self) -> Iterator[TableRow | BadRow]:
        """Each row after the header that is not blank.

        Raises:
            UsageError: the file cannot be read any more.
        """
        is_header = True
        for place, cells in self._cells():
            if not isinstance(cells, str) and not any(map(str.strip, cells)):
                continue
            if is_header:
                is_header = False
                continue
            try:
                yield self._row(place, cells)
            except SkippableError as error:
                yield BadRow(place, f"{place}: {error}")

    def _row(self, place: str, cells: Sequence[str] | str) -> TableRow:
        if isinstance(cells, str):
            raise SkippableError(f"it cannot be read: {cells}. Mend its quotes.")
        if len(cells) > len(self._header):
            raise SkippableError(
                f"it has {len(cells)} cells where the header has {len(self._header)}. Put a cell that has a "
                f"{_NAMES[self._delimiter]} in it between double quotes."
            )
        row = dict(zip(self._header, cells, strict=False))
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
        folder = self._path.parent
        spellings = [name, name.strip(), name.strip().replace("\\", "/")]
        forms = [unicodedata.normalize(form, each) for each in spellings for form in ("NFC", "NFD")]
        paths = [folder / each for each in (*spellings, *forms)]
        return next((path for path in paths if _exists(path)), paths[0])

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise SkippableError(
                f"captured_at {text}: write it as an ISO 8601 time, such as {_EXAMPLE}."
            ) from error
        if moment.tzinfo is None:
            raise SkippableError(f"captured_at {text}: add time and zone, such as {_EXAMPLE}.")
        if moment > self._now:
            raise SkippableError(f"captured_at {text} lies in the future.")
        return moment.astimezone(UTC)

    def _check_header(self) -> None:
        for column in _COLUMNS:
            if self._header.count(column) > 1:
                raise UsageError(f"--from {self._path}: its header names the column {column} twice.")
        if _FILE not in self._header:
            names = ", ".join(self._header)[:_SHOWN] or "nothing"
            raise UsageError(
                f"--from {self._path}: its first line names no column file, but {names}. Begin it with a header "
                f"such as {_HEADER}."
            )

    def _cells(self) -> Iterator[tuple[str, list[str] | str]]:
        """Each row, or why it cannot be read, after the line that it stands in."""
        with self._text() as text:
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            while True:
                line = reader.line_num + 1
                cells: list[str] | str | None
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    cells = str(error)
                if cells is None:
                    return
                last = reader.line_num
                lines = (
                    f"line {line}"
                    if last == line or not isinstance(cells, str)
                    else f"lines {line} to {last}"
                )
                yield f"{self._path}, {lines}", cells

    @contextmanager
    def _text(self) -> Iterator[TextIO]:
        try:
            with self._path.open(encoding=self._charset, newline="") as text:
                yield text
        except OSError as error:
            raise _unreadable(self._path, error) from error
        except UnicodeError as error:
            # It was all decoded once before.
            raise UsageError(
                f"--from {self._path}: the file changed while it was read. Import it again."
            ) from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _charset_of(path: Path) -> str:
    """The charset in which all of a table decodes; what decodes as UTF-8 is UTF-8, for other texts do not by chance.

    Raises:
        UsageError: it cannot be read, or is no text.
    """
    with suppress(OSError):
        if not path.is_file():
            raise UsageError(f"--from {path}: there is no such file. Name a table, as CSV or TSV.")
    try:
        for charset in _CHARSETS:
            with path.open("rb") as file:
                if _decodes(file, charset):
                    return charset
    except OSError as error:
        raise _unreadable(path, error) from error
    raise UsageError(
        f"--from {path}: the file is no text in UTF-8 or CP949. Save the table as CSV in UTF-8; an Excel workbook too."
    )


def _decodes(file: BinaryIO, charset: str) -> bool:
    """Whether all of a file is text in a charset; UTF-16 is told by its mark alone."""
    is_utf16 = file.read(2) in _UTF16
    if is_utf16 != (charset == "utf-16"):
        return False
    file.seek(0)
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"--from {path}: the file cannot be read: {error.strerror or error}. Name a table, as CSV or TSV."
    )
