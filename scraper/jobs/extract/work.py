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

from scraper import __version__
from scraper.archive.warc_file import WarcFile
from scraper.errors import RetryableError, SkippableError, UnreadableError
from scraper.jobs.extract.file_account import FileAccount
from scraper.jobs.extract.intake import ShardIntake
from scraper.jobs.extract.plan import Plan, WorkFolder, fingerprint_at, plan_at
from scraper.jobs.extract.sealed import digest_of, is_sealed, seal, write_note
from scraper.jobs.extract.shard import ShardWriter
from scraper.jobs.imports.passed_over import PassedOver
from scraper.jobs.imports.warc import WarcImport
from scraper.jobs.imports.warc_heads import make_tables, note_file
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.model.outcome import Item, OutcomeWord
from scraper.reading.pool import ReadingLimits, ReadingPool, ReadingProcesses
from scraper.sites.registry import Roots

_CHANGED: Final = (
    "{file} changed while it was read, so some of it may be missing. Run the same command again."
)

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
        SkippableError: the file cannot be read, or not to its end.
        RetryableError: it lies far away and cannot be had for now.
        StopError: the work folder refuses.
    """
    path = task.work.heads_file(task.warc)
    with task.work.explained():
        draft = _draft_of(path)
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            make_tables(database)
            note_file(database, 0, task.warc)
        draft.replace(path)
        seal(path, heads_seal(task.identity))
    return path


def has_heads(task: HeadsTask) -> bool:
    """Whether the heads of the file were noted as it is now."""
    return is_sealed(task.work.heads_file(task.warc), heads_seal(task.identity))


def heads_seal(identity: str) -> str:
    """What the heads of a file are made of, where this is its identity."""
    return f"{__version__} {identity}"


def read_file(task: ReadTask) -> FileAccount:
    """Read the visits in a file into its shard, and give the account of it, which is written beside the shard last.

    What is wrong with the file or its pages is in the account.

    Raises:
        RetryableError: the file lies far away and cannot be had for now.
        StopError: the work folder refuses.
    """
    plan = plan_at(task.plan, task.digest)
    with plan.work.explained():
        return _read_file(task, plan)


def _read_file(task: ReadTask, plan: Plan) -> FileAccount:
    warc = plan.files[task.number]
    path = plan.work.shard_file(warc)
    draft = _draft_of(path)
    counts = _Counts()
    with (
        WarcPlaces.opened(plan.work.places_file, plan.files) as places,
        ShardWriter(draft) as shard,
    ):
        is_as_it_was = _take_visits(task, plan, places, shard, counts) and not places.was_unreadable
        asked_elsewhere = places.was_asked
    account = FileAccount(
        location=warc.location,
        identity=task.identity if is_as_it_was else "",
        fingerprint=fingerprint_at(task.plan, task.digest),
        inputs=task.inputs if asked_elsewhere else None,
        posts=counts.posts,
        reasons=counts.reasons(),
        buckets=tuple(sorted(shard.buckets)),
        sha256=digest_of(draft),
    )
    draft.replace(path)
    write_note(path.with_suffix(".json"), account)
    return account


def _take_visits(
    task: ReadTask, plan: Plan, places: WarcPlaces, shard: ShardWriter, counts: "_Counts"
) -> bool:
    """Take the visits in a file into its shard; whether the file could be read as it is, and is now as it was before."""
    warc = plan.files[task.number]
    intake = ShardIntake(ReadingPool(plan.policy, _processes(plan.limits)), shard, plan.exclusions)
    importing = WarcImport(places, intake, plan.selection, Roots(), needs_post=False)
    try:
        counts.take(_in_stages(warc, importing, intake))
    except SkippableError as error:
        counts.take([Item(warc.location, "failed", reason=str(error))])
        if isinstance(error, UnreadableError):
            return False
    if _has_identity(warc, task.identity):
        return True
    counts.take([Item(warc.location, "failed", reason=_CHANGED.format(file=warc.location))])
    return False


def _in_stages(warc: WarcFile, importing: WarcImport, intake: ShardIntake) -> Iterator[Item | PassedOver]:
    """What became of the captures of a file: of pages, then of revisits, then of later pages of threads, as an import takes them."""
    yield from importing.take(warc.location, [warc])
    intake.begin_stage()
    yield from importing.revisits()
    intake.begin_stage()
    yield from importing.later_pages()


def _has_identity(warc: WarcFile, identity: str) -> bool:
    try:
        return warc.identity() == identity
    except (RetryableError, SkippableError):
        return False


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
