"""``postkeep browse``: the archive as pages to read, from records that are up to date with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scraper.archive.outputs import Output, remember
from scraper.jobs.publication.export import UpToDate, records_up_to_date
from scraper.jobs.publication.outgoing import Outgoing
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.records.contract import Contract
from scraper.records.history import PostRows
from scraper.viewer.folder import ReaderFolder
from scraper.viewer.frame import Frame
from scraper.viewer.home import Facts
from scraper.viewer.post import PostView
from scraper.viewer.provenance import Place, origins_of
from scraper.viewer.reader import write_reader

_NOT_REMEMBERED = "The archive cannot be written, so `postkeep forget` will not name this folder among those that still hold something."


def browse(folder: Path, workplace: Workplace, *, is_private: bool = False) -> Report:
    """Bring the reader in ``folder`` up to date with the archive; visits that were never read are read first.

    It shows what a publication would show; with ``is_private`` what the owner has.

    Raises:
        UsageError: there is no archive, or ``folder`` holds what no reader wrote or the other view.
        ArchiveHeldError: another run takes something down, or writes ``folder``.
        StopError: a row breaks the schema, or the disk refused; the pages that were written stand.
    """
    with (
        records_up_to_date(workplace) as records,
        ReaderFolder.open(folder, "private" if is_private else "public") as reader,
    ):
        output = Output("private-reader" if is_private else "reader", reader.folder)
        is_remembered = remember(workplace.folder, output)
        shown = _Shown(records, workplace, is_private)
        title = workplace.settings.title or "Archive"
        workplace.progress.expect(records.store.post_count(), "writing")
        write_reader(reader, shown.views(), lambda: shown.facts(title), Frame(title, is_private))
        reason = (
            f"{shown.posts:,} posts shown. Pages: {reader.written:,} written, {reader.unchanged:,} unchanged, "
            f"{reader.removed:,} removed."
        )
    items = [Item(str(folder), "done", reason=reason)]
    if not is_private:
        items += [Item(post_id, "skipped", post_id, why) for post_id, why in shown.withheld.items()]
    if not is_remembered:
        items.append(Item("outputs", "skipped", reason=_NOT_REMEMBERED))
    return Report(items=(*items, *records.troubled), outputs=(str(folder / "index.html"),), summary=(reason,))


@dataclass(slots=True)
class _Shown:
    """The posts as they are shown, in one pass; ``withheld`` leads from those that no publication has to the reason."""

    records: UpToDate
    workplace: Workplace
    is_private: bool
    posts: int = 0
    withheld: dict[str, str] = field(default_factory=dict)
    comments_left_out: int = 0

    def views(self) -> Iterator[PostView]:
        """Each post that is shown.

        Raises:
            StopError: a row breaks the schema.
        """
        outgoing = Outgoing(
            Contract.load(),
            self.records.exclusions(),
            is_publication=True,
            robots_today=self.records.robots_today.signals,
        )
        self.withheld = outgoing.withheld
        for whole in self.records.store.posts():
            published = next(outgoing.posts([whole]), None)
            self.workplace.progress.step()
            rows = whole if self.is_private else published
            if rows is not None:
                self.posts += 1
                yield self._view(rows, self.withheld.get(rows.post["post_id"]))
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
