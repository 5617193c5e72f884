"""Somebody else's WARC and WACZ files: the posts in them, each with what else its site needs to read it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from scraper.archive.asking import Asked
from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.message import read_message
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.jobs.imports.intake import WarcIntake, source_of
from scraper.jobs.imports.passed_over import NO_GET, PassedOver
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.waiting import LaterPage, Waiting, WaitingRevisit
from scraper.jobs.imports.warc_places import ForeignPlace, Originals, WarcPlaces
from scraper.model.capture import Capture, Visit
from scraper.model.coding import decode_content
from scraper.model.exchange import REDIRECT_STATUSES, Headers
from scraper.model.outcome import Item
from scraper.model.url import strip_tracking
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit
from scraper.reading.unfinished_visit import UnfinishedVisit
from scraper.sites.registry import Claimed, Roots

# Of a page that has to tell its site, so many bytes are unpacked; a longer one is too costly to parse anyway.
_LONGEST_PAGE: Final = 64 << 20

_JOINED_AT_ONCE: Final = 32

# So many records that are not read are held back at most, to be told of in their order.
_UNREAD_AT_ONCE: Final = 256

# Why a record is passed over, as the report has it.
_NOT_CHOSEN: Final = "Captures that --host, --match, --since or --until leave out."
_NO_POST: Final = "Captures of URLs that are no posts of a site that postkeep reads."
_NOT_RECOGNISED: Final = "Captures of pages that no site that postkeep reads recognises as posts."
_REDIRECT: Final = "Redirects; the page that one leads to counts by itself."
_UNTOLD_REVISIT: Final = (
    "Revisits without a page to tell its site, of URLs of which the files hold no post either."
)


# A record of a file, with what its page says where it has one.
_ReadRecord = tuple[ForeignRecord, DocumentReading | None]


class WarcImport:
    """Takes the chosen posts out of WARC files, as one visit a capture of its page.

    ``places`` knows all files of the import: what a post needs, and what a revisit refers to, may lie in any of them.
    Memory stays flat: pages are taken in as they come. With ``needs_post`` a source in which there is none is a failure.
    """

    def __init__(
        self,
        places: WarcPlaces,
        intake: WarcIntake,
        selection: Selection,
        roots: Roots,
        *,
        needs_post: bool = True,
    ) -> None:
        self._needs_post = needs_post
        self._places = places
        self._originals = Originals(intake, places)
        self._intake = intake
        self._selection = selection
        self._reader = intake.reader
        self._sites = intake.reader.sites
        self._roots = roots
        self._waiting = Waiting()
        self._passed_over = PassedOver("")
        # Visits that have ended, by what the report calls them; joined several at a time.
        self._ended: list[tuple[str, DocumentsOfVisit]] = []

    def take(self, source: str, warcs: Sequence[WarcFile]) -> Iterator[Item | PassedOver]:
        """An item for each post in the files of ``source`` and for each problem; last, what was passed over.

        Revisits wait for ``rest``.

        Raises:
            SkippableError: a file cannot be read or is no WARC file.
        """
        has_post = False
        self._passed_over = PassedOver(source)
        for warc in warcs:
            for record in self._read(warc):
                if isinstance(record, ForeignProblem):
                    yield from self._join()
                    yield Item(source, "failed", reason=record.what)
                    continue
                is_post, items = self._take_record(*record, source, warc)
                has_post = has_post or is_post
                yield from items
        yield from self._join()
        if not has_post and self._needs_post:
            yield Item(source, "failed", reason=f"{source} holds no page of a post to take in.")
        yield self._passed_over

    def rest(self) -> Iterator[Item | PassedOver]:
        """An item for each chosen revisit, what most of them refer to has been taken in by now; and for the later pages of threads."""
        yield from self.revisits()
        yield from self.later_pages()

    def later_pages(self) -> Iterator[Item]:
        """An item for each later page of a thread: one that a visit of its post has is not visited by itself."""
        for waiting in self._waiting.later_pages():
            try:
                page = self._places.read(waiting.place)
            except SkippableError as error:
                yield from self._join()
                yield Item(waiting.place.warc.location, "failed", reason=str(error))
            else:
                yield from self._take_visit(page, waiting.post, None)
        yield from self._join()

    def revisits(self) -> Iterator[Item | PassedOver]:
        """An item for each chosen revisit."""
        untold: dict[str, PassedOver] = {}
        for waiting in self._waiting.revisits():
            passed_over = untold.setdefault(waiting.source, PassedOver(waiting.source))
            try:
                revisit = self._places.read(waiting.place)
                post = self._sites.claimed(waiting.url) or self._told_by_original(revisit)
                if post is None:
                    passed_over.add(waiting.url, waiting.at, _UNTOLD_REVISIT)
                    continue
                resolved = self._originals.resolve(revisit)
            except SkippableError as error:
                yield from self._join()
                yield Item(waiting.url, "failed", reason=str(error))
                continue
            if self._intake.capture(resolved.original_id).status in REDIRECT_STATUSES:
                passed_over.add(waiting.url, waiting.at, _REDIRECT)
            else:
                yield from self._take_visit(resolved.record, post, None, resolved.original_id)
        yield from self._join()
        yield from untold.values()

    def _read(self, warc: WarcFile) -> Iterator[_ReadRecord | ForeignProblem]:
        """The records of a file that may be posts, those that need it with what their pages say, and its problems."""

        def note(url: str, at: datetime | None) -> None:
            reason = _NO_POST if self._selection.has_url(url) else _NOT_CHOSEN
            self._passed_over.add(url, at, reason)

        records = read_foreign(warc, wanted=self._is_wanted, passed_over=note)
        # Records that are not read, without what they hold, and each that is with those that stand before it.
        unread: list[ForeignRecord | ForeignProblem] = []
        read: deque[tuple[list[ForeignRecord | ForeignProblem], ForeignRecord]] = deque()

        def pages() -> Iterator[Capture]:
            """Those that are read, until so many others came since that these are told of first."""
            while len(unread) < _UNREAD_AT_ONCE and (item := next(records, None)) is not None:
                record = self._places.as_asked(item) if isinstance(item, ForeignRecord) else item
                if isinstance(record, ForeignRecord) and self._is_to_be_read(record):
                    read.append((list(unread), record))
                    unread.clear()
                    yield _page_of(record)
                else:
                    unread.append(_without_payload(record) if isinstance(record, ForeignRecord) else record)

        has_more = True
        while has_more:
            for document in self._reader.read_documents(pages()):
                before, record = read.popleft()
                yield from map(_unread, before)
                yield record, document
            has_more = len(unread) == _UNREAD_AT_ONCE
            yield from map(_unread, unread)
            unread.clear()

    def _is_to_be_read(self, record: ForeignRecord) -> bool:
        if record.refers or self._reason_against(record):
            return False
        post = self._sites.claimed(record.url)
        return self._intake.refusal(record.url, post.claim.post_id if post else None) is None

    def _take_record(
        self, record: ForeignRecord, document: DocumentReading | None, source: str, warc: WarcFile
    ) -> tuple[bool, Iterable[Item]]:
        """Whether a record is of a post, and the items there are so far."""
        # Against what was read there was none.
        if document is None and (reason := self._reason_against(record)):
            self._passed_over.add(record.url, record.time.at, reason)
            return False, ()
        if record.refers and not self._is_refused(record.url):
            place = ForeignPlace(warc, record.position)
            self._waiting.add_revisit(WaitingRevisit(source, record.url, record.time.at, place))
            return self._sites.claimed(record.url) is not None, ()
        post = self._post_of(record, document)
        if post is None:
            # What may not be taken in was not read, so nobody knows whether it is a post.
            refusal = None if document else self._intake.refusal(record.url, None)
            self._passed_over.add(record.url, record.time.at, refusal or _unrecognised(document))
            return False, ()
        if not self._is_canonical(record.url):
            self._passed_over.add(record.url, record.time.at, _NO_POST)
            return False, ()
        if document and document.is_later:
            place = ForeignPlace(warc, record.position)
            self._waiting.add_later_page(LaterPage(post, record.time.at, place))
            return True, ()
        return True, self._take_visit(record, post, document)

    def _reason_against(self, record: ForeignRecord) -> str | None:
        if not self._selection.has_time(record.time.at):
            return _NOT_CHOSEN
        if not Asked(record.method).is_get:
            return NO_GET
        return _REDIRECT if _is_redirect(record) else None

    def _post_of(self, record: ForeignRecord, document: DocumentReading | None) -> Claimed | None:
        """The post that a record's URL names, or else its page shows; a revisit has no page to show."""
        claimed = self._sites.claimed(record.url)
        if claimed or document is None:
            return claimed
        if document.root is not None:
            self._roots = self._roots.with_root(*document.root)
        return DocumentsOfVisit.of(Visit("", 0, record.url), [document]).claimed(self._sites)

    def _told_by_original(self, revisit: ForeignRecord) -> Claimed | None:
        """The post that the page shows which a revisit stands for; None where there is no such page, or it shows none."""
        original = self._places.payload_of(revisit)
        if original:
            page = None if self._reason_against(original) else _page_of(original)
        else:
            page = self._captured_before(revisit)
        if page is None:
            return None
        document = next(self._reader.read_documents([replace(page, url=revisit.url)]))
        post = self._post_of(revisit, document)
        return post if self._is_canonical(revisit.url) else None

    def _captured_before(self, revisit: ForeignRecord) -> Capture | None:
        refers = revisit.refers
        original_id = refers and self._originals.kept_before(refers, revisit.url)
        return self._intake.capture(original_id) if original_id else None

    def _is_refused(self, url: str) -> bool:
        post = self._sites.claimed(url)
        return post is not None and self._intake.refusal(url, post.claim.post_id) is not None

    def _is_wanted(self, url: str) -> bool:
        """Whether a record of this URL is worth reading: on a platform only the post's own page is, not its variants.

        Pages of comments come along with their post, as its site asks for them.
        """
        if not self._selection.has_url(url):
            return False
        return bool(self._sites.claimed(url)) or (self._sites.at(url) is None and self._is_canonical(url))

    def _is_canonical(self, url: str) -> bool:
        return bool(self._sites.at(url)) or self._sites.canonical_url(url, self._roots) == strip_tracking(url)

    def _take_visit(
        self,
        page: ForeignRecord,
        post: Claimed,
        document: DocumentReading | None,
        original_id: str | None = None,
    ) -> Iterator[Item]:
        """Make a record and what its post needs besides a visit; an item where it is not taken in, or visits were joined."""
        if refusal := self._intake.refusal(page.url, post.claim.post_id):
            yield from self._join()
            yield Item(page.url, "refused", post.claim.post_id, refusal)
            return
        repeated = self._intake.repeated(post, page, document)
        if repeated is not None:
            yield from self._join()
            yield from repeated
            return
        visit = UnfinishedVisit(self._intake.begin(post), self._reader)
        self._keep(visit, page, original_id, document)
        whole = self._complete(visit, page)
        self._ended.append((page.url, self._intake.finish(visit, whole=whole)))
        if len(self._ended) >= _JOINED_AT_ONCE:
            yield from self._join()

    def _complete(self, visit: UnfinishedVisit, page: ForeignRecord) -> bool:
        """Keep what else the post needs, each nearest in time to its page; whether all of it was there."""
        whole = True
        try:
            for request in visit.requests():
                whole &= self._keep_nearest(visit, self._places.nearest(request.url, page.time.at))
        except SkippableError:
            return False
        return whole

    def _join(self) -> Iterator[Item]:
        """Join and keep what the visits say that have ended."""
        ended, self._ended = self._ended, []
        items = self._intake.join_all([visit for _, visit in ended])
        for (target, _), item in zip(ended, items, strict=True):
            yield replace(item, target=target)

    def _keep_nearest(self, visit: UnfinishedVisit, nearest: Iterator[ForeignRecord]) -> bool:
        """Make the first of the captures a part of the visit; False where there is none, or none with a payload."""
        record = next(nearest, None)
        if record is None:
            return False
        try:
            resolved = self._originals.resolve(record) if record.refers else None
        except SkippableError:
            return False
        if resolved:
            self._keep(visit, resolved.record, resolved.original_id)
        else:
            self._keep(visit, record, None)
        return True

    def _keep(
        self,
        visit: UnfinishedVisit,
        record: ForeignRecord,
        original_id: str | None,
        document: DocumentReading | None = None,
    ) -> None:
        """Make a record the visit's next capture."""
        capture = self._intake.keep(visit.visit.visit_id, record, original_id)
        reading = document or next(self._reader.read_documents([capture]))
        visit.documents.append(reading.of(self._intake.as_stated(capture, source_of(record), reading)))


def _without_payload(record: ForeignRecord) -> ForeignRecord:
    """A record that is told of and not read: the head of its answer says all that is."""
    if not record.is_response:
        return replace(record, block=b"", request=None)
    body = len(read_message(record.block).body) if record.block else 0
    return replace(record, block=record.block[: len(record.block) - body], request=None)


def _unread(record: ForeignRecord | ForeignProblem) -> _ReadRecord | ForeignProblem:
    return (record, None) if isinstance(record, ForeignRecord) else record


def _unrecognised(document: DocumentReading | None) -> str:
    """Why a capture is not taken for one of a post: what it is instead, where that was seen."""
    if document and document.trouble:
        return document.trouble
    return (
        f"Captures that are no pages to read: {document.seen}."
        if document and document.seen
        else _NOT_RECOGNISED
    )


def _page_of(record: ForeignRecord) -> Capture:
    """The record as a capture, before it is one, to see whether it is a post."""
    time, digest = record.time, record.payload_digest
    if not record.is_response:
        headers: Headers = (("content-type", record.content_type),)
        return Capture("", record.url, None, headers, record.block, time.at, time.basis, digest)
    message = read_message(record.block)
    decoded = decode_content(message.payload, message.headers, _LONGEST_PAGE)
    truncated = record.truncated or decoded.truncated
    return Capture(
        "", record.url, message.status, message.headers, decoded.body, time.at, time.basis, digest, truncated
    )


def _is_redirect(record: ForeignRecord) -> bool:
    """Whether a record leads elsewhere; of a revisit without a head of its own that is not known yet."""
    has_head = record.is_response and bool(record.block)
    return has_head and read_message(record.block).status in REDIRECT_STATUSES
