"""The rows of an archive for whoever writes Python: read as they stand, while a run may hold the archive."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from scraper.archive.files import RECORDS_FILE, require_archive
from scraper.archive.pending import is_taking_down
from scraper.errors import ArchiveHeldError, UsageError
from scraper.records.history import PostRows
from scraper.records.row_types import CommentRow, MetricRow, PostRow, RevisionRow
from scraper.records.store import Records


class ArchiveRows:
    """The rows of an archive at ``folder``, as the last command that read pages left them.

    Each of the four tables is walked anew, post by post in the order of ``post_id``. The rows of a post are those of one
    moment; between posts nothing is locked, so a run that holds the archive goes on, and what it reads meanwhile may
    be among the rows. Rows are dictionaries with the columns of the dataset (``postkeep schema``), typed by
    ``records.row_types``; times are texts in UTC.

    Raises:
        UsageError: there is no archive, or no page of it was read.
    """

    def __init__(self, folder: Path) -> None:
        self._records = folder / RECORDS_FILE
        self._folder = folder
        if not self._records.is_file():
            require_archive(folder)
            raise UsageError(f"{folder} has no records to read. Run: postkeep extract --archive {folder}")
        Records.open_to_read(self._records).close()

    def posts(self) -> Iterator[PostRow]:
        """One row a post."""
        return (rows.post for rows in self._rows())

    def comments(self) -> Iterator[CommentRow]:
        """One row a comment, by position within the post."""
        return (row for rows in self._rows() for row in rows.comments)

    def metrics(self) -> Iterator[MetricRow]:
        """How counts moved: one row a post and time, only where a number changed."""
        return (row for rows in self._rows() for row in rows.metrics)

    def revisions(self) -> Iterator[RevisionRow]:
        """How texts changed: one row a version of each, the first included."""
        return (row for rows in self._rows() for row in rows.revisions)

    def _rows(self) -> Iterator[PostRows]:
        """The rows of each post; one that is taken down meanwhile is not among them.

        Raises:
            ArchiveHeldError: a takedown is being completed, or waits to be.
        """
        with closing(Records.open_to_read(self._records)) as records:
            post_ids = tuple(records.post_ids())
        for post_id in post_ids:
            if is_taking_down(self._folder):
                message = f"{self._folder} has a takedown that is not complete. Run any command on it, or wait, then read again."
                raise ArchiveHeldError(message)
            # Opened for each: `extract` may put another file in this one's place.
            with closing(Records.open_to_read(self._records)) as records:
                rows = records.post(post_id)
            if rows is not None:
                yield rows
