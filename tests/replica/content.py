"""What the replica's community wrote: the truth, as frozen types, read from ``content.yaml``."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

SITE_HOST: Final = "careerly.co.kr"
CONTENT: Final = Path(__file__).with_name("content.yaml")
_ID_STEP: Final = 1_000_000

# plain: one element whose line breaks are characters; rich: the editor's paragraphs, lists and code blocks.
Editor = Literal["plain", "rich"]
# over: the sign-up prompt lies over a whole post; cuts: it stands where the text was cut off.
Prompt = Literal["none", "over", "cuts"]
Generation = Literal["v1", "v2"]
Kind = Literal["post", "question"]


@dataclass(frozen=True, slots=True)
class ReplicaPerson:
    """A member. Links and the dataset know people by ``profile_id``; ``user_id`` is another number."""

    user_id: int
    profile_id: int
    name: str
    headline: str | None


@dataclass(frozen=True, slots=True)
class ReplicaComment:
    """A comment, or an answer to a question; ``to`` is the id of the comment it replies to.

    ``by`` is None where the author has left. A deleted comment leaves a placeholder without text and author.
    """

    id: int
    by: ReplicaPerson | None
    at: datetime
    text: str
    likes: int
    to: int | None = None
    edited: datetime | None = None
    deleted: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a rich text that carry a link; they occur once in it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Cut:
    """How much a V1 page shows where the prompt cuts: characters of the text, and comments from the first."""

    characters: int
    comments: int


@dataclass(frozen=True, slots=True)
class ReplicaPost:
    """A post or a question with all its comments, in the order pages show them.

    ``text`` has no title and is Markdown where the editor made lists or code. ``title_in`` says whether the
    title is a field of its own or only the first line of the description. Times are Korean wall-clock times.
    """

    id: int
    by: ReplicaPerson | None
    at: datetime
    title: str | None
    text: str
    editor: Editor
    views: int
    saves: int
    likes: int
    reposts: int
    title_in: Literal["field", "first-line"] | None = None
    kind: Kind = "post"
    prompt: Prompt = "none"
    cut: Cut | None = None
    edited: datetime | None = None
    next_data: bool = False
    abbreviated: bool = False
    deleted: bool = False
    gated: bool = False
    generations: frozenset[Generation] = frozenset({"v1", "v2"})
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()
    comments: tuple[ReplicaComment, ...] = ()

    def path(self, generation: Generation) -> str:
        """Where links lead to: V1 calls a post ``/comments/<id>``, V2 redirects ``/posts/<id>`` onwards."""
        folder = "qnas" if self.kind == "question" else {"v1": "comments", "v2": "posts"}[generation]
        return f"/{folder}/{self.id}"

    def url(self, generation: Generation) -> str:
        """The address of :meth:`path`."""
        return f"https://{SITE_HOST}{self.path(generation)}"

    @property
    def title_field(self) -> str | None:
        """The title as data has it: None where it is only the first line."""
        return self.title if self.title_in == "field" else None

    @property
    def source(self) -> str:
        """The text with the title where that is its first line."""
        return f"{self.title}\n\n{self.text}" if self.title_in == "first-line" else self.text

    @property
    def shown_text(self) -> str:
        """The text of the V1 page: cut off where the prompt cuts."""
        return self.text[: self.cut.characters] if self.cut else self.text

    @property
    def shown_comments(self) -> tuple[ReplicaComment, ...]:
        """The comments of the V1 page: the first few where the prompt cuts."""
        return self.comments[: self.cut.comments] if self.cut else self.comments

    def depth(self, comment: ReplicaComment) -> int:
        """0 for a comment on the post, 1 for a reply to one, and so on."""
        parent = next((other for other in self.comments if other.id == comment.to), None)
        return 0 if parent is None else 1 + self.depth(parent)


@dataclass(frozen=True, slots=True)
class Community:
    """All that the replica serves."""

    posts: tuple[ReplicaPost, ...] = field(default_factory=tuple)

    def find(self, kind: Kind, number: int, generation: Generation) -> ReplicaPost | None:
        """The post of that kind and id, where that generation of the site has it."""
        for post in self.posts:
            if post.kind == kind and post.id == number and generation in post.generations:
                return post
        return None

    def newest(self, kind: Kind, generation: Generation) -> tuple[ReplicaPost, ...]:
        """What a signed-out listing of that generation shows, newest first: nothing deleted or gated."""
        listed = [
            post
            for post in self.posts
            if post.kind == kind and generation in post.generations and not post.deleted and not post.gated
        ]
        return tuple(sorted(listed, key=lambda post: post.at, reverse=True))


def enlarge(community: Community, copies: int) -> Community:
    """The community with each post served ``copies`` times under ids of its own, for crawls that must last."""
    return Community(
        tuple(
            replace(post, id=post.id + copy * _ID_STEP) for copy in range(copies) for post in community.posts
        )
    )


@cache
def load_community() -> Community:
    """The community of ``content.yaml``."""
    table = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    people = {key: ReplicaPerson(**row) for key, row in table["people"].items()}
    return Community(tuple(_post(row, people) for row in table["posts"]))


def _post(row: dict[str, Any], people: dict[str, ReplicaPerson]) -> ReplicaPost:
    nested = {
        "by": people[row["by"]] if row["by"] else None,
        "cut": Cut(**row["cut"]) if "cut" in row else None,
        "generations": frozenset(row.get("generations", ("v1", "v2"))),
        "links": tuple(Link(**link) for link in row.get("links", ())),
        "images": tuple(row.get("images", ())),
        "comments": tuple(_comment(comment, people) for comment in row.get("comments", ())),
    }
    return ReplicaPost(**{**row, **nested})


def _comment(row: dict[str, Any], people: dict[str, ReplicaPerson]) -> ReplicaComment:
    return ReplicaComment(**{**row, "by": people[row["by"]] if row["by"] else None})
