"""What a crawl has left to visit, so that one killed at any moment goes on where it was: posts, and lists that lead to some."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scraper.archive.state import State
from scraper.model.outcome import OutcomeWord

_POSTS_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Lead:
    """A list to fetch: ``depth`` counts the lists between it and the target that name it, ``page`` the pages before it."""

    url: str
    depth: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class DiscoveryCounts:
    """How many posts and lists a target led to, itself among the lists."""

    posts: int
    lists: int

    def __add__(self, other: "DiscoveryCounts") -> "DiscoveryCounts":
        return DiscoveryCounts(self.posts + other.posts, self.lists + other.lists)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a post; ``reason`` is a sentence, None where all went well."""

    url: str
    outcome: OutcomeWord
    post_id: str | None
    reason: str | None
    at: datetime


class Frontier:
    """The tables ``frontier``, of posts and what became of each, and ``discoveries``, by target of the lists that it
    leads to and the posts on them.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, urls: Iterable[str]) -> None:
        """Put posts at the end; those that are in it, waiting or settled, stay as they are."""
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
        """Note what became of a post."""
        self._state.change(
            "UPDATE frontier SET outcome = ?, post_id = ?, reason = ?, settled_at = ? WHERE url = ?",
            outcome, post_id, reason, at, url,
        )  # fmt: skip

    def settled(self, url: str) -> Settled | None:
        """What became of a post; None where it waits, or was never added."""
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
        """Take out the posts that were settled before a moment: whatever crawl had them has been given up."""
        self._state.change("DELETE FROM frontier WHERE settled_at < ?", before)

    def begin(self, target: str, now: datetime, oldest: datetime) -> datetime:
        """Begin with the target itself, or go on with what was begun not before ``oldest``; when that was, as ``begun_at`` has it."""
        begun = self.begun_at(target)
        if begun is not None and begun >= oldest:
            return begun
        with self._state.transaction():
            if begun is not None:
                self._state.execute("DELETE FROM discoveries WHERE target = ?", target)
            self._add(target, "list", Lead(target), now)
        return now if begun is None else self.begun_at(target) or now

    def begun_at(self, target: str) -> datetime | None:
        """When the crawl in hand began with a target, or with one that led to it; None where it has nothing to find out about it."""
        row = self._state.row(
            "SELECT min(found_at) AS begun FROM discoveries WHERE target = ? OR target IN "
            "(SELECT target FROM discoveries WHERE url = ?)",
            target, target,
        )  # fmt: skip
        return datetime.fromisoformat(row["begun"]) if row and row["begun"] else None

    def next_list(self, target: str) -> Lead | None:
        """The first list that was not fetched yet; None where every one was."""
        row = self._state.row(
            "SELECT url, depth, page FROM discoveries WHERE target = ? AND kind = 'list' AND NOT looked_at "
            "ORDER BY position LIMIT 1",
            target,
        )
        return Lead(row["url"], row["depth"], row["page"]) if row else None

    def note_list(
        self, target: str, url: str, lists: Iterable[Lead], posts: Iterable[str], now: datetime
    ) -> DiscoveryCounts:
        """Note what a list that was fetched leads to; gives what of it is new."""
        with self._state.transaction():
            new_posts = sum(self._add(target, "post", Lead(post), now) for post in posts)
            new_lists = sum(self._add(target, "list", lead, now) for lead in lists)
            self._state.execute(
                "UPDATE discoveries SET looked_at = 1 WHERE target = ? AND kind = 'list' AND url = ?",
                target,
                url,
            )
        return DiscoveryCounts(new_posts, new_lists)

    def counts(self, target: str) -> DiscoveryCounts:
        """What the target has led to so far."""
        (row,) = self._state.rows(
            "SELECT count(*) FILTER (WHERE kind = 'post'), count(*) FILTER (WHERE kind = 'list') "
            "FROM discoveries WHERE target = ?",
            target,
        )
        return DiscoveryCounts(*row)

    def posts(self, target: str) -> Iterator[str]:
        """The posts that were found, in the order in which they were."""
        last, is_over = 0, False
        while not is_over:
            rows = self._state.rows(
                "SELECT position, url FROM discoveries WHERE target = ? AND kind = 'post' AND position > ? "
                "ORDER BY position LIMIT ?",
                target, last, _POSTS_AT_ONCE,
            )  # fmt: skip
            yield from (row["url"] for row in rows)
            is_over = len(rows) < _POSTS_AT_ONCE
            last = rows[-1]["position"] if rows else last

    def clear(self, targets: Iterable[str] = (), posts: Iterable[str] = ()) -> None:
        """Forget what targets led to and what became of posts, at once: the crawl that had them is over."""
        with self._state.transaction():
            for target in targets:
                self._state.execute("DELETE FROM discoveries WHERE target = ?", target)
            for url in posts:
                self._state.execute("DELETE FROM frontier WHERE url = ?", url)

    def _add(self, target: str, kind: str, lead: Lead, now: datetime) -> int:
        return self._state.execute(
            "INSERT INTO discoveries (target, kind, url, depth, page, found_at, looked_at) "
            "VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (target, kind, url) DO NOTHING",
            target, kind, lead.url, lead.depth, lead.page, now,
        )  # fmt: skip
