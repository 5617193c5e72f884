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
from hashlib import blake2b
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
# Every path that a reader has or had; a page that is being written has `.part` after its name.
_OURS: Final = re.compile(
    r"(?:index|about|search)\.html|assets/[a-z0-9-]+\.(?:css|js)|posts/[0-9a-f]{2}/[a-z0-9-]+\.html"
    r"|lists(?:/[a-z0-9-]+){1,2}/(?:index|\d+)\.html|search/[a-z0-9/-]+\.js"
)
_PART: Final = ".part"
_MANIFEST_FILES: Final = frozenset({MANIFEST, f"{MANIFEST}-journal", f"{MANIFEST}-wal", f"{MANIFEST}-shm"})
_TABLES: Final = (
    "CREATE TABLE view (name TEXT NOT NULL)",
    "CREATE TABLE pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID",
)


class ReaderFolder(Closable):
    """A folder that pages are put into. ``written``, ``unchanged`` and ``removed`` count pages."""

    def __init__(self, folder: Path, database: sqlite3.Connection) -> None:
        self.folder = folder
        self.written = self.unchanged = self.removed = 0
        self._database = database
        self._folders: set[str] = set()

    @staticmethod
    def open(folder: Path, view: View) -> "ReaderFolder":
        """The folder, made where it is missing; a private one is its owner's alone.

        Raises:
            UsageError: it holds what no reader wrote, or a reader of the other view.
            ArchiveHeldError: another run writes it.
        """
        folder = folder.resolve()
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file. Name a folder for the reader.")
        files = list(_files(folder)) if folder.exists() else []
        _refuse_foreign(folder, files)
        folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY if view == "private" else 0o777)
        with ExitStack() as stack:
            is_new = _MANIFEST_FILES.issuperset(files)
            database = stack.enter_context(closing(_manifest(folder, is_new=is_new)))
            _require_view(folder, database, view)
            if view == "private":
                folder.chmod(_OWNER_ONLY)
            database.executescript(
                "CREATE TEMP TABLE present (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER) WITHOUT ROWID;"
                "CREATE TEMP TABLE seen (path TEXT PRIMARY KEY) WITHOUT ROWID;"
            )
            database.execute("BEGIN")
            for path in files:
                status = (folder / path).stat()
                database.execute(
                    "INSERT INTO present VALUES (?, ?, ?)", (path, status.st_size, status.st_mtime_ns)
                )
            stack.pop_all()
        return ReaderFolder(folder, database)

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


def _refuse_foreign(folder: Path, files: list[str]) -> None:
    ours = MANIFEST in files and not (folder / MANIFEST).is_symlink()
    foreign = sorted(path for path in files if not (ours and _is_ours(folder, path)))
    if foreign:
        shown = ", ".join(ascii(path)[1:-1] for path in foreign[:5])
        more = f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""
        message = (
            f"{folder} holds what no `postkeep browse` wrote: {shown}{more}. Nothing was touched. "
            f"Move it away, or browse into another folder."
        )
        raise UsageError(message)


def _is_ours(folder: Path, path: str) -> bool:
    if path in _MANIFEST_FILES:
        return True
    return bool(_OURS.fullmatch(path.removesuffix(_PART))) and not (folder / path).is_symlink()


def _manifest(folder: Path, *, is_new: bool) -> sqlite3.Connection:
    path = folder / MANIFEST
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("PRAGMA temp_store = FILE")
        database.execute("BEGIN EXCLUSIVE")
        application = database.execute("PRAGMA application_id").fetchone()[0]
        if is_new and not application:
            database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            for table in _TABLES:
                database.execute(table)
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        database.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise ArchiveHeldError(f"Another run writes {folder}. Wait until it has ended.") from error
        message = f"{path} cannot be used: {error}. Remove {folder}, then run the same command again."
        raise UsageError(message) from error
    if application not in {_APPLICATION_ID, 0} or not (is_new or application):
        database.close()
        message = f"{path} is no list of a reader's pages. Remove {folder}, or browse into another folder."
        raise UsageError(message)
    return database


def _require_view(folder: Path, database: sqlite3.Connection, view: View) -> None:
    row = database.execute("SELECT name FROM view").fetchone()
    if row is None:
        database.execute("INSERT INTO view VALUES (?)", (view,))
    elif row[0] != view:
        with_option = "with" if row[0] == "private" else "without"
        message = (
            f"{folder} holds the {row[0]} view of an archive, and does not become the {view} one. "
            f"Browse into another folder, or run the command {with_option} --private."
        )
        database.close()
        raise UsageError(message)
