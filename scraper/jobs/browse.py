"""``postkeep browse``: the archive as pages to read, from records that are up to date with it."""

from pathlib import Path
from typing import Final

from scraper.jobs.publication.export import records_up_to_date
from scraper.jobs.reader_pages import update_reader
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report

_NOT_REMEMBERED: Final = "The archive cannot be written, so a takedown will not reach this folder by itself: run the same command again after one."


def browse(folder: Path, workplace: Workplace, *, is_private: bool = False) -> Report:
    """Bring the reader in ``folder`` up to date with the archive; visits that were never read are read first.

    It shows what a publication would show; with ``is_private`` what the owner has.

    Raises:
        UsageError: there is no archive, or ``folder`` holds what no reader wrote or the other view.
        ArchiveHeldError: another run takes something down, or writes ``folder``.
        StopError: a row breaks the schema, or the disk refused; the pages that were written stand.
    """
    with records_up_to_date(workplace) as records:
        update = update_reader(folder, records, "private" if is_private else "public")
    items = [Item(str(folder), "done", reason=update.summary)]
    if not is_private:
        items += [Item(post_id, "skipped", post_id, why) for post_id, why in update.withheld.items()]
    if not update.is_remembered:
        items.append(Item("outputs", "skipped", reason=_NOT_REMEMBERED))
    return Report((*items, *records.troubled), (str(folder / "index.html"),), (update.summary,))
