"""What is read of a thread: its records, and the groups that they are of."""

from dataclasses import dataclass

from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.particulars import NOTHING, Particulars
from scraper.discussion.thread.people import Author
from scraper.discussion.thread.rating import Group
from scraper.discussion.thread.spans import Span
from scraper.model.record import ParentBasis


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """One post of a thread as a page shows it.

    ``date`` is the date as it stands there, ``edited`` that of its last edit, or the mark of one without a date. ``deleted`` is
    what stands in place of words that were deleted. ``parent`` is the index of the record that it answers, and ``parent_basis`` how
    the page shows that; ``depth`` counts from 0 and is None where the thread is flat. ``group`` numbers the groups of records
    that are made alike, ``span`` is its part of the page. ``is_alike`` tells one that is made as the others from one that only
    the page's software marks.
    """

    span: Span
    group: int
    author: Author | None
    date: str
    text: str | None
    native_id: str | None
    particulars: Particulars = NOTHING
    edited: str | None = None
    deleted: str | None = None
    parent: int | None = None
    depth: int | None = None
    parent_basis: ParentBasis | None = None
    is_alike: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """The records of a page in its order, the groups that they are of, and all dates of the page.

    ``is_marked`` says that the page's software marks its records, so that they are a thread for sure.
    """

    records: tuple[ThreadRecord, ...]
    groups: tuple[Group, ...]
    marks: tuple[Mark, ...] = ()
    is_marked: bool = False
