"""How fast kept pages are read, beside trafilatura on the same pages in the same run.

Both get the replica's V1 pages as bytes, on one core. postkeep reads post, metadata and comments; trafilatura is
asked for the text with comments, the nearest that it offers.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import trafilatura

from scraper.model.capture import Capture, Visit
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.replica import v1
from tests.replica.content import load_community

SECONDS = 5.0
POLICY = Policy.of(Settings(), bytes(32))


def pages() -> list[tuple[str, bytes]]:
    """Every V1 page of the replica, with its URL."""
    community = load_community()
    posts = [post for post in community.posts if "v1" in post.generations and not post.deleted]
    return [(post.url("v1"), v1.post_page(community, post, v1.Build()).encode()) for post in posts]


def visit(url: str, body: bytes) -> Visit:
    """A visit with this page as its only capture."""
    seen = datetime(2023, 1, 1, tzinfo=UTC)
    headers = (("content-type", "text/html; charset=utf-8"),)
    capture = Capture("urn:uuid:0", url, 200, headers, body, seen, "observed", "sha256:0")
    return Visit("urn:uuid:1", 1, url, (capture,))


def read(url: str, body: bytes) -> None:
    """Read a page as postkeep does."""
    if not isinstance(read_visit(visit(url, body), POLICY, installed_sites()), Reading):
        raise SystemExit(f"{url} was not read, so there is nothing to measure.")


def peer(_: str, body: bytes) -> None:
    """Read a page as trafilatura does."""
    trafilatura.extract(body, include_comments=True)


def rate(work: Callable[[str, bytes], None], corpus: list[tuple[str, bytes]]) -> float:
    """Pages a second on one core, over whole rounds of the corpus for at least ``SECONDS`` of processor time."""
    for page in corpus:
        work(*page)
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        for page in corpus:
            work(*page)
        done += len(corpus)
    return done / spent


def main() -> None:
    """Print both rates and their ratio."""
    corpus = pages()
    ours, theirs = rate(read, corpus), rate(peer, corpus)
    print(f"reading: {len(corpus)} Careerly pages of the replica, one core")
    print(f"  postkeep     {ours:8.0f} pages/s")
    print(f"  trafilatura  {theirs:8.0f} pages/s")
    print(f"  ratio        {ours / theirs:8.1f}")


if __name__ == "__main__":
    main()
