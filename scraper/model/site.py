"""What an adapter for a site must offer. A site is pure: it never fetches."""

import re
from dataclasses import dataclass
from typing import Protocol

from scraper.model.capture import Capture, Visit
from scraper.model.exchange import Request
from scraper.model.record import Record, Rejection


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that a site knows as its own: its ``post_id`` and its canonical URL."""

    post_id: str
    url: str

    @property
    def site(self) -> str:
        """The first part of the post id: the name of a single site, the host of a platform's."""
        return self.post_id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Trap:
    """URLs of a site that lead round in circles, or to nothing that lists posts.

    ``kind`` says what they are in a few words; ``form`` is searched for in path and query, ``/path?query``.
    """

    kind: str
    form: re.Pattern[str]


class Site(Protocol):
    """One site, or a platform that may stand on any host.

    The same code serves live crawling, re-extraction and other people's WARC files.
    """

    @property
    def name(self) -> str:
        """The name of the adapter; of a single site also the first part of its post ids."""

    @property
    def platform(self) -> str:
        """The software the site runs on; the site's own name where it is its own."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts, lower case, on which the site's posts and the lists of them lie; empty for a platform."""

    @property
    def traps(self) -> tuple[Trap, ...]:
        """What is not followed on the site, besides what is not followed anywhere (``page.traps``)."""

    def claims(self, url: str) -> Claim | None:
        """The post that ``url`` leads to, or None where the URL alone does not tell, which it never does on a platform."""

    def address(self, url: str) -> str:
        """``url`` without what the software adds for one and the same page: a reply link, a page of comments."""

    def identify(self, visit: Visit) -> Claim | None:
        """The post that the captures of a visit are of, or None where they are of none of this site's posts."""

    def recognises(self, capture: Capture) -> bool:
        """Whether the capture comes from this site, so that it can make sense of it."""

    def next_requests(self, visit: Visit) -> tuple[Request, ...]:
        """What else the post needs, given what was captured; empty when whole, or when nothing more can be had."""

    def read(self, visit: Visit) -> Record | Rejection:
        """The record of the visit, or why there is none. Tolerates captures that an older crawl did not make."""

    def links(self, capture: Capture) -> tuple[str, ...]:
        """The canonical URLs of other posts of this site that the capture leads to, in page order."""

    def following(self, capture: Capture) -> tuple[str, ...]:
        """Where a list of posts goes on, as far as the site says so in a way of its own."""
