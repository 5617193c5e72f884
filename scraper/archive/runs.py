"""The runs that an archive has seen, so that a job that died in silence is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Final

from scraper.archive.disk import Disk
from scraper.archive.files import present_names
from scraper.archive.lock import Lock
from scraper.archive.migrate import open_state, open_state_to_read
from scraper.archive.state import STATE_FILE, State
from scraper.model.outcome import OUTCOME_WORDS
from scraper.model.run import Findings, PublicationOutcome, Run, Traffic

# Five years of nightly runs.
KEPT: Final = 2000


class Runs:
    """The runs table of state.sqlite. Runs are in the order in which they began, whatever the clock said."""

    def __init__(self, state: State) -> None:
        self._state = state

    def begin(self, run: Run) -> None:
        """Note that a run begins; of the oldest no more than ``KEPT`` stay.

        Raises:
            StopError: the medium refused.
        """
        with self._state.transaction():
            self._state.execute(
                "INSERT INTO runs (run_id, verb, began_at, completed, publishes) VALUES (?, ?, ?, 0, ?)",
                run.run_id, run.verb, run.began_at, run.publication.repo if run.publication else None,
            )  # fmt: skip
            self._state.execute(
                "DELETE FROM runs WHERE position <= (SELECT max(position) FROM runs) - ? "
                "AND position IS NOT (SELECT max(position) FROM runs WHERE completed) "
                "AND position IS NOT (SELECT max(position) FROM runs WHERE published_at IS NOT NULL)",
                KEPT,
            )

    def end(self, run: Run) -> None:
        """Note how a run ended.

        Raises:
            StopError: the medium refused.
        """
        findings = run.findings
        with self._state.transaction():
            self._state.execute(
                "UPDATE runs SET ended_at = ?, completed = ?, exit_code = ?, reason = ?, done = ?, failed = ?, refused = ?, "
                "rejected = ?, skipped = ?, requests = ?, bytes = ?, visited = ?, new = ?, changed = ?, gone = ?, "
                "waiting = ?, next_due_at = ? WHERE run_id = ?",
                run.ended_at, int(run.completed), run.exit_code, run.reason,
                *(run.counts.get(word) for word in OUTCOME_WORDS),
                run.traffic.requests, run.traffic.bytes,
                findings.visited, findings.new, findings.changed, findings.gone, findings.waiting,
                findings.next_due_at, run.run_id,
            )  # fmt: skip

    def settle_publication(self, run_id: str, outcome: PublicationOutcome) -> None:
        """Note what became of the publication of a run.

        Raises:
            StopError: the medium refused.
        """
        with self._state.transaction():
            self._state.execute(
                "UPDATE runs SET publishes = ?, published_at = ?, unpublished_reason = ? WHERE run_id = ?",
                outcome.repo, outcome.settled_at, outcome.reason, run_id,
            )  # fmt: skip

    def all(self) -> list[Run]:
        """The runs that are remembered, oldest first."""
        return [_run(row) for row in self._state.rows("SELECT * FROM runs ORDER BY position")]


@contextmanager
def open_runs(archive: Path, disk: Disk) -> Iterator[Runs]:
    """The runs of an archive, to note in them what happens after its work is done; the lock is held meanwhile.

    Raises:
        ArchiveHeldError: another run holds the archive.
        ArchiveDamagedError, StopError: as ``open_state``.
    """
    with Lock(archive), open_state(archive, disk) as state:
        yield Runs(state)


def read_runs(archive: Path) -> list[Run]:
    """The runs of an archive, oldest first; none where it was never worked with. Writes nothing.

    Raises:
        ArchiveDamagedError: state.sqlite is missing or damaged.
        StopError: it has another format.
    """
    if not (archive / STATE_FILE).exists() and not present_names(archive):
        return []
    with open_state_to_read(archive) as state:
        return Runs(state).all()


def _run(row: Row) -> Run:
    return Run(
        run_id=row["run_id"],
        verb=row["verb"],
        began_at=datetime.fromisoformat(row["began_at"]),
        ended_at=_moment(row["ended_at"]),
        completed=bool(row["completed"]),
        exit_code=row["exit_code"],
        reason=row["reason"],
        counts={word: row[word] for word in OUTCOME_WORDS if row[word] is not None},
        traffic=Traffic(row["requests"] or 0, row["bytes"] or 0),
        findings=Findings(
            visited=row["visited"],
            new=row["new"],
            changed=row["changed"],
            gone=row["gone"],
            waiting=row["waiting"],
            next_due_at=_moment(row["next_due_at"]),
        ),
        publication=_publication(row),
    )


def _publication(row: Row) -> PublicationOutcome | None:
    if row["publishes"] is None:
        return None
    return PublicationOutcome(row["publishes"], _moment(row["published_at"]), row["unpublished_reason"])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
