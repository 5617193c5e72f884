"""The index as the WARC files alone give it: what ``check`` holds the kept one against, and ``repair`` puts in its place.

What the files cannot tell stays as it is kept: visits that captured nothing yet, the frontier, and what is owed to hosts.
"""

# ruff: noqa: S608 - what the queries are put together from are constants of this file

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.index import Index
from scraper.archive.migrate import scratch_state
from scraper.archive.state import STATE_FILE, State
from scraper.model.closable import Closable


class Rebuilt(Closable):
    """An index that is being built: ``index`` takes in records, in the order in which the kept one met them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE_FILE
        self._state = scratch_state(self._path)
        self._state.execute("BEGIN")
        self.index = Index(self._state)

    def attach_to(self, kept: State) -> None:
        """End the building, and make this index readable to ``kept`` under the name ``rebuilt``."""
        self._state.execute("COMMIT")
        self.close()
        kept.execute("ATTACH DATABASE ? AS rebuilt", str(self._path))

    def close(self) -> None:
        """Let go of the database."""
        self._state.close()


@contextmanager
def rebuilding() -> Iterator[Rebuilt]:
    """A Rebuilt on disk, which goes when the block ends; what it was attached to has to be closed by then."""
    with tempfile.TemporaryDirectory(prefix="postkeep-index-") as folder, Rebuilt(Path(folder)) as rebuilt:
        yield rebuilt


def in_order(names: Iterable[str], kept: Index) -> list[str]:
    """Names of files in the order in which ``kept`` met them; those that it does not know come last.

    What a file is named for is the time of its run, and that clock may have been set back.
    """
    met = {name: number for number, name in enumerate(kept.files())}
    return sorted(names, key=lambda name: (met.get(name, len(met)), name))


def differences(kept: State) -> Iterator[str]:
    """A sentence for each row in which ``kept`` differs from the rebuilt index that is attached to it.

    Records that one of the two lacks are left out: what became of those is seen where the files are read.
    """
    for comparison in _COMPARISONS:
        for row in kept.rows(comparison.sql):
            yield comparison.sentence(tuple(row))
    for sql, sentence in _STRAY:
        for row in kept.rows(sql):
            yield sentence.format(*row)


def lost_with_their_visit(kept: State) -> list[tuple[str, str]]:
    """Captures that are lost, of visits of which ``kept`` alone knows that they ended: the visits' URLs, and their ids."""
    return [(row["url"], row["record_id"]) for row in kept.rows(_LOST_WITH_VISIT)]


def restore(kept: State) -> None:
    """Make the rows of ``kept`` say what the rebuilt index that is attached to it says; belongs into a transaction.

    A visit of which only ``kept`` knows that it ended, since the record that said so is lost, stays ended.
    """
    for statement in _RESTORE:
        kept.execute(statement)
    index = Index(kept)
    for row in kept.rows(_UNBOUND):
        index.bind(row["visit_id"], row["record_id"])


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How one table is compared: ``noun`` and ``key`` say which row it is, ``columns`` what is held side by side.

    ``where`` narrows the rows of the rebuilt table, which is named ``r``.
    """

    table: str
    noun: str
    key: str
    columns: tuple[str, ...]
    where: str

    @property
    def sql(self) -> str:
        """Rows of the key, whether the row is kept at all, and for each column what is kept and what was found."""
        pairs = ", ".join(f"quote(k.{name}), quote(r.{name})" for name in self.columns)
        differ = " OR ".join(f"k.{name} IS NOT r.{name}" for name in self.columns)
        return (
            f"SELECT r.{self.key}, k.{self.key} IS NOT NULL, {pairs} FROM rebuilt.{self.table} AS r "
            f"LEFT JOIN main.{self.table} AS k USING ({self.key}) "
            f"WHERE ({self.where}) AND (k.{self.key} IS NULL OR {differ}) ORDER BY 1"
        )

    def sentence(self, row: tuple[object, ...]) -> str:
        """One row of ``sql`` in words."""
        key, is_kept, *pairs = row
        if not is_kept:
            return f"The index does not know the {self.noun} {key}, which the WARC files hold."
        sides = zip(self.columns, pairs[::2], pairs[1::2], strict=True)
        deviations = [
            f"{name} is {kept} there and {stated} in the WARC files"
            for name, kept, stated in sides
            if kept != stated
        ]
        return f"The index is wrong about the {self.noun} {key}: {'; '.join(deviations)}."


_INDEXED: Final = "r.record_id IN (SELECT record_id FROM main.records)"
_ENDED: Final = "r.ended_at IS NOT NULL AND r.visit_id IN (SELECT record_id FROM main.records)"
_OPEN: Final = (
    "r.ended_at IS NULL AND r.visit_id IN "
    "(SELECT visit_id FROM rebuilt.visit_captures JOIN main.records USING (record_id))"
)
_LOST: Final = "SELECT record_id FROM main.records EXCEPT SELECT record_id FROM rebuilt.records"
_COMPARISONS: Final = (
    _Comparison("records", "record", "record_id", ("type",), _INDEXED),
    _Comparison(
        "captures",
        "capture",
        "record_id",
        ("url", "status", "payload_digest", "captured_at", "captured_at_basis"),
        _INDEXED,
    ),
    _Comparison("revisits", "revisit", "record_id", ("refers_to",), _INDEXED),
    _Comparison("visits", "visit", "visit_id", ("sequence", "url"), _OPEN),
    _Comparison(
        "visits", "visit", "visit_id", ("sequence", "url", "site", "begun_at", "ended_at", "whole"), _ENDED
    ),
    # A capture that is lost leaves an older one as the last that there is.
    _Comparison(
        "validators",
        "last answer to",
        "url",
        ("etag", "last_modified", "record_id"),
        f"r.url NOT IN (SELECT url FROM main.validators WHERE record_id IN ({_LOST})) AND {_INDEXED} "
        f"AND NOT EXISTS (SELECT 1 FROM main.revisits AS v WHERE v.refers_to = r.record_id AND v.record_id IN ({_LOST}))",
    ),
)  # fmt: skip

_IS_ENDED: Final = "visit_id IN (SELECT visit_id FROM rebuilt.visits WHERE ended_at IS NOT NULL)"
_GHOSTS: Final = (
    "SELECT visit_id FROM main.visits WHERE ended_at IS NOT NULL "
    "AND visit_id NOT IN (SELECT record_id FROM main.records) "
    "AND visit_id NOT IN (SELECT visit_id FROM rebuilt.visits) "
    "AND sequence IN (SELECT sequence FROM rebuilt.visits)"
)
_LOST_WITH_VISIT: Final = (
    "SELECT url, record_id FROM main.visit_captures JOIN main.visits USING (visit_id) WHERE ended_at IS NOT NULL "
    "AND visit_id NOT IN (SELECT visit_id FROM rebuilt.visits WHERE ended_at IS NOT NULL) "
    f"AND visit_id NOT IN ({_GHOSTS}) "
    "AND record_id NOT IN (SELECT record_id FROM rebuilt.captures) ORDER BY sequence, position"
)
_UNFOUNDED: Final = (
    "visit_id IN (SELECT visit_id FROM main.visits WHERE ended_at IS NULL) "
    "AND record_id NOT IN (SELECT record_id FROM main.records)"
)
# What a visit binds, as one text a visit.
_BOUND: Final = (
    "(SELECT group_concat(bound, ' ') FROM "
    "(SELECT position || record_id AS bound FROM {}.visit_captures AS b WHERE b.visit_id = r.visit_id ORDER BY position))"
)
_UNBOUND: Final = "SELECT visit_id, record_id FROM rebuilt.visit_captures EXCEPT SELECT visit_id, record_id FROM main.visit_captures"
# Rows that no record stands behind, and visits that bind other captures than they should.
_STRAY: Final = (
    (
        "SELECT record_id FROM main.captures WHERE record_id NOT IN (SELECT record_id FROM main.records)",
        "The index has a capture {0}, which is in no WARC file.",
    ),
    (
        "SELECT record_id FROM main.revisits WHERE record_id NOT IN (SELECT record_id FROM main.records)",
        "The index has a revisit {0}, which is in no WARC file.",
    ),
    (
        (
            "SELECT url FROM main.validators WHERE url NOT IN (SELECT url FROM rebuilt.validators) "
            f"AND record_id NOT IN ({_LOST})"
        ),
        "The index has a last answer to {0}, which is in no WARC file.",
    ),
    (
        "SELECT DISTINCT visit_id FROM main.visit_captures WHERE visit_id NOT IN (SELECT visit_id FROM main.visits)",
        "The index has captures of a visit {0} that it does not know.",
    ),
    (
        f"SELECT visit_id, record_id FROM main.visit_captures WHERE {_UNFOUNDED}",
        "The index has a capture {1} of the visit {0}, which is in no WARC file.",
    ),
    (_GHOSTS, "The index has a visit {0}, which no WARC file tells of."),
    (
        (
            f"SELECT visit_id FROM rebuilt.visits AS r WHERE {_ENDED} "
            f"AND {_BOUND.format('main')} IS NOT {_BOUND.format('rebuilt')}"
        ),
        "The index has other captures of the visit {0} than the record that ended it.",
    ),
    (
        (
            f"SELECT DISTINCT visit_id, record_id FROM ({_UNBOUND}) WHERE NOT {_IS_ENDED} "
            "AND record_id IN (SELECT record_id FROM main.records)"
        ),
        "The index does not know that the visit {0} has the capture {1}.",
    ),
)
_RESTORE: Final = (
    f"DELETE FROM main.visits WHERE visit_id IN ({_GHOSTS})",
    f"DELETE FROM main.visit_captures WHERE {_UNFOUNDED}",
    "DELETE FROM main.validators",
    "DELETE FROM main.revisits",
    "DELETE FROM main.captures",
    "DELETE FROM main.records",
    "DELETE FROM main.files",
    *(
        f"INSERT INTO main.{table} SELECT * FROM rebuilt.{table}"
        for table in ("files", "records", "captures", "revisits", "validators")
    ),
    # Replacing a visit takes away what it bound.
    "INSERT OR REPLACE INTO main.visits SELECT * FROM rebuilt.visits WHERE ended_at IS NOT NULL",
    f"DELETE FROM main.visit_captures WHERE {_IS_ENDED} OR visit_id NOT IN (SELECT visit_id FROM main.visits)",
    f"INSERT INTO main.visit_captures SELECT * FROM rebuilt.visit_captures WHERE {_IS_ENDED}",
    (
        "INSERT INTO main.visits SELECT * FROM rebuilt.visits WHERE ended_at IS NULL "
        "ON CONFLICT (visit_id) DO UPDATE SET sequence = excluded.sequence, url = excluded.url"
    ),
)
