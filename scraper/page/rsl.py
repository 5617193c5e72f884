"""RSL 1.0 (rslstandard.org/rsl): what a licence lets be done with which pages, wherever its elements stand.

They stand in a licence document, in a script of a page, among the elements of a feed, and in the metadata of files. Prefixes,
labels and case are free, documents that are not well-formed are read as far as they can be made out, and terms that are given
twice hold both: who reads a licence has to read it to the narrower side (section 3.1.1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from scraper.model.record import Signal
from scraper.model.url import Url, parse_url, resolve, strip_tracking
from scraper.page.document import Document
from scraper.page.path_pattern import covers, path_of
from scraper.page.xml_elements import (
    Element,
    MalformedXmlError,
    XmlProblemError,
    elements,
    recovered_elements,
)

PERMITS: Final = "rsl permits"
PROHIBITS: Final = "rsl prohibits"
PAYMENT: Final = "rsl payment"
SERVER: Final = "rsl server"
UNAVAILABLE: Final = "rsl unavailable"

_NAMESPACE: Final = "rslstandard.org/rsl"
_PREFIX: Final = "rsl"
_MOST_CHARACTERS: Final = 1 << 19
_MOST_TERMS: Final = 10_000
_ITEMS: Final = frozenset({"item", "entry"})
_RULES: Final = {"permits": PERMITS, "permit": PERMITS, "prohibits": PROHIBITS, "prohibit": PROHIBITS}
# Without one of these, in lower case, there is no element of RSL's.
HINTS: Final = (b"rslstandard.org/rsl", b"<rsl", b"rsl+xml")
_HTML: Final = re.compile(r"<(?:html|!doctype\s+html)\b", re.IGNORECASE)
_HEAD: Final = 1000
_AUTHORITY: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)(.*)", re.DOTALL)
_DEFAULT_PORT: Final = re.compile(r":(?:80|443)$")


@dataclass(frozen=True, slots=True)
class Terms:
    """What one ``content`` element says. ``pattern`` are the pages it is for, all that name the licence where it is empty.

    ``signals`` are its rules as they stand, a type at a time.
    """

    pattern: str
    signals: tuple[Signal, ...]

    def cover(self, page: Url) -> bool:
        """Whether the terms are for a page: a pattern of its path, or of host and path (section 3.3)."""
        pattern = self.pattern.strip()
        if not pattern:
            return True
        absolute = _AUTHORITY.match(pattern)
        if absolute is None:
            return covers(pattern if pattern.startswith(("/", "*")) else f"/{pattern}", path_of(page))
        path = absolute[2] if absolute[2].startswith("/") else f"/{absolute[2]}"
        return covers(_host(absolute[1]) + path, _host(page.origin.partition("//")[2]) + path_of(page))


def read_terms(text: str, url: str) -> tuple[Terms, ...] | None:
    """The terms in an XML document at ``url``; None where it holds none, or cannot be read to its end."""
    if len(text) > _MOST_CHARACTERS:
        return None
    for read in (elements, recovered_elements):
        reader = _TermsReader()
        try:
            for element in read(text, url):
                reader.see(element)
        except MalformedXmlError:
            continue
        except XmlProblemError:
            return None
        return tuple(reader.terms) or None
    return None


def terms_of(document: Document) -> tuple[Terms, ...] | None:
    """The terms of a licence document or a feed; None where a capture is neither, or was not had or read to its end."""
    is_whole = document.capture.truncated is None and document.problem is None
    if not is_whole or _HTML.search(document.text, 0, _HEAD) or not _may_hold_terms(document):
        return None
    return read_terms(document.text, document.capture.url)


def script_signals(document: Document) -> Iterator[Signal]:
    """What the licences in the scripts of a page say of it (section 4.6.2); one that cannot be read is unavailable."""
    scripts = document.head.css('script[type*="rsl+xml" i]')
    if not scripts or not _may_hold_terms(document):
        return
    for node in scripts:
        terms = read_terms(node.text(), document.capture.url)
        unread = Terms("", (Signal(UNAVAILABLE, document.capture.url),))
        yield from page_terms(terms or (unread,), document.capture.url)


def _may_hold_terms(document: Document) -> bool:
    return document.mentions(HINTS)


class _TermsReader:
    """Puts terms together from the elements of a document, which come in the order in which they end."""

    def __init__(self) -> None:
        self.terms: list[Terms] = []
        self._rules: list[Signal] = []
        self._link: str | None = None
        self._of_item: list[int] = []

    def see(self, element: Element) -> None:
        """Take in one element.

        Raises:
            XmlProblemError: there is more than is read.
        """
        name = element.path[-1]
        is_last = len(element.path) == 1
        if name in _ITEMS:
            self._end_item()
        elif element.path[-2:-1] and element.path[-2] in _ITEMS and name in {"link", "guid"}:
            self._see_link(name, element)
        elif _is_rsl(element):
            self._see_term(name, element)
        if is_last or name in {"channel", "feed"}:
            self._end_scope("")

    def _see_term(self, name: str, element: Element) -> None:
        is_item = not _ITEMS.isdisjoint(element.path)
        kind = " ".join(element.attributes.get("type", "").lower().split())
        if name in _RULES:
            if element.is_cut:
                raise XmlProblemError("it says more than is read")
            self._rules.append(Signal(f"{_RULES[name]} {kind or 'usage'}", element.text))
        elif name == "payment":
            self._rules.append(Signal(PAYMENT, kind or "free"))
        elif name == "content":
            if server := element.attributes.get("server", "").strip():
                self._rules.append(Signal(SERVER, server))
            self._end_scope(element.attributes.get("url", ""), is_content=True, is_item=is_item)

    def _end_scope(self, pattern: str, *, is_content: bool = False, is_item: bool = False) -> None:
        """End what the rules since the last time are for; a ``content`` without any prohibits nothing.

        Raises:
            XmlProblemError: there is more than is read.
        """
        if not self._rules and not is_content:
            return
        if len(self.terms) >= _MOST_TERMS:
            raise XmlProblemError("it says more than is read")
        if is_item and not pattern.strip():
            self._of_item.append(len(self.terms))
        self.terms.append(Terms(pattern, tuple(self._rules)))
        self._rules = []

    def _end_item(self) -> None:
        """Let terms of no page in particular be for the page of the item that they stand in (section 4.7)."""
        self._end_scope("", is_item=True)
        for at in self._of_item if self._link else ():
            self.terms[at] = replace(self.terms[at], pattern=f"{self._link}$")
        self._of_item = []
        self._link = None

    def _see_link(self, name: str, element: Element) -> None:
        """Take in the address of an item: its link, or else the one that is its identifier, as a crawl would visit it."""
        is_page = element.attributes.get("rel", "alternate").strip().lower() == "alternate"
        is_permalink = element.attributes.get("ispermalink", "true").strip().lower() == "true"
        url = resolve(element.base, element.text or element.attributes.get("href", ""))
        if url and is_page and is_permalink and (name == "link" or not self._link):
            self._link = strip_tracking(url)


def _is_rsl(element: Element) -> bool:
    """Whether an element is one of RSL's: all are in a document of its own, and those of its namespace in others."""
    if element.path[0] == _PREFIX:
        return True
    namespace = element.namespace.lower()
    return namespace == _PREFIX or _NAMESPACE in namespace


def _host(authority: str) -> str:
    """An authority as URLs have it: in lower case, hosts of other alphabets in ASCII, no port that is the scheme's own."""
    host = _DEFAULT_PORT.sub("", authority.rpartition("@")[2])
    url = parse_url(f"http://{host}/")
    return url.origin.partition("//")[2] if url else host.lower()


def page_terms(terms: tuple[Terms, ...], page_url: str) -> Iterator[Signal]:
    """The signals among ``terms`` that are for a page."""
    page = parse_url(page_url)
    if page is not None:
        yield from (signal for each in terms if each.cover(page) for signal in each.signals)
