"""A reading: the rows that one visit alone gives, before the visits to a post are merged."""

from dataclasses import dataclass
from datetime import datetime

from scraper.records.contract import Row


@dataclass(frozen=True, slots=True)
class Reading:
    """What one visit says about its post, as rows of ``posts`` and ``comments``.

    ``sequence`` is the visit's; ``captured_at`` is in UTC and None where it is unknown. The comments are in page
    order. ``first_seen`` and ``revision`` in the rows are those of a post visited once. ``images`` are the addresses of
    the pictures in the post's body as the page has them, for who keeps them; no store has them.
    """

    post_id: str
    visit_id: str
    sequence: int
    captured_at: datetime | None
    post: Row
    comments: tuple[Row, ...]
    images: tuple[str, ...] = ()
