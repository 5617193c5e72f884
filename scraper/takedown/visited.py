"""Visits as their sites read them, with the ids by which the archive knows their people and comments."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scraper.archive.read import ArchiveReader
from scraper.errors import ArchiveDamagedError
from scraper.model.capture import Visit
from scraper.model.record import Record
from scraper.reading.document_reading import read_document
from scraper.reading.pool import ReadingProcesses
from scraper.reading.read_visit import DocumentsOfVisit, record_of
from scraper.records.cleaning import Cleaner, Policy
from scraper.records.rows import author_and_comment_ids, former_ids
from scraper.sites.registry import installed_sites


@dataclass(frozen=True, slots=True)
class PageReading:
    """How pages are read: the policy, and the processes that read."""

    policy: Policy
    processes: ReadingProcesses


@dataclass(frozen=True, slots=True)
class VisitedPage:
    """One visit as its site read it, with the ids of its people and comments; ``captures`` are those it was read from.

    ``former`` gives for each id those that readers before this one gave the same.
    """

    post_id: str
    url: str
    canonical: str
    record: Record
    author_id: str | None
    ids: Sequence[tuple[str | None, str]]
    captures: tuple[str, ...]
    former: Mapping[str, frozenset[str]]


def visited_pages(
    archive: ArchiveReader, visit_ids: Iterable[str], reading: PageReading
) -> Iterator[tuple[str, VisitedPage | None]]:
    """Each visit as its site reads it; None where it cannot be read."""
    damaged: list[str] = []

    def visits() -> Iterator[Visit]:
        for visit_id in visit_ids:
            try:
                yield archive.visit(visit_id)
            except ArchiveDamagedError:
                damaged.append(visit_id)

    task = partial(_page, policy=reading.policy)
    yield from reading.processes.each(task, visits(), _size, lambda visit, _: (visit.visit_id, None))
    yield from ((visit_id, None) for visit_id in damaged)


def _size(visit: Visit) -> int:
    return sum(len(capture.body) for capture in visit.captures)


def _page(visit: Visit, policy: Policy) -> tuple[str, VisitedPage | None]:
    """The visit's id, and the visit as its site reads it; None where it cannot be read."""
    try:
        sites = installed_sites()
        whole = DocumentsOfVisit.of(visit, [read_document(each, sites) for each in visit.captures]).pages
        claimed = None if whole.trouble else whole.claimed(sites)
        record = record_of(whole, claimed) if claimed else None
        if claimed is None or not isinstance(record, Record):
            return visit.visit_id, None
        ids = author_and_comment_ids(record, claimed.claim, policy)
        former = former_ids(record, claimed.claim, policy)
        author = Cleaner(record, claimed.claim, policy).author(record.post.author)
    except Exception:  # noqa: BLE001 - a page that no reader can read says nothing of anybody
        return visit.visit_id, None
    captures = tuple(capture.record_id for capture in whole.visit.captures)
    page = VisitedPage(
        claimed.claim.post_id,
        visit.url,
        claimed.claim.url,
        record,
        author["author_id"],
        ids,
        captures,
        former,
    )
    return visit.visit_id, page


def ids_today(
    former_ids: Collection[str], archive: ArchiveReader, reading: PageReading
) -> Mapping[str, frozenset[str]]:
    """By each of ``former_ids`` the ids of what readers before this one knew so; found by reading every visit again.

    Raises:
        StopError: no process can be started.
    """
    pages = visited_pages(archive, [visit_id for visit_id, _ in archive.visit_urls()], reading)
    ids: dict[str, frozenset[str]] = dict.fromkeys(former_ids, frozenset())
    for former in (page.former for _, page in pages if page):
        for today, before in former.items():
            for former_id in ids.keys() & before:
                ids[former_id] |= {today}
    return ids
