"""The posts of one bucket: what the visits in all files say of them, in an order that no file's turn decides."""

import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scraper.errors import StopError
from scraper.jobs.extract.intake import STAGE_BITS
from scraper.jobs.extract.plan import Plan, fingerprint_at, plan_at
from scraper.jobs.extract.shard import NO_BUCKET, ReadVisit, read_shard
from scraper.model.decision import Returned
from scraper.model.site import home_of
from scraper.model.url import parse_url
from scraper.reading.extractor import RecordKeeper
from scraper.reading.read_visit import Unread
from scraper.records.reading import Reading
from scraper.records.store import RecordStore

# A number holds the stage that a visit was made in, the number of its file, and its place among the visits of the file.
_PLACE_BITS: Final = 36


@dataclass(frozen=True, slots=True)
class BucketTask:
    """The visits of one bucket are to be brought together; ``numbers`` are those of the files whose shards have some.

    ``of_none`` are those of the files with visits of which only other visits tell the post.
    """

    plan: Path
    digest: str
    bucket: int
    numbers: tuple[int, ...]
    of_none: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BucketAccount:
    """What came of a bucket: visits that another is a copy of, and why records break the schema, with how many.

    ``posts`` is how many there are; ``homes`` are those of their people, ``origins`` those of the URLs that were read of them.
    """

    bucket: int
    copies: int
    rejected: tuple[tuple[str, int], ...]
    posts: int
    homes: frozenset[str]
    origins: frozenset[str]


def join_bucket(task: BucketTask) -> BucketAccount:
    """Bring the visits of a bucket together in the records of its posts.

    Raises:
        StopError: the work folder refuses.
    """
    plan = plan_at(task.plan, task.digest)
    with plan.work.explained():
        return _join_bucket(task, plan)


def _join_bucket(task: BucketTask, plan: Plan) -> BucketAccount:
    path = plan.work.records_file(task.bucket)
    path.unlink(missing_ok=True)
    rejected: Counter[str] = Counter()
    origins: set[str] = set()
    copies = 0
    with (
        RecordStore(path, fingerprint_at(task.plan, task.digest), is_lasting=False) as store,
        closing(_Pages()) as pages,
    ):
        keeper = RecordKeeper(store, _meet_nobody)
        for read in _visits(plan, task):
            result = read.result
            if isinstance(result, Unread) and result.post_id is None:
                post_id = store.post_at_address(read.address)
                if post_id is None:
                    continue
                result = replace(result, post_id=post_id)
            if not pages.is_new(read.pages):
                copies += 1
                continue
            item = keeper.keep(read.visit, result)
            if item.outcome == "rejected" and not isinstance(result, Unread):
                rejected[item.reason or ""] += 1
            elif isinstance(result, Reading) and (url := parse_url(result.post["url"])):
                origins.add(url.origin)
        homes = frozenset(map(home_of, store.post_ids()))
        posts = store.post_count()
    reasons = tuple(sorted(rejected.items()))
    return BucketAccount(task.bucket, copies, reasons, posts, homes, frozenset(origins))


def _visits(plan: Plan, task: BucketTask) -> Iterator[ReadVisit]:
    """The visits of the bucket, stage by stage, as an import of all files makes them; last those of which only other visits tell the post.

    Those of pages are in the order of their numbers, those of what waited for the pages in that of their captures.
    """
    for bucket, numbers in ((task.bucket, task.numbers), (NO_BUCKET, task.of_none)):
        stages = {0}
        while stages:
            stage = min(stages)
            stages.discard(stage)
            visits = _of_stage(stage, _of_files(plan, numbers, bucket), later=stages)
            yield from _by_time(visits) if stage else visits


def _of_stage(stage: int, visits: Iterable[tuple[int, ReadVisit]], later: set[int]) -> Iterator[ReadVisit]:
    """The visits of a stage, numbered; the later stages of others are added to ``later``."""
    for number, read in visits:
        own = read.ordinal >> STAGE_BITS
        if own == stage:
            yield _numbered(read, number)
        elif own > stage:
            later.add(own)


def _by_time(visits: Iterable[ReadVisit]) -> Iterator[ReadVisit]:
    """Visits in the order of the captures that they were made for, on disk meanwhile; first those of which the time is unknown."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.execute("CREATE TABLE visits (at TEXT, sequence INTEGER, visit BLOB)")
        for read in visits:
            at = read.captured_at and read.captured_at.isoformat(timespec="microseconds")
            row = (at, read.visit.sequence, pickle.dumps(read))
            database.execute("INSERT INTO visits VALUES (?, ?, ?)", row)
        for (stored,) in database.execute("SELECT visit FROM visits ORDER BY at, sequence"):
            yield pickle.loads(stored)  # noqa: S301 - made above


def _of_files(plan: Plan, numbers: Sequence[int], bucket: int) -> Iterator[tuple[int, ReadVisit]]:
    for number in numbers:
        path = plan.work.shard_file(plan.files[number])
        try:
            for read in read_shard(path, bucket):
                yield number, read
        except OSError as error:
            raise StopError(f"{path} cannot be read: {error}. Run the same command again.") from error


def _numbered(read: ReadVisit, number: int) -> ReadVisit:
    stage, place = read.ordinal >> STAGE_BITS, read.ordinal & ((1 << STAGE_BITS) - 1)
    sequence = stage << STAGE_BITS | number << _PLACE_BITS | place
    return read.numbered(f"{sequence:020}", sequence)


def _meet_nobody(returned: tuple[Returned, ...], visit_id: str) -> None:
    """What has a tombstone is left out of what is read; nothing was kept that would have to be taken down again."""


class _Pages:
    """The pages that visits have, on disk."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE pages (page BLOB PRIMARY KEY) WITHOUT ROWID")

    def is_new(self, pages: Sequence[bytes]) -> bool:
        """Whether no visit before has the first of these pages; one that is new has all of them from now on."""
        if self._database.execute("SELECT 1 FROM pages WHERE page = ?", (pages[0],)).fetchone():
            return False
        self._database.executemany("INSERT OR IGNORE INTO pages VALUES (?)", ((page,) for page in pages))
        return True

    def close(self) -> None:
        """Forget them."""
        self._database.close()
