"""Visits read into the record store, and noted where drift is told from them."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from scraper.drift.book import DriftBook, SeenVisit
from scraper.drift.features import REJECTED, Features, features_of, features_of_departure
from scraper.model.capture import Capture, Visit
from scraper.model.decision import Returned
from scraper.model.outcome import Item
from scraper.reading.document_reading import DocumentReading, without_body
from scraper.reading.pool import Reader
from scraper.reading.read_visit import DocumentsOfVisit, Unread
from scraper.records.looks import Look
from scraper.records.reading import Reading
from scraper.records.store import RecordStore
from scraper.records.times import time_text


class RecordKeeper:
    """Keeps what visits say in the record store; ``meet`` is told what has a tombstone and a visit shows all the same."""

    def __init__(self, store: RecordStore, meet: Callable[[tuple[Returned, ...], str], None]) -> None:
        self.store = store
        self._drift = DriftBook(store)
        self._meet_forgotten = meet

    def keep(self, visit: Visit, result: Reading | Unread) -> Item:
        """Keep what a visit says; the item is for its post."""
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
        if seen := _seen_visit(visit, result, site, post_id, is_kept=is_kept):
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
        look = None
        if post_id is not None:
            # A visit without captures is one of ours that had no answer: an import brings at least one.
            is_live = not visit.captures or visit.captures[0].captured_at_basis == "observed"
            look = Look(post_id, visit.sequence, visit.visit_id, visit.captured_at, is_live, kind="nothing")
        self.store.reject(visit.visit_id, unread.reason, look)
        return Item(visit.url, "rejected", post_id, unread.reason)

    def _meet(self, returned: tuple[Returned, ...], visit_id: str) -> None:
        if returned:
            self._meet_forgotten(returned, visit_id)


class Extractor(RecordKeeper):
    """Reads visits into the record store; ``meet`` is told what has a tombstone and a visit shows all the same."""

    def __init__(
        self, store: RecordStore, reader: Reader, meet: Callable[[tuple[Returned, ...], str], None]
    ) -> None:
        super().__init__(store, meet)
        self.reader = reader

    def read_all(self, visits: Iterable[Visit]) -> Iterator[Item]:
        """Read visits into records, in their order; each is kept, or why there is none."""
        handed_out: deque[Visit] = deque()

        def noted() -> Iterator[Visit]:
            for visit in visits:
                handed_out.append(replace(visit, captures=tuple(map(without_body, visit.captures))))
                yield visit

        return (self.keep(handed_out.popleft(), result) for result in self.reader.read(noted()))

    def join_all(self, visits: Sequence[DocumentsOfVisit]) -> Iterator[Item]:
        """As ``read_all``, of visits whose documents were read."""
        results = zip(visits, self.reader.join(visits), strict=True)
        return (self.keep(whole.visit, result) for whole, result in results)

    async def read_aside(self, visit: Visit) -> Item:
        """As ``read_all`` of one visit, while the caller's other tasks go on."""
        return self.keep(visit, await asyncio.to_thread(lambda: next(self.reader.read([visit]))))

    async def join_aside(self, visit: DocumentsOfVisit) -> Reading | Unread:
        """What a visit says whose documents were read, not kept yet, while the caller's other tasks go on."""
        return await asyncio.to_thread(lambda: next(self.reader.join([visit])))

    async def read_documents_aside(
        self, captures: Sequence[Capture], *, with_leads: bool = False
    ) -> list[DocumentReading]:
        """What captures say, while the caller's other tasks go on."""
        if not captures:
            return []
        read = self.reader.read_documents
        return await asyncio.to_thread(lambda: list(read(captures, with_leads=with_leads)))


def _seen_visit(
    visit: Visit, result: Reading | Unread, site: str | None, post_id: str | None, *, is_kept: bool
) -> SeenVisit | None:
    """What drift looks at in a visit; None where no run of ours made it, its post is not known, or it was taken down.

    ``site`` and ``post_id`` are those of the result or, where a page does not tell its platform any more, of the post that
    was read at the visit's URL before. ``is_kept`` says that a reading is one that the schema allows.
    """
    is_forgotten = isinstance(result, Unread) and bool(result.forgotten)
    if visit.run is None or site is None or post_id is None or is_forgotten:
        return None
    return SeenVisit(
        visit_id=visit.visit_id,
        run=visit.run,
        site=site,
        post_id=post_id,
        sequence=visit.sequence,
        captured_at=time_text(visit.captured_at) if visit.captured_at else None,
        is_whole=visit.whole,
        features=_features(result, is_kept=is_kept),
    )


def _features(result: Reading | Unread, *, is_kept: bool) -> Features:
    if isinstance(result, Reading):
        return features_of(result) if is_kept else REJECTED
    return features_of_departure(result.departure) if result.departure else REJECTED
