"""Refresh over three years: nightly runs of 10,000 posts on a virtual clock, by the policy itself.

What a visit costs comes from thirty real nights against the replica; what a publication stores anew, from exports of as
many rows, with hf_xet's own deduplication. Words go out when they change, numbers alone once a week.
Writes ``docs/three-years.json`` and ``docs/three-years.png`` when called with ``--write``.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from scraper.fetch.revisit import Bounds
from tests.bench.unattended.nights import Cost, Taker, costs, thirty_nights
from tests.bench.unattended.picture import draw
from tests.bench.unattended.published import stored_anew
from tests.bench.unattended.simulation import POSTS, SimulatedNight, every_night
from tests.conftest import REPOSITORY

SEED: Final = 11
WEEK: Final = 7
SAMPLE_EVERY: Final = 63
FIGURES: Final = REPOSITORY / "docs" / "three-years.json"
PICTURE: Final = REPOSITORY / "docs" / "three-years.png"


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


def summary(figures: Figures) -> list[str]:
    """The lines that the docs show."""
    years = [figures.requests[start : start + 365] for start in (0, 365, 730)]
    lines = ["| | first year | second | third |", "|---|---|---|---|"]
    for name, series, unit in (
        ("requests a night, mean", figures.requests, 1),
        ("MB over the wire a night, mean", figures.wire, 1e6),
        ("MB of WARC kept a night, mean", figures.warc, 1e6),
    ):
        means = [sum(series[a:b]) / (b - a) / unit for a, b in pairwise((0, 365, 730, len(series)))]
        lines.append(
            f"| {name} | "
            + " | ".join(f"{mean:,.0f}" if unit == 1 else f"{mean:,.2f}" for mean in means)
            + " |"
        )
    lines.append("| busiest night, requests | " + " | ".join(f"{max(year):,}" for year in years) + " |")
    return lines


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and with ``--write`` renew what docs/refresh.md shows."""
    figures = measured(SEED)
    print(
        f"three years: {figures.posts:,} posts at first, {len(figures.requests):,} nights, seed {figures.seed}"
    )
    for taker, cost in figures.costs.items():
        what = "a run besides its visits" if taker == "night" else f"a visit that finds {taker}"
        took = f"{cost.wire / 1000:7.2f} kB over the wire, {cost.warc / 1000:7.2f} kB of WARC"
        print(f"  {what:26} {cost.requests:5.2f} requests, {took}")
    print("\n".join(f"  {line}" for line in summary(figures)))
    print(f"  visits saved against visiting every post every night: {figures.visits_saved:.1%}")
    for name, sampled in (
        ("words alone", figures.published),
        ("words and a week's numbers", figures.published_weekly),
    ):
        sizes = sorted(size for _, size in sampled)
        print(
            f"  published a night, {name}: median {sizes[len(sizes) // 2] / 1e6:.2f} MB stored anew, most {sizes[-1] / 1e6:.2f} MB"
        )
    if "--write" in arguments:
        FIGURES.write_text(json.dumps(asdict(figures)) + "\n", encoding="utf-8")
        draw(asdict(figures), PICTURE)


if __name__ == "__main__":
    main(sys.argv[1:])
