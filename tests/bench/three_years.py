"""Refresh over three years: nightly runs of 10,000 posts on a virtual clock, by the policy itself.

What a visit costs comes from thirty real nights against the replica; what a publication stores anew, from exports of as
many rows, with hf_xet's own deduplication. Words go out when they change, numbers alone once a week.
With ``--write`` it renews docs/three-years.json, docs/three-years.png and the section of docs/refresh.md.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from scraper.jobs.refresh.rhythm import Bounds
from tests.bench.unattended.nights import Cost, Taker, costs, thirty_nights
from tests.bench.unattended.picture import draw
from tests.bench.unattended.published import stored_anew
from tests.bench.unattended.simulation import POSTS, SimulatedNight, every_night
from tests.bench.unattended.telling import BEGIN, END, section
from tests.conftest import REPOSITORY
from tests.marked import renew

SEED: Final = 11
WEEK: Final = 7
SAMPLE_EVERY: Final = 147
FIGURES: Final = REPOSITORY / "docs" / "three-years.json"
PICTURE: Final = REPOSITORY / "docs" / "three-years.png"
DOCUMENT: Final = REPOSITORY / "docs" / "refresh.md"


@dataclass(frozen=True, slots=True)
class Figures:
    """A number a night of requests, bytes over the wire and bytes kept; published bytes on the nights that were sampled."""

    seed: int
    posts: int
    costs: dict[Taker, Cost]
    requests: list[int]
    wire: list[int]
    warc: list[int]
    visits_saved: float
    published: list[tuple[int, int]]
    published_weekly: list[tuple[int, int]]


def measured(seed: int) -> Figures:
    """All of it, from thirty nights to three years."""
    a_visit = costs(thirty_nights(seed))
    nights, published = every_night(seed, Bounds())
    words, with_counts = [], []
    for night in nights[SAMPLE_EVERY - 1 :: SAMPLE_EVERY]:
        week = nights[night.number - WEEK : night.number]
        viewed = sorted({post for before in week for post in before.counted})
        words.append((night.number, stored_anew(published, night, viewed=(), seed=seed)))
        with_counts.append((night.number, stored_anew(published, night, viewed=viewed, seed=seed)))
    return Figures(
        seed=seed,
        posts=POSTS,
        costs=a_visit,
        requests=[round(_total(night, a_visit, "requests")) for night in nights],
        wire=[round(_total(night, a_visit, "wire")) for night in nights],
        warc=[round(_total(night, a_visit, "warc")) for night in nights],
        visits_saved=1 - sum(sum(night.visits.values()) for night in nights) / (POSTS * len(nights)),
        published=words,
        published_weekly=with_counts,
    )


def _total(night: SimulatedNight, a_visit: dict[Taker, Cost], what: str) -> float:
    visits = sum(count * getattr(a_visit[kind], what) for kind, count in night.visits.items())
    return float(getattr(a_visit["night"], what) + visits)


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and with ``--write`` renew what docs/refresh.md shows."""
    figures = asdict(measured(SEED))
    print(f"three years: {len(figures['requests']):,} nights, seed {SEED}")
    print(section(figures))
    if "--write" in arguments:
        FIGURES.write_text(json.dumps(figures) + "\n", encoding="utf-8")
        draw(figures, PICTURE)
        renew(DOCUMENT, BEGIN, END, section(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
