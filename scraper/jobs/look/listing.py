"""``postkeep list``: the posts of an archive, one after the other; and with ``--failed`` what no record came of."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict

from scraper.archive.files import RECORDS_FILE
from scraper.archive.migrate import open_state_to_read
from scraper.archive.read import ArchiveReader
from scraper.archive.state import STATE_FILE
from scraper.errors import ArchiveHeldError, UsageError
from scraper.jobs.look.committed import committed_records, refuse_while_taking_down
from scraper.jobs.politeness.lines import Line, read_lines
from scraper.page.site_signals import is_site_file
from scraper.records.store import Records
from scraper.records.summaries import PostSummary, Summaries
from scraper.records.times import time_text

ListedPost = PostSummary
UNDATED: Final = "undated"
_MONTH: Final = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_YEAR: Final = 4
# Files that a host has for crawlers; what they forbid is said of the pages.


class ListedFailure(TypedDict):
    """A page in ``data.failed`` of ``postkeep list --failed --json``."""

    url: str
    outcome: Literal["refused", "failed", "rejected"]
    at: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which posts are listed: those that are of one of each kind that is named; nothing named is all.

    ``months`` are months or years of publication in UTC, ``2023-05`` or ``2023``, or ``undated``.
    """

    sites: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    accesses: tuple[str, ...] = ()
    months: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for month in self.months:
            if month != UNDATED and not _MONTH.fullmatch(month):
                raise UsageError(
                    f"--month {month}: write a month or a year of publication such as 2023-05 or 2023, or {UNDATED}."
                )

    @property
    def is_everything(self) -> bool:
        """Whether no post is left out."""
        return self == Choice()

    def takes(self, post: PostSummary) -> bool:
        """Whether a post is listed."""
        return (
            (not self.sites or post.site in self.sites)
            and (not self.statuses or post.status in self.statuses)
            and (not self.accesses or post.access in self.accesses)
            and (not self.months or not self.months_of(post).isdisjoint(self.months))
        )

    def months_of(self, post: PostSummary) -> frozenset[str]:
        """The values of ``months`` that a post is listed under; where its year alone is known, that year."""
        if post.published_at is None:
            return frozenset({UNDATED})
        year, month = post.published_at[:_YEAR], post.published_at[: _YEAR + 3]
        return frozenset({year} if post.published_precision == "year" else {year, month})


def listed_posts(folder: Path, choice: Choice) -> Iterator[ListedPost]:
    """The posts that are chosen, by ``post_id``, as the last commit left them.

    Raises:
        UsageError: the folder is no archive, or what it keeps was not read.
        ArchiveHeldError: a takedown was begun and is not complete.
    """
    with committed_records(folder) as records:
        path = folder / RECORDS_FILE
        file = _file(path)
        for post in Summaries(records).all() if records else ():
            refuse_while_taking_down(folder)
            if _file(path) != file:
                # Another file stands in its place after a takedown, or while all is read anew.
                message = (
                    f"{path} was made anew meanwhile, so the list is not whole. Run the same command again."
                )
                raise ArchiveHeldError(message)
            if choice.takes(post):
                yield post


def listed_failures(folder: Path) -> Iterator[ListedFailure]:
    """What no record came of: pages that were refused or failed and never came, by URL; then visits that gave no post.

    Raises:
        UsageError, ArchiveHeldError: as ``listed_posts``.
        ArchiveDamagedError, StopError: the state of the archive cannot be read.
    """
    with ExitStack() as opened:
        records = opened.enter_context(committed_records(folder))
        is_begun = (folder / STATE_FILE).is_file()
        state = opened.enter_context(open_state_to_read(folder)) if is_begun else None
        yield from (each for _, each in sorted(_never_came(folder).items()))
        if records and state:
            yield from _rejected(records, ArchiveReader(folder, state))


def _file(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path; None where none does."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _never_came(folder: Path) -> dict[str, ListedFailure]:
    """The pages whose last line in the ledger says that they were not asked for, or gave no answer; by URL."""
    failures: dict[str, ListedFailure] = {}
    for line in read_lines(folder):
        if not isinstance(line, Line) or "://" not in line.url or is_site_file(line.url):
            continue
        match line.event:
            case "refused" | "failed":
                failures.pop(line.url, None)
                failures[line.url] = {
                    "url": line.url,
                    "outcome": "refused" if line.event == "refused" else "failed",
                    "at": time_text(line.at),
                    "reason": _reason(line),
                }
            case "answer":
                failures.pop(line.url, None)
    return failures


def _reason(line: Line) -> str:
    """Why a page was not asked for, or gave no answer."""
    return line.text("reason") or f"It was not asked for: {line.rule}."


def _rejected(records: Records, archive: ArchiveReader) -> Iterator[ListedFailure]:
    """The pages whose last visit gave no record, and found no post gone that was there before; in the order of the visits."""
    reasons = records.departures_of_unknown() | records.rejections()
    last = {url: visit_id for visit_id, url in archive.visit_urls()}
    for url, visit_id in last.items():
        if visit_id in reasons:
            visit = archive.visit_cost(visit_id)
            at = time_text(visit.begun_at) if visit else None
            yield {"url": url, "outcome": "rejected", "at": at, "reason": reasons[visit_id]}
