"""What the data in a page tells of its post and its thread, in whatever form it stands there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from selectolax.lexbor import LexborNode

from scraper.model.record import Comment, Count, Moment, Person, PostKind
from scraper.model.url import Base
from scraper.page.dates import Zone

# The names of the forms, as ``field_sources`` has them.
Form = Literal["json-ld", "microdata", "page-data"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page's data is read against: its addresses (its own, that of its thread), its base, the zone of dates that state none, and
    when it was captured.
    """

    urls: tuple[str, ...]
    base: Base
    zone: Zone
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page shows what its data tells: the element of a comment, and the one that holds its words, if one does."""

    node: LexborNode
    body: LexborNode | None


@dataclass(frozen=True, slots=True)
class ToldPost:
    """A post as a page's data tells it. ``modified`` may be the time of its last reply as well as that of an edit."""

    kind: PostKind
    title: str | None = None
    text: str | None = None
    author: Person | None = None
    published: Moment | None = None
    modified: Moment | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A post with its thread; ``places`` has for each comment where the page shows it, None where nothing says that.

    ``is_withheld`` says that by the data itself not everybody may read it.
    """

    form: Form
    post: ToldPost
    comments: tuple[Comment, ...] = ()
    places: tuple[Place | None, ...] = ()
    is_withheld: bool = False
