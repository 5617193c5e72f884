"""The pieces of work of an extraction, as any process on any machine does them: its tasks name files, and hold nothing of a page."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.jobs.extract.file_account import FileAccount, digest_of
from scraper.jobs.extract.intake import ShardIntake
from scraper.jobs.extract.plan import WorkFolder, plan_at
from scraper.jobs.extract.shard import ShardWriter
from scraper.jobs.imports.passed_over import PassedOver
from scraper.jobs.imports.warc import WarcImport
from scraper.jobs.imports.warc_heads import make_tables, note_file
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.model.outcome import Item, OutcomeWord
from scraper.reading.pool import ReadingLimits, ReadingPool, ReadingProcesses
from scraper.sites.registry import Roots

_OWN: Final[ContextVar[ReadingProcesses]] = ContextVar("_OWN")


@dataclass(frozen=True, slots=True)
class HeadsTask:
    """The heads of one file are to be noted; ``identity`` is that of the file as it is now."""

    work: WorkFolder
    warc: WarcFile
    identity: str


@dataclass(frozen=True, slots=True)
class ReadTask:
    """The visits in one file of a plan are to be read; ``inputs`` stands for all files as they are now."""

    plan: Path
    digest: str
    number: int
    identity: str
    inputs: str


def note_heads(task: HeadsTask) -> Path:
    """Note the heads of a file in a table of its own; gives where that is.

    Raises:
        SkippableError: the file cannot be opened.
    """
    path = task.work.heads_file(task.warc)
    draft = _draft_of(path)
    with closing(sqlite3.connect(draft, isolation_level=None)) as database:
        make_tables(database)
        database.execute("CREATE TABLE file (identity TEXT)")
        database.execute("INSERT INTO file VALUES (?)", (task.identity,))
        note_file(database, 0, task.warc)
    return draft.replace(path)


def has_heads(task: HeadsTask) -> bool:
    """Whether the heads of the file were noted as it is now."""
    path = task.work.heads_file(task.warc)
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            noted: tuple[str] | None = database.execute("SELECT identity FROM file").fetchone()
            return noted == (task.identity,)
    except sqlite3.DatabaseError:
        return False


def read_file(task: ReadTask) -> FileAccount:
    """Read the visits in a file into its shard, and give the account of it, which is written beside the shard last.

    What is wrong with the file or its pages is in the account.
    """
    plan = plan_at(task.plan, task.digest)
    warc = plan.files[task.number]
    path = plan.work.shard_file(warc)
    draft = _draft_of(path)
    counts = _Counts()
    with (
        WarcPlaces.opened(plan.work.places_file, plan.files) as places,
        ShardWriter(draft) as shard,
    ):
        reader = ReadingPool(plan.policy, _processes(plan.limits))
        intake = ShardIntake(reader, shard, plan.exclusions)
        importing = WarcImport(places, intake, plan.selection, Roots(), needs_post=False)
        try:
            counts.take(importing.take(warc.location, [warc]))
            intake.begin_stage()
            counts.take(importing.revisits())
            intake.begin_stage()
            counts.take(importing.later_pages())
        except SkippableError as error:
            counts.take([Item(warc.location, "failed", reason=str(error))])
        asked_elsewhere = places.was_asked
    account = FileAccount(
        location=warc.location,
        identity=task.identity,
        fingerprint=plan.fingerprint,
        inputs=task.inputs if asked_elsewhere else None,
        posts=counts.posts,
        reasons=counts.reasons(),
        buckets=tuple(sorted(shard.buckets)),
        sha256=digest_of(draft),
    )
    draft.replace(path)
    account.write(path.with_suffix(".json"))
    return account


@contextmanager
def own_processes(processes: ReadingProcesses) -> Iterator[None]:
    """Have the work that this process does itself read pages in ``processes``, which somebody else closes."""
    token = _OWN.set(processes)
    try:
        yield
    finally:
        _OWN.reset(token)


def _processes(limits: ReadingLimits) -> ReadingProcesses:
    return _OWN.get(None) or lasting_processes(limits)


@cache
def lasting_processes(limits: ReadingLimits) -> ReadingProcesses:
    """One process that reads pages for all work that this process is given; it ends with it."""
    processes = ReadingProcesses(1, limits)
    # Before a process ends it waits for those that it started, which have to be told.
    Finalize(None, processes.stop, exitpriority=0)
    return processes


def _draft_of(path: Path) -> Path:
    """Where a file is written until it is whole; two that write it do not meet."""
    draft = path.with_name(f"{path.name}.{os.uname().nodename}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    return draft


class _Counts:
    """What became of the captures of a file, by outcome and reason."""

    def __init__(self) -> None:
        self.posts = 0
        self._reasons: Counter[tuple[OutcomeWord, str]] = Counter()

    def take(self, settled: Iterable[Item | PassedOver]) -> None:
        for each in settled:
            if isinstance(each, PassedOver):
                for reason, count in each.counts.items():
                    self._reasons["skipped", reason] += count
            elif each.outcome == "done":
                self.posts += 1
            else:
                self._reasons[each.outcome, each.reason or ""] += 1

    def reasons(self) -> tuple[tuple[OutcomeWord, str, int], ...]:
        return tuple((outcome, reason, count) for (outcome, reason), count in sorted(self._reasons.items()))
