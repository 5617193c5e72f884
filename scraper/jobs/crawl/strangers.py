"""Hosts of which nobody knew beforehand whether a site stands there: they are not visited in vain for long."""

from collections import Counter
from typing import Final

# So many pages of a host, none of them a post that any site knows, and the rest of its pages is left alone.
MOST_IN_VAIN: Final = 5


class Strangers:
    """Counts the pages that one run fetched in vain, by host, until a site recognises one."""

    def __init__(self) -> None:
        self._in_vain: Counter[str] = Counter()
        self._recognised: set[str] = set()

    def note(self, host: str, *, is_recognised: bool, is_in_vain: bool) -> None:
        """Take in what became of a page whose URL does not tell its site."""
        if is_recognised:
            self._recognised.add(host)
        elif is_in_vain:
            self._in_vain[host] += 1

    def are_given_up(self, host: str) -> bool:
        """Whether no site recognised any of the pages of the host, and those were enough."""
        return host not in self._recognised and self._in_vain[host] >= MOST_IN_VAIN
