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


def authors_named(text: str, people: Pseudonyms, sites: Iterable[str]) -> frozenset[str]:
    """Every pseudonym that a name or a native id can have on ``sites``, or the address of a profile on its own."""
    url = parse_url(text)
    natives = [text]
    if url is not None:
        user = user_in(url.href)
        natives = [user] if user else []
        site = installed_sites().at(url.href)
        sites = [site.name if site else url.host]
    return frozenset(
        people.author_id(site, basis, native) for site in sites for basis in _BASES for native in natives
    )
