"""What an adapter for a site must offer. A site is pure: it never fetches."""

from dataclasses import dataclass
from typing import Protocol

from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import Record, Rejection


@dataclass(frozen=True, slots=True)
class Claim:
    """A URL that a site knows as a post: its ``post_id`` and its canonical URL."""

    post_id: str
    url: str


class Site(Protocol):
    """One site or platform. The same code serves live crawling, re-extraction and other people's WARC files."""

    @property
    def name(self) -> str:
        """The name of the site, and the first part of its post ids."""

    @property
    def platform(self) -> str:
        """The software the site runs on; the site's own name where it is its own."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts, lower case, on which the site's posts and the lists of them lie."""

    def claims(self, url: str) -> Claim | None:
        """The post that ``url`` leads to, or None where the URL is none of this site's posts."""

    def recognises(self, capture: Capture) -> bool:
        """Whether ``read`` can make sense of this capture."""

    def next_requests(self, visit: Visit) -> tuple[Request, ...]:
        """What else the post needs, given what was captured; empty when whole, or when nothing more can be had."""

    def read(self, visit: Visit) -> Record | Rejection:
        """The record of the visit, or why there is none. Tolerates captures that an older crawl did not make."""

    def links(self, capture: Capture) -> tuple[str, ...]:
        """The canonical URLs of other posts of this site that the capture leads to, in page order."""
