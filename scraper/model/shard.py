"""Shards: hosts divided between several crawls, so that each is asked by one of them and keeps its pace with one."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from scraper.model.url import host_of

MOST_SHARDS: Final = 100_000
_FORM: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_DIGEST_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``count`` shards, from 1. Every host is in exactly one, wherever and whenever that is asked."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The shard that ``I/N`` names; None where it names none."""
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        number, count = int(form[1]), int(form[2])
        return cls(number, count) if 1 <= number <= count <= MOST_SHARDS else None

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def is_whole(self) -> bool:
        """Whether there is no other."""
        return self.count == 1

    def of(self, host: str) -> Self:
        """The shard of a host, among as many.

        It is told by SHA-256 of the host as URLs are normalised (lower case, Punycode, no port), so that a machine of any kind comes
        to the same; ``www.`` before it and a dot behind it make no difference, for one site answers at all of these.
        """
        name = host.removesuffix(".").removeprefix("www.")
        digest = sha256(name.encode("utf-8", "surrogatepass")).digest()
        return type(self)(int.from_bytes(digest[:_DIGEST_BYTES], "big") % self.count + 1, self.count)

    def has(self, host: str) -> bool:
        """Whether a host is in this shard."""
        return self.is_whole or self.of(host) == self

    def has_url(self, url: str) -> bool:
        """Whether the host of a URL is in this shard."""
        return self.is_whole or self.has(host_of(url))

    def askers(self, host: str) -> int:
        """How many shards may ask a host: one asks those of its own; what a post needs of another host any of them may ask for."""
        return 1 if self.has(host) else self.count


WHOLE: Final = Shard()
"""The shard of a crawl that is not divided."""
