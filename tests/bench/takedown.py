"""How fast a takedown looks through an archive: MB of decoded bodies a second on one core, pages of the replica's community.

``python -m tests.bench.takedown`` prints a line for a person who wrote little and one for a person who wrote much.
"""

import time
from collections.abc import Sequence
from typing import Final

from scraper.takedown.payload import holds
from scraper.takedown.traces import Traces
from tests.replica import v1
from tests.replica.content import load_community
from tests.takedown.archives import community_posts

_PAGES: Final = 200
_WORDS: Final = "아무도 이 페이지들에 쓰지 않은 말이라서 어디에서도 찾을 수 없는 {} 번째 긴 글입니다. Nobody has said it {} times here."


def pages() -> list[bytes]:
    """So many pages that hold nothing of what is looked for."""
    community, build = load_community(), v1.Build()
    made = [v1.post_page(community, post, build).encode() for post in community_posts()]
    return [made[number % len(made)] for number in range(_PAGES)]


def megabytes_a_second(bodies: Sequence[bytes], traces: Traces) -> float:
    """How much is looked through in a second."""
    began = time.process_time()
    found = sum(holds(body, "text/html; charset=utf-8", traces) for body in bodies)
    seconds = time.process_time() - began
    if found:
        raise SystemExit(f"{found} pages hold what nobody wrote.")
    return sum(map(len, bodies)) / seconds / 1e6


def main() -> None:
    """Print the figures."""
    bodies = pages()
    size = sum(map(len, bodies)) / len(bodies) / 1e3
    print(f"takedown: {len(bodies)} pages of {size:.0f} kB on average, none of which holds what goes")
    for texts in (1, 1000):
        traces = Traces(
            texts=frozenset(_WORDS.format(number, number) for number in range(texts)),
            names=frozenset({"한나래울"}),
            ids=frozenset({"990099"}),
            literals=frozenset({"/comments/990099"}),
        )
        speed = megabytes_a_second(bodies, traces)
        print(f"  {texts:>5,} texts of a person: {speed:5.1f} MB/s")


if __name__ == "__main__":
    main()
