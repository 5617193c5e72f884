"""Readers of pages as the evaluation calls them: postkeep, its peers, and any function of that shape."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from scraper.model.capture import Visit
from scraper.model.record import Moment, Person, Record, Rejection
from scraper.page.home_zones import NO_ZONES
from scraper.reading.document_reading import read_document
from scraper.reading.read_visit import DocumentsOfVisit, record_of
from scraper.sites.registry import installed_sites
from tests.fixtures.captures import capture_of


class ReadComment(TypedDict):
    """A comment as the measures take it; ``parent`` is an index into the list, None for the post. Dates are ISO 8601."""

    text: str
    author: str | None
    date: str | None
    parent: int | None


class ReadPage(TypedDict):
    """What a reader made of a page; ``kind`` is None where it takes the page for no post."""

    title: str | None
    text: str | None
    author: str | None
    date: str | None
    kind: str | None
    comments: list[ReadComment]


# The address of a page whose corpus says none: no front page, and nothing else that an address tells.
NOWHERE: Final = "https://unknown.example/page"

Reader = Callable[[bytes, str, datetime | None], ReadPage]

NOTHING: Final[ReadPage] = {
    "title": None,
    "text": None,
    "author": None,
    "date": None,
    "kind": None,
    "comments": [],
}


def reader_named(name: str) -> Reader:
    """The reader of a name: ``postkeep``, a peer of ``tests.eval.peers``, or ``module:function``."""
    home = "tests.eval.readers" if name == "postkeep" else "tests.eval.peers"
    module, _, function = (name if ":" in name else f"{home}:{name}").partition(":")
    reader: Reader = getattr(importlib.import_module(module), function)
    return reader


def postkeep(html: bytes, url: str, captured_at: datetime | None) -> ReadPage:
    """What postkeep reads of the page alone."""
    record = record_alone(html, url, captured_at)
    return thread_of(record) if isinstance(record, Record) else NOTHING


def record_alone(html: bytes, url: str, captured_at: datetime | None) -> Record | Rejection | None:
    """The record of a page of which nothing else was captured; None where no site knows it."""
    headers = ("content-type", "text/html")
    capture = capture_of(html, url or NOWHERE, headers, captured_at=captured_at)
    sites = installed_sites()
    visit = Visit("urn:uuid:1", 1, capture.url, (capture,))
    whole = DocumentsOfVisit.of(visit, [read_document(capture, sites, NO_ZONES)])
    claimed = whole.claimed(sites)
    return record_of(whole, claimed) if claimed else None


def thread_of(record: Record) -> ReadPage:
    """A record as the measures take it."""
    return {
        "title": record.post.title,
        "text": record.post.text,
        "author": _name(record.post.author),
        "date": _date(record.post.published),
        "kind": record.post.kind,
        "comments": [
            {
                "text": each.text or "",
                "author": _name(each.author),
                "date": _date(each.published),
                "parent": each.parent,
            }
            for each in record.comments
        ],
    }


def _name(person: Person | None) -> str | None:
    return person.name if person else None


def _date(moment: Moment | None) -> str | None:
    """The date as the clock of the page shows it, which is what the truths have."""
    if moment is None or moment.at is None:
        return None
    shown = moment.at.astimezone(_zone(moment.zone)) if moment.zone else moment.at
    return shown.isoformat()


def _zone(name: str) -> tzinfo:
    is_offset = name[0] in "+-"
    return datetime.strptime(name, "%z").tzinfo or UTC if is_offset else ZoneInfo(name)
