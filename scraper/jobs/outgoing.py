"""The posts on their way out of the archive, in one pass: what stays behind is left out and noted, the rest is checked."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, cast
from urllib.parse import urlsplit

from scraper.errors import StopError
from scraper.model.exclusions import Exclusions
from scraper.model.record import GATED_SINCE, Signal
from scraper.model.url import parse_url
from scraper.page.restrictions import Restrictions, restrictions_of
from scraper.page.rsl import UNAVAILABLE
from scraper.records.contract import Contract
from scraper.records.forgetting import without_lost_parent
from scraper.records.history import PostRows, is_personal
from scraper.records.row_types import CommentRow, PostRow

# The configs whose rows no store has.
_MADE_BY_MERGING: Final = ("metrics", "revisions")
_TAKEN_BACK: Final = "It was taken back by its author or its site, so it is not published."
_PERSONAL: Final = (
    "It was asked for with a person's cookie or password, or saved by somebody who was signed in, so it may show what only a "
    "member sees. If signed-out readers see it, state that by importing the file into an archive: postkeep import FILE --as-public"
)
_GATED: Final = "All of its text is behind a gate, so it is not published."
_GATED_SINCE: Final = (
    "Its page has a gate in place of its text now, so what was open before is not published."
)
REDUCED: Final = "Its site leaves an index of it and no more (use=reference), so it was exported without its words, comments and revisions."
STILL_KEPT: Final = "What the archive has of it stays there until `postkeep forget` takes it down."


def _silent(_url: str) -> Iterable[Signal]:
    return ()


@dataclass(slots=True)
class Outgoing:
    """The posts that may leave the archive: with ``exclusions``, and for a publication more strictly than for an export.

    Once ``posts`` is through, ``withheld`` leads from the posts that stay behind to a sentence that says why, and
    ``comments`` counts the comments of people who are left out. ``robots_today`` gives what the robots.txt of a page's host says of
    it now; ``reduced`` are the posts that go out without what people wrote.
    ``still_kept`` says what becomes of what is left out, where the rows come from. ``hosts`` and ``reservations`` (of machine learning or of
    text and data mining, as pages state them) count the posts that go out.
    """

    contract: Contract
    exclusions: Exclusions = Exclusions()  # noqa: RUF009 - frozen
    is_publication: bool = False
    withheld: dict[str, str] = field(default_factory=dict)
    comments: int = 0
    hosts: Counter[str] = field(default_factory=Counter)
    reservations: Counter[str] = field(default_factory=Counter)
    robots_today: Callable[[str], Iterable[Signal]] = _silent
    reduced: set[str] = field(default_factory=set)
    still_kept: str = STILL_KEPT

    def posts(self, merged: Iterable[PostRows]) -> Iterator[PostRows]:
        """Of the merged posts those that go out, without the comments that do not.

        Raises:
            StopError: a row breaks the schema: merging made it of several readings.
        """
        for each in merged:
            restrictions = self._restrictions(each.post)
            reason = self._reason(each.post, restrictions)
            rows = self._without_excluded(each)
            if reason is not None:
                self.withheld[each.post["post_id"]] = reason
                continue
            self.hosts[urlsplit(each.post["url"]).hostname or ""] += 1
            self.reservations.update(
                {f"{signal.signal}: {signal.value}" for signal in restrictions.reservations}
            )
            if restrictions.reductions:
                self.reduced.add(each.post["post_id"])
                rows = self._without_words(rows)
            self._require_kept_contract(rows)
            yield rows

    def lets_words_out(self, post: PostRow, comments: Iterable[CommentRow]) -> bool:
        """Whether a post as it was read once goes out with all of its words, and all who commented on it too."""
        restrictions = self._restrictions(post)
        return (
            self._reason(post, restrictions) is None
            and not restrictions.reductions
            and not any(self.exclusions.against_row(row["comment_id"], row["author_id"]) for row in comments)
        )

    def _restrictions(self, post: PostRow) -> Restrictions:
        """The restrictions of a post by what its last visit recorded, and by what its robots.txt says now."""
        recorded = (Signal(item["signal"], item["value"]) for item in post["rights"])
        return restrictions_of(dict.fromkeys((*recorded, *self.robots_today(post["url"]))))

    def _without_words(self, rows: PostRows) -> PostRows:
        """A post as an index has it: without what people wrote, its comments and its revisions."""
        post = cast("PostRow", self.contract.without_words("posts", rows.post))
        return replace(rows, post=post, comments=(), revisions=(), is_checked=False)

    def _reason(self, post: PostRow, restrictions: Restrictions) -> str | None:
        """Why a post stays behind with all that belongs to it; None where it goes out."""
        url = parse_url(post["url"])
        excluded = self.exclusions.against_row(
            post["post_id"], post["author_id"]
        ) or self.exclusions.against_visit(post["url"], url.host if url else "", post["post_id"])
        if excluded:
            return f"{excluded} {self.still_kept}".rstrip()
        if restrictions.refusals:
            refusal = f"{restrictions.refusals[0].signal}: {restrictions.refusals[0].value}"
            return f"It asks not to be archived ({refusal}), so it was not exported."
        if restrictions.withholdings:
            return _reason_of_licence(restrictions.withholdings[0])
        if is_personal(post):
            return _PERSONAL
        return _reason_against_publication(post) if self.is_publication else None

    def _without_excluded(self, rows: PostRows) -> PostRows:
        """``rows`` without the comments of people who are forgotten or opted out; a reply to one stays, as a reply to nothing."""
        if not (self.exclusions.opted_out or self.exclusions.forgotten):
            return rows
        kept = {
            row["comment_id"]
            for row in rows.comments
            if not self.exclusions.against_row(row["comment_id"], row["author_id"])
        }
        gone = {row["comment_id"] for row in rows.comments} - kept
        if not gone:
            return rows
        self.comments += len(gone)
        return replace(
            rows,
            comments=tuple(
                without_lost_parent(row, kept) for row in rows.comments if row["comment_id"] in kept
            ),
            revisions=tuple(row for row in rows.revisions if row["item_id"] not in gone),
            is_checked=False,
        )

    def _require_kept_contract(self, rows: PostRows) -> None:
        """See to it that every row keeps the contract, those aside that were checked when they were stored."""
        for config in _MADE_BY_MERGING if rows.is_checked else self.contract.configs:
            for row in rows.of(config):
                problems = self.contract.problems(config, row)
                if problems:
                    raise StopError(
                        f"A row of {config} breaks the schema, so nothing was exported: {' '.join(problems)}"
                    )


def _reason_of_licence(signal: Signal) -> str:
    if signal.signal == UNAVAILABLE:
        return (
            f"Its licence {signal.value} could not be had or read, which counts as a prohibition, so it was not exported. "
            f"The next visit asks for it again."
        )
    return f"Its licence prohibits every use ({signal.signal}: {signal.value}), so it was not exported."


def _reason_against_publication(post: PostRow) -> str | None:
    """Why a post that an export of one's own has is never published."""
    if post["access"] == "gated":
        return _GATED
    if any(item["kind"] == GATED_SINCE for item in post["access_evidence"]):
        return _GATED_SINCE
    return _TAKEN_BACK if post["status"] == "withdrawn" else None
