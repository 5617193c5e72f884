"""Sitemaps, sitemap indexes (sitemaps.org/protocol.html) and sitemaps that are a text file of URLs."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from scraper.model.url import resolve
from scraper.page.leads import Leads
from scraper.page.packed_urls import DistinctUrls, packed_urls
from scraper.page.xml_elements import Element, XmlProblemError

# The protocol's own bound for one file.
MAX_URLS: Final = 50_000
_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_NO_URL: Final = re.compile(r"[\s<>\"]")


class SitemapReader:
    """Collects the URLs of a sitemap or of an index from the elements of its XML."""

    def __init__(self) -> None:
        self._pages = DistinctUrls()
        self._sitemaps = DistinctUrls()

    def see(self, element: Element) -> None:
        """Take in one element.

        Raises:
            XmlProblemError: the file has more URLs than the protocol allows.
        """
        listed = self._list_of(element.path)
        url = resolve(element.base, element.text) if listed is not None and element.text else None
        if listed is None or url is None:
            return
        if len(listed) >= MAX_URLS:
            raise XmlProblemError(_too_many())
        listed.add(url)

    def _list_of(self, path: tuple[str, ...]) -> DistinctUrls | None:
        if path == ("urlset", "url", "loc"):
            return self._pages
        return self._sitemaps if path == ("sitemapindex", "sitemap", "loc") else None

    def leads(self) -> Leads:
        """What was collected."""
        return Leads(self._pages.urls(), sitemaps=self._sitemaps.urls(), is_list=True)


def read_text_sitemap(text: str, base: str) -> Leads:
    """The URLs of a text file that has one a line; lines that are no absolute URL are passed over."""
    urls = (resolve(base, line) for line in _lines(text) if _ABSOLUTE.match(line))
    pages = dict.fromkeys(url for url in urls if url)
    problem = _too_many() if len(pages) > MAX_URLS else None
    return Leads(packed_urls(islice(pages, MAX_URLS)), problem=problem, is_list=bool(pages))


def is_text_sitemap(text: str) -> bool:
    """Whether every line of a text that is not blank or a note is an absolute URL, and there is one."""
    if text.lstrip()[:1] == "<":
        return False
    lines = [line for line in _lines(text) if not line.startswith("#")]
    return bool(lines) and all(_ABSOLUTE.match(line) and not _NO_URL.search(line) for line in lines)


def _lines(text: str) -> Iterator[str]:
    return (line for each in text.splitlines() if (line := each.strip()))


def _too_many() -> str:
    return f"it has more than {MAX_URLS} URLs, which is what the protocol allows"
