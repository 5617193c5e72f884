"""Hosts of which nobody knew beforehand whether a site stands there: they are not visited in vain for long."""

from collections import Counter
from typing import Final

from scraper.jobs.crawl.targets import Target
from scraper.model.outcome import Item

# So many pages of a host, none of them a post that any site knows, and the rest of its pages is left alone.
MOST_IN_VAIN: Final = 5


class Strangers:
    """Counts the pages that one run visited in vain, by host, until one turns out to be a post."""

    def __init__(self) -> None:
        self._in_vain: Counter[str] = Counter()
        self._known: set[str] = set()

    def note(self, target: Target, item: Item, *, has_platform: bool) -> None:
        """Take in what became of a visit; ``has_platform`` says that its host has one that is known, whatever the page shows."""
        if target.site is None and (item.post_id is not None or has_platform):
            self._known.add(target.host)
        elif target.site is None and item.outcome == "rejected":
            self._in_vain[target.host] += 1

    def are_given_up(self, target: Target) -> bool:
        """Whether a target is one more page of a host on which only the page could tell its site, and none has."""
        return (
            target.site is None
            and target.host not in self._known
            and self._in_vain[target.host] >= MOST_IN_VAIN
        )

    def reason(self, target: Target) -> str:
        """The sentence for a page that is not visited for the sake of those before it."""
        return (
            f"{target.url} was not visited: no site that postkeep reads recognises any of the {MOST_IN_VAIN} pages of "
            f"{target.host} that were. `postkeep sites` lists them."
        )
