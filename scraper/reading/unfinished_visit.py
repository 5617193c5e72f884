"""A visit while its captures are gathered, by a crawl or out of somebody's archive: its site is asked until it is whole."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Final

from scraper.errors import SkippableError
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.url import resolve
from scraper.reading.document_reading import DocumentReading
from scraper.reading.pool import Reader
from scraper.reading.read_visit import DocumentsOfVisit

# A thread of 10,000 comments at ten a page; more requests than that is a trap, not a post.
MAX_REQUESTS: Final = 1000


class UnfinishedVisit:
    """The documents of ``visit`` so far, each read once; ``follows`` says of which redirects the target is asked for."""

    def __init__(
        self,
        visit: Visit,
        reader: Reader,
        documents: Sequence[DocumentReading] = (),
        follows: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.visit = visit
        self.documents = list(documents)
        self._reader = reader
        self._follows = follows
        self._asked: set[Request] = set()

    @property
    def read(self) -> DocumentsOfVisit:
        """The visit as far as it came."""
        return DocumentsOfVisit.of(self.visit, self.documents)

    def has(self, url: str) -> bool:
        """Whether there is a capture of ``url``."""
        return any(document.capture.url == url for document in self.documents)

    def requests(self) -> Iterator[Request]:
        """What the visit needs, until its site asks for no more; ``documents`` grow between one and the next.

        Raises:
            SkippableError: it asks without end, or its site cannot say what it needs.
        """
        while requests := [request for request in self._needed() if request not in self._asked]:
            for request in requests:
                if len(self._asked) >= MAX_REQUESTS:
                    raise SkippableError(
                        f"{self.visit.url} asks for more than {MAX_REQUESTS} pages; what was had by then is kept."
                    )
                self._asked.add(request)
                yield request

    async def requests_aside(self) -> AsyncIterator[Request]:
        """As ``requests``, while the caller's other tasks go on."""
        requests = self.requests()
        while True:
            request = (
                next(requests, None) if self._is_told() else await asyncio.to_thread(next, requests, None)
            )
            if request is None:
                return
            yield request

    def _needed(self) -> Iterator[Request]:
        captures = [document.capture for document in self.documents]
        redirects = [request for request in unfollowed_redirects(captures) if self._follows(request.url)]
        yield from redirects
        # Where a redirect was not followed to its end, nothing tells yet what else is needed.
        if not any(request not in self._asked for request in redirects):
            yield from self._needed_by_site()

    def _needed_by_site(self) -> tuple[Request, ...]:
        return self._told_by_page if self._told_by_page is not None else self._reader.next_requests(self.read)

    @property
    def _told_by_page(self) -> tuple[Request, ...] | None:
        """What the visit needs where its only page was asked for that when it was read; None otherwise."""
        if len(self.documents) != 1 or self.documents[0].capture.url != self.visit.url:
            return None
        return self.documents[0].needs

    def _is_told(self) -> bool:
        """Whether nobody needs to be asked what the visit needs, or nobody has to read for it."""
        return not self.documents or self._told_by_page is not None


def unfollowed_redirects(captures: Sequence[Capture]) -> Iterator[Request]:
    """Requests for where redirects among ``captures`` lead, where that was not captured (RFC 9110 section 15.4)."""
    redirects = [capture for capture in captures if capture.status in REDIRECT_STATUSES]
    captured = {resolve(capture.url, capture.url) for capture in captures} if redirects else set()
    for capture in redirects:
        location = capture.location
        target = resolve(capture.url, location) if location else None
        if target is not None and target not in captured:
            yield Request(target)
