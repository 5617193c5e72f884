"""The targets of a crawl and what became of each, so that one killed at any moment goes on where it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scraper.archive.state import State
from scraper.archive.warc import format_date
from scraper.model.outcome import OutcomeWord


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a target; ``reason`` is a sentence, None where all went well."""

    url: str
    outcome: OutcomeWord
    post_id: str | None
    reason: str | None
    at: datetime


class Frontier:
    """The frontier table of state.sqlite."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, urls: Iterable[str]) -> None:
        """Put targets at the end; those that are in it, waiting or settled, stay as they are."""
        with self._state.transaction():
            for url in urls:
                self._state.execute(
                    "INSERT INTO frontier (url, after) SELECT ?, ifnull(max(sequence), 0) FROM visits WHERE true "
                    "ON CONFLICT (url) DO NOTHING",
                    url,
                )

    def settle(
        self, url: str, outcome: OutcomeWord, post_id: str | None, reason: str | None, at: datetime
    ) -> None:
        """Note what became of a target."""
        with self._state.transaction():
            self._state.execute(
                "UPDATE frontier SET outcome = ?, post_id = ?, reason = ?, settled_at = ? WHERE url = ?",
                outcome, post_id, reason, format_date(at), url,
            )  # fmt: skip

    def settled(self, url: str) -> Settled | None:
        """What became of a target; None where it waits, or was never added."""
        row = self._state.row("SELECT * FROM frontier WHERE url = ? AND outcome IS NOT NULL", url)
        if row is None:
            return None
        return Settled(
            url=row["url"],
            outcome=row["outcome"],
            post_id=row["post_id"],
            reason=row["reason"],
            at=datetime.fromisoformat(row["settled_at"]),
        )

    def forget_settled(self, before: datetime) -> None:
        """Take out the targets that were settled before a moment: whatever crawl had them has been given up."""
        with self._state.transaction():
            self._state.execute("DELETE FROM frontier WHERE settled_at < ?", format_date(before))

    def clear(self, urls: Iterable[str]) -> None:
        """Take targets out: the crawl that had them is over."""
        with self._state.transaction():
            for url in urls:
                self._state.execute("DELETE FROM frontier WHERE url = ?", url)
