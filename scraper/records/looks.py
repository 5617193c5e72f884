"""Looks: what each visit came to, in a few bytes, so that the next look at a post can be planned from all of them."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from scraper.records.merging import POST_NUMBERS
from scraper.records.reading import Departure, Reading
from scraper.records.row_types import CommentRow, PostRow
from scraper.records.times import parse_time

# read: the post was there; gone: the site says that it is not; nothing: neither can be told.
LookKind = Literal["read", "gone", "nothing"]

_POST_WORDS: Final[tuple[Literal["title", "text", "status", "tags"], ...]] = (
    "title",
    "text",
    "status",
    "tags",
)
_COMMENT_WORDS: Final[tuple[Literal["comment_id", "text", "status"], ...]] = ("comment_id", "text", "status")
_DIGEST_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Look:
    """What one visit came to.

    ``at`` is in UTC, None where its visit made no capture or one of unknown time. ``is_live`` says that the site itself
    was asked. ``words`` and ``numbers`` are digests that differ where words or counts do; ``words`` is None where they
    were not to be seen.
    """

    post_id: str
    sequence: int
    visit_id: str
    at: datetime | None
    is_live: bool
    kind: LookKind
    words: str | None = None
    numbers: str | None = None
    published_at: datetime | None = None


def look_of(reading: Reading) -> Look:
    """The look that a reading is."""
    post = reading.post
    return Look(
        post_id=reading.post_id,
        sequence=reading.sequence,
        visit_id=reading.visit_id,
        at=reading.captured_at,
        is_live=post["captured_at_basis"] == "observed",
        kind="read",
        words=_words(post, reading.comments),
        numbers=_digest([post[name] for name in POST_NUMBERS]),
        published_at=parse_time(post["published_at"]) if post["published_at"] else None,
    )


def look_of_departure(departure: Departure) -> Look:
    """The look that found the post gone."""
    return Look(
        post_id=departure.post_id,
        sequence=departure.sequence,
        visit_id=departure.visit_id,
        at=departure.captured_at,
        is_live=departure.captured_at_basis == "observed",
        kind="gone",
        words=departure.status,
    )


def _words(post: PostRow, comments: tuple[CommentRow, ...]) -> str | None:
    if post["text"] is None and post["status"] != "withdrawn":
        return None
    words = [[post[name] for name in _POST_WORDS]]
    return _digest(words + [[comment[name] for name in _COMMENT_WORDS] for comment in comments])


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:_DIGEST_LENGTH]
