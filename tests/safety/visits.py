"""Visits of one page each, as an adversary would serve it, and pages that do harm to whoever reads them."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, Final

from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Post, Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.reading.pool import Reader, ReadingLimits, ReadingPool, ReadingProcesses
from scraper.records.cleaning import Policy
from scraper.settings import Settings
from scraper.sites.base import Part, SingleSite
from scraper.sites.registry import Sites, installed_sites
from tests.fixtures.captures import capture_of

URL: Final = "https://careerly.co.kr/comments/70991"
POST_ID: Final = "careerly:comments-70991"
HARMFUL_HOST: Final = "harm.example"
POLICY: Final = Policy.of(Settings(), bytes(range(32)))


def visit_of(body: bytes, content_type: str = "text/html; charset=utf-8", number: int = 1) -> Visit:
    """A visit of one post whose page is ``body``."""
    capture = capture_of(
        body,
        URL,
        ("Content-Type", content_type),
        captured_at=datetime(2026, 1, 5, tzinfo=UTC),
        record_id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
    )
    return Visit(f"urn:uuid:00000000-0000-4000-9000-{number:012}", number, URL, (capture,))


@contextmanager
def reading_pool(workers: int, limits: ReadingLimits) -> Iterator[Reader]:
    """A reader with processes of its own, that reads harmful pages too."""
    with ReadingProcesses(workers, limits) as processes:
        yield ReadingPool(POLICY, processes, SITES)


def _hang() -> None:
    while True:
        pass


def _hang_to_the_limit() -> None:
    """Hang; what was left of the processor time that a page may cost has passed in a moment.

    So the limit can be one that no other page meets on any machine. Where none is set, it hangs for good.
    """
    left, _ = signal.getitimer(signal.ITIMER_PROF)
    if left:
        signal.setitimer(signal.ITIMER_PROF, 0.01)
    _hang()


def _wait() -> None:
    while True:
        signal.pause()


def _devour() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(64 << 20))


def _explode() -> None:
    raise RuntimeError("the page said \x1b[2J")


# What a page does to the process that looks at it, as it may where a parser chokes on it.
HARM: Final[dict[str, Callable[[], None]]] = {
    "hanging": _hang_to_the_limit,
    "hanging-for-real": _hang,
    "waiting": _wait,
    "devouring": _devour,
    "leaving": lambda: os._exit(3),
    "crashing": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exploding": _explode,
}


class HarmfulSite(SingleSite[str]):
    """A site on a host of its own whose pages do the harm that the last part of their path names, or none."""

    name: ClassVar[str] = "harm"
    platform: ClassVar[str] = "harm"
    hosts: ClassVar[frozenset[str]] = frozenset({HARMFUL_HOST})

    def claims(self, url: str) -> Claim | None:
        """Every page in its folder of posts is one."""
        parsed = parse_url(url)
        if parsed is None or parsed.host not in self.hosts or not parsed.path.startswith("/posts/"):
            return None
        return Claim(f"harm:{parsed.path.removeprefix('/posts/')}", parsed.href)

    def read_document(self, document: Document) -> str | None:
        """The page's own words, unless it does harm."""
        claim = self.claims(document.capture.url)
        if claim is None:
            return None
        HARM.get(claim.post_id.partition(":")[2], lambda: None)()
        return document.text

    def shows_post(self, content: str) -> bool:
        """Always."""
        return bool(content)

    def next_requests(self, visit: Visit, parts: Sequence[Part[str]]) -> tuple[Request, ...]:
        """The page itself."""
        return () if parts or visit.captures else (Request(visit.url),)

    def join(self, visit: Visit, parts: Sequence[Part[str]]) -> Record | Rejection:
        """The words of the first page."""
        if not parts:
            return Rejection("It shows nothing.")
        post = Post("post", "제목", parts[0].content, access="full")
        return Record("harm/1", parts[0].capture.record_id, post)


SITES: Final = Sites([*installed_sites(), HarmfulSite()])


def harmful_url(kind: str) -> str:
    """The URL of a page that does this harm."""
    return f"https://{HARMFUL_HOST}/posts/{kind}"


def harmful_visit(kind: str, number: int) -> Visit:
    """A visit whose reading does harm."""
    (capture,) = visit_of(b"<p>\xea\xb8\x80</p>", number=number).captures
    url = harmful_url(kind)
    return Visit(f"urn:uuid:00000000-0000-4000-a000-{number:012}", number, url, (replace(capture, url=url),))
