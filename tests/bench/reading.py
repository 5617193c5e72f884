"""How fast kept pages are read, beside trafilatura on the same pages in the same run.

Both get pages of Careerly's first site as bytes, on one core. postkeep reads post, metadata and comments, and makes their rows;
trafilatura is asked for the text with comments, the nearest that it offers.
"""

import time
from datetime import UTC, datetime
from itertools import cycle

import trafilatura

from scraper.model.capture import Capture, Visit
from scraper.reading.read_visit import read_visit
from scraper.records.cleaning import Policy
from scraper.records.reading import Reading
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.bench.pages import post_pages

SECONDS = 5.0
PAGES = 60
POLICY = Policy.of(Settings(), bytes(32))


def pages() -> list[tuple[str, bytes]]:
    """So many made pages of posts, each with its URL."""
    return [(page.url, page.html.encode()) for page in post_pages(PAGES)]


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


def seconds_a_page() -> tuple[float, float]:
    """What postkeep and trafilatura spend on a page, in seconds of processor time; the two take turns."""
    corpus = pages()
    spent = dict.fromkeys((read, peer), 0.0)
    for work in spent:
        work(*corpus[0])
    rounds, turns = 0, cycle(spent)
    while min(spent.values()) < SECONDS:
        for _ in spent:
            work = next(turns)
            began = time.process_time()
            for page in corpus:
                work(*page)
            spent[work] += time.process_time() - began
        rounds += 1
    done = rounds * len(corpus)
    return spent[read] / done, spent[peer] / done


def main() -> None:
    """Print both rates and their ratio."""
    ours, theirs = seconds_a_page()
    print(f"reading: {PAGES} made pages of Careerly's first site, one core")
    print(f"  postkeep     {1 / ours:8.0f} pages/s")
    print(f"  trafilatura  {1 / theirs:8.0f} pages/s")
    print(f"  ratio        {theirs / ours:8.1f}")


if __name__ == "__main__":
    main()
