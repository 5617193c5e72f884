"""The last step of an extraction: the records of all buckets become the dataset, on the engine as far as they can be divided."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from scraper.archive.outputs import Output
from scraper.archive.read import open_to_read
from scraper.archive.state import STATE_FILE
from scraper.dataset.export import WHOLE, Data, data_of
from scraper.dataset.layout import data_file
from scraper.dataset.manifest import ConfigEntry, FileEntry, config_entry
from scraper.dataset.plots import plots
from scraper.dataset.sorted_runs import SortedRun, months_of, years_of
from scraper.jobs.exclusions import exclusions_among
from scraper.jobs.extract.buckets import BucketAccount, BucketTask
from scraper.jobs.extract.plan import WorkFolder, hand_over
from scraper.jobs.extract.rows import (
    PartTask,
    RowsPlan,
    RunTask,
    SteadyTask,
    WrittenRun,
    take_steady_digest,
    tally_of,
    write_part,
    write_run,
)
from scraper.jobs.extract.shard import BUCKETS
from scraper.jobs.politeness.conduct import conduct_of
from scraper.jobs.publication.export import card_with, takedowns_of, write_dataset
from scraper.jobs.robots_today import RobotsToday, StatedToday
from scraper.jobs.workplace import Workplace
from scraper.model.exclusions import Exclusions
from scraper.model.outcome import Item
from scraper.records.contract import Contract
from scraper.records.joined import JoinedRecords
from scraper.records.store import Records

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class Perform(Protocol):
    """Has an engine do pieces of work, none of which may be lost."""

    def __call__(
        self,
        work: Callable[[TaskT], ResultT],
        tasks: Sequence[TaskT],
        doing: str,
        name: Callable[[TaskT], str],
    ) -> Iterator[tuple[TaskT, ResultT]]:
        """Each task with what came of it, in any order; ``name`` is the piece of work in words.

        Raises:
            StopError: one was lost.
        """
        ...


@dataclass(frozen=True, slots=True)
class WrittenDataset:
    """How many posts the dataset has, what stayed behind and why, and sentences for the owner."""

    posts: int
    items: tuple[Item, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class DatasetWriter:
    """Writes the dataset ``into`` a folder; the rows go out as those of an archive do.

    ``forgotten`` is what had a tombstone when the files were read: of one that came later the card does not say that it is honoured.
    """

    into: Path
    work: WorkFolder
    workplace: Workplace
    archive: Path | None
    forgotten: Collection[str]
    perform: Perform
    _runs: list[WrittenRun] = field(default_factory=list)

    def write(self, buckets: Sequence[BucketAccount]) -> WrittenDataset:
        """Write the dataset of the records of these buckets.

        Raises:
            UsageError: the folder holds things that no export wrote.
            StopError: a row breaks the schema, or the disk refused; what stood in the folder is as it was.
        """
        card = partial(
            card_with,
            settings=self.workplace.settings,
            # Of what others captured it says nothing of our own conduct.
            conduct=conduct_of(()),
            takedowns=[
                digest
                for digest, subject in takedowns_of(self.workplace.folder).items()
                if subject in self.forgotten
            ],
        )
        write = partial(self._data, buckets)
        archives = (self.archive,) if self.archive else ()
        remarks = write_dataset(Output("extracted", self.into), write, card, archives)
        withheld: Counter[str] = Counter()
        for run in self._runs:
            withheld.update(dict(run.withheld))
        posts = sum(bucket.posts for bucket in buckets) - withheld.total()
        if comments := sum(run.comments for run in self._runs):
            withheld["Comments of people in the opt-out file were left out."] = comments
        items = [
            Item(str(self.into), "skipped", reason=f"{reason} ({count:,})")
            for reason, count in withheld.items()
        ]
        return WrittenDataset(posts, tuple(items), remarks)

    def _data(self, buckets: Sequence[BucketAccount], built: Path, scratch: Path) -> Data:
        """The rows of all buckets, then the files of all rows."""
        plan = RowsPlan(
            work=self.work,
            built=built,
            scratch=scratch,
            year_limit=WHOLE.year_limit,
            keep_deleted_text=self.workplace.settings.keep_deleted_text,
            exclusions=self._exclusions(buckets),
            robots_today=self._robots_today(buckets),
        )
        path = self.work.rows_plan_file
        digest = hand_over(plan, path)
        tasks = [RunTask(path, digest, each.bucket) for each in buckets]
        written = {
            task.bucket: run for task, run in self.perform(write_run, tasks, "making rows", name_of_bucket)
        }
        self._runs = [written[bucket] for bucket in sorted(written)]
        figures = tally_of(self._runs).figures()
        with ThreadPoolExecutor(1) as meanwhile:
            drawn = meanwhile.submit(plots, figures)
            entries = self._entries(path, digest)
            return data_of(Contract.load(), WHOLE, entries, figures, drawn.result())

    def _entries(self, plan: Path, digest: str) -> dict[str, ConfigEntry]:
        """Write the files; gives the entries of all configs."""
        runs = [each.run for each in self._runs]
        configs = Contract.load().configs
        files: dict[str, dict[str, FileEntry]] = {config: {} for config in configs}
        parts = [(config, year) for config in configs for year in years_of(runs, config)]
        while parts:
            tasks = [
                PartTask(plan, digest, config, part, _having(runs, config, part)) for config, part in parts
            ]
            parts = []
            for task, written in self.perform(write_part, tasks, "writing", _name_of_part):
                if written.entry:
                    files[task.config][str(data_file(task.config, task.part))] = written.entry
                else:
                    parts += [(task.config, month) for month in months_of(runs, task.config, task.part)]
        steady = [SteadyTask(plan, digest, config, _having(runs, config)) for config in configs]
        digests = {
            task.config: text
            for task, text in self.perform(take_steady_digest, steady, "writing", _name_of_digest)
        }
        return {
            config: config_entry(dict(sorted(files[config].items())), digests[config]) for config in configs
        }

    def _exclusions(self, buckets: Sequence[BucketAccount]) -> Exclusions:
        with ExitStack() as opened:
            paths = [self.work.records_file(each.bucket) for each in buckets]
            joined = JoinedRecords([opened.enter_context(Records.open_to_read(path)) for path in paths])
            homes = frozenset[str]().union(*(each.homes for each in buckets))
            return exclusions_among(joined, [self.workplace], homes)

    def _robots_today(self, buckets: Sequence[BucketAccount]) -> StatedToday:
        # An archive in which nothing was kept yet has asked nobody.
        if self.archive is None or not (self.archive / STATE_FILE).is_file():
            return StatedToday()
        with open_to_read(self.archive) as reader:
            return RobotsToday(reader).stated(frozenset[str]().union(*(each.origins for each in buckets)))


def name_of_bucket(task: BucketTask | RunTask) -> str:
    """A piece of work on a bucket, in words."""
    return f"posts, part {task.bucket + 1} of {BUCKETS}"


def _name_of_part(task: PartTask) -> str:
    return f"{task.config} of {task.part}"


def _name_of_digest(task: SteadyTask) -> str:
    return f"digest of the {task.config}"


def _having(runs: Sequence[SortedRun], config: str, part: str | None = None) -> tuple[Path, ...]:
    return tuple(run.folder for run in runs if run.has(config, part))
