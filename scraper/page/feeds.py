"""RSS 0.9 to 2.0 and Atom (RFC 4287): the pages that a feed's entries are about, and the next page of the feed."""

from scraper.model.url import resolve
from scraper.page.leads import Leads
from scraper.page.xml_elements import Element

_RSS_ITEMS = frozenset({("rss", "channel", "item"), ("RDF", "item"), ("rss", "item")})
_ATOM_ENTRY = ("feed", "entry")
_CHANNELS = frozenset({("feed",), ("rss", "channel"), ("RDF", "channel")})


class FeedReader:
    """Collects the entries' links of a feed from the elements of its XML."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._pages: dict[str, None] = {}
        self._following: dict[str, None] = {}
        self._link: str | None = None
        self._permalink: str | None = None

    def see(self, element: Element) -> None:
        """Take in one element."""
        *outer, name = element.path
        where = tuple(outer)
        if element.path in _RSS_ITEMS or element.path == _ATOM_ENTRY:
            self._note(self._pages, self._link or self._permalink)
            self._link = self._permalink = None
        elif where in _RSS_ITEMS:
            self._see_in_item(name, element)
        elif name == "link" and where == _ATOM_ENTRY and _relation(element) == "alternate":
            self._link = self._link or element.attributes.get("href")
        elif name == "link" and where in _CHANNELS and _relation(element) == "next":
            # RFC 5005 section 3; RSS feeds borrow the element from Atom.
            self._note(self._following, element.attributes.get("href"))

    def leads(self, problem: str | None) -> Leads:
        """What was collected."""
        return Leads(tuple(self._pages), following=tuple(self._following), problem=problem, is_list=True)

    def _see_in_item(self, name: str, element: Element) -> None:
        if name == "link" and (element.text or _relation(element) == "alternate"):
            self._link = self._link or element.text or element.attributes.get("href")
        elif name == "guid" and element.attributes.get("isPermaLink", "true").lower() == "true":
            self._permalink = element.text

    def _note(self, found: dict[str, None], reference: str | None) -> None:
        url = resolve(self._base, reference) if reference else None
        if url:
            found[url] = None


def _relation(element: Element) -> str:
    return element.attributes.get("rel", "alternate").strip().lower()
