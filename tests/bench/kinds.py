"""Kinds of pages to measure with: made by our replicas, and real ones where the testbed lies beside the repository."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from scraper.model.capture import Capture, Visit
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.bench.pages import post_pages, thread_pages
from tests.eval.corpora import CORPORA, pages_of
from tests.replica.unknown.korean_board import PLACE as BOARD

_A_KIND: Final = 10
_POLICY: Final = Policy.of(Settings(), bytes(32))


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages of one kind: URL and bytes of each. Of real ones some may be no post, so that nothing is read out of them."""

    name: str
    pages: tuple[tuple[str, bytes], ...]
    is_real: bool = False

    @property
    def label(self) -> str:
        """What it is, with how many pages of which size."""
        size = sum(len(body) for _, body in self.pages) / len(self.pages) / 1e3
        return f"{self.name} ({len(self.pages)} of {size:.0f} kB)"

    def read(self) -> None:
        """Read each page as postkeep does: post, metadata and comments, as rows."""
        for url, body in self.pages:
            result = read_visit(visit_of(url, body), _POLICY, installed_sites())
            if not self.is_real and not isinstance(result, Reading):
                raise SystemExit(f"{url} was not read, so there is nothing to measure: {result.reason}")


def visit_of(url: str, body: bytes, number: int = 1) -> Visit:
    """A visit with this page as its only capture."""
    captured_at = datetime(2026, 1, 5, tzinfo=UTC)
    headers = (("content-type", "text/html; charset=utf-8"),)
    capture = Capture(
        UUID(int=2 * number).urn, url, 200, headers, body, captured_at, "observed", f"sha256:{'0' * 64}"
    )
    return Visit(UUID(int=2 * number + 1).urn, number, url, (capture,))


def kinds() -> Iterator[Kind]:
    """All that can be had here."""
    yield made_posts(_A_KIND)
    thread = thread_pages(_A_KIND, abbreviated=False)
    yield Kind(
        "WordPress, 50 comments a page", tuple((page.url, page.html.encode()) for page in islice(thread, 4))
    )
    boards = ((BOARD.url(target), _page_of_board(target)) for target in BOARD.topics)
    yield Kind("a board of no known software", tuple(islice(boards, _A_KIND)))
    yield from _real_kinds()


def made_posts(count: int) -> Kind:
    """So many posts of Careerly's first site."""
    return Kind("Careerly, 14 comments", tuple((page.url, page.html.encode()) for page in post_pages(count)))


def _page_of_board(target: str) -> bytes:
    place = urlsplit(target)
    page = BOARD.page(place.path, dict(parse_qsl(place.query)))
    if page is None:
        raise SystemExit(f"The board has nothing at {target}.")
    return page.encode()


def _real_kinds() -> Iterator[Kind]:
    if not CORPORA.is_dir():
        return
    yield _real("real threads", "threads-ld", None)
    yield _real("real forum pages", "wcxb-dev", "forum")
    yield _real("real articles", "wcxb-dev", "article")


def _real(name: str, corpus: str, page_type: str | None) -> Kind:
    pages = (
        page
        for page in pages_of(corpus)
        if page.url and (page_type is None or page.truth.get("page_type") == page_type)
    )
    return Kind(name, tuple((page.url, page.html) for page in islice(pages, _A_KIND)), is_real=True)
