"""Which of the posts in a file or a web archive are taken in."""

import re
from dataclasses import dataclass
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

    def has_url(self, url: str) -> bool:
        """Whether posts at ``url`` are chosen."""
        host = f".{host_of(url)}"
        on_host = not self.hosts or any(host.endswith(f".{wanted.lower()}") for wanted in self.hosts)
        return on_host and (not self.patterns or any(_matches(pattern, url) for pattern in self.patterns))

    def has_time(self, at: datetime | None) -> bool:
        """Whether captures made ``at`` are chosen; one of unknown time is not, where a time is asked for."""
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def _matches(pattern: str, url: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), url, re.DOTALL) is not None
