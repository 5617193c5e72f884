"""A dataset that grows and changes as a community does: 100,000 posts in Korean-like text over three years.

Nobody wrote these texts: words are drawn from a made-up vocabulary in which, as in a language, few words are common.
"""

import copy
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from scraper.dataset.read import by_post
from scraper.records.contract import Contract
from scraper.records.history import PostRows
from scraper.records.times import time_text

Row = dict[str, Any]

POSTS: Final = 100_000
MONTHS: Final = 36
START: Final = datetime(2023, 11, 1, tzinfo=UTC)
END: Final = START + timedelta(days=MONTHS * 365.25 / 12)
_WORDS: Final = 6_000


class Growing:
    """Rows of posts, metrics and revisions, in the order of their keys."""

    def __init__(self, seed: int) -> None:
        self.posts: list[Row] = []
        self.metrics: list[Row] = []
        self.revisions: list[Row] = []
        self._chance = random.Random(seed)
        contract = Contract.load()
        self._version = contract.version
        self._blank: dict[str, Row] = {
            name: {column.name: [] if column.is_list else None for column in contract.columns(name)}
            for name in ("posts", "metrics")
        }
        self._words = [
            "".join(self._syllable() for _ in range(self._chance.choice((1, 2, 2, 3, 3, 4))))
            for _ in range(_WORDS)
        ]
        self._weights = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))

    def __iter__(self) -> Iterator[PostRows]:
        return by_post({name: self.rows(name) for name in ("posts", "metrics", "revisions")})

    def rows(self, config: str) -> Iterator[Row]:
        """The rows of a config; comments are left out, for they behave as posts do."""
        keys = {
            "posts": ("post_id",),
            "metrics": ("post_id", "observed_at"),
            "revisions": ("item_id", "field", "revision"),
        }
        if config in keys:
            rows: list[Row] = getattr(self, config)
            yield from sorted(rows, key=lambda row: [row[name] for name in keys[config]])

    def add(self, number: int, published: datetime, observed: datetime) -> None:
        """One more post, seen for the first time at ``observed``."""
        post_id = f"example.org:posts-{number}"
        row: Row = copy.deepcopy(self._blank["posts"]) | {
            "post_id": post_id,
            "site": "example.org",
            "platform": "example",
            "url": f"https://example.org/posts/{number}",
            "kind": "post",
            "title": self._text(6),
            "text": self._text(self._chance.randint(20, 220)),
            "language": "ko",
            "author_id": f"{self._chance.getrandbits(128):032x}",
            "author_id_basis": "id",
            "published_at": time_text(published),
            "published_raw": f"{published:%Y-%m-%d %H:%M}",
            "published_zone": "Asia/Seoul",
            "published_zone_basis": "assumed",
            "published_precision": "minute",
            "views": int(self._chance.paretovariate(1.2) * 20),
            "likes": int(self._chance.paretovariate(1.5)),
            "comments_declared": 0,
            "comments_captured": 0,
            "access": "full",
            "status": "live",
            "revision": 1,
            "counts_observed_at": time_text(observed),
            "first_seen": time_text(observed),
            "captured_at_basis": "observed",
            "extractor": "example.v1/1",
            "schema_version": self._version,
            **self._origin(observed),
        }
        row["counts_raw"] = [
            {"name": "views", "raw": str(row["views"])},
            {"name": "likes", "raw": str(row["likes"])},
        ]
        self.posts.append(row)
        self._note_metrics(row, observed)
        for name in ("title", "text"):
            self._note_revision(row, name, observed)

    def edit(self, index: int, observed: datetime) -> None:
        """Its author changes a word of a post."""
        row = self.posts[index]
        words = row["text"].split(" ")
        words[self._chance.randrange(len(words))] = self._text(1)
        row |= {
            "text": " ".join(words),
            "revision": row["revision"] + 1,
            "edited_at": time_text(observed),
            **self._origin(observed),
        }
        self._note_revision(row, "text", observed)

    def view(self, index: int, observed: datetime) -> None:
        """Somebody looks at a post."""
        row = self.posts[index]
        row["views"] += self._chance.randint(1, 9)
        row["counts_raw"] = [{"name": "views", "raw": str(row["views"])}, *row["counts_raw"][1:]]
        row["counts_observed_at"] = time_text(observed)
        self._note_metrics(row, observed)

    def pick(self, count: int) -> list[int]:
        """So many posts, all equally likely."""
        return self._chance.sample(range(len(self.posts)), count)

    def pick_young(self, count: int, mean_age: timedelta) -> list[int]:
        """So many posts, young ones more likely: their ages are exponential around ``mean_age``."""
        picked: set[int] = set()
        span = (END - START) / len(self.posts)
        while len(picked) < count:
            index = len(self.posts) - 1 - int(self._chance.expovariate(1) * mean_age / span)
            if index >= 0:
                picked.add(index)
        return sorted(picked)

    def _note_metrics(self, row: Row, observed: datetime) -> None:
        counts = {name: row[name] for name in ("views", "likes")}
        numbers: Row = dict(self._blank["metrics"])
        self.metrics.append(
            numbers | {"post_id": row["post_id"], "observed_at": time_text(observed), "comments": 0} | counts
        )

    def _note_revision(self, row: Row, name: str, observed: datetime) -> None:
        self.revisions.append(
            {
                "item_id": row["post_id"],
                "item_type": "post",
                "field": name,
                "revision": row["revision"],
                "observed_at": time_text(observed),
                "text": row[name],
                "warc_record_id": row["warc_record_id"],
            }
        )

    def _origin(self, observed: datetime) -> Row:
        return {
            "captured_at": time_text(observed),
            "warc_record_id": f"urn:uuid:{self._chance.getrandbits(32):08x}-0000-4000-8000-{self._chance.getrandbits(48):012x}",
            "payload_digest": f"sha256:{self._chance.getrandbits(256):064x}",
        }

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=words))

    def _syllable(self) -> str:
        return chr(0xAC00 + self._chance.randrange(11_172))


def grown(seed: int, posts: int = POSTS) -> Growing:
    """A community of so many posts, evenly over three years; post numbers grow with time, as most sites have it."""
    made = Growing(seed)
    for number in range(posts):
        published = START + (END - START) * number / posts
        made.add(1_000_000 + number, published, END)
    return made


def new_posts(made: Growing, count: int, day: datetime) -> None:
    """So many new posts in the week before ``day``."""
    last = len(made.posts)
    for number in range(count):
        made.add(1_000_000 + last + number, day - timedelta(minutes=7 * (count - number)), day)
