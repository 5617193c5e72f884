"""postkeep: an archival scraper for community posts, and the dataset it makes.

The rooms, in the direction data flows: fetch, archive, page, sites, records, dataset.
``jobs`` and ``cli`` compose them; ``model``, ``settings`` and ``errors`` are the ground floor.
For whoever writes Python there are the functions below; docs/python.md shows them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from os import PathLike

    from scraper.jobs.archive_rows import ArchiveRows
    from scraper.model.record import Record, Rejection

__all__ = ["__version__", "open_archive", "read_page"]
__version__ = "0.1.0"


# What a function needs is imported when it is called, so that no command waits for it.
def read_page(html: bytes | str, url: str, captured_at: "datetime | None" = None) -> "Record | Rejection":
    """The record of one page: its post with the comments that are on it, read in this process, nothing asked or kept.

    ``html`` are the bytes as they came (their charset is told as a browser tells it) or text. ``url`` is where the page was
    found; it decides which site reads it and what links mean. Relative dates (`3 hours ago`) are read against
    ``captured_at``, and are unknown without it.

    Names are as the page shows them: pseudonyms, and the removal of personal details, come with an archive, which holds
    the key. So a record is nothing to publish.

    Returns:
        The record; or a rejection, whose ``reason`` says in a sentence what the page shows instead of a post. Nothing that
        a page holds raises.

    Raises:
        ValueError: ``captured_at`` has no time zone.
    """
    from scraper.reading.one_page import record_of_page  # noqa: PLC0415

    return record_of_page(html, url, captured_at)


def open_archive(folder: "str | PathLike[str]") -> "ArchiveRows":
    """The rows of an archive: ``.posts()``, ``.comments()``, ``.metrics()`` and ``.revisions()``, each to be iterated over.

    It reads what stands in the archive, as the last command left it, takes no lock, and keeps no run waiting; authors are
    under the archive's pseudonyms, as in the dataset. What a publication would leave out (gated posts, opt-outs) is there.

    Raises:
        UsageError: there is no archive in the folder, or no page of it was read.
    """
    from pathlib import Path  # noqa: PLC0415

    from scraper.jobs.archive_rows import ArchiveRows  # noqa: PLC0415

    return ArchiveRows(Path(folder))
