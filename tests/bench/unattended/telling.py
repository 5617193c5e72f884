"""What the three years came to, in words: printed by the bench, and shown in docs/refresh.md between two marks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

BEGIN: Final = "<!-- three years: written by `python -m tests.bench.three_years --write` -->\n"
END: Final = "<!-- three years: end -->\n"
_YEARS: Final = ((0, 365), (365, 730), (730, 1095))
_TAKERS: Final = {
    "night": "a run, besides its visits",
    "new": "a visit to a new post",
    "changed": "a visit that finds words changed",
    "counted": "a visit that finds numbers changed",
    "same": "a visit that finds nothing changed",
}


def section(figures: Mapping[str, Any]) -> str:
    """The part of the document that is made of figures."""
    return "\n".join((*_costs(figures), "", *_years(figures), "", _published(figures), ""))


def _costs(figures: Mapping[str, Any]) -> list[str]:
    lines = [
        "| thirty real nights, on average | requests | kB over the wire | kB of WARC |",
        "|---|---|---|---|",
    ]
    for taker, cost in figures["costs"].items():
        requests, wire, warc = cost["requests"], cost["wire"] / 1000, cost["warc"] / 1000
        lines.append(f"| {_TAKERS[taker]} | {requests:.1f} | {wire:.1f} | {warc:.1f} |")
    return lines


def _years(figures: Mapping[str, Any]) -> list[str]:
    def row(name: str, cells: Sequence[str]) -> str:
        return f"| {name} | " + " | ".join(cells) + " |"

    def mean(key: str, unit: float) -> list[float]:
        return [sum(figures[key][start:end]) / (end - start) / unit for start, end in _YEARS]

    return [
        row(f"three years, {figures['posts']:,} posts at first", ["first", "second", "third"]),
        "|---|---|---|---|",
        row("requests a night, mean", [f"{number:,.0f}" for number in mean("requests", 1)]),
        row("requests in the busiest night", [f"{max(figures['requests'][a:b]):,}" for a, b in _YEARS]),
        row("MB over the wire a night, mean", [f"{number:.2f}" for number in mean("wire", 1e6)]),
        row("MB of WARC kept a night, mean", [f"{number:.2f}" for number in mean("warc", 1e6)]),
        row("GB of WARC kept in the year", [f"{number * 365 / 1000:.2f}" for number in mean("warc", 1e6)]),
    ]


def _published(figures: Mapping[str, Any]) -> str:
    words, numbers = (_median(figures[key]) / 1e6 for key in ("published", "published_weekly"))
    return (
        f"Against a visit to every post every night, {figures['visits_saved']:.1%} of the visits are saved. A night's publication "
        f"stores {words:.1f} MB anew on the Hub (median), and {numbers:.1f} MB on the night of the week on which "
        f"numbers go out too."
    )


def _median(sampled: Sequence[Sequence[int]]) -> int:
    return sorted(size for _, size in sampled)[len(sampled) // 2]
