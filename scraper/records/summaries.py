"""What of a post fits a line of a list, kept beside its readings: so a hundred thousand posts are listed without merging them.

The tables are derived like all of records.sqlite. Whatever changes what a post's readings come to takes its summary away, so one
that is there is true, and one that is not is made when it is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from typing import Final

from scraper.records.history import PostRows
from scraper.records.store import NOT_HELD, Records

_TABLE: Final = """
    CREATE TABLE summaries (
        post_id TEXT PRIMARY KEY,
        site TEXT NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT,
        opening TEXT,
        published_at TEXT,
        published_precision TEXT,
        status TEXT NOT NULL,
        access TEXT NOT NULL,
        comments_captured INTEGER NOT NULL,
        comments_deleted INTEGER NOT NULL,
        comments_declared INTEGER,
        revision INTEGER NOT NULL,
        captured_at TEXT
    ) WITHOUT ROWID;
    CREATE TRIGGER summaries_after_reading AFTER INSERT ON readings BEGIN
        DELETE FROM summaries WHERE post_id = new.post_id;
    END;
    CREATE TRIGGER summaries_after_lost_reading AFTER DELETE ON readings BEGIN
        DELETE FROM summaries WHERE post_id = old.post_id;
    END;
    CREATE TRIGGER summaries_after_departure AFTER INSERT ON departures BEGIN
        DELETE FROM summaries WHERE post_id = new.post_id;
    END;
    CREATE TRIGGER summaries_after_lost_departure AFTER DELETE ON departures BEGIN
        DELETE FROM summaries WHERE post_id = old.post_id;
    END;
    CREATE TRIGGER summaries_after_hold AFTER INSERT ON held BEGIN
        DELETE FROM summaries WHERE post_id IN (
            SELECT post_id FROM readings WHERE visit_id = new.visit_id
            UNION SELECT post_id FROM departures WHERE visit_id = new.visit_id);
    END;
    CREATE TRIGGER summaries_after_release AFTER DELETE ON held BEGIN
        DELETE FROM summaries WHERE post_id IN (
            SELECT post_id FROM readings WHERE visit_id = old.visit_id
            UNION SELECT post_id FROM departures WHERE visit_id = old.visit_id);
    END;
"""
_OPENING: Final = 120
# So many at a time are read with no cursor open: a reader with one would keep the writer from committing.
_AT_ONCE: Final = 1000
_DELETED: Final = frozenset({"placeholder", "absent"})


@dataclass(frozen=True, slots=True)
class PostSummary:
    """A post in a few of the columns of its row. ``opening`` are the first words of its text where it has no title.

    ``comments_captured`` are those of its thread that are not ``absent``, ``comments_deleted`` those that are placeholders or absent.
    """

    post_id: str
    site: str
    url: str
    kind: str
    title: str | None
    opening: str | None
    published_at: str | None
    published_precision: str | None
    status: str
    access: str
    comments_captured: int
    comments_deleted: int
    comments_declared: int | None
    revision: int
    captured_at: str | None


_COLUMNS: Final = tuple(field.name for field in fields(PostSummary))
_values: Final = attrgetter(*_COLUMNS)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM summaries"  # noqa: S608 - our names


def summary_of(rows: PostRows) -> PostSummary:
    """The summary of a post."""
    post = rows.post
    opening = " ".join((post["text"] or "")[: 2 * _OPENING].split())[:_OPENING]
    return PostSummary(
        post_id=post["post_id"],
        site=post["site"],
        url=post["url"],
        kind=post["kind"],
        title=post["title"],
        opening=None if post["title"] else opening or None,
        published_at=post["published_at"],
        published_precision=post["published_precision"],
        status=post["status"],
        access=post["access"],
        comments_captured=post["comments_captured"],
        comments_deleted=sum(comment["status"] in _DELETED for comment in rows.comments),
        comments_declared=post["comments_declared"],
        revision=post["revision"],
        captured_at=post["captured_at"],
    )


class Summaries:
    """The summaries of the posts in one records.sqlite, those that only a run read that is held back not among them."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._database = records.database

    def bring_up_to_date(self) -> None:
        """Keep the summaries that are missing, so that whoever reads later need not make them. The file is open for writing."""
        if not self._are_kept():
            # All of it or nothing: without one of the triggers a summary would outlive what it sums up.
            self._database.executescript(f"BEGIN; {_TABLE} COMMIT;")
        places = ", ".join("?" for _ in _COLUMNS)
        missing = self._database.execute(
            f"SELECT DISTINCT post_id FROM readings WHERE {NOT_HELD} EXCEPT SELECT post_id FROM summaries"  # noqa: S608 - our names
        ).fetchall()
        summaries = (
            _values(summary) for (post_id,) in missing if (summary := self._made(post_id)) is not None
        )
        while batch := list(islice(summaries, _AT_ONCE)):
            self._database.executemany(f"INSERT OR REPLACE INTO summaries VALUES ({places})", batch)  # noqa: S608 - our names
            self._database.commit()

    def all(self) -> Iterator[PostSummary]:
        """The summary of every post, by ``post_id``. Between batches nothing is locked, so a run that writes goes on."""
        after = ""
        while batch := self._post_ids(after):
            kept = self._kept(after, batch[-1])
            for post_id in batch:
                summary = kept.get(post_id) or self._made(post_id)
                if summary is not None:
                    yield summary
            after = batch[-1]

    def _post_ids(self, after: str) -> list[str]:
        query = (
            f"SELECT DISTINCT post_id FROM readings WHERE post_id > ? AND {NOT_HELD} ORDER BY post_id LIMIT ?"  # noqa: S608 - our names
        )
        return [post_id for (post_id,) in self._database.execute(query, (after, _AT_ONCE)).fetchall()]

    def _kept(self, after: str, last: str) -> dict[str, PostSummary]:
        if not self._are_kept():
            return {}
        query = f"{_SELECT} WHERE post_id > ? AND post_id <= ?"
        rows = self._database.execute(query, (after, last)).fetchall()
        return {row[0]: PostSummary(*row) for row in rows}

    def _made(self, post_id: str) -> PostSummary | None:
        rows = self._records.post(post_id)
        return summary_of(rows) if rows else None

    def _are_kept(self) -> bool:
        """Whether the file has a table of them in the columns of today."""
        columns = self._database.execute("SELECT name FROM pragma_table_info('summaries')").fetchall()
        return tuple(name for (name,) in columns) == _COLUMNS
