"""What a page that is no post lists, whatever its format: HTML, a sitemap or index, a feed, a text file of URLs."""

import re
from typing import Final

from scraper.model.capture import Capture
from scraper.model.url import resolve
from scraper.page.bounds import HostilePageError
from scraper.page.document import Document
from scraper.page.feeds import FeedReader
from scraper.page.leads import Leads
from scraper.page.sitemaps import SitemapReader, read_text_sitemap
from scraper.page.xml_elements import Element, XmlProblemError, elements

_GZIP_MAGIC: Final = b"\x1f\x8b"
_XML: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*(?:<!--.*?-->\s*)*"
    rb"<\x00?(?:\?\x00?x|!DOCTYPE\s+(?!(?i:html))|urlset|sitemapindex|rss|feed|rdf:)",
    re.DOTALL,
)
_FORMATS: Final[dict[str, type[SitemapReader] | type[FeedReader]]] = {
    "urlset": SitemapReader,
    "sitemapindex": SitemapReader,
    "rss": FeedReader,
    "feed": FeedReader,
    "RDF": FeedReader,
}
_LINK_HEADER: Final = re.compile(r"<([^<>]{1,2000})>([^<>]{0,2000})")
_NEXT: Final = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)


def read_listing(document: Document) -> Leads:
    """Where the document leads; its bytes decide what it is, for labels of feeds and sitemaps are often wrong."""
    if is_xml(document.capture):
        return _read_xml(document.capture)
    if document.capture.media_type == "text/plain":
        return read_text_sitemap(document.text, document.capture.url)
    return _read_html(document)


def is_xml(capture: Capture) -> bool:
    """Whether a capture is a feed or a sitemap rather than a page, packed or plain."""
    start = capture.body[:1024]
    if start.startswith(_GZIP_MAGIC):
        return True
    return _XML.match(start) is not None and b"<html" not in start.lower()


def _read_xml(capture: Capture) -> Leads:
    """The leads of whichever format the root element names; a problem where it names none of them."""
    reader: SitemapReader | FeedReader | None = None
    problem: str | None = None
    try:
        for element in elements(capture.body):
            reader = reader or _reader_for(element, capture.url)
            reader.see(element)
    except XmlProblemError as error:
        problem = str(error)
    return reader.leads(problem) if reader else Leads(problem=problem or "it is empty")


def _reader_for(element: Element, base: str) -> SitemapReader | FeedReader:
    root = element.path[0]
    if root not in _FORMATS:
        raise XmlProblemError(f"its root element <{root[:40]}> is that of no sitemap and no feed")
    return _FORMATS[root](base)


def _read_html(document: Document) -> Leads:
    capture = document.capture
    try:
        parser = document.tree
    except HostilePageError as error:
        return Leads(problem=str(error))
    pages: dict[str, None] = {}
    following: dict[str, None] = dict.fromkeys(_next_in_headers(capture))
    for node in parser.css("a[href], link[href]"):
        attributes = node.attributes
        url = document.base.resolve(attributes.get("href") or "")
        if url and "next" in (attributes.get("rel") or "").lower().split():
            following[url] = None
        elif url and node.tag == "a":
            pages[url] = None
    return Leads(tuple(pages), following=tuple(following))


def _next_in_headers(capture: Capture) -> list[str]:
    """The targets of Link headers with the relation ``next`` (RFC 8288 section 3)."""
    values = (value for name, value in capture.headers if name.lower() == "link")
    links = (match for value in values for match in _LINK_HEADER.finditer(value))
    targets = (resolve(capture.url, link[1]) for link in links if _NEXT.search(link[2]))
    return [target for target in targets if target]
