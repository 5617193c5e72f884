"""The readers that were written out of an archive: what they show, and those that a takedown has to reach."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from scraper.archive.decisions import read_decisions
from scraper.archive.outputs import Output, outputs_of, remember
from scraper.errors import ArchiveHeldError, PostkeepError, StopError, remedy_of
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.up_to_date import UpToDate
from scraper.model.exclusions import FORGOTTEN, Exclusions
from scraper.model.outcome import Item
from scraper.records.contract import Contract
from scraper.records.forgetting import without_lost_parent
from scraper.records.history import PostRows
from scraper.viewer.folder import ReaderFolder, Seal, View, seal_of
from scraper.viewer.frame import Frame
from scraper.viewer.home import Facts
from scraper.viewer.post import PostView
from scraper.viewer.provenance import Place, origins_of
from scraper.viewer.reader import write_reader

_READERS: Final = frozenset({"reader", "private-reader"})
_BUSY: Final = (
    "Another run writes it just now. If it has begun before this takedown, the next command that reads or writes the archive takes out "
    "what went."
)
_NO_READER: Final = "Pages were written there, and what is there now cannot be brought up to date. If it still shows what went, remove it."
_UNTITLED: Final = "Archive of discussions"


@dataclass(frozen=True, slots=True)
class ReaderUpdate:
    """What an update did: posts shown, pages by what became of them, and the posts that no publication has, with the reasons.

    ``is_remembered`` says that the archive knows of the folder, so that a takedown reaches it.
    """

    posts: int
    written: int
    unchanged: int
    removed: int
    withheld: dict[str, str]
    is_remembered: bool

    @property
    def summary(self) -> str:
        """It in a sentence."""
        return (
            f"{self.posts:,} {'post' if self.posts == 1 else 'posts'} shown. Pages: {self.written:,} written, {self.unchanged:,} unchanged, "
            f"{self.removed:,} removed."
        )


def update_reader(folder: Path, records: UpToDate, view: View) -> ReaderUpdate:
    """Bring the reader in ``folder`` up to date with the records, and make it where there is none.

    Raises:
        UsageError: ``folder`` holds what no reader wrote or the other view.
        ArchiveHeldError: another run writes ``folder``.
        StopError: a row breaks the schema, or the disk refused; the pages that were written stand.
    """
    workplace = records.workplace
    takedowns = _takedowns_in(workplace.folder)
    with (
        _explained(folder),
        ReaderFolder.open(folder, view, takedowns) as reader,
    ):
        is_private = view == "private"
        is_remembered = remember(
            workplace.folder, Output("private-reader" if is_private else "reader", reader.folder)
        )
        shown = _Shown(records, is_private)
        title = workplace.settings.title or _UNTITLED
        workplace.progress.expect(records.store.post_count(), "writing")
        write_reader(reader, shown.views(), lambda: shown.facts(title), Frame(title, is_private))
        return ReaderUpdate(
            shown.posts, reader.written, reader.unchanged, reader.removed, shown.withheld, is_remembered
        )


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers that were written out of an archive and are there.

    ``behind`` show it as it was before its last takedown; of ``unreached`` that cannot be known, for the reason that is given.
    """

    behind: Mapping[Path, View]
    unreached: Mapping[Path, str]


def readers_of(archive: Path) -> Readers:
    """The readers of an archive, by what their folders say of themselves."""
    outputs = {each.path: each for each in outputs_of(archive) if each.kind in _READERS}
    seals: dict[Path, Seal] = {}
    unreached: dict[Path, str] = {}
    for folder, output in outputs.items():
        try:
            seal = seal_of(folder)
        except ArchiveHeldError:
            unreached[folder] = _BUSY
            continue
        if seal is not None:
            seals[folder] = seal
        elif output.is_there:
            unreached[folder] = _NO_READER
    takedowns = _takedowns_in(archive) if seals else 0
    behind = {folder: seal.view for folder, seal in seals.items() if seal.takedowns < takedowns}
    return Readers(behind, unreached)


def update_readers(readers: Readers, records: UpToDate) -> Iterator[Item]:
    """Bring the readers that are behind up to date; one that cannot be costs itself alone."""
    for folder, reason in readers.unreached.items():
        yield Item(str(folder), "skipped", reason=reason)
    for folder, view in readers.behind.items():
        try:
            update_reader(folder, records, view)
        except PostkeepError as error:
            reason = f"It still shows what was taken down: {error} Then run: postkeep browse {folder}"
            yield Item(str(folder), "failed", reason=reason)
        else:
            yield Item(str(folder), "done", reason="The pages to read there are without it.")


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn a refusal of the disk into a StopError that names the folder and the remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"The pages in {folder} could not be written: {error}. Free space, or make the folder writable, then run the same command again."
        raise StopError(message) from error
    except OSError as error:
        message = f"The pages in {folder} could not be written: {error}. {remedy_of(error)}"
        raise StopError(message) from error


def _takedowns_in(archive: Path) -> int:
    return sum(each.kind == "tombstone" for each in read_decisions(archive))


@dataclass(slots=True)
class _Shown:
    """The posts as they are shown, in one pass; ``withheld`` leads from those that no publication has to the reason."""

    records: UpToDate
    is_private: bool
    posts: int = 0
    withheld: dict[str, str] = field(default_factory=dict)
    comments_left_out: int = 0

    def views(self) -> Iterator[PostView]:
        """Each post that is shown.

        Raises:
            StopError: a row breaks the schema.
        """
        exclusions = self.records.exclusions()
        robots_today = self.records.robots_today.signals
        outgoing = Outgoing(Contract.load(), exclusions, is_publication=True, robots_today=robots_today)
        self.withheld = outgoing.withheld
        for whole in self.records.store.posts():
            published = next(outgoing.posts([whole]), None)
            rows = _without_forgotten(whole, exclusions) if self.is_private else published
            if rows is not None:
                self.posts += 1
                yield self._view(rows, self.withheld.get(rows.post["post_id"]))
            self.records.workplace.progress.step()
        self.comments_left_out = outgoing.comments

    def facts(self, title: str) -> Facts:
        """What the first pages say."""
        reasons = Counter(self.withheld.values())
        return Facts(title, reasons, self.comments_left_out, None, self.is_private)

    def _view(self, rows: PostRows, withheld: str | None) -> PostView:
        return PostView(rows, origins_of(rows, self._place), withheld)

    def _place(self, record_id: str) -> Place | None:
        place = self.records.archive.place(record_id)
        return Place(place.file, place.offset, place.length) if place else None


def _without_forgotten(rows: PostRows, exclusions: Exclusions) -> PostRows | None:
    """All that the owner has of a post, whoever opted out; None where it is forgotten."""
    if exclusions.against_row(rows.post["post_id"], rows.post["author_id"]) == FORGOTTEN:
        return None
    kept = {
        row["comment_id"]
        for row in rows.comments
        if exclusions.against_row(row["comment_id"], row["author_id"]) != FORGOTTEN
    }
    if len(kept) == len(rows.comments):
        return rows
    gone = {row["comment_id"] for row in rows.comments} - kept
    return replace(
        rows,
        comments=tuple(without_lost_parent(row, kept) for row in rows.comments if row["comment_id"] in kept),
        revisions=tuple(row for row in rows.revisions if row["item_id"] not in gone),
    )
