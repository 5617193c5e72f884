"""``postkeep extract``: read every visit of the archive again into records, without network."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

from scraper.archive.files import KEY_FILE
from scraper.archive.lock import Lock
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.drift.book import DriftBook
from scraper.drift.runs import judge_runs, seen_visit
from scraper.errors import ArchiveDamagedError, StopError
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.fingerprint import reading_fingerprint
from scraper.jobs.returned import note_returned
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Visit
from scraper.model.outcome import Item, Report
from scraper.reading.pool import OwnProcess, Reader, ReadingPool
from scraper.reading.read_visit import Unread
from scraper.records.cleaning import Policy
from scraper.records.looks import Look
from scraper.records.people import load_or_create_key
from scraper.records.reading import Reading
from scraper.records.store import RecordStore, Rejected

RECORDS_FILE: Final = "records.sqlite"


class Extractor:
    """Reads visits into the record store; ``meet`` is told which ids with a tombstone a visit shows all the same."""

    def __init__(
        self, store: RecordStore, reader: Reader, meet: Callable[[tuple[str, ...], str], None]
    ) -> None:
        self.store = store
        self._drift = DriftBook(store)
        self._reader = reader
        self._meet_forgotten = meet

    def read(self, visit: Visit) -> Item:
        """Read one visit: its record is kept, or why there is none."""
        return next(self.read_all([visit]))

    async def read_aside(self, visit: Visit) -> Item:
        """As ``read``, while the caller's other tasks go on."""
        return self._keep(visit, await self._result(visit))

    async def images_of(self, visit: Visit) -> tuple[str, ...]:
        """The addresses of the pictures in the post's own body; none where the visit gives no record."""
        result = await self._result(visit)
        return result.images if isinstance(result, Reading) else ()

    def read_all(self, visits: Iterable[Visit]) -> Iterator[Item]:
        """Read visits, in their order."""
        waiting: dict[str, Visit] = {}

        def handed_out() -> Iterator[Visit]:
            for visit in visits:
                waiting[visit.visit_id] = replace(visit, captures=visit.captures[:1])
                yield visit

        for result in self._reader.read(handed_out()):
            yield self._keep(waiting.pop(result.visit_id), result)

    async def _result(self, visit: Visit) -> Reading | Unread:
        return await asyncio.to_thread(lambda: next(self._reader.read([visit])))

    def _keep(self, visit: Visit, result: Reading | Unread) -> Item:
        site: str | None
        post_id: str | None
        if isinstance(result, Reading):
            item = self._keep_reading(result)
            site, post_id, is_kept = result.post["site"], result.post_id, item.outcome == "done"
        else:
            # A page that is gone, or whose platform cannot be told any more, is still that of the post read there before.
            post_id, is_kept = result.post_id or self.store.post_at(visit.url), False
            site = result.site or (self.store.site_of(post_id) if post_id else None)
            item = self._keep_unread(result, post_id)
        if seen := seen_visit(visit, result, site, post_id, is_kept=is_kept):
            self._drift.note(seen)
        return item

    def _keep_reading(self, result: Reading) -> Item:
        self._meet(result.forgotten, result.visit_id)
        problems = self.store.put(result)
        reason = "The record breaks the schema: " + " ".join(problems) if problems else None
        return Item(result.post["url"], "rejected" if problems else "done", result.post_id, reason)

    def _keep_unread(self, unread: Unread, post_id: str | None) -> Item:
        visit = unread.visit
        self._meet(unread.forgotten, visit.visit_id)
        if unread.departure is not None and post_id is not None:
            self.store.put_departure(replace(unread.departure, post_id=post_id))
            if self.store.has_post(post_id):
                return Item(visit.url, "done", post_id, unread.departure.reason)
            return Item(visit.url, "rejected", post_id, unread.reason)
        rejected = Rejected(visit.visit_id, visit.sequence, visit.url, unread.site, unread.reason)
        look = None
        if post_id is not None:
            # A visit without captures is one of ours that had no answer: an import brings at least one.
            is_live = not visit.captures or visit.captures[0].captured_at_basis == "observed"
            look = Look(post_id, visit.sequence, visit.visit_id, visit.captured_at, is_live, kind="nothing")
        self.store.reject(rejected, look)
        return Item(visit.url, "rejected", post_id, unread.reason)

    def _meet(self, ids: tuple[str, ...], visit_id: str) -> None:
        if ids:
            self._meet_forgotten(ids, visit_id)


@contextmanager
def open_extractor(
    workplace: Workplace, workers: int = 1, forgotten: frozenset[str] | None = None
) -> Iterator[Extractor]:
    """The archive's record store, with readers under the policy of its settings.

    They leave out what has a tombstone; a takedown reads with other ``forgotten`` ids. The caller holds the archive's lock.
    """
    if forgotten is None:
        forgotten = exclusions_of(workplace).forgotten
    key = load_or_create_key(workplace.folder / KEY_FILE)
    policy = Policy.of(workplace.settings, key, forgotten)
    path = workplace.folder / RECORDS_FILE
    try:
        with ExitStack() as opened:
            store = opened.enter_context(
                RecordStore(
                    path,
                    reading_fingerprint(workplace.settings, key),
                    keep_deleted_text=workplace.settings.keep_deleted_text,
                )
            )
            reader: Reader = OwnProcess(policy)
            if not workplace.own_process:
                reader = opened.enter_context(ReadingPool(policy, workers))
            yield Extractor(store, reader, lambda ids, visit_id: note_returned(workplace, ids, visit_id))
    except sqlite3.OperationalError as error:
        message = f"{path} cannot be used: {error}. Nothing that was kept is lost. Free space, or make the folder writable, then run the same command again."
        raise StopError(message) from error


def extract(workplace: Workplace, workers: int = 1) -> Report:
    """Drop every record and read the whole archive again; the rejected pages are listed with their reasons.

    Raises:
        UsageError: there is no archive, or nothing in it.
        ArchiveHeldError: another run holds it.
        StopError: the archive cannot be read at all.
    """
    with open_to_read(workplace.folder) as archive, Lock(workplace.folder):
        (workplace.folder / RECORDS_FILE).unlink(missing_ok=True)
        with open_extractor(workplace, workers) as extractor:
            items = read_unread(archive, extractor, workplace)
    return Report(items=tuple(items), outputs=(str(workplace.folder / RECORDS_FILE),))


def read_unread(archive: ArchiveReader, extractor: Extractor, workplace: Workplace) -> list[Item]:
    """Read each visit that the record store lacks; a visit whose captures are damaged costs only itself."""
    read = extractor.store.visit_ids()
    waiting = [visit_id for visit_id in archive.visit_ids() if visit_id not in read]
    workplace.progress.expect(len(waiting), "reading")
    items: list[Item] = []

    def settle(item: Item) -> None:
        workplace.progress.end(item)
        items.append(item)

    def whole_visits() -> Iterator[Visit]:
        for visit_id in waiting:
            try:
                yield archive.visit(visit_id)
            except ArchiveDamagedError as error:
                settle(Item(visit_id, "failed", reason=str(error)))

    for item in extractor.read_all(whole_visits()):
        settle(item)
    judge_runs(extractor.store, archive.folder)
    return items
