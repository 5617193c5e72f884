"""A site as drift sees it: posts that age, are edited, deleted and answered, night after night, and ways to misread it."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.drift.features import REJECTED, Features
from scraper.drift.signs import Visited
from scraper.drift.verdict import PastRun, Verdict, judge
from scraper.records.times import parse_time, time_text

FIRST_NIGHT: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
GONE: Final = Features(status="gone")
OLD, YOUNG = "madang.pages/1", "madang.api/1"

Misreading = Callable[[Features], Features]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a site lives; shares are of posts and of a night."""

    seed: int
    edits: float
    deletions: float
    untitled: float
    anonymous: float
    exact_dates: bool
    has_tags: float
    prompts: float
    authors: int
    answered: float
    length: float

    @staticmethod
    def drawn(seed: int) -> "Habits":
        """The habits of one of many sites."""
        dice = random.Random(seed)
        return Habits(
            seed=seed,
            edits=dice.choice((0.0, 0.01, 0.03, 0.08)),
            deletions=dice.choice((0.0, 0.002, 0.01)),
            untitled=dice.choice((0.0, 0.0, 0.05, 0.5)),
            anonymous=dice.choice((0.0, 0.02, 0.3)),
            exact_dates=dice.random() < 0.7,
            has_tags=dice.choice((0.0, 0.4, 0.95)),
            prompts=dice.choice((0.0, 0.5, 0.95)),
            authors=dice.choice((5, 40, 400)),
            answered=dice.choice((0.3, 0.7)),
            length=dice.choice((5.0, 6.5, 7.5)),
        )


@dataclass(slots=True)
class _Post:
    number: int
    born: datetime
    features: Features


@dataclass
class Site:
    """A site that lives; ``night`` gives the posts that one nightly run visits, as they read then."""

    habits: Habits
    posts: list[_Post] = field(default_factory=list)
    nights: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.habits.seed + 1)
        for _ in range(100):
            self._write(FIRST_NIGHT - timedelta(days=self.dice.uniform(0, 900)))

    @property
    def now(self) -> datetime:
        return FIRST_NIGHT + timedelta(days=self.nights)

    def night(self, pages: int | None = None) -> dict[int, Features]:
        """The site lives a day; then some of its posts are visited, mostly about ``pages`` of them."""
        self.nights += 1
        weekend = self.nights % 7 in {5, 6}
        for _ in range(self.dice.randrange(3 if weekend else 10)):
            self._write(self.now - timedelta(hours=self.dice.uniform(0, 24)))
        self._live()
        chosen = self._chosen(pages, weekend=weekend)
        return {post.number: post.features for post in chosen}

    def _chosen(self, pages: int | None, *, weekend: bool) -> list[_Post]:
        """All sorts of nights: an even mix, only the young, only the old, and weekends with three posts."""
        if pages is not None:
            return self.dice.sample(self.posts, pages)
        kind = self.dice.choice(("mix", "mix", "mix", "young", "old", "few"))
        by_age = sorted(self.posts, key=lambda post: post.born)
        if kind == "few" or (weekend and self.dice.random() < 0.5):
            return by_age[-3:]
        if kind == "young":
            return by_age[-self.dice.randrange(10, 50) :]
        if kind == "old":
            return self.dice.sample(by_age[: len(by_age) // 2], 40)
        return self.dice.sample(by_age[:-15], 35) + by_age[-15:]

    def _live(self) -> None:
        """Edits, deletions, answers, a popular thread, a member who leaves, alone or with all their posts, or takes another name."""
        popular = self.dice.choice(self.posts)
        left = str(self.dice.randrange(self.habits.authors)) if self.dice.random() < 0.04 else None
        new_name = f"{left}, renamed" if self.dice.random() < 0.5 else None
        for post in self.posts:
            post.features = self._aged(post, grows=30 if post is popular else 1)
            if left and post.features.author == left:
                takes_all = new_name is None and self.nights % 2
                post.features = GONE if takes_all else replace(post.features, author=new_name)

    def _aged(self, post: _Post, grows: int) -> Features:
        seen, dice = post.features, self.dice
        if seen.status != "live":
            return seen
        if dice.random() < self.habits.deletions:
            return GONE if dice.random() < 0.5 else Features(status="withdrawn", layout=seen.layout)
        fresh = 20 if self.now - post.born < timedelta(days=3) else 1
        counts = {
            name: n + int(grows * dice.expovariate(1 / (n / 50 + 1))) for name, n in seen.counts.items()
        }
        if dice.random() < self.habits.edits * min(fresh, 5):
            scale = dice.uniform(0.2, 0.8) if dice.random() < 0.1 else dice.uniform(0.85, 1.4)
            length = max(1, int(seen.text_length * scale))
            seen = replace(seen, text=self._word(), text_length=length, last_line=self._word())
            if dice.random() < 0.2:
                seen = replace(seen, title=seen.title and self._word(), lists={})
        if dice.random() < 0.01 * fresh * grows:
            seen = _with_comments(seen, [*seen.comment_texts, *(self._word() for _ in range(grows))])
        elif seen.comments and dice.random() < 0.005:
            seen = _with_comments(seen, list(seen.comment_texts[:-1]))
        return replace(seen, counts=counts | {"comments_declared": seen.comments})

    def _write(self, born: datetime) -> None:
        dice, habits = self.dice, self.habits
        is_old = born < FIRST_NIGHT - timedelta(days=300)
        length = int(dice.lognormvariate(habits.length, 0.9)) + 1
        counts = {"views": dice.randrange(2000), "saves": dice.randrange(60)}
        if not is_old:
            counts |= {"likes": dice.randrange(80)}
        seen = Features(
            layout=OLD if is_old else YOUNG,
            status="live",
            access="unknown" if dice.random() < habits.prompts else "full",
            language=dice.choices(("ko", "en", None), (90, 8, 2))[0],
            title=None if dice.random() < habits.untitled else self._word(common=0.02),
            text=self._word(),
            text_length=length,
            first_line=self._word(common=0.1) if length > 100 else None,
            last_line=self._word(common=0.05) if length > 100 else None,
            author=None
            if dice.random() < habits.anonymous
            else str(int(habits.authors * dice.random() ** 2)),
            published_at=time_text(born.replace(microsecond=0)),
            precision="minute" if habits.exact_dates else "day",
            counts=counts,
            lists={"tags": self._word()} if dice.random() < habits.has_tags else {},
        )
        if seen.access == "unknown":
            seen = replace(seen, removed=("sign-up",))
        words = int(dice.expovariate(1 / 4)) if dice.random() < habits.answered else 0
        seen = _with_comments(seen, [self._word() for _ in range(words)])
        post = _Post(len(self.posts), born, seen)
        post.features = replace(seen, counts={**seen.counts, "comments_declared": seen.comments})
        self.posts.append(post)

    def _word(self, common: float = 0.0) -> str:
        """A digest; one of a few that many posts share, so often as ``common`` says."""
        if self.dice.random() < common:
            return f"common {self.dice.randrange(3)}"
        return f"{self.dice.getrandbits(48):012x}"


@dataclass
class Judge:
    """Keeps what good runs showed, as the records do."""

    past: list[PastRun] = field(default_factory=list)
    last: dict[int, tuple[Features, int]] = field(default_factory=dict)
    sequence: int = 1

    def judge(self, pages: Mapping[int, Features]) -> Verdict:
        """The verdict on a run with these pages; nothing is kept of it."""
        return judge(list(self._visited(pages)), self.past)

    def keep(self, pages: Mapping[int, Features], verdict: Verdict) -> None:
        """Take the run for a good one."""
        self.past.append(PastRun(self.sequence, verdict.tallies))
        self.last |= {number: (features, self.sequence) for number, features in pages.items()}
        self.sequence += len(pages)

    def _visited(self, pages: Mapping[int, Features]) -> Iterator[Visited]:
        for number, now in pages.items():
            before, sequence = self.last.get(number, (None, 0))
            yield Visited(f"{number}", now, before, None, sequence)


def _with_comments(seen: Features, texts: list[str]) -> Features:
    parts = {
        "text": len(texts),
        "author_id": len(texts),
        "published_at": len(texts),
        "parent_id": len(texts) // 3,
    }
    return replace(
        seen,
        comments=len(texts),
        comment_texts=tuple(texts[:200]),
        comment_parts=parts
        | {"likes": sum(int(text[-1], 16) > 9 for text in texts if text[-1] in "0123456789abcdef")},
    )


def misread(
    pages: Mapping[int, Features], how: Misreading, share: float, dice: random.Random
) -> dict[int, Features]:
    """The pages with so many of them misread."""
    live = [number for number, seen in pages.items() if seen.is_live]
    struck = set(dice.sample(live, max(1, round(share * len(live)))))
    return {number: how(seen) if number in struck else seen for number, seen in pages.items()}


def _shifted(seen: Features) -> Features:
    if seen.published_at is None:
        return seen
    at = parse_time(seen.published_at) + timedelta(hours=9 if seen.precision == "minute" else 60)
    return replace(seen, published_at=time_text(at))


def _cut(seen: Features) -> Features:
    if seen.text_length <= 200:
        return seen
    return replace(seen, text=f"cut {seen.text}", text_length=200, last_line=f"cut {seen.last_line}")


def _leaked(seen: Features) -> Features:
    leaked = replace(
        seen, text=f"{seen.text} and more", text_length=seen.text_length + 90, last_line="join us"
    )
    return replace(leaked, removed=())


MISREADINGS: Final[Mapping[str, Misreading]] = {
    "every title missing": lambda seen: replace(seen, title=None),
    "text truncated to 200 characters": _cut,
    "comments lost": lambda seen: _with_comments(seen, []),
    "dates shifted": _shifted,
    "dates unreadable": lambda seen: replace(seen, published_at=None, precision=None),
    "author became the site's name": lambda seen: replace(seen, author="the site"),
    "prompt text leaks into text": _leaked,
    "body taken from meta description": lambda seen: replace(
        seen,
        text=f"about {seen.text}",
        text_length=min(seen.text_length, 155),
        first_line=None,
        last_line=None,
    ),
    "counts vanish": lambda seen: replace(seen, counts={}),
    "all rejected": lambda _: REJECTED,
    "all gated": lambda seen: replace(
        seen, access="gated", text=None, text_length=0, first_line=None, last_line=None
    ),
    "every post gone": lambda _: GONE,
    "every post leads to a login": lambda _: Features(status="withdrawn"),
    "script in the text": lambda seen: replace(seen, text=f"script {seen.text}", junk=("script",)),
    "another language": lambda seen: replace(seen, language="en" if seen.language == "ko" else "ko"),
    "title of the site on every post": lambda seen: replace(seen, title="the site"),
    "comments without their authors": lambda seen: replace(
        seen, comment_parts={**seen.comment_parts, "author_id": 0}
    ),
}
