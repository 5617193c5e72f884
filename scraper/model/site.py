"""What a site is to those who only name it: its posts, its traps, its name."""

import re
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that a site knows as its own: its ``post_id`` and its canonical URL.

    ``former`` are the ids that readers before this one gave the post: what has a tombstone under such an id keeps it.
    """

    post_id: str
    url: str
    former: tuple[str, ...] = ()

    @property
    def site(self) -> str:
        """The first part of the post id: the name of a single site, the host of a platform's."""
        return self.post_id.partition(":")[0]

    @property
    def home(self) -> str:
        """Where the people of the post are known: its site, with the folder of a platform that does not stand at the root."""
        return home_of(self.post_id)


def home_of(post_id: str) -> str:
    """The part of a post id that its people are known within: ``example.org``, ``example.org:blog``, ``careerly``."""
    folder, slash, _ = post_id.rpartition("/")
    return folder if slash else post_id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Trap:
    """URLs of a site that lead round in circles, or to nothing that lists posts.

    ``kind`` says what they are in a few words; ``form`` is searched for in path and query, ``/path?query``.
    """

    kind: str
    form: re.Pattern[str]


class NamedSite(Protocol):
    """What rows say of the site that a post is of."""

    @property
    def name(self) -> str:
        """The name of the adapter; of a single site also the first part of its post ids."""

    @property
    def platform(self) -> str:
        """The software the site runs on; the site's own name where it is its own."""
