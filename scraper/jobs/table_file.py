"""A table as a spreadsheet writes it, with a header: CSV or TSV, in UTF-8, UTF-16 or CP949."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from scraper.errors import UsageError

# What decodes is what it is: UTF-8 has a form that no other text has by chance.
_CHARSETS: Final = ("utf-16", "utf-8-sig", "cp949")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMES: Final = {",": "comma", "\t": "tab", ";": "semicolon"}
_PIECE: Final = 1 << 16


class TableFile:
    """The file behind an option ``--from``: ``names`` are those of its columns as they stand there, ``header`` the same folded."""

    def __init__(self, path: Path) -> None:
        """Look at the header.

        Raises:
            UsageError: the file cannot be read, or is no table.
        """
        self.path = path
        self._charset = _charset_of(path)
        with self._text() as text:
            first = next((line for line in text if line.strip()), "")
        self._delimiter = max(_NAMES, key=first.count)
        header = next((cells for _, cells in self._cells() if isinstance(cells, str) or any(cells)), [])
        if isinstance(header, str):
            raise UsageError(f"--from {path}: the header cannot be read: {header}. Mend its quotes.")
        self.names = tuple(header)
        self.header = tuple(name.strip().casefold() for name in header)

    def rows(self) -> Iterator[tuple[str, list[str] | str]]:
        """Each row after the header that is not blank, or a sentence's part on why it cannot be read, after its place.

        Raises:
            UsageError: the file cannot be read any more.
        """
        is_header = True
        for place, cells in self._cells():
            if not isinstance(cells, str) and not any(map(str.strip, cells)):
                continue
            if not is_header:
                yield place, cells
            is_header = False

    def problem_of(self, cells: Sequence[str] | str) -> str | None:
        """Why the cells of a row cannot be used, as the rest of a sentence on it; None where they can."""
        if isinstance(cells, str):
            return f"it cannot be read: {cells}. Mend its quotes."
        if len(cells) > len(self.header):
            return (
                f"it has {len(cells)} cells where the header has {len(self.header)}. Put a cell that has a "
                f"{_NAMES[self._delimiter]} in it between double quotes."
            )
        return None

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
                yield f"{self.path}, {lines}", cells

    @contextmanager
    def _text(self) -> Iterator[TextIO]:
        try:
            with self.path.open(encoding=self._charset, newline="") as text:
                yield text
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except UnicodeError as error:
            # It was all decoded once before.
            raise UsageError(
                f"--from {self.path}: the file changed while it was read. Run the same command again."
            ) from error


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
