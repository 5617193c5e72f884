"""The requests in a file, and what became of each, in a copy beside it that the next run goes on from.

The copy has the rows as they are, behind three columns of its own: the state, what there is to say of it, and since when. It lies
beside the file and never in the archive, which keeps nothing of who asked.
"""

import csv
import io
import os
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, get_args

from scraper.errors import StopError, UsageError
from scraper.jobs.table_file import TableFile
from scraper.jobs.takedown_requests.request import WHAT, Request, RequestState

COLUMNS: Final = ("state", "state_detail", "state_id", "state_at")
_HEADER: Final = "what,why,when"


@dataclass(slots=True)
class Settled:
    """What became of one request: ``subject_id`` is the id of what it names, ``at`` when it came to be so."""

    request: Request
    state: RequestState = "asked"
    detail: str = ""
    subject_id: str = ""
    at: str = ""

    def settle(self, state: RequestState, detail: str, now: datetime, subject_id: str = "") -> None:
        """Note what became of it."""
        self.state, self.detail, self.at = state, " ".join(detail.split()), f"{now:%Y-%m-%dT%H:%M:%SZ}"
        self.subject_id = subject_id or self.subject_id


@dataclass(frozen=True, slots=True)
class RequestFile:
    """The requests of one file with their states; ``copy`` is where these are written."""

    path: Path
    copy: Path
    names: tuple[str, ...]
    requests: tuple[Settled, ...]

    @classmethod
    def read(cls, path: Path, archive: Path) -> "RequestFile":
        """The requests in a file, each as the copy beside it has left it.

        Raises:
            UsageError: it cannot be read, has no header with the column what, holds no row, or lies in the archive.
        """
        places = (path.resolve(), path.parent.resolve())
        if any(place.is_relative_to(archive.resolve()) for place in places):
            raise UsageError(
                f"--from {path}: the file lies in the archive, which must keep nothing of who asked. Move it elsewhere."
            )
        table = TableFile(path)
        _check_header(table)
        rows = [Settled(_request(table, cells)) for _, cells in table.rows()]
        if not rows:
            raise UsageError(f"--from {path}: there is no request below its header.")
        name = path.stem if path.suffix.lower() == ".csv" else path.name
        copy = path.with_name(f"{name}.done.csv")
        before = _states(copy)
        for row in rows:
            if earlier := before.get(row.request.cells):
                row.state, row.detail, row.subject_id, row.at = earlier.pop(0)
        return cls(path, copy, table.names, tuple(rows))

    def write(self) -> None:
        """Write the copy in one step, for its owner's eyes alone.

        Raises:
            StopError: the folder cannot be written.
        """
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow([*COLUMNS, *self.names])
        for row in self.requests:
            writer.writerow([row.state, row.detail, row.subject_id, row.at, *row.request.cells])
        name = ""
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{self.copy.name}.", dir=self.copy.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
                file.write(text.getvalue())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.copy)
        except OSError as error:
            if name:
                Path(name).unlink(missing_ok=True)
            raise StopError(
                f"{self.copy} cannot be written: {error.strerror}. It says what became of each request, so put the file "
                f"where its folder can be written, and run the same command again."
            ) from error


def _check_header(table: TableFile) -> None:
    twice = [name for name in table.header if name and table.header.count(name) > 1]
    if twice:
        raise UsageError(f"--from {table.path}: its header names the column {twice[0]} twice.")
    if WHAT not in table.header:
        listed = ", ".join(table.header)[:200] or "nothing"
        raise UsageError(
            f"--from {table.path}: its first line names no column what, but {listed}. Begin it with a header: {_HEADER}"
        )


def _request(table: TableFile, cells: Sequence[str] | str) -> Request:
    problem = table.problem_of(cells)
    if problem is None and not isinstance(cells, str):
        return Request.of(table.header, cells)
    shown = (cells,) if isinstance(cells, str) else tuple(cells)
    return Request(shown, what=shown[0], problem=f"This row: {problem}")


Earlier = tuple[RequestState, str, str, str]


def _states(copy: Path) -> defaultdict[tuple[str, ...], list[Earlier]]:
    """The states in a copy that an earlier run wrote, by the cells of the row, in the order of equal rows.

    Raises:
        UsageError: what lies there is no such copy.
    """
    states: defaultdict[tuple[str, ...], list[Earlier]] = defaultdict(list)
    if not copy.exists():
        return states
    table = TableFile(copy)
    if table.header[: len(COLUMNS)] != COLUMNS:
        raise UsageError(
            f"{copy} is there, and it is not what an earlier run wrote. What becomes of each request is written there: move "
            f"it away, and run the same command again."
        )
    for _, cells in table.rows():
        if not isinstance(cells, str) and len(cells) >= len(COLUMNS):
            state, detail, subject_id, at = cells[: len(COLUMNS)]
            for word in get_args(RequestState):
                if state == word:
                    states[tuple(cells[len(COLUMNS) :])].append((word, detail, subject_id, at))
    return states
