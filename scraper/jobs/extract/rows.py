"""The last pieces of work of an extraction: the records of each bucket become rows, and those of all buckets the files of the dataset."""

import os
import pickle
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scraper.dataset.figures import Tally
from scraper.dataset.layout import data_file
from scraper.dataset.manifest import FileEntry, file_entry
from scraper.dataset.sorted_runs import RunWriter, SortedRun, steady_digest, write_merged
from scraper.jobs.extract.plan import WorkFolder, handed_over
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.robots_today import StatedToday
from scraper.model.exclusions import Exclusions
from scraper.records.contract import Contract
from scraper.records.joined import JoinedRecords
from scraper.records.store import Records


@dataclass(frozen=True, slots=True)
class RowsPlan:
    """By what records become rows, and where: ``built`` is the dataset's folder while it is written, ``scratch`` is for what leads to it.

    A year whose file is larger than ``year_limit`` bytes is parted into months.
    """

    work: WorkFolder
    built: Path
    scratch: Path
    year_limit: int
    keep_deleted_text: bool
    exclusions: Exclusions = field(repr=False)
    robots_today: StatedToday = field(repr=False)


@dataclass(frozen=True, slots=True)
class RunTask:
    """The posts of a bucket are to become a run of rows; ``plan`` has a RowsPlan."""

    plan: Path
    digest: str
    bucket: int


@dataclass(frozen=True, slots=True)
class WrittenRun:
    """The rows of a bucket. ``withheld`` has why so many posts stay behind; ``comments`` were left out of those that do not.

    ``tally`` is where the numbers of the card lie.
    """

    run: SortedRun
    tally: Path
    withheld: tuple[tuple[str, int], ...]
    comments: int


@dataclass(frozen=True, slots=True)
class PartTask:
    """The file of a year or month of a config is to be written from the runs in ``folders``, which have rows for it."""

    plan: Path
    digest: str
    config: str
    part: str
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A file of the dataset; None where that of a year is too large, and is to be written month by month."""

    entry: FileEntry | None


@dataclass(frozen=True, slots=True)
class SteadyTask:
    """The digest over the rows of a config is to be taken from the runs in ``folders``, which have some."""

    plan: Path
    digest: str
    config: str
    folders: tuple[Path, ...]


def write_run(task: RunTask) -> WrittenRun:
    """Write the rows of the posts of a bucket, as far as they go out.

    Raises:
        StopError: a row breaks the schema, or the disk refuses.
    """
    plan: RowsPlan = handed_over(task.plan, task.digest)
    with plan.work.explained():
        return _write_run(task, plan)


def _write_run(task: RunTask, plan: RowsPlan) -> WrittenRun:
    contract = Contract.load()
    # The files are not ours, and beside the dataset nothing stays that has a tombstone.
    outgoing = Outgoing(contract, plan.exclusions, still_kept="", robots_today=plan.robots_today.signals)
    folder = _own(plan.scratch, f"{task.bucket:03}")
    folder.mkdir(exist_ok=True)
    writer = RunWriter(folder, contract)
    with Records.open_to_read(plan.work.records_file(task.bucket)) as records:
        joined = JoinedRecords([records], keep_deleted_text=plan.keep_deleted_text)
        for post in outgoing.posts(joined.posts()):
            writer.add(post)
    tally = folder / "tally"
    tally.write_bytes(pickle.dumps(writer.tally))
    withheld = Counter(outgoing.withheld.values())
    return WrittenRun(writer.finish(), tally, tuple(sorted(withheld.items())), outgoing.comments)


def write_part(task: PartTask) -> WrittenPart:
    """Write a file of the dataset.

    Raises:
        StopError: the disk refuses.
    """
    plan: RowsPlan = handed_over(task.plan, task.digest)
    with plan.work.explained():
        path = plan.built / data_file(task.config, task.part)
        draft = _own(plan.scratch, f"{task.config}-{task.part}")
        columns = Contract.load().columns(task.config)
        if not write_merged(task.folders, draft, columns, (task.config, task.part), plan.year_limit):
            draft.unlink()
            return WrittenPart(None)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = WrittenPart(file_entry(draft))
        draft.replace(path)
        return written


def take_steady_digest(task: SteadyTask) -> str:
    """The digest over the rows of a config without counts.

    Raises:
        StopError: the disk refuses.
    """
    plan: RowsPlan = handed_over(task.plan, task.digest)
    with plan.work.explained():
        return steady_digest(task.folders, Contract.load().columns(task.config), task.config)


def tally_of(runs: Iterable[WrittenRun]) -> Tally:
    """What the numbers of the card are, of all runs."""
    tally = Tally()
    for run in runs:
        each: Tally = pickle.loads(run.tally.read_bytes())  # noqa: S301 - a worker of ours wrote it
        tally.add(each)
    return tally


def _own(folder: Path, name: str) -> Path:
    """A place in a folder for this process alone: one that died at the same left what nobody reads."""
    return folder / f"{name}.{os.uname().nodename}.{os.getpid()}"
