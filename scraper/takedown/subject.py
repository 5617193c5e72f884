"""What ``postkeep forget`` was asked to take down: a post, a comment or an author, by id, URL or name."""

import re
from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from scraper.errors import UsageError
from scraper.model.site import home_of
from scraper.model.url import parse_url
from scraper.reading.named import AUTHOR_ID, authors_named, ids_of_name
from scraper.records.people import Pseudonyms
from scraper.records.reading import Reading
from scraper.records.stored_rows import address_digest
from scraper.sites.registry import installed_sites

SubjectKind = Literal["post", "comment", "author"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is taken down: its kind, and the id by which the archive knows it."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """The ids of all that is taken down in one pass over an archive, by their kinds."""

    posts: frozenset[str]
    comments: frozenset[str]
    authors: frozenset[str]

    @classmethod
    def of(cls, subjects: Iterable[Subject]) -> "Subjects":
        """Those of single subjects."""
        ids: dict[SubjectKind, set[str]] = {"post": set(), "comment": set(), "author": set()}
        for subject in subjects:
            ids[subject.kind].add(subject.id)
        return cls(frozenset(ids["post"]), frozenset(ids["comment"]), frozenset(ids["author"]))


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several people of the archive have: the author_ids of each."""

    author_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that name nothing which an archive can know."""


Named = Subject | Ambiguous | Unknown
Called = Callable[[Iterable[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The ids that an archive, or a dataset that was made under its key, has rows of.

    ``pages`` leads from the digests of addresses (``address_digest``) to posts; ``former`` from the ids of before to those of today, and
    ``called`` from the ids that names alone have to those of accounts, where no records tell.
    """

    posts: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    pages: Mapping[bytes, str] = field(default_factory=dict)
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Iterable[Reading], pages: Mapping[str, str]) -> "Inventory":
        """The ids in all readings; ``pages`` leads from the URLs of visits to the posts they were of."""
        posts: set[str] = set()
        comments: set[str] = set()
        authors: set[str] = set()
        for reading in readings:
            posts.add(reading.post_id)
            comments.update(row["comment_id"] for row in reading.comments)
            authors.update(row["author_id"] for row in (reading.post, *reading.comments) if row["author_id"])
        return cls(
            frozenset(posts),
            frozenset(comments),
            frozenset(authors),
            {address_digest(url): post for url, post in pages.items()},
        )

    @classmethod
    def of_all(cls, several: Iterable["Inventory"]) -> "Inventory":
        """What any of several has; of an address the post is that of the first that has one there."""
        none, parts = frozenset[str](), tuple(several)
        return cls(
            posts=none.union(*(each.posts for each in parts)),
            comments=none.union(*(each.comments for each in parts)),
            authors=none.union(*(each.authors for each in parts)),
            pages=ChainMap(*(dict(each.pages) for each in parts)),
            former=_together(each.former for each in parts),
            called=_together(each.called for each in parts),
        )

    @property
    def homes(self) -> frozenset[str]:
        """Where the people of the posts are known."""
        return frozenset(map(home_of, self.posts))

    def has(self, subject: "Subject") -> bool:
        """Whether there are readings of it."""
        return (
            subject.id in {"post": self.posts, "comment": self.comments, "author": self.authors}[subject.kind]
        )

    def post_at(self, url: str) -> str | None:
        """The post that lies at a URL; None where none does."""
        claimed = installed_sites().claimed(url)
        if claimed:
            return claimed.claim.post_id
        posts = (self.pages.get(address_digest(spelling)) for spelling in installed_sites().spellings(url))
        return next((post_id for post_id in posts if post_id), None)

    def ids_today(self, former: Iterable[str]) -> frozenset[str]:
        """As ``Records.ids_today``."""
        ids = frozenset(former)
        of_comments = (each.partition("#") for each in ids if "#" in each)
        comments = {
            f"{today}#{native}" for post, _, native in of_comments for today in self.former.get(post, ())
        }
        return frozenset(comments).union(*(self.former.get(each, ()) for each in ids))

    def people_called(self, named: Iterable[str]) -> frozenset[str]:
        """As ``Records.people_called``."""
        return frozenset[str]().union(*(self.called.get(each, ()) for each in named))


def _together(several: Iterable[Mapping[str, frozenset[str]]]) -> Mapping[str, frozenset[str]]:
    ids: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for each, others in chain.from_iterable(mapping.items() for mapping in several):
        ids[each] |= others
    return ids


def subject_of(text: str, inventory: Inventory, people: Pseudonyms, called: Called) -> Named:
    """What ``text`` names; ``called`` gives the author_ids of those who have the names that ids stand for, or are signed so."""
    url = parse_url(text)
    if url is not None:
        return _behind_url(text, inventory, people, called)
    if AUTHOR_ID.fullmatch(text):
        return Subject("author", text)
    if "#" in text:
        return Subject("comment", text)
    if text in inventory.posts or re.fullmatch(r"[a-z0-9.-]+:\S+", text):
        return Subject("post", text)
    return _person(text, inventory, people, called)


def kind_of(subject_id: str) -> SubjectKind:
    """The kind of thing that an id is of."""
    if AUTHOR_ID.fullmatch(subject_id):
        return "author"
    return "comment" if "#" in subject_id else "post"


def _behind_url(text: str, inventory: Inventory, people: Pseudonyms, called: Called) -> Named:
    post_id = inventory.post_at(text)
    if post_id is None:
        return _person(text, inventory, people, called)
    fragment = text.partition("#")[2]
    numbers = re.findall(r"\d+", fragment)
    for native in (fragment, *numbers[-1:]):
        comment_id = f"{post_id}#{native}"
        if native and comment_id in inventory.comments:
            return Subject("comment", comment_id)
    return Subject("post", post_id)


def _person(text: str, inventory: Inventory, people: Pseudonyms, called: Called) -> Named:
    # One name may stand over comments from an account and over others without one: nobody is chosen by chance.
    named = authors_named(text, people, inventory.homes)
    if parse_url(text) is None:
        named |= called(ids_of_name(text, people, inventory.homes))
    author_ids = sorted(named & inventory.authors)
    if len(author_ids) == 1:
        return Subject("author", author_ids[0])
    return Ambiguous(tuple(author_ids)) if author_ids else Unknown()


def require_one(text: str, named: Named) -> Subject:
    """The subject that ``text`` was found to name.

    Raises:
        UsageError: it names nothing that this archive can know, or several people.
    """
    match named:
        case Subject():
            return named
        case Ambiguous(author_ids):
            raise UsageError(
                f"{text} can be {len(author_ids)} people of this archive. Name one by author_id: {', '.join(author_ids)}."
            )
        case Unknown():
            raise UsageError(
                f"{text} is no post, comment or author of this archive. Give the URL or the id of a post, a comment_id, an "
                "author_id, or the author's name or profile URL as the site shows it."
            )
