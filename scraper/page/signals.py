"""What a capture says about keeping and using it: rights signals, verbatim, as headers, tags and site files have them.

Sources: X-Robots-Tag and robots meta (developers.google.com/search/docs/crawling-indexing/robots-meta-tag), TDMRep
(w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510), Content-Signal (contentsignals.org), Content-Usage
(draft-ietf-aipref-attach), Cache-Control (RFC 9111 section 5.2.2), the ``license`` relation (RFC 4946).
"""

import re
from collections.abc import Iterator
from typing import Final

from scraper.model.exchange import Headers
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.page.document import Document
from scraper.page.robots_directives import directives_for_us

# The names under which signals are recorded; a header goes by its own name in lower case.
META: Final = "meta "
LICENSE: Final = "rel=license"

_HEADERS: Final = frozenset({"tdm-reservation", "tdm-policy", "content-signal", "content-usage"})
# Those that say who may store an answer; how long one stays fresh is nobody's right (RFC 9111 section 5.2.2).
_KEEPING: Final = frozenset({"no-store", "private", "no-archive", "noarchive"})
_METAS: Final = frozenset({"robots", PRODUCT_TOKEN, "tdm-reservation", "tdm-policy"})
# What a page holds, in lower case, where it says something about its use.
_TOKENS: Final = ("robots", "tdm-", "license", PRODUCT_TOKEN)
_LINK: Final = re.compile(r"<[^<>]*>(?:\s*;[^,\"]*(?:\"[^\"]*\"[^,\"]*)*)?")
_LICENSE_RELATION: Final = re.compile(
    r";\s*rel\s*=\s*(?:\"[^\"]*\blicense\b[^\"]*\"|license\b)", re.IGNORECASE
)


def signals_of(document: Document) -> tuple[Signal, ...]:
    """The signals in the headers and, of a page, the markup of one capture, in the order in which they stand."""
    markup = _markup_signals(document) if document.is_markup else ()
    return tuple(dict.fromkeys((*header_signals(document.capture.headers), *markup)))


def header_signals(headers: Headers) -> Iterator[Signal]:
    """The signals among HTTP headers; those that name other crawlers alone are left out."""
    for name, raw in headers:
        key, value = name.lower(), raw.strip()
        if key == "link":
            links = _LINK.findall(value)
            yield from (Signal(f"link {LICENSE}", link) for link in links if _LICENSE_RELATION.search(link))
        elif (
            key in _HEADERS
            or (key == "x-robots-tag" and directives_for_us(value))
            or (key == "cache-control" and _KEEPING & cache_directives(value))
        ):
            yield Signal(key, value)


def cache_directives(value: str) -> frozenset[str]:
    """The directives of a Cache-Control value, in lower case and without arguments."""
    return frozenset(part.partition("=")[0].strip().lower() for part in value.split(","))


def _markup_signals(document: Document) -> Iterator[Signal]:
    text = document.text.lower()
    if not any(token in text for token in _TOKENS):
        return
    for node in document.head.css("meta[name][content], link[rel][href], a[rel][href]"):
        attributes = node.attributes
        name = (attributes.get("name") or "").strip().lower()
        if node.tag == "meta":
            if name in _METAS:
                yield Signal(META + name, (attributes.get("content") or "").strip())
        elif "license" in (attributes.get("rel") or "").lower().split():
            yield Signal(LICENSE, (attributes.get("href") or "").strip())
