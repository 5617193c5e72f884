"""The reader's folder: what in it is ours, which of its pages are up to date, and which are of posts that went.

``reader.sqlite`` in it holds for each page a digest of what it was made from, and the size and time of its file. A page whose digest
is the same, and whose file is as it was left, is not touched. Pages are written one by one beside their place and then moved there,
so a run that is killed leaves whole pages, and the next one goes on.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import msgspec

from scraper.errors import ArchiveHeldError, UsageError
from scraper.model.closable import Closable

View = Literal["public", "private"]
MANIFEST: Final = "reader.sqlite"
_APPLICATION_ID: Final = 0x706B7631  # "pkv1"
_OWNER_ONLY: Final = 0o700
_PUTS_A_COMMIT: Final = 2_000
_NAMED: Final = 5
_PRIMARY_CODE: Final = 0xFF
# Every path that a reader has or had; a page that is being written has `.part` after its name.
_OURS: Final = re.compile(
    r"(?:index|about|search)\.html|assets/[a-z0-9-]+\.(?:css|js)|posts/[0-9a-f]{2}/[a-z0-9-]+\.html"
    r"|lists(?:/[a-z0-9-]+){1,2}/(?:index|\d+)\.html|search/[a-z0-9/-]+\.js"
)
_PART: Final = ".part"
_MANIFEST_FILES: Final = frozenset({MANIFEST, f"{MANIFEST}-journal", f"{MANIFEST}-wal", f"{MANIFEST}-shm"})
_TABLES: Final = (
    "CREATE TABLE view (name TEXT NOT NULL, takedowns INTEGER NOT NULL)",
    "CREATE TABLE pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """Which view of its archive a reader is, and how many of the archive's takedowns it honours."""

    view: View
    takedowns: int


class ReaderFolder(Closable):
    """A folder that pages are put into. ``written``, ``unchanged`` and ``removed`` count pages."""

    def __init__(self, folder: Path, database: sqlite3.Connection, takedowns: int) -> None:
        self.folder = folder
        self._takedowns = takedowns
        self.written = self.unchanged = self.removed = 0
        self._database = database
        self._folders: set[str] = set()

    @staticmethod
    def open(folder: Path, view: View, takedowns: int = 0) -> "ReaderFolder":
        """The folder, made where it is missing; a private one is its owner's alone.

        ``takedowns`` is how many the archive has had, all of which the pages honour once they are put.

        Raises:
            UsageError: it holds what no reader wrote, or a reader of the other view.
            ArchiveHeldError: another run writes it.
        """
        folder = folder.resolve()
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file. Name a folder for the reader.")
        _refuse_foreign(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY if view == "private" else 0o777)
        with ExitStack() as stack:
            database = stack.enter_context(closing(_manifest(folder)))
            _require_view(folder, database, view)
            if view == "private":
                folder.chmod(_OWNER_ONLY)
            database.executescript(
                "CREATE TEMP TABLE present (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER) WITHOUT ROWID;"
                "CREATE TEMP TABLE seen (path TEXT PRIMARY KEY) WITHOUT ROWID;"
            )
            database.execute("BEGIN")
            for path in _files(folder):
                status = (folder / path).stat()
                database.execute(
                    "INSERT INTO present VALUES (?, ?, ?)", (path, status.st_size, status.st_mtime_ns)
                )
            stack.pop_all()
        return ReaderFolder(folder, database, takedowns)

    def is_current(self, path: str, digest: bytes) -> bool:
        """Whether the page at ``path`` was made from what has this digest, and is as it was left; it is then kept."""
        row = self._database.execute(
            "SELECT 1 FROM pages JOIN present USING (path, size, modified) WHERE path = ? AND digest = ?",
            (path, digest),
        ).fetchone()
        if row is None:
            return False
        self._see(path)
        self.unchanged += 1
        return True

    def is_current_below(self, below: str, last: str) -> bool:
        """Whether the files that were put into the folder ``below``, ``last`` after all others, are as they were left; they are then kept."""
        query = "SELECT path, present.path IS NOT NULL FROM pages LEFT JOIN present USING (path, size, modified) WHERE path GLOB ?"
        files = dict(self._database.execute(query, (f"{below}/*",)).fetchall())
        if f"{below}/{last}" not in files or not all(files.values()):
            return False
        for path in files:
            self._see(path)
        self.unchanged += len(files)
        return True

    def write(self, path: str, digest: bytes, content: bytes) -> None:
        """Put a page in its place."""
        place = self.folder / path
        parent = path.rpartition("/")[0]
        if parent not in self._folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(parent)
        part = place.with_name(place.name + _PART)
        part.write_bytes(content)
        part.replace(place)
        status = place.stat()
        self._database.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)",
            (path, digest, status.st_size, status.st_mtime_ns),
        )
        self._see(path)
        self.written += 1
        if self.written % _PUTS_A_COMMIT == 0:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")

    def put(self, path: str, digest: bytes, render: Callable[[], bytes]) -> None:
        """Have a page at ``path``, rendered only where it is not up to date."""
        if not self.is_current(path, digest):
            self.write(path, digest, render())

    def finish(self) -> None:
        """Remove every page that this run did not put or keep."""
        gone = [
            path
            for (path,) in self._database.execute(
                "SELECT path FROM present WHERE path NOT IN (SELECT path FROM seen)"
            )
            if path not in _MANIFEST_FILES
        ]
        for path in gone:
            (self.folder / path).unlink(missing_ok=True)
            self._remove_empty(path)
        self.removed = sum(not path.endswith(_PART) for path in gone)
        self._database.execute("DELETE FROM pages WHERE path NOT IN (SELECT path FROM seen)")
        self._database.execute("UPDATE view SET takedowns = ?", (self._takedowns,))
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Let go of the folder; what was put is kept."""
        self._database.execute("COMMIT")
        self._database.close()

    def _see(self, path: str) -> None:
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (path,))

    def _remove_empty(self, path: str) -> None:
        for parent in (self.folder / path).parents:
            if parent == self.folder or any(parent.iterdir()):
                return
            parent.rmdir()


def digest_of(*parts: object) -> bytes:
    """A digest of what a page is made from."""
    return blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()


def _files(folder: Path, below: str = "") -> Iterator[str]:
    """The files of the folder by their paths below it; a link counts as a file."""
    with os.scandir(folder / below) as entries:
        listed = list(entries)
    for entry in listed:
        path = f"{below}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, f"{path}/")
        else:
            yield path


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    ours = (folder / MANIFEST).is_file() and not (folder / MANIFEST).is_symlink()
    foreign = list(
        islice((path for path in _files(folder) if not (ours and _is_ours(folder, path))), _NAMED + 1)
    )
    if foreign:
        shown = ", ".join(ascii(path)[1:-1] for path in sorted(foreign)[:_NAMED])
        more = " and more" if len(foreign) > _NAMED else ""
        message = (
            f"{folder} holds what no `postkeep browse` wrote: {shown}{more}. Nothing was touched. "
            f"Move it away, or browse into another folder."
        )
        raise UsageError(message)


def _is_ours(folder: Path, path: str) -> bool:
    if path in _MANIFEST_FILES:
        return True
    return bool(_OURS.fullmatch(path.removesuffix(_PART))) and not (folder / path).is_symlink()


def _manifest(folder: Path) -> sqlite3.Connection:
    path = folder / MANIFEST
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("PRAGMA temp_store = FILE")
        database.execute("BEGIN EXCLUSIVE")
        if not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
            database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            for table in _TABLES:
                database.execute(table)
        (application,) = database.execute("PRAGMA application_id").fetchone()
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        database.close()
        match error.sqlite_errorcode & _PRIMARY_CODE:
            case sqlite3.SQLITE_BUSY:
                raise ArchiveHeldError(_held(folder)) from error
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                raise UsageError(_not_ours(path)) from error
        raise
    if application != _APPLICATION_ID:
        database.close()
        raise UsageError(_not_ours(path))
    return database


def _not_ours(path: Path) -> str:
    return f"{path} is no list of a reader's pages, or is damaged. Remove {path.parent}, or browse into another folder."


def seal_of(folder: Path) -> Seal | None:
    """What a reader says of itself; None where there is none in ``folder``.

    Raises:
        ArchiveHeldError: another run writes it just now.
    """
    try:
        with closing(
            sqlite3.connect(f"{(folder / MANIFEST).as_uri()}?mode=ro", uri=True, timeout=0)
        ) as database:
            row = database.execute("SELECT name, takedowns FROM view").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY:
            raise ArchiveHeldError(_held(folder)) from error
        return None
    return Seal(*row) if row else None


def _held(folder: Path) -> str:
    return f"Another run writes {folder}. Wait until it has ended."


def _require_view(folder: Path, database: sqlite3.Connection, view: View) -> None:
    row = database.execute("SELECT name FROM view").fetchone()
    if row is None:
        database.execute("INSERT INTO view VALUES (?, 0)", (view,))
    elif row[0] != view:
        with_option = "with" if row[0] == "private" else "without"
        message = (
            f"{folder} holds the {row[0]} view of an archive, and does not become the {view} one. "
            f"Browse into another folder, or run the command {with_option} --private."
        )
        database.close()
        raise UsageError(message)
