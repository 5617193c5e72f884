"""The posts as lists show them, sorted on disk: the stream of posts goes by their ids, lists go by date."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import msgspec

from scraper.model.closable import Closable
from scraper.records.history import PostRows
from scraper.viewer.paths import ALL_POSTS, month_list, post_path, site_list, state_list
from scraper.viewer.wording import UNDATED, language, month_of, one_line, states_of, title_of

_SNIPPET: Final = 180
_TABLES: Final = (
    "CREATE TABLE entries (path TEXT PRIMARY KEY, entry BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE lists (folder TEXT, at TEXT, path TEXT, PRIMARY KEY (folder, at, path)) WITHOUT ROWID",
    "CREATE TABLE sites (folder TEXT PRIMARY KEY, site TEXT NOT NULL) WITHOUT ROWID",
)


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A post in a list. ``published_at`` is its row's; ``comments`` are those that were kept."""

    path: str
    post_id: str
    site: str
    title: str
    snippet: str
    language: str | None
    published_at: str | None
    precision: str | None
    comments: int
    states: tuple[str, ...]
    is_withheld: bool

    @property
    def month(self) -> str:
        """The month it was published in, or ``undated``."""
        return month_of(self.published_at)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of posts: its folder, what it lists (a site, a month or a state), and how many posts."""

    folder: str
    name: str
    posts: int


def entry_of(rows: PostRows, *, is_withheld: bool) -> Entry:
    """A post as lists show it."""
    post = rows.post
    snippet = one_line(post["text"] or "", _SNIPPET) if post["title"] else ""
    return Entry(
        post_path(post["post_id"]),
        post["post_id"],
        post["site"],
        title_of(post),
        snippet,
        language(post["language"]),
        post["published_at"],
        post["published_precision"],
        sum(row["status"] != "absent" for row in rows.comments),
        states_of(post, rows.comments),
        is_withheld,
    )


class Entries(Closable):
    """The entries of one run, in a file that nobody else sees and that is gone with it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("BEGIN")
        for table in _TABLES:
            self._database.execute(table)
        self.comments = 0

    def add(self, entry: Entry) -> None:
        """Have a post in all the lists that it belongs to."""
        self._database.execute(
            "INSERT INTO entries VALUES (?, ?)", (entry.path, msgspec.msgpack.encode(entry))
        )
        site = site_list(entry.site)
        self._database.execute("INSERT OR IGNORE INTO sites VALUES (?, ?)", (site, entry.site))
        folders = {ALL_POSTS, site, month_list(entry.month), *map(state_list, entry.states)}
        at = entry.published_at or ""
        self._database.executemany(
            "INSERT INTO lists VALUES (?, ?, ?)", ((folder, at, entry.path) for folder in folders)
        )
        self.comments += entry.comments

    def count(self, folder: str) -> int:
        """How many posts a list has."""
        (count,) = self._database.execute("SELECT count(*) FROM lists WHERE folder = ?", (folder,)).fetchone()
        return int(count)

    def of(self, folder: str) -> Iterator[Entry]:
        """The entries of a list, the oldest first, undated ones before."""
        query = "SELECT entry FROM lists JOIN entries USING (path) WHERE folder = ? ORDER BY at, path"
        return self._decoded(query, folder)

    def newest(self, folder: str, most: int) -> list[Entry]:
        """The newest entries of a list, the newest first."""
        query = "SELECT entry FROM lists JOIN entries USING (path) WHERE folder = ? ORDER BY at DESC, path LIMIT ?"
        return list(self._decoded(query, folder, most))

    def folders(self) -> list[str]:
        """The folder of every list."""
        return [
            folder
            for (folder,) in self._database.execute("SELECT DISTINCT folder FROM lists ORDER BY folder")
        ]

    def sites(self, most: int = -1) -> Iterator[Listed]:
        """The list of each site, that with most posts first."""
        query = (
            "SELECT folder, site, count(*) AS posts FROM sites JOIN lists USING (folder) "
            "GROUP BY folder ORDER BY posts DESC, site LIMIT ?"
        )
        return (Listed(*row) for row in self._database.execute(query, (most,)))

    def months(self) -> Iterator[Listed]:
        """The list of each month, the newest first, the undated last."""
        prefix = month_list("")
        query = (
            "SELECT folder, substr(folder, ?) AS month, count(*) FROM lists WHERE folder GLOB ? GROUP BY folder "
            "ORDER BY month = ?, month DESC"
        )
        rows = self._database.execute(query, (len(prefix) + 1, f"{prefix}*", UNDATED))
        return (Listed(*row) for row in rows)

    def span(self) -> tuple[str | None, str | None]:
        """When the oldest and the newest dated post were published."""
        query = "SELECT min(at), max(at) FROM lists WHERE folder = ? AND at > ''"
        first, last = self._database.execute(query, (ALL_POSTS,)).fetchone()
        return first, last

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _decoded(self, query: str, *values: object) -> Iterator[Entry]:
        with closing(self._database.cursor()) as cursor:
            for (entry,) in cursor.execute(query, values):
                yield msgspec.msgpack.decode(entry, type=Entry)
