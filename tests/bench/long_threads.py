"""What a comment costs to be read in threads of a thousand and of ten thousand on one page: the same, where the work is linear."""

from collections.abc import Callable, Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.page.home_zones import NO_ZONES
from scraper.reading.document_reading import read_document
from scraper.sites.registry import installed_sites
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.fixtures.captures import capture_of
from tests.fixtures.long_threads import flat, told_otherwise

_SIZES: Final = (1_000, 10_000)
_SHAPES: Final = (
    ("on the page alone", flat),
    ("on the page, and others in its data", told_otherwise),
)
_URL: Final = "https://example.org/slow"


def figures() -> Iterator[Figure]:
    """A comment of each size and shape."""
    for told, shape in _SHAPES:
        for size in _SIZES:
            yield _figure(f"{size:,} comments {told}", shape(size), size)


def _figure(what: str, html: str, size: int) -> Figure:
    capture, sites = capture_of(html.encode(), _URL), installed_sites()
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: read_document(capture, sites, NO_ZONES),
        "limit": lambda: LexborHTMLParser(html),
    }
    costs = {name: cost / size * 1e6 for name, cost in least(works, rounds=1).items()}
    limit = Beside("selectolax, a bare parse", costs["limit"])
    return Figure(what, "CPU µs a comment", costs["ours"], limit=limit)


LONG_THREADS: Final = Benchmark("long-threads", "reading a page with a long thread", figures)
