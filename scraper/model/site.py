"""What a site is to those who only name it: its posts, its traps, its name."""

import re
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that a site knows as its own: its ``post_id`` and its canonical URL."""

    post_id: str
    url: str

    @property
    def site(self) -> str:
        """The first part of the post id: the name of a single site, the host of a platform's."""
        return self.post_id.partition(":")[0]


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
