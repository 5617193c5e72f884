"""The numbers on the dataset card, counted while the rows pass by."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import partial
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

    rows: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)
    years: defaultdict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    by: defaultdict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    sums: Counter[str] = field(default_factory=Counter)
    captured: tuple[str, str] | None = None
    _flattened_post: str | None = None
    sample: Row | None = None

    def see(self, config: str, row: Row) -> None:
        """Count one row of a config."""
        self.rows[config] += 1
        if config == "posts":
            self._see_post(row)
        elif config == "comments":
            self._see_comment(row)

    def add(self, other: "Tally") -> None:
        """Count what another tally has counted of other posts."""
        for ours, theirs in (
            (self.rows, other.rows),
            (self.posts, other.posts),
            (self.comments, other.comments),
            (self.sums, other.sums),
        ):
            ours.update(theirs)
        for by_name, others in ((self.years, other.years), (self.by, other.by)):
            for name, counts in others.items():
                by_name[name].update(counts)
        for time in other.captured or ():
            self._widen(time)
        if other.sample is not None:
            self._show(other.sample)

    def figures(self) -> Figures:
        """All that was counted so far."""
        return Figures(
            rows=_sorted(self.rows),
            sites=tuple(self._site_figures(site) for site in sorted(self.posts)),
            months=_sorted(self.by["month"]),
            threads=tuple(self._thread_figures(size) for size in _SIZES if self.by[size]),
            languages=_sorted(self.by["language"]),
            undecided=self.sums["undecided"],
            access=_sorted(self.by["access"]),
            status=_sorted(self.by["status"]),
            comments=CommentFigures(
                self.sums["declared"],
                self.sums["captured"],
                self.sums["short"],
                self.sums["silent"],
                self.sums["missing"],
            ),
            removed=_sorted(self.by["removed"]),
            redactions=_sorted(self.by["redactions"]),
            signals=_sorted(self.by["signals"]),
            captured=self.captured,
            capture_basis=_sorted(self.by["capture_basis"]),
            undated_captures=self.sums["undated_captures"],
            assumed_zones=self.sums["assumed_zones"],
            rounded_counts=self.sums["rounded_counts"],
            kinds=_sorted(self.by["kind"]),
            gaps=self._gaps(),
            sample=self.sample,
        )

    def _see_post(self, row: Row) -> None:
        site = _site(row["post_id"])
        self.posts[site] += 1
        month = month_of(row["published_at"])
        self.years[site][year_of(month)] += 1
        self.by["month"][month] += 1
        self.by["access"][row["access"]] += 1
        self.by["status"][row["status"]] += 1
        self.by["capture_basis"][row["captured_at_basis"]] += 1
        self.by["signals"].update({signal["signal"] for signal in row["rights"]})
        self.sums["rounded_counts"] += any(not _EXACT.fullmatch(count["raw"]) for count in row["counts_raw"])
        self.sums["posts_without_author"] += row["author_id"] is None
        self.sums["posts_without_text"] += row["text"] is None
        self.sums["posts_with_pictures"] += bool(row.get("images"))
        self._show(row)
        self._see_declared(row["comments_declared"], row["comments_captured"])
        self._see_capture(row["captured_at"])
        self._see_text(row)

    def _see_comment(self, row: Row) -> None:
        self.comments[_site(row["post_id"])] += 1
        self.sums["comments_without_date"] += row["published_at"] is None
        self.sums["comments_without_author"] += row["author_id"] is None
        self.sums["removed_comments"] += row["status"] == "placeholder"
        if row["depth"] is None:
            self.sums["flattened_comments"] += 1
            # Comments come post by post.
            self.sums["flattened_threads"] += row["post_id"] != self._flattened_post
            self._flattened_post = row["post_id"]
        self._see_text(row)

    def _see_text(self, row: Row) -> None:
        self.by["kind"][row["kind"]] += 1
        if row["language"] is not None:
            self.by["language"][row["language"]] += 1
        else:
            self.sums["undecided"] += row.get("text") is not None
        self.by["removed"].update(removed["rule"] for removed in row["removed"])
        for redaction in row["redactions"]:
            self.by["redactions"][redaction["kind"]] += redaction["count"]
        self.sums["assumed_zones"] += row["published_zone_basis"] == "assumed"

    def _see_declared(self, declared: int | None, captured: int) -> None:
        if declared is None:
            self.sums["silent"] += 1
            return
        self.sums["declared"] += declared
        self.sums["captured"] += captured
        self.sums["short"] += captured < declared
        self.sums["missing"] += max(declared - captured, 0)
        if declared > 0:
            state = "whole" if captured >= declared else "part" if captured else "none"
            self.by[_size(declared)][state] += 1

    def _see_capture(self, captured_at: str | None) -> None:
        if captured_at is None:
            self.sums["undated_captures"] += 1
            return
        self._widen(captured_at)

    def _widen(self, captured_at: str) -> None:
        first, last = self.captured or (captured_at, captured_at)
        self.captured = min(first, captured_at), max(last, captured_at)

    def _show(self, post: Row) -> None:
        if self.sample is None or _rank(post) < _rank(self.sample):
            self.sample = post

    def _gaps(self) -> GapFigures:
        counted = {each.name: self.sums[each.name] for each in fields(GapFigures)}
        return GapFigures(**{**counted, "posts_without_date": self.by["month"][UNDATED]})

    def _thread_figures(self, size: str) -> ThreadFigures:
        counts = self.by[size]
        return ThreadFigures(size, counts["whole"], counts["part"], counts["none"])

    def _site_figures(self, site: str) -> SiteFigures:
        years = sorted(self.years[site].keys() - {UNDATED})
        return SiteFigures(
            site=site,
            posts=self.posts[site],
            comments=self.comments[site],
            years=(years[0], years[-1]) if years else None,
            undated=self.years[site][UNDATED],
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
