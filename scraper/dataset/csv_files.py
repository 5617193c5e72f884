"""The tables as CSV files (RFC 4180) that a spreadsheet opens and a program reads back to the same rows.

UTF-8 behind a byte order mark, lines ended by CR LF. An empty cell is null, for no text of a row is empty. Lists and structs
are JSON. A text that a spreadsheet would take for a formula or a number has a ``'`` put before it, and so has one that
begins with ``'``: whoever reads the file takes one ``'`` off every cell that begins with it.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from scraper.dataset.features import projected
from scraper.dataset.layout import CSV_FILES
from scraper.model.closable import Closable
from scraper.records.contract import Column, Contract
from scraper.records.history import PostRows

LONGEST_CELL: Final = 32_767
"""UTF-16 code units that Excel keeps of one cell."""
MOST_ROWS: Final = 1_048_576
"""Rows that Excel and LibreOffice Calc show of one file, the head included."""
GUARD: Final = "'"

# Formulas by their first character, as OWASP lists them (CSV injection), full-width ones included; then what shows as a number, which
# drops zeros and digits; then what begins as a guarded cell does.
_GUARDED: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠']|[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")


class CsvFiles(Closable):
    """The CSV files of the tables of ``contract`` in ``folder``, while their rows are written."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        with ExitStack() as opened:
            self._tables = {
                config: opened.enter_context(_Table(folder / CSV_FILES[config], contract.columns(config)))
                for config in contract.configs
            }
            self._opened = opened.pop_all()

    def add(self, post: PostRows) -> None:
        """Write the rows of the next post."""
        for config, table in self._tables.items():
            for row in post.of(config):
                table.add(map(row.__getitem__, table.names))

    def finish(self) -> tuple[str, ...]:
        """Finish the files; gives what whoever opens them in a spreadsheet should know, in sentences."""
        self.close()
        guarded = sum(table.guarded for table in self._tables.values())
        long = sum(table.long for table in self._tables.values())
        remarks = [
            f"{guarded:,} cells have a {GUARD} before them, so that a spreadsheet takes none of them for a formula or a number; README.md says how it is taken off.",
            f"{long:,} cells are longer than the {LONGEST_CELL:,} characters that Excel keeps of one; programs read them whole.",
        ]
        for config, table in self._tables.items():
            if table.rows >= MOST_ROWS:
                remarks.append(
                    f"{CSV_FILES[config]} has {table.rows:,} rows, more than a spreadsheet shows ({MOST_ROWS:,}); programs read all."
                )
        return tuple(remarks)

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()


class _Table(Closable):
    """One file while it is written; ``guarded`` and ``long`` count its cells."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.names = tuple(column.name for column in columns)
        self.rows = self.guarded = self.long = 0
        self._cells = tuple(map(self._cell_of, columns))
        self._file: TextIO = path.open("w", encoding="utf-8-sig", newline="")
        self._write = csv.writer(self._file, lineterminator="\r\n").writerow
        self._write(self.names)

    def add(self, values: Iterable[Any]) -> None:
        self.rows += 1
        self._write(
            ["" if value is None else cell(value) for cell, value in zip(self._cells, values, strict=True)]
        )

    def close(self) -> None:
        self._file.close()

    def _cell_of(self, column: Column) -> Callable[[Any], str]:
        """What makes a value of a column a cell."""
        if column.is_list or column.fields:
            return lambda value: self._measured(_json(projected(value, column)))
        if column.type == "string" and not column.values:
            return self._text
        return _boolean if column.type == "bool" else str

    def _text(self, text: str) -> str:
        if _GUARDED.match(text):
            self.guarded += 1
            text = GUARD + text
        return self._measured(text)

    def _measured(self, cell: str) -> str:
        # No character takes more than two code units, so short cells need not be counted.
        if len(cell) * 2 > LONGEST_CELL and len(cell.encode("utf-16-le")) > LONGEST_CELL * 2:
            self.long += 1
        return cell


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _boolean(value: bool) -> str:  # noqa: FBT001 - the value of a cell
    return "true" if value else "false"
