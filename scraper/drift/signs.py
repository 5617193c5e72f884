"""The signs of drift: what can be worse about a visit than it was, and how the visits of a run are counted for each.

Three bases. ``again``: the same post read before and now, which no mix of posts can mislead. ``new``: posts looked at
for the first time, against first looks of earlier runs at pages of the same layout. ``together``: what posts of one
run have in common that posts do not share.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, cast, get_args

from scraper.drift.chance import Prior, Tally
from scraper.drift.features import Features
from scraper.model.record import LENGTHS
from scraper.records.merging import POST_NUMBERS
from scraper.records.times import parse_time

Basis = Literal["again", "new", "together"]
_Value = Callable[[Features], str | None]

_OPEN: Final = frozenset({"full", "unknown"})
_VALUES: Final[Mapping[str, _Value]] = {
    "title": lambda seen: seen.title,
    "text": lambda seen: seen.text,
    "author": lambda seen: seen.author,
    "published_at": lambda seen: seen.published_at,
    "language": lambda seen: seen.language,
}
_SHARED: Final[Mapping[str, _Value]] = {
    "title": lambda seen: seen.title,
    "text": lambda seen: seen.text,
    "first line": lambda seen: seen.first_line,
    "last line": lambda seen: seen.last_line,
}
# What differs between the posts of a site, so that it cannot become one value for several of them.
_SINGLE: Final[Mapping[str, _Value]] = {
    "title": _VALUES["title"],
    "author": _VALUES["author"],
    **_SHARED,
    "length": lambda seen: str(seen.text_length) if seen.text_length > _LEAST_TEXT else None,
}
_LASTING_PARTS: Final = ("text", "author_id", "published_at")
_SHORTER: Final = 0.8
_LEAST_TEXT: Final = 60
_LEAST_COUNT: Final = 10
_FELL: Final = 0.5
_JUMPED: Final = 100
_CEILING: Final = 0.97
_ENOUGH_AUTHORS: Final = 10


@dataclass(frozen=True, slots=True)
class Sign:
    """``field`` is a column of the dataset, or ``page``; ``what`` is what is wrong with it; ``layout`` that of new pages."""

    basis: Basis
    field: str
    what: str
    layout: str = ""

    @property
    def key(self) -> str:
        """The sign as text, for decisions and tables."""
        return f"{self.basis}|{self.field}|{self.what}|{self.layout}"

    @staticmethod
    def of_key(key: str) -> "Sign":
        """The sign that has this key.

        Raises:
            ValueError: it is no key of a sign.
        """
        basis, name, what, layout = key.split("|", 3)
        if basis not in get_args(Basis):
            raise ValueError(f"{key!r} is no sign of drift")
        return Sign(cast("Basis", basis), name, what, layout)

    @property
    def prior(self) -> Prior:
        """What is believed of the sign before anything was seen of the site.

        A field that was on a post is there when it is looked at again, a date stays, and authors edit seldom: that is
        known of sites at large. How many pages of a site lack a field is not.
        """
        if self.basis == "again" and (self.what == "become one" or (self.field, self.what) in _FIRM):
            return Prior(0.1, 300, 0.3)
        if self.basis == "again":
            return Prior(0.5, 30, 0.6) if self.what == "changed" else Prior(0.3, 100, 0.4)
        if self.basis == "new" and self.is_about_quality:
            return Prior(0.5, 1, 0.5)
        # New posts may well be of another layout than all that were visited before.
        return Prior(0.5, 1, 2.0 if self.field == "layout" else 1.0)

    @property
    def least_shift(self) -> float:
        """By how much the share of pages must grow to matter, whatever its chance."""
        if self.basis == "again":
            return 0.06
        if self.basis == "new":
            return 0.08 if self.is_about_quality else 0.5
        return 0.3

    @property
    def is_about_quality(self) -> bool:
        """Whether pages of one layout show it or not whatever their posts are about, and however old they are."""
        return (self.field, self.what) in _QUALITY

    @property
    def is_of_layout(self) -> bool:
        """Whether it tells of how one software's pages are read, on whichever host they stand."""
        return (
            self.basis == "new" and is_of_one_software(self.layout) and (self.field, self.what) in _OF_LAYOUT
        )


def is_of_one_software(layout: str) -> bool:
    """Whether pages of this layout are alike on all hosts; the generic layouts take in pages of any software."""
    return bool(layout) and not layout.startswith("generic.")


_QUALITY: Final = frozenset(
    {
        ("page", "rejected"),
        ("title", "missing"),
        ("text", "missing"),
        ("published_at", "missing"),
        ("published_at", "in the future"),
        ("text", "with junk"),
    }
)
# What a software's pages show on every host. Tags, languages, likes and gates are a matter of the host; and posts that
# nobody answered may declare no number of comments.
_OF_LAYOUT: Final = _QUALITY | {
    ("author", "missing"),
    ("comments", "short of declared"),
    ("comments.text", "missing"),
    ("comments.author_id", "missing"),
    ("comments.published_at", "missing"),
}
# What nobody's edit, vote or deletion brings about on a post that is still there.
_FIRM: Final = frozenset(
    {
        ("text", "missing"),
        ("text", "with junk"),
        ("title", "missing"),
        ("author", "missing"),
        ("published_at", "missing"),
        ("published_at", "changed"),
        ("layout", "changed"),
        ("comments.parent_id", "changed"),
        *((name, "missing") for name in POST_NUMBERS),
        *((f"comments.{name}", "missing") for name in _LASTING_PARTS),
    }
)


class Visited(NamedTuple):
    """A visit of the run that is judged, with the last good one of the same post before the run; None where new."""

    visit_id: str
    now: Features
    before: Features | None = None
    before_id: str | None = None
    before_sequence: int = 0


class Looked(NamedTuple):
    """One answer to one question about a visit; ``unit`` is who is counted, the visit itself where None."""

    field: str
    what: str
    is_hit: bool
    unit: Hashable = None


@dataclass(slots=True)
class Observed:
    """Who showed a sign in a run, and who could have; ``visits`` are those that showed it, in order."""

    shown: set[Hashable] = field(default_factory=set)
    seen: set[Hashable] = field(default_factory=set)
    visits: list[Visited] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        """The counts alone."""
        return Tally(len(self.shown), len(self.seen))


def observe(
    visits: Iterable[Visited], known_layouts: frozenset[str], since: Mapping[str, int]
) -> dict[Sign, Observed]:
    """What the visits of one run show, sign by sign.

    ``known_layouts`` are those of earlier runs. ``since`` gives, by the key of a sign, the sequence before which readings
    are no measure for it any more.
    """
    observed: defaultdict[Sign, Observed] = defaultdict(Observed)
    for sign, visit, looked in _looks(list(visits), known_layouts):
        if sign.basis == "again" and visit.before_sequence < since.get(sign.key, 0):
            continue
        unit = visit.visit_id if looked.unit is None else looked.unit
        observation = observed[sign]
        observation.seen.add(unit)
        if looked.is_hit:
            observation.shown.add(unit)
            observation.visits.append(visit)
    return dict(observed)


def _looks(visits: list[Visited], known_layouts: frozenset[str]) -> Iterator[tuple[Sign, Visited, Looked]]:
    """Every question that can be asked about the visits, with its answer."""
    for visit in visits:
        if visit.before is None:
            for sign, looked in _new_signs(visit.now, known_layouts):
                yield sign, visit, looked
            continue
        for looked in _again(visit.before, visit.now):
            yield Sign("again", looked.field, looked.what), visit, looked
    for visit, looked in (*_gone(visits), *_become_one(visits)):
        yield Sign("again", looked.field, looked.what), visit, looked
    for visit, looked in _together(visits):
        yield Sign("together", looked.field, looked.what), visit, looked


def _again(before: Features, now: Features) -> Iterator[Looked]:
    """The same post before and now. What a post that is gone lacks is no sign of anything else."""
    if before.is_rejected:
        return
    yield Looked("page", "rejected", now.is_rejected)
    if not (before.is_live and now.is_live):
        return
    yield Looked("layout", "changed", now.layout != before.layout)
    if before.access in _OPEN:
        yield Looked("access", "lost", now.access not in _OPEN)
    yield Looked("removed", "appeared", not set(now.removed) <= set(before.removed))
    if before.removed:
        yield Looked("removed", "vanished", not set(before.removed) <= set(now.removed))
    yield Looked("text", "with junk", not set(now.junk) <= set(before.junk))
    yield from _again_values(before, now)
    yield from _again_counts(before, now)
    yield from _again_comments(before, now)


def _again_values(before: Features, now: Features) -> Iterator[Looked]:
    for name, value in _VALUES.items():
        was, is_now = value(before), value(now)
        if was is None:
            continue
        # One author who leaves, or changes a name, does so on each of their posts: authors are counted.
        unit = was if name == "author" else None
        yield Looked(name, "missing", is_now is None, unit)
        if is_now is not None:
            has_changed = _moved(before, now) if name == "published_at" else was != is_now
            yield Looked(name, "changed", has_changed, unit)
    if now.text and before.text_length >= _LEAST_TEXT:
        yield Looked("text", "shortened", now.text_length < _SHORTER * before.text_length)
    for name, was in before.lists.items():
        yield Looked(name, "missing", name not in now.lists)
        if name in now.lists:
            yield Looked(name, "changed", now.lists[name] != was)


def _gone(visits: Iterable[Visited]) -> Iterator[tuple[Visited, Looked]]:
    """Posts that were there and that the site says are gone, or sends away from.

    Who leaves takes all their posts along: where there are authors enough, they are counted instead of posts.
    """
    paired = [
        (visit, visit.before)
        for visit in visits
        if visit.before and visit.before.is_live and not visit.now.is_rejected
    ]
    authors = {before.author for _, before in paired} - {None}
    for visit, before in paired:
        if len(authors) < _ENOUGH_AUTHORS:
            yield visit, Looked("status", "gone", not visit.now.is_live)
        else:
            yield visit, Looked("author", "gone", not visit.now.is_live, before.author)


def _become_one(visits: Iterable[Visited]) -> Iterator[tuple[Visited, Looked]]:
    """Values that differed between posts before and are the same now; they are counted, not the posts that had them.

    Who takes another name takes it alone, and nobody edits two titles, texts or closing lines into one.
    """
    paired = [(visit, visit.before) for visit in visits if visit.before and visit.now.is_live]
    for name, value in _SINGLE.items():
        were: defaultdict[str, set[str]] = defaultdict(set)
        for visit, before in paired:
            if (was := value(before)) is not None and (is_now := value(visit.now)) is not None:
                were[is_now].add(was)
        for visit, before in paired:
            if (was := value(before)) is not None and (is_now := value(visit.now)) is not None:
                yield visit, Looked(name, "become one", was != is_now and len(were[is_now]) > 1, was)


def _again_counts(before: Features, now: Features) -> Iterator[Looked]:
    for name, was in before.counts.items():
        number = now.counts.get(name)
        yield Looked(name, "missing", number is None)
        if number is not None and was >= _LEAST_COUNT:
            yield Looked(name, "fallen", number < _FELL * was)
            yield Looked(name, "jumped", number > _JUMPED * was)


def _again_comments(before: Features, now: Features) -> Iterator[Looked]:
    if not before.comments:
        return
    is_lost = now.comments <= before.comments // 2
    yield Looked("comments", "lost", is_lost)
    declared = before.counts.get("comments_declared")
    if declared is not None and before.comments >= declared:
        yield Looked("comments", "short of declared", _is_short(now))
    if is_lost:
        return
    for name, having in before.comment_parts.items():
        if having:
            yield Looked(f"comments.{name}", "missing", not now.comment_parts.get(name))
        if having and name in _LASTING_PARTS and now.comments >= before.comments:
            yield Looked(f"comments.{name}", "fewer", now.comment_parts.get(name, 0) < having)
    if before.comment_texts == now.comment_texts:
        was, is_now = before.comment_parts.get("parent_id"), now.comment_parts.get("parent_id")
        yield Looked("comments.parent_id", "changed", was != is_now)
    if before.comment_texts and before.comments <= now.comments <= len(now.comment_texts):
        kept = set(before.comment_texts) & set(now.comment_texts)
        yield Looked("comments.text", "changed", len(kept) < len(set(before.comment_texts)) / 2)


def _new_signs(now: Features, known_layouts: frozenset[str]) -> Iterator[tuple[Sign, Looked]]:
    rejected = Looked("page", "rejected", now.is_rejected)
    yield Sign("new", "page", "rejected"), rejected
    if not now.is_live:
        return
    layout = Looked("layout", "never seen", bool(known_layouts) and now.layout not in known_layouts)
    yield Sign("new", "layout", "never seen"), layout
    for looked in _new(now):
        yield Sign("new", looked.field, looked.what, now.layout), looked


def _new(now: Features) -> Iterator[Looked]:
    for name, value in _VALUES.items():
        yield Looked(name, "missing", value(now) is None)
    for name in POST_NUMBERS:
        yield Looked(name, "missing", name not in now.counts)
    yield Looked("tags", "missing", "tags" not in now.lists)
    yield Looked("access", "lost", now.access not in _OPEN)
    yield Looked("text", "with junk", bool(now.junk))
    yield Looked("published_at", "in the future", now.is_in_future)
    yield Looked("removed", "appeared", bool(now.removed))
    yield Looked("removed", "vanished", not now.removed)
    if "comments_declared" in now.counts:
        yield Looked("comments", "short of declared", _is_short(now))
    for name, having in now.comment_parts.items():
        if now.comments:
            yield Looked(f"comments.{name}", "missing", not having)


def _together(visits: Iterable[Visited]) -> Iterator[tuple[Visited, Looked]]:
    """What one post of the run shares with another: titles, whole texts, lines, exact times, the greatest length."""
    read = [visit for visit in visits if visit.now.is_live]
    exact_time: dict[str, _Value] = {
        "published_at": lambda seen: seen.published_at if _is_exact(seen) else None
    }
    for name, value in {**_SHARED, **exact_time}.items():
        times = Counter(value(visit.now) for visit in read)
        for visit in read:
            if (own := value(visit.now)) is not None:
                yield visit, Looked(name, "repeated", times[own] > 1)
    yield from _at_ceiling(read)
    yield from _of_one_author([visit for visit in read if visit.before is None])


def _at_ceiling(read: list[Visited]) -> Iterator[tuple[Visited, Looked]]:
    """Texts about as long as the longest: where many are, something cuts them. The longest itself is not counted."""
    longest = max(read, key=lambda visit: visit.now.text_length, default=None)
    for visit in read:
        if longest and visit is not longest and visit.now.text:
            reaches = visit.now.text_length >= _CEILING * longest.now.text_length
            yield visit, Looked("length", "repeated", reaches)


def _of_one_author(new: list[Visited]) -> Iterator[tuple[Visited, Looked]]:
    authors = Counter(visit.now.author for visit in new if visit.now.author)
    most = max(authors, key=lambda author: authors[author], default=None)
    for visit in new:
        if visit.now.author:
            yield visit, Looked("author", "repeated", visit.now.author == most)


def _moved(before: Features, now: Features) -> bool:
    """Whether two readings of a date disagree by more than the coarser of them leaves open."""
    if before.published_at is None or now.published_at is None:
        return False
    apart = abs(parse_time(before.published_at) - parse_time(now.published_at))
    # Two readings of one date may lie apart by the precision of the coarser: a relative date moves within its unit.
    return apart > max(LENGTHS[before.precision or "second"], LENGTHS[now.precision or "second"])


def _is_short(seen: Features) -> bool:
    return seen.comments < seen.counts.get("comments_declared", 0)


def _is_exact(seen: Features) -> bool:
    return seen.precision in {"second", "minute"}
