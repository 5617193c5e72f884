"""Which rows stay in the archive: those of an export of one's own, and those that are never published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scraper.dataset.layout import post_of
from scraper.model.exclusions import Exclusions
from scraper.model.record import Signal
from scraper.model.url import parse_url
from scraper.page.verdict import verdict
from scraper.records.contract import Row
from scraper.records.merging import GATED_SINCE
from scraper.records.store import Records

_TAKEN_BACK: Final = "It was taken back by its author or its site, so it is not published."
_GATED: Final = "All of its text is behind a gate, so it is not published."
_GATED_SINCE: Final = (
    "Its page has a gate in place of its text now, so what was open before is not published."
)
STILL_KEPT: Final = "What the archive has of it stays there until `postkeep forget` takes it down."


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


def withheld_from_export(records: Records, exclusions: Exclusions = Exclusions()) -> Withheld:  # noqa: B008 - frozen
    """What no export holds: posts that ask not to be archived, and what is forgotten or opted out."""
    posts = dict(_refusing(records.rows("posts"), "exported"))
    return Withheld(
        posts | dict(_excluded(records.rows("posts"), exclusions)), _comments_of(records, exclusions)
    )


def withheld_from_publication(records: Records, exclusions: Exclusions) -> Withheld:
    """What is never published.

    What no export holds, posts that a gate withholds whole, now or since their text was read, and those taken back.
    """
    exported = withheld_from_export(records, exclusions)
    unseen = ((post["post_id"], _reason(post)) for post in records.rows("posts"))
    posts = {post_id: reason for post_id, reason in unseen if reason is not None}
    return Withheld(posts | dict(exported.posts), exported.comments)


def _excluded(posts: Iterable[Row], exclusions: Exclusions) -> Iterator[tuple[str, str]]:
    for post in posts:
        url = parse_url(post["url"])
        host = url.host if url else ""
        reason = exclusions.against_row(post["post_id"], post["author_id"]) or exclusions.against_visit(
            post["url"], host, post["post_id"]
        )
        if reason:
            yield post["post_id"], f"{reason} {STILL_KEPT}"


def _comments_of(records: Records, exclusions: Exclusions) -> frozenset[str]:
    """The comments of people who are forgotten or opted out."""
    if not (exclusions.opted_out or exclusions.forgotten):
        return frozenset()
    return frozenset(
        row["comment_id"]
        for row in records.rows("comments")
        if exclusions.against_row(row["comment_id"], row["author_id"])
    )


def _reason(post: Row) -> str | None:
    if post["access"] == "gated":
        return _GATED
    if any(item["kind"] == GATED_SINCE for item in post["access_evidence"]):
        return _GATED_SINCE
    return _TAKEN_BACK if post["status"] == "withdrawn" else None


def _refusing(posts: Iterable[Row], what: str) -> Iterator[tuple[str, str]]:
    for post in posts:
        refusals = verdict(Signal(item["signal"], item["value"]) for item in post["rights"]).refusals
        if refusals:
            said = f"{refusals[0].signal}: {refusals[0].value}"
            yield post["post_id"], f"It asks not to be archived ({said}), so it was not {what}."
