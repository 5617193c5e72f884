"""What must not be visited, kept, read or published: what was taken down, and who asked to be left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from scraper.model.url import identity

FORGOTTEN = "It was taken down (decisions.jsonl), so it is left out."
OPTED_OUT = "It is in the opt-out file, so it is left out."


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The one answer to "is this forgotten, or opted out?".

    ``forgotten`` are the ids of posts, comments and authors with a tombstone: no reading has them. ``opted_out`` are
    ids of posts and authors, ``urls`` addresses by their ``identity``, ``hosts`` hosts with all below them: what was kept of
    them before stays in the archive and is withheld from every dataset. ``names`` are those ids among ``opted_out`` that stand for
    names: whoever has an account and is called so is meant too.
    """

    forgotten: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of_all(cls, several: Iterable["Exclusions"]) -> "Exclusions":
        """What any of several leaves out."""
        none, parts = frozenset[str](), tuple(several)
        return cls(
            forgotten=none.union(*(each.forgotten for each in parts)),
            opted_out=none.union(*(each.opted_out for each in parts)),
            urls=none.union(*(each.urls for each in parts)),
            hosts=none.union(*(each.hosts for each in parts)),
            names=none.union(*(each.names for each in parts)),
        )

    def against_visit(self, url: str, host: str, post_id: str | None) -> str | None:
        """Why ``url``, a page of the post ``post_id`` where it is one, is not visited or imported; None where it may be."""
        if post_id in self.forgotten:
            return FORGOTTEN
        if post_id in self.opted_out or identity(url) in self.urls or self.has_host(host):
            return OPTED_OUT
        return None

    def against_row(self, *ids: str | None) -> str | None:
        """Why a row of a post, comment or author with these ids is not published; None where it may be."""
        if any(each in self.forgotten for each in ids):
            return FORGOTTEN
        return OPTED_OUT if any(each in self.opted_out for each in ids) else None

    def has_host(self, host: str) -> bool:
        """Whether a host, or a domain that it lies in, is opted out."""
        labels = host.split(".")
        return any(".".join(labels[at:]) in self.hosts for at in range(len(labels)))
