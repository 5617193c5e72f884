"""What a page that is no post lists, whatever its format: HTML, a sitemap or index, a feed, a text file of URLs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from scraper.model.capture import Capture
from scraper.model.url import resolve
from scraper.page.bounds import HostilePageError
from scraper.page.document import Document
from scraper.page.feeds import FeedReader
from scraper.page.leads import Leads
from scraper.page.packed_urls import packed_urls
from scraper.page.sitemaps import SitemapReader, is_text_sitemap, read_text_sitemap
from scraper.page.xml_elements import (
    MalformedXmlError,
    XmlProblemError,
    elements,
    recovered_elements,
    root_name,
)

_FORMATS: Final[Mapping[str, type[SitemapReader] | type[FeedReader]]] = {
    "urlset": SitemapReader,
    "sitemapindex": SitemapReader,
    "rss": FeedReader,
    "feed": FeedReader,
    "rdf": FeedReader,
}
# A document that opens as XML does is none of HTML's, unless its root says so (XML 1.0, section 2.8).
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml\s")
_LINK_HEADER: Final = re.compile(r"<([^<>]{1,2000})>([^<>]{0,2000})")
_NEXT: Final = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)


def read_listing(document: Document) -> Leads:
    """Where the document leads; its parse decides what it is, for labels of feeds and sitemaps are often wrong."""
    leads = _read(document)
    return replace(leads, problem=document.problem) if document.problem else leads


def _read(document: Document) -> Leads:
    text, url = document.text, document.capture.url
    try:
        root = root_name(text)
    except XmlProblemError as error:
        return Leads(problem=str(error))
    if root is not None and root in _FORMATS:
        return _read_xml(_FORMATS[root], document)
    if document.capture.media_type == "text/plain" or is_text_sitemap(text):
        return read_text_sitemap(text, url)
    if not text.strip() and not document.is_markup:
        return Leads(problem="it is empty")
    if root is None or root == "html" or _XML_DECLARATION.match(text) is None:
        return _read_html(document)
    return Leads(problem=f"its root element <{root[:40]}> is that of no sitemap and no feed")


def _read_xml(format_: type[SitemapReader] | type[FeedReader], document: Document) -> Leads:
    text, url, reader = document.text, document.capture.url, format_()
    try:
        for element in elements(text, url):
            reader.see(element)
    except MalformedXmlError as error:
        return _recover(format_(), document, str(error))
    except XmlProblemError as error:
        return replace(reader.leads(), problem=str(error))
    recovered = "it holds characters that XML has not" if document.had_controls else None
    return replace(reader.leads(), recovered=recovered)


def _recover(reader: SitemapReader | FeedReader, document: Document, trouble: str) -> Leads:
    """What can be made out of a list that is not well-formed, and that it is none."""
    try:
        for element in recovered_elements(document.text, document.capture.url):
            reader.see(element)
    except XmlProblemError as error:
        return replace(reader.leads(), problem=f"{trouble}, and {error}")
    return replace(reader.leads(), recovered=trouble)


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
        relations = (attributes.get("rel") or "").lower().split()
        url = document.base.resolve(attributes.get("href") or "")
        if "nofollow" in relations:
            continue
        if url and "next" in relations:
            following[url] = None
        elif url and node.tag == "a":
            pages[url] = None
    return Leads(packed_urls(pages), following=tuple(following))


def _next_in_headers(capture: Capture) -> list[str]:
    """The targets of Link headers with the relation ``next`` (RFC 8288 section 3)."""
    values = (value for name, value in capture.headers if name.lower() == "link")
    links = (match for value in values for match in _LINK_HEADER.finditer(value))
    targets = (resolve(capture.url, link[1]) for link in links if _NEXT.search(link[2]))
    return [target for target in targets if target]
