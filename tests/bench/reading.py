"""How fast kept pages are read, beside trafilatura on the same pages in the same run, and beside a bare parse of them.

All get pages as bytes, on one core. postkeep reads post, metadata and comments, and makes their rows; trafilatura is asked for the
text with comments, the nearest that it offers; the bare parse makes a tree and reads nothing.
"""

import logging
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from tests.bench.kinds import Kind, kinds, made_posts
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure, UnmeasuredError

_PAGES: Final = 60


def peer(kind: Kind) -> None:
    """Read pages as trafilatura does."""
    trafilatura = _trafilatura()
    for _, body in kind.pages:
        trafilatura.extract(body, include_comments=True)


def parse(kind: Kind) -> None:
    """Make a tree of each page."""
    for _, body in kind.pages:
        LexborHTMLParser(body.decode("utf-8", "replace"))


def seconds_a_page() -> tuple[float, float]:
    """What postkeep and trafilatura spend on a made post of Careerly's first site, in CPU seconds."""
    kind = made_posts(_PAGES)
    costs = least({"ours": kind.read, "peer": lambda: peer(kind)})
    return costs["ours"] / _PAGES, costs["peer"] / _PAGES


def figures() -> Iterator[Figure]:
    """A page of each kind."""
    _trafilatura()
    for kind in kinds():
        yield _figure(kind)


def _figure(kind: Kind) -> Figure:
    works = {"ours": kind.read, "peer": lambda: peer(kind), "limit": lambda: parse(kind)}
    costs = {name: cost / len(kind.pages) * 1e3 for name, cost in least(works).items()}
    return Figure(
        kind.label,
        "CPU ms a page",
        costs["ours"],
        Beside("trafilatura", costs["peer"]),
        Beside("selectolax, a bare parse", costs["limit"]),
    )


def _trafilatura() -> Any:
    logging.disable()  # it tells of each date that it cannot place
    try:
        return import_module("trafilatura")
    except ImportError as error:
        raise UnmeasuredError("trafilatura is not installed here; tests/bench/peers installs it") from error


READING: Final = Benchmark("reading", "reading a page", figures)
