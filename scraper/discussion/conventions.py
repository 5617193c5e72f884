"""What a reader is told of a site before it reads a page of it: its words, its links, its prompt, its time zone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scraper.discussion.vocabulary import Patterns
from scraper.page.dates import Zone
from scraper.page.gates import GateRule


class PostReference(Protocol):
    """The post that a page is to be read for. Equal references are of one post."""

    @property
    def url(self) -> str:
        """The canonical URL."""

    @property
    def number(self) -> str:
        """The site's id of the post, as its data spells it."""

    @property
    def is_question(self) -> bool:
        """Whether its top-level comments are answers."""


@dataclass(frozen=True, slots=True)
class Links:
    """What the links of a site's pages lead to.

    ``profile_id`` gives the id of the person, ``post`` the post that an ``href`` leads to, as it stands in the page; None where it
    leads elsewhere.
    """

    profile_id: Callable[[str | None], str | None]
    post: Callable[[str | None], PostReference | None]


@dataclass(frozen=True, slots=True)
class Layouts:
    """The names of a site's layouts: of a page by what it shows, of one that lost its markup, and of one by its data."""

    html: str
    flattened: str
    data: str


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the pages of the site ``name`` are made. Dates without a zone of their own are in ``zone``."""

    name: str
    words: Patterns
    links: Links
    prompt: GateRule
    zone: Zone
    layouts: Layouts

    @property
    def deleted_comment_rule(self) -> str:
        """The rule by which the notice in the place of a deleted comment is taken out."""
        return f"{self.name}.deleted-comment"
