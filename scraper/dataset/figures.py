"""The numbers on the dataset card, counted while the rows pass by."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from scraper.dataset.layout import UNDATED, month_of, year_of
from scraper.records.contract import Row

# Classes of threads, each with the most comments that a thread of it declares.
_SIZES: Final[Mapping[str, float]] = {
    "1": 1,
    "2–5": 5,
    "6–10": 10,
    "11–50": 50,
    "51–200": 200,
    "over 200": math.inf,
}
_EXACT: Final = re.compile(r"[+-]?[0-9][0-9,]*")


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What is there of one site. ``years`` are the first and last year of publication, None where none is known."""

    site: str
    posts: int
    comments: int
    years: tuple[str, str] | None
    undated: int


@dataclass(frozen=True, slots=True)
class CommentFigures:
    """Captured against declared comments, over the posts whose page declares a number; ``silent`` ones do not.

    ``short`` counts the posts with fewer captured than declared, and ``missing`` the comments that they lack.
    """

    declared: int
    captured: int
    short: int
    silent: int
    missing: int


@dataclass(frozen=True, slots=True)
class ThreadFigures:
    """Of the posts whose page declares so many comments: how many have all of them captured, some, or none."""

    declared: str
    whole: int
    part: int
    none: int


@dataclass(frozen=True, slots=True)
class GapFigures:
    """What the rows lack, counted.

    ``posts_with_pictures`` have addresses of pictures, ``flattened_comments`` no depth, and ``flattened_threads`` are the posts
    that these stand under; of ``removed_comments`` the page shows only that they were there.
    """

    posts_without_date: int
    posts_without_author: int
    posts_without_text: int
    posts_with_pictures: int
    comments_without_date: int
    comments_without_author: int
    flattened_comments: int
    flattened_threads: int
    removed_comments: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All numbers of one export. A mapping gives how often each of its keys was seen, sorted by key.

    ``rows`` is by config, ``removed`` by rule, ``redactions`` by kind, ``signals`` (rights signals) by name, ``months``
    by the month in which posts were published (``YYYY-MM`` or ``undated``). ``threads`` are by the number of declared
    comments, fewest first; posts that declare none are left out. ``undecided`` texts have no language.
    ``captured`` are the first and last time of capture, None where none is known. ``kinds`` are those of posts and comments.
    ``sample`` is the post that shows best what a row is, the same whatever order the rows came in.
    """

    rows: Mapping[str, int]
    sites: tuple[SiteFigures, ...]
    months: Mapping[str, int]
    threads: tuple[ThreadFigures, ...]
    languages: Mapping[str, int]
    undecided: int
    access: Mapping[str, int]
    status: Mapping[str, int]
    comments: CommentFigures
    removed: Mapping[str, int]
    redactions: Mapping[str, int]
    signals: Mapping[str, int]
    captured: tuple[str, str] | None
    capture_basis: Mapping[str, int]
    undated_captures: int
    assumed_zones: int
    rounded_counts: int
    kinds: Mapping[str, int]
    gaps: GapFigures
    sample: Row | None


@dataclass(slots=True)
class Tally:
    """Counts rows; its size grows with the number of sites and rules, not of rows."""

    _rows: Counter[str] = field(default_factory=Counter)
    _posts: Counter[str] = field(default_factory=Counter)
    _comments: Counter[str] = field(default_factory=Counter)
    _years: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _by: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _sums: Counter[str] = field(default_factory=Counter)
    _captured: tuple[str, str] | None = None
    _flattened_post: str | None = None
    _sample: Row | None = None

    def see(self, config: str, row: Row) -> None:
        """Count one row of a config."""
        self._rows[config] += 1
        if config == "posts":
            self._see_post(row)
        elif config == "comments":
            self._see_comment(row)

    def figures(self) -> Figures:
        """All that was counted so far."""
        return Figures(
            rows=_sorted(self._rows),
            sites=tuple(self._site_figures(site) for site in sorted(self._posts)),
            months=_sorted(self._by["month"]),
            threads=tuple(self._thread_figures(size) for size in _SIZES if self._by[size]),
            languages=_sorted(self._by["language"]),
            undecided=self._sums["undecided"],
            access=_sorted(self._by["access"]),
            status=_sorted(self._by["status"]),
            comments=CommentFigures(
                self._sums["declared"],
                self._sums["captured"],
                self._sums["short"],
                self._sums["silent"],
                self._sums["missing"],
            ),
            removed=_sorted(self._by["removed"]),
            redactions=_sorted(self._by["redactions"]),
            signals=_sorted(self._by["signals"]),
            captured=self._captured,
            capture_basis=_sorted(self._by["capture_basis"]),
            undated_captures=self._sums["undated_captures"],
            assumed_zones=self._sums["assumed_zones"],
            rounded_counts=self._sums["rounded_counts"],
            kinds=_sorted(self._by["kind"]),
            gaps=self._gaps(),
            sample=self._sample,
        )

    def _see_post(self, row: Row) -> None:
        site = _site(row["post_id"])
        self._posts[site] += 1
        month = month_of(row["published_at"])
        self._years[site][year_of(month)] += 1
        self._by["month"][month] += 1
        self._by["access"][row["access"]] += 1
        self._by["status"][row["status"]] += 1
        self._by["capture_basis"][row["captured_at_basis"]] += 1
        self._by["signals"].update({signal["signal"] for signal in row["rights"]})
        self._sums["rounded_counts"] += any(not _EXACT.fullmatch(count["raw"]) for count in row["counts_raw"])
        self._sums["posts_without_author"] += row["author_id"] is None
        self._sums["posts_without_text"] += row["text"] is None
        self._sums["posts_with_pictures"] += bool(row.get("images"))
        if self._sample is None or _rank(row) < _rank(self._sample):
            self._sample = row
        self._see_declared(row["comments_declared"], row["comments_captured"])
        self._see_capture(row["captured_at"])
        self._see_text(row)

    def _see_comment(self, row: Row) -> None:
        self._comments[_site(row["post_id"])] += 1
        self._sums["comments_without_date"] += row["published_at"] is None
        self._sums["comments_without_author"] += row["author_id"] is None
        self._sums["removed_comments"] += row["status"] == "placeholder"
        if row["depth"] is None:
            self._sums["flattened_comments"] += 1
            # Comments come post by post.
            self._sums["flattened_threads"] += row["post_id"] != self._flattened_post
            self._flattened_post = row["post_id"]
        self._see_text(row)

    def _see_text(self, row: Row) -> None:
        self._by["kind"][row["kind"]] += 1
        if row["language"] is not None:
            self._by["language"][row["language"]] += 1
        else:
            self._sums["undecided"] += row.get("text") is not None
        self._by["removed"].update(removed["rule"] for removed in row["removed"])
        for redaction in row["redactions"]:
            self._by["redactions"][redaction["kind"]] += redaction["count"]
        self._sums["assumed_zones"] += row["published_zone_basis"] == "assumed"

    def _see_declared(self, declared: int | None, captured: int) -> None:
        if declared is None:
            self._sums["silent"] += 1
            return
        self._sums["declared"] += declared
        self._sums["captured"] += captured
        self._sums["short"] += captured < declared
        self._sums["missing"] += max(declared - captured, 0)
        if declared > 0:
            state = "whole" if captured >= declared else "part" if captured else "none"
            self._by[_size(declared)][state] += 1

    def _see_capture(self, captured_at: str | None) -> None:
        if captured_at is None:
            self._sums["undated_captures"] += 1
            return
        first, last = self._captured or (captured_at, captured_at)
        self._captured = min(first, captured_at), max(last, captured_at)

    def _gaps(self) -> GapFigures:
        counted = {each.name: self._sums[each.name] for each in fields(GapFigures)}
        return GapFigures(**{**counted, "posts_without_date": self._by["month"][UNDATED]})

    def _thread_figures(self, size: str) -> ThreadFigures:
        counts = self._by[size]
        return ThreadFigures(size, counts["whole"], counts["part"], counts["none"])

    def _site_figures(self, site: str) -> SiteFigures:
        years = sorted(self._years[site].keys() - {UNDATED})
        return SiteFigures(
            site=site,
            posts=self._posts[site],
            comments=self._comments[site],
            years=(years[0], years[-1]) if years else None,
            undated=self._years[site][UNDATED],
        )


def _rank(post: Row) -> tuple[bool, bool, bool, str]:
    """The smaller, the better a post shows what a row is."""
    return post["text"] is None, post["access"] != "full", not post["comments_captured"], post["post_id"]


def _size(declared: int) -> str:
    """The class of a thread by the number of its declared comments."""
    return next(size for size, most in _SIZES.items() if declared <= most)


def _site(post_id: str) -> str:
    return post_id.partition(":")[0]


def _sorted(counts: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counts.items()))
