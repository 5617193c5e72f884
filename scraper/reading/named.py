"""The pseudonyms of people who are named as a site shows them."""

import re
from collections.abc import Iterable
from typing import Final

from scraper.model.record import AuthorBasis
from scraper.model.url import parse_url
from scraper.records.masking import user_in
from scraper.records.people import Pseudonyms
from scraper.sites.registry import installed_sites

AUTHOR_ID: Final = re.compile(r"[0-9a-f]{32}")
_BASES: Final[tuple[AuthorBasis, ...]] = ("id", "name")


def ids_of_name(name: str, people: Pseudonyms, homes: Iterable[str]) -> frozenset[str]:
    """The pseudonyms that people of a name have in ``homes`` where nothing but the name is known of them."""
    return frozenset(people.author_id(home, "name", name) for home in homes)


def authors_named(text: str, people: Pseudonyms, homes: Iterable[str]) -> frozenset[str]:
    """Every pseudonym that a name or a native id can have in ``homes``, or the address of a profile on its own host."""
    url = parse_url(text)
    natives = [text]
    if url is not None:
        user = user_in(url.href)
        natives = [user] if user else []
        site = installed_sites().at(url.href)
        home = site.name if site else url.host
        homes = {home, *(each for each in homes if each.partition(":")[0] == home)}
    return frozenset(
        people.author_id(home, basis, native) for home in homes for basis in _BASES for native in natives
    )
