"""The datasets that were extracted under an archive's key: whom they and their work folders hold, and what a takedown takes out of them.

The WARC files that they were extracted from are somebody else's, and stay as they are.
"""

import shlex
import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa

from scraper.archive.files import KEY_FILE, PREVIEW_FOLDER
from scraper.archive.lock import Lock
from scraper.archive.outputs import Output, kind_at, origins_of, outputs_of
from scraper.archive.preview import remove_preview
from scraper.dataset.context import CardContext
from scraper.dataset.export import write_data
from scraper.dataset.figures import Figures
from scraper.dataset.folder import forget_half_made
from scraper.dataset.read import FolderRows, open_export
from scraper.dataset.sections import named_after
from scraper.errors import PostkeepError, StopError, UnreadableError
from scraper.jobs.dataset_inventory import inventories_of
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extract.file_account import FileAccount
from scraper.jobs.extract.plan import WorkFolder
from scraper.jobs.extract.sealed import read_note
from scraper.jobs.extract.shard import ReadVisit, read_shard
from scraper.jobs.extracted_ids import has_ids, ids_file, write_ids
from scraper.jobs.publication.export import takedowns_of, write_dataset
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from scraper.records.contract import Contract
from scraper.records.forgetting import rows_without_forgotten
from scraper.records.people import Pseudonyms, load_or_create_key
from scraper.records.reading import Reading
from scraper.takedown.subject import Inventory

_TAKEN: Final = (
    "Posts: {posts:,}, comments: {comments:,} {done} the dataset. What was read of the files for it {work}: the next extraction reads them again. "
    "Copies that were handed on stay with whoever has them."
)
_STILL_HELD: Final = (
    "Somebody else's file, which was not touched: it still holds what was taken down. What postkeep makes of it by this archive leaves that "
    "out; the words themselves only whoever keeps the file can take out."
)
_ONLY_TODAY: Final = (
    "{work} does not tell under which ids its posts were known before, so those of today alone were looked for. Extract it "
    "again over it: {command}"
)
_FAILED: Final = "It may still hold what was taken down: {error} Then extract it again over it, {command}, or delete it and {work}."
_COMMAND: Final = "postkeep extract --from FILES --into {dataset} --archive {archive}"


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of the datasets and their work folders, and the outputs that were ``left`` as they are."""

    items: tuple[Item, ...]
    left: tuple[Output, ...]


def take_out(workplace: Workplace, would: AbstractSet[str] | None = None) -> Reached:
    """Take what has a tombstone out of the datasets that were extracted under an archive, and out of their work folders.

    With ``would``, the ids of what would get one, nothing is changed, and the items say what would be taken out.
    """
    forgotten = exclusions_of(workplace).forgotten
    items: list[Item] = []
    left: list[Output] = []
    for output in outputs_of(workplace.folder):
        extraction = _Extraction(output, workplace, forgotten | (would or frozenset()))
        try:
            if output.kind != "extracted" or not extraction.is_there:
                left.append(output)
            else:
                items += extraction.told() if would is not None else extraction.take_out()
        except (PostkeepError, OSError, pa.ArrowException) as error:
            items.append(extraction.failed(error))
    if would is None:
        items += _without_previews(workplace.folder)
    return Reached(tuple(items), tuple(left))


def _without_previews(archive: Path) -> Iterator[Item]:
    """Remove what dry runs in other archives wrote of datasets that this one has a part in: they show a row."""
    origins = (origin for output in outputs_of(archive) for origin in origins_of(archive, output.path))
    others = {other for origin in origins for other in origin.archives} - {archive.resolve()}
    for other in sorted(others):
        try:
            remove_preview(other)
        except StopError as error:
            reason = f"It may show what was taken down, and cannot be removed: {error}"
            yield Item(str(other / PREVIEW_FOLDER), "failed", reason=reason)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many rows of a dataset go, the files of which what was read is known to go, and whether anything that was read goes."""

    posts: int
    comments: int
    files: tuple[str, ...]
    is_read: bool

    @property
    def any(self) -> bool:
        return bool(self.posts or self.comments or self.is_read)


@dataclass(frozen=True, slots=True)
class _Extraction:
    """One dataset that was extracted, with what lies beside it; ``forgotten`` are the ids of all that has a tombstone."""

    output: Output
    workplace: Workplace
    forgotten: AbstractSet[str]

    @property
    def is_there(self) -> bool:
        return self.dataset.exists() or self.work.path.exists()

    @property
    def dataset(self) -> Path:
        return self.output.path

    @property
    def work(self) -> WorkFolder:
        return WorkFolder.beside(self.dataset)

    def told(self) -> Iterator[Item]:
        """Items for what would be taken out."""
        counts = self._counts(self._gone())
        if counts.any:
            yield from self._items(counts, done="would be taken out of", work="would be deleted")

    def take_out(self) -> Iterator[Item]:
        """Take out what is forgotten, while no run makes the dataset; items for what was."""
        with ExitStack() as opened:
            if self.work.path.is_dir():
                opened.enter_context(Lock(self.work.path))
            forget_half_made(self.dataset)
            self.work.forget_unfinished()
            gone = self._gone()
            counts = self._counts(gone)
            if counts.any:
                self.work.forget_readings()
            if counts.posts or counts.comments:
                self._write_anew(gone)
        if counts.any:
            yield from self._items(counts, done="were taken out of", work="was deleted")

    def failed(self, error: Exception) -> Item:
        """It cannot be looked into, or not be written."""
        work = shlex.quote(str(self.work.path))
        reason = _FAILED.format(error=error, command=self._command, work=work)
        return Item(str(self.dataset), "failed", reason=reason)

    @property
    def _command(self) -> str:
        dataset, archive = (shlex.quote(str(each)) for each in (self.dataset, self.workplace.folder))
        return _COMMAND.format(dataset=dataset, archive=archive)

    def _gone(self) -> AbstractSet[str]:
        """The ids of all that is forgotten, those of today too."""
        inventory = Inventory.of_all(inventories_of(self.output, self.workplace.folder))
        return self.forgotten | inventory.ids_today(self.forgotten)

    def _counts(self, gone: AbstractSet[str]) -> _Counts:
        """What goes of the dataset and of what lies beside it."""
        posts = comments = 0
        people = self._people
        for rows in self._rows() or ():
            kept = rows_without_forgotten(rows, gone, people)
            posts += kept is None
            comments += len(rows.comments) - (len(kept.comments) if kept else 0)
        holding: list[Path] = []
        is_read = False
        for path in self.work.shards():
            try:
                if any(_holds(read, gone) for read in read_shard(path)):
                    holding.append(path)
            except UnreadableError:
                # Nobody can tell what it holds, and no extraction would use it.
                is_read = True
        accounts = (read_note(path.with_suffix(".json"), FileAccount) for path in holding)
        files = tuple(each.location for each in accounts if each)
        return _Counts(posts, comments, files, is_read or bool(holding))

    @property
    def _people(self) -> Pseudonyms:
        return Pseudonyms(load_or_create_key(self.workplace.folder / KEY_FILE))

    def _rows(self) -> FolderRows | None:
        """The rows of the dataset; None where there is none yet, or another by now, which comes from other archives too or can be made again.

        Raises:
            UsageError: what stands there was changed since it was written.
        """
        is_ours = kind_at(self.workplace.folder, self.dataset) in {None, "extracted"}
        return open_export(self.dataset) if is_ours and self.dataset.exists() else None

    def _write_anew(self, gone: AbstractSet[str]) -> None:
        """Write the dataset without what is gone, and note under which other ids what stays is known."""
        rows, archive = open_export(self.dataset), self.workplace.folder
        people = self._people
        kept = (kept for each in rows if (kept := rows_without_forgotten(each, gone, people)))
        with TemporaryDirectory(prefix="postkeep-") as scratch:
            ids: list[Path] = []
            honoured = set(rows.manifest.takedowns)
            if has_ids(self.dataset):
                ids.append(Path(shutil.copy(ids_file(self.dataset), scratch)))
                honoured |= takedowns_of(archive).keys()

            def card(figures: Figures) -> CardContext:
                title = self.workplace.settings.title or named_after([site.site for site in figures.sites])
                return replace(rows.manifest.card, title=title, takedowns=tuple(sorted(honoured)))

            write_dataset(self.output, partial(write_data, kept, contract=Contract.load()), card, (archive,))
            if ids:
                write_ids(self.dataset, ids, gone)

    def _items(self, counts: _Counts, *, done: str, work: str) -> Iterator[Item]:
        reason = _TAKEN.format(posts=counts.posts, comments=counts.comments, done=done, work=work)
        if not has_ids(self.dataset):
            reason += f" {_ONLY_TODAY.format(work=self.work.path, command=self._command)}"
        yield Item(str(self.dataset), "done", reason=reason)
        for file in counts.files:
            yield Item(file, "skipped", reason=_STILL_HELD)


def _holds(read: ReadVisit, gone: AbstractSet[str]) -> bool:
    """Whether what was read of a visit is of anything that is gone."""
    if not isinstance(read.result, Reading):
        return read.result.post_id in gone
    rows = (read.result.post, *read.result.comments)
    return read.result.post_id in gone or any(
        row["author_id"] in gone or row.get("comment_id") in gone for row in rows
    )
