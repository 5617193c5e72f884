"""The posts of one bucket: what the visits in all files say of them, in an order that no file's turn decides."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.errors import StopError
from scraper.jobs.extract.intake import OF_REVISITS
from scraper.jobs.extract.plan import Plan, plan_at
from scraper.jobs.extract.shard import NO_BUCKET, ReadVisit, read_shard
from scraper.model.decision import Returned
from scraper.reading.extractor import RecordKeeper
from scraper.reading.read_visit import Unread
from scraper.records.store import RecordStore

# A number holds whether a visit is of a revisit, the number of its file, and its place in the file.
_BITS_OF_PLACE: Final = 36
_REVISITS: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class BucketTask:
    """The visits of one bucket are to be brought together; ``numbers`` are those of the files whose shards have some."""

    plan: Path
    digest: str
    bucket: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BucketAccount:
    """What came of a bucket: visits that another is a copy of, and why records break the schema, with how many."""

    bucket: int
    copies: int
    rejected: tuple[tuple[str, int], ...]


def join_bucket(task: BucketTask) -> BucketAccount:
    """Bring the visits of a bucket together in the records of its posts."""
    plan = plan_at(task.plan, task.digest)
    path = plan.work.records_file(task.bucket)
    path.unlink(missing_ok=True)
    rejected: Counter[str] = Counter()
    copies = 0
    with (
        RecordStore(path, plan.fingerprint, keep_deleted_text=plan.settings.keep_deleted_text) as store,
        closing(_Pages()) as pages,
    ):
        keeper = RecordKeeper(store, _meet_nobody)
        for read in _visits(plan, task):
            if (
                isinstance(read.result, Unread)
                and read.result.post_id is None
                and not store.post_at(read.visit.url)
            ):
                continue
            if not pages.is_new(read.page):
                copies += 1
                continue
            item = keeper.keep(read.visit, read.result)
            if item.outcome == "rejected" and not isinstance(read.result, Unread):
                rejected[item.reason or ""] += 1
    return BucketAccount(task.bucket, copies, tuple(sorted(rejected.items())))


def _visits(plan: Plan, task: BucketTask) -> Iterator[ReadVisit]:
    """The visits of the bucket in the order of their numbers; last those of which only other visits tell the post."""
    for bucket in (task.bucket, NO_BUCKET):
        has_revisits = False
        for number, read in _of_files(plan, task.numbers, bucket):
            if read.ordinal & OF_REVISITS:
                has_revisits = True
            else:
                yield _numbered(read, number)
        if has_revisits:
            for number, read in _of_files(plan, task.numbers, bucket):
                if read.ordinal & OF_REVISITS:
                    yield _numbered(read, number)


def _of_files(plan: Plan, numbers: Sequence[int], bucket: int) -> Iterator[tuple[int, ReadVisit]]:
    for number in numbers:
        path = plan.work.shard_file(plan.files[number])
        try:
            for read in read_shard(path, bucket):
                yield number, read
        except OSError as error:
            raise StopError(f"{path} cannot be read: {error}. Run the same command again.") from error


def _numbered(read: ReadVisit, number: int) -> ReadVisit:
    place = read.ordinal & ~OF_REVISITS
    sequence = (_REVISITS if read.ordinal & OF_REVISITS else 0) | (number << _BITS_OF_PLACE) | place
    return read.numbered(f"{sequence:020}", sequence)


def _meet_nobody(returned: tuple[Returned, ...], visit_id: str) -> None:
    """What has a tombstone is left out of what is read; nothing was kept that would have to be taken down again."""


class _Pages:
    """Which pages visits were made for, on disk."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE pages (page BLOB PRIMARY KEY) WITHOUT ROWID")

    def is_new(self, page: bytes) -> bool:
        """Whether there was no visit of this page yet."""
        return self._database.execute("INSERT OR IGNORE INTO pages VALUES (?)", (page,)).rowcount == 1

    def close(self) -> None:
        """Forget them."""
        self._database.close()
