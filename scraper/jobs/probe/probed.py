"""One page as it was read, with where on it each part stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain

from scraper.discussion.places import Place, find_links, find_places
from scraper.discussion.reader import Trace, trace_discussion
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import Record, Rejection
from scraper.page.document import Document
from scraper.page.home_zones import HomeZones
from scraper.page.leads import Leads
from scraper.page.restrictions import restrictions_of
from scraper.reading.document_reading import DocumentReading, read_document
from scraper.reading.read_visit import (
    DocumentsOfVisit,
    needs_of,
    reason_unclaimed,
    whole_record,
)
from scraper.sites.generic import Generic
from scraper.sites.registry import Claimed, Sites


@dataclass(frozen=True, slots=True)
class Probe:
    """What one page gives.

    ``capture`` is the page, ``reading`` what its site read; ``record`` is there where it shows a post, which then is
    ``claimed``; else ``reason`` says in a sentence what it shows instead. ``trace`` and ``places`` are of the words that it
    shows (None where it shows none), ``missing`` what else a crawl would ask for. ``notes`` are sentences on how it was read.
    """

    document: Document
    reading: DocumentReading
    claimed: Claimed | None
    record: Record | None
    reason: str | None
    trace: Trace | None
    places: tuple[Place, ...]
    missing: tuple[Request, ...]
    notes: tuple[str, ...]

    @property
    def capture(self) -> Capture:
        """The page, as it was read."""
        return self.document.capture

    @property
    def text_confidence(self) -> float | None:
        """How sure it is that the post's text is the page's main text, 0 to 1; None where the post is a record of its thread."""
        body, post = (self.trace.body, self.trace.shown.post) if self.trace else (None, None)
        return body.confidence if body and post and post.kind != "topic" else None

    @property
    def leads(self) -> Leads:
        """What the page lists."""
        return self.reading.leads or Leads()

    @property
    def is_list(self) -> bool:
        """Whether it is no post, and leads to some."""
        leads = self.leads
        return self.record is None and bool(leads.posts or leads.groups or (leads.is_list and leads.pages))


def probe_page(
    captures: Sequence[Capture], url: str, sites: Sites, zones: HomeZones, notes: tuple[str, ...] = ()
) -> Probe:
    """What the last of ``captures`` gives, which were had when ``url`` was asked for; the others are redirects to it.

    Raises:
        HostilePageError: the page is too costly to parse.
    """
    readings = [read_document(capture, sites, zones, with_leads=True) for capture in captures]
    reading, page = readings[-1], captures[-1]
    whole = DocumentsOfVisit.of(Visit("", 0, url), readings)
    claimed = None if reading.trouble else whole.pages.claimed(sites)
    answer = whole_record(whole, claimed) if claimed else None
    record = answer if isinstance(answer, Record) else None
    reason = answer.reason if isinstance(answer, Rejection) else None
    if answer is None:
        reason = reading.trouble or reason_unclaimed(whole, sites)
    needs = needs_of(whole, sites)
    document = Document(page, zones)
    trace = _trace(document, sites, reading)
    places: tuple[Place, ...] = ()
    if trace and record:
        places = find_places(trace, record)
    if trace and reading.leads and record is None:
        places = find_links(
            trace.elements, document.base, (*reading.leads.posts, *chain(*reading.leads.groups))
        )
    if isinstance(needs, str):
        notes = (*notes, needs)
    if refusals := restrictions_of(reading.signals).refusals:
        notes = (
            *notes,
            f"A crawl would not keep this page: it says {refusals[0].signal}: {refusals[0].value}.",
        )
    return Probe(
        document,
        reading,
        claimed,
        record,
        reason,
        trace,
        places,
        () if isinstance(needs, str) else needs,
        notes,
    )


def _trace(document: Document, sites: Sites, reading: DocumentReading) -> Trace | None:
    """The words that a page shows, and where; of a text that lost its markup, its lines."""
    capture = document.capture
    if capture.media_type == "text/plain":
        lines = "".join(f"<p>{escape(line)}</p>" for line in document.text.splitlines())
        headers = (("content-type", "text/html; charset=utf-8"),)
        document = Document(replace(capture, body=lines.encode("utf-8", "replace"), headers=headers))
    elif not document.is_markup:
        return None
    site = sites.named(reading.site) if reading.site else None
    is_topic = isinstance(site, Generic) and site.is_topic(document)
    return None if document.is_hostile else trace_discussion(document, is_topic=is_topic)
