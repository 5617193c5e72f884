"""What one visit alone gives, before the visits to a post are merged: a reading, or that the post is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from scraper.model.capture import CapturedAtBasis
from scraper.model.decision import Returned
from scraper.records.row_types import CommentRow, PostRow


@dataclass(frozen=True, slots=True)
class Reading:
    """What one visit says about its post, as rows of ``posts`` and ``comments``.

    ``sequence`` is the visit's; ``captured_at`` is in UTC and None where it is unknown. The comments are in page
    order. ``first_seen`` and ``revision`` in the rows are those of a post visited once. ``is_cut`` says that a page came
    incomplete, so that any text in it may be. ``address`` is the digest of the URL that the visit was made for
    (``address_digest``). ``images`` are the addresses of the pictures in the post's body as the page has them, for who
    keeps them; no store has them. ``forgotten`` are what has a tombstone and the page still shows; no row has
    anything of theirs. ``left_out`` is how many comments the page shows that have no row because they were taken down.
    ``former`` gives for ids of the post and of authors those that readers before this one gave the same, ``called`` for
    ids of authors with accounts those that they would have by their names alone.
    """

    post_id: str
    visit_id: str
    sequence: int
    captured_at: datetime | None
    post: PostRow
    comments: tuple[CommentRow, ...]
    is_cut: bool = False
    address: bytes = b""
    images: tuple[str, ...] = ()
    forgotten: tuple[Returned, ...] = ()
    left_out: int = 0
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Departure:
    """A visit to which the site said that the post is not there (any more): 404, 410, or a page of that meaning.

    ``warc_record_id`` and ``payload_digest`` name the capture that says so, ``reason`` is a sentence.
    """

    post_id: str
    visit_id: str
    sequence: int
    captured_at: datetime | None
    captured_at_basis: CapturedAtBasis
    status: Literal["gone", "withdrawn"]
    warc_record_id: str
    payload_digest: str
    reason: str
