"""``postkeep report``: the crawl at a glance, as one page and as numbers, from the last committed state of an archive."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from scraper import __version__
from scraper.archive.disk import explained
from scraper.archive.growth import MonthOfGrowth, growth_by_month
from scraper.archive.migrate import open_state_to_read
from scraper.archive.outputs import Output, remember
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.archive.runs import read_runs
from scraper.errors import UsageError
from scraper.jobs.look.committed import committed_records
from scraper.jobs.look.status import status_of
from scraper.jobs.politeness.judge import Judge, archived_bodies
from scraper.jobs.politeness.lines import read_lines
from scraper.jobs.refresh.due import bounds_of, visited_posts
from scraper.jobs.report.traffic import TrafficTally
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.store import Records
from scraper.records.summaries import PostSummary, Summaries
from scraper.records.times import time_text
from scraper.viewer.crawl_report import CrawlReport, DayOfDue, HostPosts
from scraper.viewer.report import MARK, page_of

_DAYS_AHEAD: Final = 14
_FORGOTTEN: Final = (
    "The archive cannot be written, so a takedown will not name {page}: take it away yourself."
)


def report(page: Path | None, workplace: Workplace) -> Report:
    """Write the page, and give its numbers as ``data``; without a ``page`` the numbers alone.

    Raises:
        UsageError: the folder is no archive, or ``page`` holds something that no report wrote.
        ArchiveHeldError: a takedown was begun and is not complete.
        ArchiveDamagedError: the state or the decisions cannot be read.
        StopError: the page cannot be written.
    """
    if page is not None:
        _require_report(page)
    drawn = crawl_report(workplace)
    item = Item(str(workplace.folder), "done")
    if page is None:
        return Report(items=(item,), data=_plain(drawn))
    _write(page, page_of(drawn))
    is_remembered = remember(workplace.folder, Output("report", page))
    summary = () if is_remembered else (_FORGOTTEN.format(page=page),)
    return Report(items=(item,), outputs=(str(page),), summary=summary, data=_plain(drawn))


def crawl_report(workplace: Workplace) -> CrawlReport:
    """The numbers of an archive, as its last commit left it.

    Raises:
        UsageError, ArchiveHeldError, ArchiveDamagedError: as ``report``.
    """
    folder, now = workplace.folder, workplace.clock.now()
    status = status_of(workplace, {})
    tally = TrafficTally()
    with ExitStack() as opened:
        records = opened.enter_context(committed_records(folder))
        reader = opened.enter_context(open_to_read(folder)) if status["visits"]["kept"] else None
        workplace.progress.expect(0, "reading the ledger")
        bodies = archived_bodies(reader) if reader else lambda _url, _at, _digest: None
        tally.judged(read_lines(folder), Judge(bodies))
        return CrawlReport(
            archive=folder.resolve().name,
            made_at=time_text(now.replace(microsecond=0)),
            software=f"postkeep {__version__}",
            hosts=_posts_of_hosts(Summaries(records).all() if records else ()),
            traffic=tally.hosts(),
            troubles=tally.troubles(),
            growth=_growth(folder) if reader else (),
            runs=tuple(read_runs(folder)) if reader else (),
            drift=tuple(each["reason"] for each in status["held_back"]),
            due=_due(workplace, records, reader, now) if records and reader else (),
            next_due_at=status["due"]["next_at"],
            visits=cast("Mapping[str, int]", status["visits"]),
            bytes=status["bytes"],
            tombstones=status["takedowns"]["tombstones"],
            notes=tuple(status["notes"]),
        )


class _HostTally:
    """The sums of one host's posts."""

    def __init__(self) -> None:
        self.comments = self.declared = self.captured_of_declared = self.short = 0
        self.access: Counter[str] = Counter()
        self.status: Counter[str] = Counter()

    def add(self, post: PostSummary) -> None:
        self.access[post.access] += 1
        self.status[post.status] += 1
        self.comments += post.comments_captured
        if post.comments_declared is not None:
            self.declared += post.comments_declared
            self.captured_of_declared += post.comments_captured
            self.short += post.comments_captured < post.comments_declared

    def of(self, host: str) -> HostPosts:
        return HostPosts(
            host=host,
            posts=self.access.total(),
            comments=self.comments,
            declared=self.declared,
            captured_of_declared=self.captured_of_declared,
            short=self.short,
            access=dict(sorted(self.access.items())),
            status=dict(sorted(self.status.items())),
        )


def _posts_of_hosts(posts: Iterable[PostSummary]) -> tuple[HostPosts, ...]:
    """The hosts, those with most posts first."""
    tallies: defaultdict[str, _HostTally] = defaultdict(_HostTally)
    for post in posts:
        tallies[urlsplit(post.url).hostname or ""].add(post)
    hosts = (tally.of(host) for host, tally in tallies.items())
    return tuple(sorted(hosts, key=lambda each: (-each.posts, each.host)))


def _growth(folder: Path) -> tuple[MonthOfGrowth, ...]:
    with open_state_to_read(folder) as state:
        return growth_by_month(state)


def _due(
    workplace: Workplace, records: Records, reader: ArchiveReader, now: datetime
) -> tuple[DayOfDue, ...]:
    """The posts that become due in the days ahead, today first; none where no post is visited again."""
    bounds = bounds_of(workplace.settings)
    moments = [post.due_at(now, bounds) for post in visited_posts(records.looks(), reader, bounds)]
    if not moments:
        return ()
    days = [now.date() + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)]
    counts = Counter(max(moment, now).date() for moment in moments)
    return tuple(DayOfDue(day.isoformat(), counts[day]) for day in days)


def _require_report(page: Path) -> None:
    """Raise UsageError where writing the page would take another file's place."""
    if not page.exists():
        return
    try:
        with page.open("rb") as file:
            is_report = MARK.encode() in file.read(len(MARK) + 100)
    except OSError as error:
        raise UsageError(f"{page} cannot be written: {error.strerror or error}. Name a file.") from error
    if not is_report:
        raise UsageError(
            f"{page} is there and no report of postkeep, so it was not changed. Name another file."
        )


def _write(page: Path, data: bytes) -> None:
    """Put the page in its place, whole, for its owner alone."""
    part = page.with_name(f"{page.name}.part")
    with explained(page):
        part.unlink(missing_ok=True)
        part.touch(0o600)
        part.write_bytes(data)
        part.replace(page)


def _plain(drawn: CrawlReport) -> dict[str, object]:
    """The numbers as JSON has them."""
    plain: dict[str, object] = json.loads(json.dumps(asdict(drawn), default=_text))
    return plain


def _text(value: object) -> object:
    match value:
        case datetime():
            return time_text(value)
        case _:
            raise TypeError(type(value).__name__)
