"""What a takedown costs while it looks through an archive: decoded bodies on one core, pages of the replica's community."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from scraper.takedown.payload import holds
from scraper.takedown.traces import Traces
from tests.bench.table.cost import least
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.replica import v1
from tests.replica.content import load_community
from tests.takedown.archives import community_posts

_PAGES: Final = 200
_WORDS: Final = "아무도 이 페이지들에 쓰지 않은 말이라서 어디에서도 찾을 수 없는 {} 번째 긴 글입니다. Nobody has said it {} times here."


def pages() -> list[bytes]:
    """So many pages that hold nothing of what is looked for."""
    community, build = load_community(), v1.Build()
    pages = [v1.post_page(community, post, build).encode() for post in community_posts()]
    return [pages[number % len(pages)] for number in range(_PAGES)]


def figures() -> Iterator[Figure]:
    """For a person who wrote little, and for one who wrote much; the limit is one look for one name, as it stands."""
    bodies = pages()
    size = sum(map(len, bodies))
    name = "한나래울".encode()
    for texts in (1, 1000):
        traces = Traces(
            texts=frozenset(_WORDS.format(number, number) for number in range(texts)),
            names=frozenset({"한나래울"}),
            ids=frozenset({"990099"}),
            literals=frozenset({"/comments/990099"}),
        )
        works: dict[str, Callable[[], object]] = {
            "ours": partial(_looked_through, bodies, traces),
            "limit": lambda: [body.find(name) for body in bodies],
        }
        costs = {each: cost / size * 1e9 for each, cost in least(works).items()}
        limit = Beside("bytes.find of one name", costs["limit"])
        label = f"{texts:,} texts of a person" if texts > 1 else "one text of a person"
        yield Figure(
            f"{label}, in pages of {size / len(bodies) / 1e3:.0f} kB",
            "CPU s a GB",
            costs["ours"],
            limit=limit,
        )


def _looked_through(bodies: Sequence[bytes], traces: Traces) -> None:
    if any(holds(body, "text/html; charset=utf-8", traces) for body in bodies):
        raise SystemExit("A page holds what nobody wrote.")


TAKEDOWN: Final = Benchmark("takedown", "looking for what goes", figures)
