"""``postkeep extract --from``: WARC files that stay where they are become a dataset.

The heads of all files are noted, then each file is read, which may need pages of the others, then the visits of each post are brought
together. Each step is many pieces of work for an engine; what is done is not done again by the next run.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Final

import msgspec

from scraper import __version__
from scraper.archive.files import KEY_FILE, is_archive, require_archive
from scraper.archive.lock import Lock, holder_of
from scraper.archive.outputs import Output, remember
from scraper.archive.state import STATE_FILE
from scraper.archive.warc_file import WarcFile
from scraper.dataset.folder import refuse_foreign
from scraper.dataset.layout import MANIFEST
from scraper.dataset.manifest import Manifest
from scraper.errors import ArchiveHeldError, StopError, UsageError
from scraper.jobs.engines.engine import Engine, PlainEngine
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extract.all_heads import bring_together, digest_of_requests
from scraper.jobs.extract.buckets import BucketTask, join_bucket
from scraper.jobs.extract.dataset import DatasetWriter, ResultT, TaskT, name_of_bucket
from scraper.jobs.extract.file_account import FileAccount
from scraper.jobs.extract.identities import identities_of
from scraper.jobs.extract.inputs import Inputs
from scraper.jobs.extract.plan import Plan, WorkFolder
from scraper.jobs.extract.sealed import digest_of, read_note, write_note
from scraper.jobs.extract.shard import NO_BUCKET
from scraper.jobs.extract.work import HeadsTask, ReadTask, has_heads, note_heads, own_processes, read_file
from scraper.jobs.extracted_ids import has_ids, write_ids
from scraper.jobs.imports.selection import Selection
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.reading.pool import ReadingLimits, ReadingProcesses
from scraper.records.people import load_or_create_key

_PRIVATE: Final = "The pseudonyms belong to no archive, so this dataset is for yourself: their key is {key}, and `postkeep publish` refuses it. Name an archive with --archive for one that can be published."
_LOST: Final = "The {piece} could not be brought together, so {dataset} is as it was. What was read is kept: run the same command again."
_NO_FILE: Final = (
    "There is no WARC file to read: name WARC or WACZ files, folders or URLs of them with --from."
)
_NOTHING_READ: Final = "None of the files could be read, so {dataset} is as it was. Once they can be, run the same command again."
_NOTHING_NEW: Final = "Nothing has changed since this dataset was made, so no file was read."


def owner_of(archive: Path, *, is_named: bool) -> Path | None:
    """The archive whose key, opt-outs and tombstones count: one that is named, or else the one at the usual place, if there is one."""
    return archive if is_named or is_archive(archive) else None


def outputs_in(into: Path) -> tuple[Path, ...]:
    """The folders that are written where ``into`` is the dataset's.

    Raises:
        UsageError: ``into`` cannot be replaced, or holds things that no export wrote.
    """
    refuse_foreign(into.resolve())
    return into, WorkFolder.beside(into).path


def extract_from(
    inputs: Inputs,
    into: Path,
    workplace: Workplace,
    engine: Engine,
    *,
    archive: Path | None = None,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> Report:
    """Make the dataset of WARC files in the folder ``into``.

    The pseudonyms, opt-outs and tombstones are those of ``archive``, whose settings the ``workplace`` has; without one a key is made
    beside the dataset.

    Raises:
        UsageError: there is no file, ``archive`` is none, or ``into`` holds things that no export wrote.
        ArchiveHeldError: another run makes this dataset.
        StopError: the disk refused.
    """
    if not inputs.files:
        raise UsageError(_no_file(inputs.items))
    if archive is not None:
        require_archive(archive)
    refuse_foreign(into.resolve())
    work = WorkFolder.beside(into)
    work.make()
    with _held(work, into), work.explained(), ExitStack() as opened:
        if isinstance(engine, PlainEngine):
            limits = workplace.reading_limits or ReadingLimits()
            processes = workplace.processes or opened.enter_context(ReadingProcesses(1, limits))
            opened.enter_context(own_processes(processes))
        opened.callback(work.forget_plans)
        if archive is not None:
            # Before anything of it is read: a run that is cut off leaves readings behind.
            remember(archive, Output("extracted", into))
        workplace = replace(workplace, folder=archive or work.path)
        return _Extraction(work, into, workplace, engine, archive, selection).run(inputs)


@dataclass(slots=True)
class _Extraction:
    """One run. Without an archive the work folder takes its place: it has a key, and no decisions."""

    work: WorkFolder
    into: Path
    workplace: Workplace
    engine: Engine
    archive: Path | None
    selection: Selection
    items: list[Item] = field(default_factory=list)

    def run(self, inputs: Inputs) -> Report:
        self._settle_besides(inputs.items)
        files = inputs.placed(self.work.chosen_file)
        noted = self._with_heads(files)
        identities = {task.warc: task.identity for task in noted}
        inputs_digest = bring_together(self.work, noted)
        plan = self._plan(tuple(identities))
        accounts = self._read(plan, identities, inputs_digest)
        if not any(account and (account.identity or account.posts) for account in accounts):
            # What stands there says more than nothing does; the files may be had again tomorrow.
            self._clear(files, plan.fingerprint)
            return Report(items=tuple(self.items), summary=(_NOTHING_READ.format(dataset=self.into),))
        digest = self._digest(plan, accounts)
        note = read_note(self.work.ended_file, _DatasetNote)
        summary: tuple[str, ...] = ()
        if note and note.is_of(digest, self.into) and has_ids(self.into):
            self._settle_besides(note.left_out)
            summary += (_NOTHING_NEW,)
        else:
            note = self._write_dataset(digest, plan, accounts)
            write_note(self.work.ended_file, note)
        summary += note.summary
        if self.archive is None:
            summary += (_PRIVATE.format(key=self.work.key_file),)
        self._clear(files, plan.fingerprint)
        return Report(items=tuple(self.items), outputs=(str(self.into),), summary=summary)

    def _with_heads(self, files: Sequence[WarcFile]) -> list[HeadsTask]:
        """The files whose heads are noted, as they are now; a file that cannot be had costs itself."""
        tasks: list[HeadsTask] = []
        for warc, identity in identities_of(files):
            if isinstance(identity, str):
                tasks.append(HeadsTask(self.work, warc, identity))
            else:
                self._settle_besides([Item(warc.location, "failed", reason=str(identity))])
        missing = [task for task in tasks if not has_heads(task)]
        lost: set[WarcFile] = set()
        for task, path in self._work(note_heads, missing, "noting the records of", _location):
            if path is None:
                lost.add(task.warc)
            else:
                self.workplace.progress.step()
        return [task for task in tasks if task.warc not in lost]

    def _plan(self, files: tuple[WarcFile, ...]) -> Plan:
        key_file = self.workplace.folder / KEY_FILE
        load_or_create_key(key_file)
        return Plan(
            work=self.work,
            files=files,
            key_file=key_file.absolute(),
            settings=self.workplace.settings,
            exclusions=exclusions_of(self.workplace),
            requests=digest_of_requests(self.work.places_file),
            selection=self.selection,
            limits=self.workplace.reading_limits or ReadingLimits(),
        )

    def _read(self, plan: Plan, identities: dict[WarcFile, str], inputs: str) -> list[FileAccount | None]:
        """The account of each file of the plan; None for one that was lost."""
        digest, fingerprint = plan.write(), plan.fingerprint
        accounts: list[FileAccount | None] = []
        tasks: list[ReadTask] = []
        for number, warc in enumerate(plan.files):
            shard = self.work.shard_file(warc)
            account = read_note(shard.with_suffix(".json"), FileAccount)
            is_done = account and account.is_of(identities[warc], fingerprint, inputs, shard)
            accounts.append(account if is_done else None)
            if not is_done:
                tasks.append(ReadTask(self.work.plan_file, digest, number, identities[warc], inputs))

        def location(task: ReadTask) -> str:
            return plan.files[task.number].location

        self._settle_besides([item for account in accounts if account for item in account.items])
        for task, account in self._work(read_file, tasks, "reading", location):
            accounts[task.number] = account
            first, *others = account.items if account else (None,)
            if first:
                self._settle(first)
            self._settle_besides(others)
        return accounts

    def _write_dataset(
        self, digest: str, plan: Plan, accounts: Sequence[FileAccount | None]
    ) -> "_DatasetNote":
        """Bring the visits together and write the dataset."""
        plan_digest = plan.write()
        holders: defaultdict[int, list[int]] = defaultdict(list)
        for number, account in enumerate(accounts):
            for bucket in account.buckets if account else ():
                holders[bucket].append(number)
        of_none = tuple(holders.pop(NO_BUCKET, ()))
        tasks = [
            BucketTask(self.work.plan_file, plan_digest, bucket, tuple(numbers), of_none)
            for bucket, numbers in sorted(holders.items())
        ]
        joined = self._without_loss(join_bucket, tasks, "bringing together", name_of_bucket)
        buckets = sorted((account for _, account in joined), key=attrgetter("bucket"))
        left_out = [
            Item(str(self.into), "rejected", reason=f"{reason} ({count:,})")
            for account in buckets
            for reason, count in account.rejected
        ]
        forgotten = plan.exclusions.forgotten
        writer = DatasetWriter(
            self.into, self.work, self.workplace, self.archive, forgotten, self._without_loss
        )
        written = writer.write(buckets)
        write_ids(self.into, [self.work.records_file(each.bucket) for each in buckets])
        left_out += written.items
        self._settle_besides(left_out)
        copies = sum(account.copies for account in buckets)
        summary = (_summary_of(written.posts, copies, accounts), *written.remarks)
        return _DatasetNote(digest, digest_of(self.into / MANIFEST), tuple(left_out), summary)

    def _clear(self, files: Sequence[WarcFile], fingerprint: str) -> None:
        """Leave what the next run needs: also of files that cannot be had today, unless it was read by other rules."""
        self.work.clear(files)
        for warc in files:
            account = read_note(self.work.shard_file(warc).with_suffix(".json"), FileAccount)
            if account is None or account.fingerprint != fingerprint:
                self.work.forget_shard(warc)

    def _work(
        self,
        work: Callable[[TaskT], ResultT],
        tasks: Sequence[TaskT],
        doing: str,
        name: Callable[[TaskT], str],
    ) -> Iterator[tuple[TaskT, ResultT | None]]:
        """Each task with what came of it; those that were lost are settled as failed."""
        if not tasks:
            return
        self.workplace.progress.expect(len(tasks), doing)
        for finished in self.engine.run(work, tasks):
            if finished.lost is not None:
                self._settle(Item(name(finished.task), "failed", reason=finished.lost))
            yield finished.task, finished.result

    def _without_loss(
        self,
        work: Callable[[TaskT], ResultT],
        tasks: Sequence[TaskT],
        doing: str,
        name: Callable[[TaskT], str],
    ) -> Iterator[tuple[TaskT, ResultT]]:
        """See Perform."""
        for task, result in self._work(work, tasks, doing, name):
            if result is None:
                raise StopError(_LOST.format(piece=name(task), dataset=self.into))
            self.workplace.progress.step()
            yield task, result

    def _settle_besides(self, items: Iterable[Item]) -> None:
        """Settle what is none of the pieces of work that were expected."""
        for item in items:
            self.workplace.progress.more(1)
            self._settle(item)

    def _settle(self, item: Item) -> None:
        self.workplace.progress.end(item)
        self.items.append(item)

    def _digest(self, plan: Plan, accounts: Iterable[FileAccount | None]) -> str:
        """Stands for all that the dataset is made of."""
        settings = self.workplace.settings
        opt_out = self.workplace.folder / settings.opt_out if settings.opt_out else None
        state = self.workplace.folder / STATE_FILE
        parts = (
            __version__,
            plan.fingerprint,
            repr(settings),
            digest_of(opt_out) if opt_out else None,
            state.stat().st_mtime_ns if state.is_file() else None,
            [account.sha256 if account else None for account in accounts],
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


class _DatasetNote(msgspec.Struct, frozen=True):
    """A whole dataset: the digests of what it was made of and of its manifest, what was left out of it, and what sums it up."""

    digest: str
    manifest: str
    left_out: tuple[Item, ...]
    summary: tuple[str, ...]

    def is_of(self, digest: str, dataset: Path) -> bool:
        """Whether the dataset would be made of the same again, and stands there as it was made."""
        manifest = dataset / MANIFEST
        if self.digest != digest or not manifest.is_file() or digest_of(manifest) != self.manifest:
            return False
        configs = Manifest.parse(manifest.read_text(encoding="utf-8")).configs.values()
        files = {dataset / path: each.sha256 for config in configs for path, each in config.files.items()}
        return all(path.is_file() and digest_of(path) == sha256 for path, sha256 in files.items())


def _no_file(items: Sequence[Item]) -> str:
    """Why there is nothing to read: what is wrong with the first of the names, which its reason may have already."""
    first = "".join(f" {each.reason}" for each in items[:1])
    if items and items[0].target not in first:
        first = f" {items[0].target}:{first}"
    return f"{_NO_FILE}{first}"


def _held(work: WorkFolder, into: Path) -> Lock:
    try:
        return Lock(work.path)
    except ArchiveHeldError as error:
        process = holder_of(work.path)
        holder = f" (process {process})" if process is not None else ""
        message = f"{into} is being made by another run{holder}. Wait until it has ended, or name another folder with --into."
        raise ArchiveHeldError(message) from error


def _location(task: HeadsTask) -> str:
    return task.warc.location


def _summary_of(posts: int, copies: int, accounts: Iterable[FileAccount | None]) -> str:
    files = sum(account is not None for account in accounts)
    again = f" Captures that were there more than once, and count once: {copies:,}." if copies else ""
    return f"Posts: {posts:,}. Files read: {files:,}.{again}"
