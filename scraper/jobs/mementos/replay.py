"""Fetching mementos: the bytes that a web archive captured, with what it says of where and when."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from scraper.archive.archive import Archive
from scraper.archive.compose import CaptureTime, ForeignRecord
from scraper.archive.memento import (
    MEMENTO_DATETIME,
    Memento,
    ReplayUrl,
    memento_time,
    original_headers,
    same_archive,
)
from scraper.archive.warc import payload_digest
from scraper.errors import RefusedError, SkippableError
from scraper.fetch.visitor import MAX_REDIRECTS, Visitor
from scraper.jobs.crawl.rights import refusal_to_be_kept
from scraper.jobs.mementos.standing import Standing
from scraper.jobs.workplace import Workplace
from scraper.model.exchange import Exchange, Request
from scraper.model.url import identity, resolve, strip_tracking
from scraper.sites.registry import installed_sites

# How far a web archive's clock may be ahead of ours before what it says of the future is no time of a capture.
_CLOCK_SKEW: Final = timedelta(days=1)
_SCHEME: Final = re.compile(r"\Ahttps?://(?:www\.)?")


class Taker(Protocol):
    """Who a memento is fetched for."""

    def has(self, memento: ReplayUrl) -> bool:
        """Whether this very capture is had already, so that it need not be fetched."""

    def take(self, record: ForeignRecord) -> None:
        """Keep a memento; it is safe on disk when this returns."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Fetches mementos, and nothing else: no redirect is followed out of the web archive, or to another post."""

    visitor: Visitor
    archive: Archive
    workplace: Workplace
    standing: Standing

    async def fetch(self, memento: ReplayUrl, taker: Taker) -> None:
        """Fetch the capture that the archive has nearest to the time of ``memento``, unless it is had.

        Raises:
            RefusedError: as ``Visitor.fetch`` has it, or the site itself does not want it kept.
            RetryableError: as ``Visitor.fetch`` has it.
            SkippableError: the archive has no such capture, or gives something else than a memento.
        """
        self.standing.require_open(memento.url)
        for _ in range(MAX_REDIRECTS):
            if taker.has(memento):
                return
            recorder = _MementoRecorder(self, memento, taker)
            request = Request(str(memento))
            exchange = await self.visitor.fetch(request, recorder, follow_redirects=False)
            if recorder.is_memento():
                return
            memento = _nearest(memento, exchange)
        raise SkippableError(f"{memento} redirects without end. Look at it in a browser.")


class _MementoRecorder:
    """A Recorder that keeps mementos as captures of the original, and all else as what the web archive answered.

    A memento whose site had asked for it not to be archived is left out.
    """

    def __init__(self, replay: Replay, memento: ReplayUrl, taker: Taker) -> None:
        self._archive = replay.archive
        self._workplace = replay.workplace
        self._memento = memento
        self._taker = taker
        self._refusal: RefusedError | None = None
        self._met = False

    def keep(self, exchange: Exchange) -> None:
        """Keep the exchange; it is safe on disk when this returns."""
        record = _record(exchange, self._memento)
        self._met = record is not None
        if record is None:
            self._archive.keep(None, exchange)
            return
        headers = original_headers(exchange.headers, str(self._memento))
        original = replace(exchange, request=Request(record.url), headers=headers)
        self._refusal = refusal_to_be_kept(original, self._archive, self._workplace)
        if self._refusal is None:
            self._taker.take(record)

    def is_memento(self) -> bool:
        """Whether the last answer was a memento; raises RefusedError where that one asked not to be archived."""
        if self._refusal:
            raise self._refusal
        return self._met


def _record(exchange: Exchange, asked: ReplayUrl) -> ForeignRecord | None:
    """The exchange as a capture of the original; None where it is no memento."""
    at = memento_time(exchange.headers)
    if at is None or at > exchange.started_at + _CLOCK_SKEW:
        return None
    return ForeignRecord(
        url=asked.url,
        is_response=True,
        block=exchange.head + exchange.body,
        content_type="application/http;msgtype=response",
        time=CaptureTime(at, "memento"),
        payload_digest=payload_digest(exchange.payload),
        memento=Memento(
            _exact_address(exchange, asked), exchange.header(MEMENTO_DATETIME) or "", exchange.started_at
        ),
        request=exchange.request_wire,
        truncated=exchange.truncated,
        server_address=exchange.server_address,
    )


def _exact_address(exchange: Exchange, asked: ReplayUrl) -> str:
    """The memento's own address, which Content-Location names where the nearest capture was asked for."""
    stated = ReplayUrl.parse(resolve(str(asked), exchange.header("content-location") or "") or "")
    return str(
        ReplayUrl(asked.root, stated.timestamp, stated.url)
        if stated and same_archive(stated, asked)
        else asked
    )


def _nearest(asked: ReplayUrl, exchange: Exchange) -> ReplayUrl:
    """The memento to which the archive's own redirect leads."""
    location = resolve(str(asked), exchange.location or "")
    found = ReplayUrl.parse(location or "")
    if not 300 <= exchange.status <= 399 or location is None:
        what = "has no such capture" if exchange.status == 404 else "gave something else than a memento"
        raise SkippableError(
            f"{asked}: the web archive {what} (HTTP status {exchange.status}, no Memento-Datetime that can be read)."
        )
    if found is None or not same_archive(found, asked) or _page(found.url) != _page(asked.url):
        raise SkippableError(f"{asked} redirects to {location}, which is no capture of the same page.")
    return ReplayUrl(asked.root, found.timestamp, found.url)


def _page(url: str) -> str:
    """What two addresses of one page have in common: the post, or else all but the scheme and ``www``, as web archives have it."""
    claimed = installed_sites().claimed(url)
    return claimed.claim.post_id if claimed else _SCHEME.sub("", identity(strip_tracking(url)))
