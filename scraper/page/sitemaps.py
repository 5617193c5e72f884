"""Sitemaps, sitemap indexes (sitemaps.org/protocol.html) and sitemaps that are a text file of URLs."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from scraper.model.url import resolve
from scraper.page.leads import Leads
from scraper.page.xml_elements import Element, XmlProblemError

# The protocol's own bound for one file.
MAX_URLS: Final = 50_000


class SitemapReader:
    """Collects the URLs of a sitemap or of an index from the elements of its XML."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._pages: dict[str, None] = {}
        self._sitemaps: dict[str, None] = {}

    def see(self, element: Element) -> None:
        """Take in one element.

        Raises:
            XmlProblemError: the file has more URLs than the protocol allows.
        """
        found = self._list_of(element.path)
        url = resolve(self._base, element.text) if found is not None and element.text else None
        if found is None or url is None:
            return
        if len(found) >= MAX_URLS:
            raise XmlProblemError(f"it has more than {MAX_URLS} URLs, which is what the protocol allows")
        found[url] = None

    def _list_of(self, path: tuple[str, ...]) -> dict[str, None] | None:
        if path == ("urlset", "url", "loc"):
            return self._pages
        return self._sitemaps if path == ("sitemapindex", "sitemap", "loc") else None

    def leads(self, problem: str | None) -> Leads:
        """What was collected."""
        return Leads(tuple(self._pages), sitemaps=tuple(self._sitemaps), problem=problem, is_list=True)


def read_text_sitemap(text: str, base: str) -> Leads:
    """The URLs of a text file that has one a line; lines that are no absolute URL are passed over."""
    lines = (line.strip() for line in text.splitlines())
    pages = _absolute((line for line in lines if line.startswith(("http://", "https://"))), base)
    return Leads(pages, is_list=bool(pages))


def _absolute(references: Iterable[str], base: str) -> tuple[str, ...]:
    urls = (resolve(base, reference) for reference in islice(references, MAX_URLS))
    return tuple(dict.fromkeys(url for url in urls if url))
