"""A record: what a site says about one post and its comments in one visit, before people become pseudonyms.

The dataset's columns are not listed here but in ``schema/``; ``records.rows`` turns a record into rows.
Unknown is None everywhere, never 0 and never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

PostKind = Literal["post", "question", "article", "topic"]
CommentKind = Literal["comment", "answer"]
Access = Literal["full", "partial", "gated", "unknown"]
PostStatus = Literal["live", "gone", "withdrawn", "unknown"]
CommentStatus = Literal["present", "placeholder", "absent", "unknown"]
# stated: markup or words name it; nesting: by where it stands; quote: it quotes it; mention: it addresses its author.
ParentBasis = Literal["stated", "nesting", "quote", "mention"]
AuthorBasis = Literal["id", "name"]
ZoneBasis = Literal["stated", "api", "assumed"]
Precision = Literal["second", "minute", "hour", "day", "month", "year"]
# The longest that a date of each precision may stand for, and those precisions that name a day.
LENGTHS: Final[Mapping[str, timedelta]] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
TO_THE_DAY: Final[frozenset[Precision | None]] = frozenset(("day", "hour", "minute", "second"))
CountName = Literal["views", "saves", "likes", "reposts", "shares", "score", "comments"]
# stated: the page labels the value; inferred: it is known by its form or its place.
Confidence = Literal["stated", "inferred"]


@dataclass(frozen=True, slots=True)
class Person:
    """An author as the site names them: the site's own id where there is one, and the name it shows.

    ``former`` are the names under which readers before this one knew the person: what has a tombstone under such a name
    keeps it.
    """

    native_id: str | None
    name: str | None
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the page has it, and what it means.

    ``at`` is in UTC, None where the raw form cannot be placed in time (``3일 전`` in a capture of unknown date, ``(edited)``).
    ``zone`` is an IANA name or a fixed offset; ``zone_basis`` says how it is known.
    """

    raw: str
    at: datetime | None = None
    zone: str | None = None
    zone_basis: ZoneBasis | None = None
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number as the page has it: ``raw`` may be ``1.2만``, ``value`` is then 12000. Of ``99+`` and the like it is None."""

    name: CountName
    value: int | None
    raw: str


GATED_SINCE: Final = "gated-since"
"""The kind of evidence that a text was open once, and that its page has a gate in its place now."""
ASKED_WITH: Final = "asked-with-credentials"
"""The kind of evidence that a person asked for the page, so that it may show what signed-out readers do not see."""
SIGNED_IN: Final = "signed-in"
"""The kind of evidence that the page itself shows who saved it signed in, so that it may show what signed-out readers do not see."""
HIDDEN_REPLIES: Final = "hidden-replies"
"""The kind of evidence that every page of comments was seen, on a site that counts the replies to what it deleted and shows none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an access state was given: ``kind`` is a fixed word, ``detail`` a sentence or what was seen."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Boilerplate taken out of a text: the rule that took it, and the words taken, verbatim."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field was read: ``source`` names the reading (``next-data``, ``api``, ``label``, ``first-line``).

    The ``field`` of a comment may be ``*``: all fields that no other source of it names.
    """

    field: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Signal:
    """A rights signal, verbatim: the header or tag it stood in, and its value."""

    signal: str
    value: str


@dataclass(frozen=True, slots=True)
class Post:
    """The post of a record.

    ``tags``, ``links`` and ``images`` are None where the capture cannot show them. ``section`` is the board or category that
    it stands in, as the site names it.
    """

    kind: PostKind
    title: str | None
    text: str | None
    section: str | None = None
    author: Person | None = None
    published: Moment | None = None
    edited: Moment | None = None
    counts: tuple[Count, ...] = ()
    tags: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    images: tuple[str, ...] | None = None
    access: Access = "unknown"
    access_evidence: tuple[Evidence, ...] = ()
    removed: tuple[Removed, ...] = ()
    status: PostStatus = "live"
    field_sources: tuple[FieldSource, ...] = ()
    rights: tuple[Signal, ...] = ()

    def count(self, name: CountName) -> int | None:
        """The value of one count; None where the page does not give it."""
        return next((count.value for count in self.counts if count.name == name), None)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment or an answer; its place in ``Record.comments`` is its position on the page.

    ``url`` is its own permalink, absolute. ``parent`` is the position of the comment it answers, and ``parent_basis`` how
    the page shows that (None where there is no parent, or where that is unknown); ``depth`` is 0 for a top-level comment
    and None where the capture flattened the thread. A placeholder, where a page says that a comment was deleted or hidden,
    has no text.
    """

    text: str | None
    kind: CommentKind = "comment"
    native_id: str | None = None
    url: str | None = None
    parent: int | None = None
    parent_basis: ParentBasis | None = None
    depth: int | None = None
    author: Person | None = None
    is_post_author: bool | None = None
    is_accepted: bool | None = None
    published: Moment | None = None
    edited: Moment | None = None
    likes: Count | None = None
    score: Count | None = None
    status: CommentStatus = "present"
    removed: tuple[Removed, ...] = ()
    field_sources: tuple[FieldSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A post with its comments, as read from one visit.

    ``primary`` is the ``record_id`` of the capture that the post's text was read from; ``layout`` names the
    generation of the site's markup that it was read as, with the reader's version (``careerly.v1-html/1``).
    """

    layout: str
    primary: str
    post: Post
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a visit gives no record; ``reason`` is a sentence for the user, naming what was seen."""

    reason: str
