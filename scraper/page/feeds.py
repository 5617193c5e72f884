"""RSS 0.9 to 2.0 and Atom (RFC 4287): the pages that a feed's entries are about, and the next page of the feed."""

from scraper.model.url import resolve
from scraper.page.leads import Leads
from scraper.page.packed_urls import packed_urls
from scraper.page.xml_elements import Element

_RSS_ITEMS = frozenset({("rss", "channel", "item"), ("rdf", "item"), ("rss", "item")})
_REGISTERED = "http://www.iana.org/assignments/relation/"
_ATOM_ENTRY = ("feed", "entry")
_CHANNELS = frozenset({("feed",), ("rss", "channel"), ("rdf", "channel")})


class FeedReader:
    """Collects the entries' links of a feed from the elements of its XML."""

    def __init__(self) -> None:
        self._pages: dict[str, None] = {}
        self._following: dict[str, None] = {}
        self._link: str | None = None
        self._permalink: str | None = None

    def see(self, element: Element) -> None:
        """Take in one element."""
        *outer, name = element.path
        where = tuple(outer)
        if element.path in _RSS_ITEMS or element.path == _ATOM_ENTRY:
            _note(self._pages, self._link or self._permalink or _subject(element))
            self._link = self._permalink = None
        elif where in _RSS_ITEMS:
            self._see_in_item(name, element)
        elif name == "link" and where == _ATOM_ENTRY and _relation(element) == "alternate":
            self._link = self._link or _target(element)
        elif name == "link" and where in _CHANNELS and _relation(element) == "next":
            # RFC 5005 section 3; RSS feeds borrow the element from Atom.
            _note(self._following, _target(element))

    def leads(self) -> Leads:
        """What was collected."""
        return Leads(packed_urls(self._pages), following=tuple(self._following), is_list=True)

    def _see_in_item(self, name: str, element: Element) -> None:
        if name == "link" and (element.text or _relation(element) == "alternate"):
            self._link = self._link or _target(element)
        elif name == "guid" and element.attributes.get("ispermalink", "true").lower() == "true":
            self._permalink = _target(element)


def _target(element: Element) -> str | None:
    reference = element.text or element.attributes.get("href")
    return resolve(element.base, reference) if reference else None


def _subject(element: Element) -> str | None:
    """What an item of RSS 1.0 is about, which is to be its link (section 5.5)."""
    about = element.attributes.get("about") if element.path == ("rdf", "item") else None
    return resolve(element.base, about) if about else None


def _note(urls: dict[str, None], url: str | None) -> None:
    if url:
        urls[url] = None


def _relation(element: Element) -> str:
    """The relation of a link by its registered name, which may be written as an IRI (RFC 4287 section 4.2.7.2)."""
    return element.attributes.get("rel", "alternate").strip().lower().removeprefix(_REGISTERED)
