"""What an adapter for a site offers. A site is pure: it never fetches, and looks at each document once.

What it reads from a document is a dataclass of its own, frozen and small enough to go from process to process; all else,
which requests a post still needs and its record, it tells from those. The same code serves live crawling, re-extraction and
other people's WARC files.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import Record, Rejection
from scraper.model.site import Claim, Trap
from scraper.page.document import Document
from scraper.page.gates import GateRule
from scraper.page.leads import Leads

ContentT = TypeVar("ContentT")


@dataclass(frozen=True, slots=True)
class Part(Generic[ContentT]):
    """What a site read from one capture of a visit, which is here without its body."""

    capture: Capture
    content: ContentT


@dataclass(frozen=True, slots=True)
class Tail:
    """The last page of a thread over pages, where it is asked for, and the record ids of the captures that show those before it."""

    url: str
    before: tuple[str, ...]


class Site(ABC, Generic[ContentT]):
    """One site, or a platform that may stand on any host.

    ``name`` is that of the adapter; of a single site also the first part of its post ids. ``platform`` is the software it
    runs on, ``traps`` what is not followed on it besides what is not followed anywhere (``page.traps``), ``gate_rules``
    the prompts that it lays over posts. ``rank``: a page is of the first site that reads it, and lower ranks are asked
    first; a site that reads what no other does has the highest.
    """

    name: ClassVar[str]
    platform: ClassVar[str]
    rank: ClassVar[int] = 0
    traps: ClassVar[tuple[Trap, ...]] = ()
    gate_rules: ClassVar[tuple[GateRule, ...]] = ()

    @abstractmethod
    def canonical_url(self, url: str) -> str:
        """``url`` of this site without what is added for one and the same page: a reply link, a page of comments."""

    @abstractmethod
    def read_document(self, document: Document) -> ContentT | None:
        """What the document holds for a post; None where it is none of this site's."""

    @abstractmethod
    def shows_post(self, content: ContentT) -> bool:
        """Whether what was read from a document shows a post."""

    def is_later_page(self, _content: ContentT) -> bool:
        """Whether what was read from a document is a later page of a thread, of which the first page has the post."""
        return False

    def recognises(self, _content: ContentT) -> bool:
        """Whether what was read from a document shows that the site stands there, be it by a post or by another page."""
        return True

    @abstractmethod
    def claim_of(self, visit: Visit, parts: Sequence[Part[ContentT]]) -> Claim | None:
        """The post that a visit is of, or None where it is none of this site's posts."""

    @abstractmethod
    def next_requests(self, visit: Visit, parts: Sequence[Part[ContentT]]) -> tuple[Request, ...]:
        """What else the post needs, given what was captured; empty when whole, or when nothing more can be had.

        The captures of ``visit`` have no bodies here.
        """

    def tail_of(self, _parts: Sequence[Part[ContentT]]) -> Tail | None:
        """What a visit for what is new in a thread begins with; None where it needs all of the post."""
        return None

    def outline(self, content: ContentT) -> ContentT:
        """What ``next_requests`` looks at of a content: it is told each round, so a site of long threads leaves the rest out."""
        return content

    @abstractmethod
    def join(self, visit: Visit, parts: Sequence[Part[ContentT]]) -> Record | Rejection:
        """The record of the visit, or why there is none. Tolerates that an older crawl did not capture all."""

    def links(self, _document: Document) -> tuple[str, ...]:
        """The canonical URLs of other posts of this site that the document leads to, in page order."""
        return ()

    def following(self, _document: Document) -> tuple[str, ...]:
        """Where a list of posts goes on, as far as the site says so in a way of its own."""
        return ()


class SingleSite(Site[ContentT]):
    """A site on hosts of its own (lower case), whose URLs name its posts; ``api_hosts`` are those that only its posts need."""

    hosts: ClassVar[frozenset[str]]
    api_hosts: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def claims(self, url: str) -> Claim | None:
        """The post that ``url`` leads to; None for every other URL."""

    def canonical_url(self, url: str) -> str:
        """The canonical URL of a post; any other URL as it is."""
        claim = self.claims(url)
        return claim.url if claim else url

    def claim_of(self, visit: Visit, _parts: Sequence[Part[ContentT]]) -> Claim | None:
        """The post that the visit was made for."""
        return self.claims(visit.url)


class Platform(Site[ContentT]):
    """Software that stands on many hosts: only a captured document tells whether it is there, and which post it shows."""

    def other_than_post(self, _content: ContentT) -> str | None:
        """What a document shows instead of a post, in a few words; None where it shows one, or nobody can tell."""
        return None

    def leads(self, _content: ContentT) -> Leads:
        """Where a list leads to, as far as that is told from what was read of it."""
        return Leads()

    @abstractmethod
    def root(self, document: Document) -> str | None:
        """The URL, ending in ``/``, below which a document says that the software stands; None where it says no such thing."""
