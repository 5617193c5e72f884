"""Which rows stay in the archive: those of an export of one's own, and those that are never published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scraper.dataset.layout import post_of
from scraper.model.decision import Decision
from scraper.model.record import Signal
from scraper.page.verdict import verdict
from scraper.records.contract import Row
from scraper.records.store import Records

_TAKEN_BACK: Final = "It was taken back by its author or its site, so it is not published."
_GATED: Final = "All of its text is behind a gate, so it is not published."
_FORGOTTEN: Final = "It was taken down (postkeep forget), so it is not published."


@dataclass(frozen=True, slots=True)
class Withheld:
    """What stays behind: posts with all that belongs to them, and single comments with their revisions.

    ``posts`` leads from ids to a sentence that says why.
    """

    posts: Mapping[str, str] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()

    def holds(self, row: Row) -> bool:
        """Whether a row of any config stays behind."""
        return post_of(row) in self.posts or row.get("comment_id", row.get("item_id")) in self.comments


def withheld_from_export(records: Records) -> Withheld:
    """What no export holds: posts that ask not to be archived."""
    return Withheld(dict(_refusing(records.rows("posts"), "exported")))


def withheld_from_publication(records: Records, decisions: Iterable[Decision]) -> Withheld:
    """What is never published.

    Posts that ask not to be archived, that a gate withholds whole, that were taken back, or that were taken down; and
    comments that were taken down.
    """
    forgotten = {decision.subject for decision in decisions if decision.kind == "tombstone"}
    posts = dict(_refusing(records.rows("posts"), "published"))
    for post in records.rows("posts"):
        reason = _reason(post, forgotten)
        if reason is not None:
            posts.setdefault(post["post_id"], reason)
    comments = (
        comment["comment_id"]
        for comment in records.rows("comments")
        if forgotten & {comment["comment_id"], comment["author_id"]}
    )
    return Withheld(posts, frozenset(comments))


def _reason(post: Row, forgotten: set[str]) -> str | None:
    if forgotten & {post["post_id"], post["author_id"]}:
        return _FORGOTTEN
    if post["access"] == "gated":
        return _GATED
    return _TAKEN_BACK if post["status"] == "withdrawn" else None


def _refusing(posts: Iterable[Row], what: str) -> Iterator[tuple[str, str]]:
    for post in posts:
        refusals = verdict(Signal(item["signal"], item["value"]) for item in post["rights"]).refusals
        if refusals:
            said = f"{refusals[0].signal}: {refusals[0].value}"
            yield post["post_id"], f"It asks not to be archived ({said}), so it was not {what}."
