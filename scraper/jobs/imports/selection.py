"""Which of the posts in a file or a web archive are taken in."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from scraper.model.url import host_of


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for; empty parts choose everything.

    ``hosts`` choose those hosts and all below them. ``patterns`` are globs over whole URLs, in which ``*`` stands for any
    characters. ``since`` is inclusive, ``until`` exclusive, both aware. What a chosen post needs besides its own page comes along.
    """

    hosts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    _hosts: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        """Have the hosts at hand: there may be thousands, and URLs by the million."""
        object.__setattr__(self, "_hosts", frozenset(host.lower() for host in self.hosts))

    def has_url(self, url: str) -> bool:
        """Whether posts at ``url`` are chosen."""
        on_host = not self.hosts or is_within(host_of(url), self._hosts)
        return on_host and (not self.patterns or any(_matches(pattern, url) for pattern in self.patterns))

    def has_time(self, at: datetime | None) -> bool:
        """Whether captures made ``at`` are chosen; one of unknown time is not, where a time is asked for."""
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def is_within(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of these, or below one."""
    while host not in hosts:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


def _matches(pattern: str, url: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), url, re.DOTALL) is not None
