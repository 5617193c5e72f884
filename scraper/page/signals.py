"""What a capture says about keeping and using it: rights signals, verbatim, as headers, tags and site files have them.

Sources: X-Robots-Tag and robots meta (developers.google.com/search/docs/crawling-indexing/robots-meta-tag), TDMRep
(w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510), Content-Signal (contentsignals.org), Content-Usage
(draft-ietf-aipref-attach), Cache-Control (RFC 9111 section 5.2.2), the ``license`` relation (RFC 4946), RSL 1.0
(rslstandard.org/rsl).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scraper.model.coding import packed_as
from scraper.model.content_signal import CONTENT_SIGNALS
from scraper.model.exchange import Headers
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.record import Signal
from scraper.model.url import resolve
from scraper.page.document import Document
from scraper.page.robots_directives import directives_for_us
from scraper.page.rsl import HINTS, script_signals

# The names under which signals are recorded; a header goes by its own name in lower case.
META: Final = "meta "
LICENSE: Final = "rel=license"
RSL_LICENSE: Final = "rel=license type=application/rsl+xml"

_USES: Final = frozenset({"tdm-reservation", "tdm-policy", "content-usage", *CONTENT_SIGNALS})
# Those that say who may store an answer; how long one stays fresh is nobody's right (RFC 9111 section 5.2.2).
_KEEPING: Final = frozenset({"no-store", "private", "no-archive", "noarchive"})
_METAS: Final = frozenset({"robots", PRODUCT_TOKEN, *_USES})
# What a page holds, in lower case, where it says something about its use.
_TOKENS: Final = (b"robots", b"tdm-", b"license", b"content-signal", b"content-usage", PRODUCT_TOKEN.encode())
_WORDS: Final = (*_TOKENS, *HINTS)
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_RSL_TYPE: Final = "application/rsl+xml"
_LINK: Final = re.compile(r"<[^<>]*>(?:\s*;[^,\"]*(?:\"[^\"]*\"[^,\"]*)*)?")
_LICENSE_RELATION: Final = re.compile(
    r";\s*rel\s*=\s*(?:\"[^\"]*\blicense\b[^\"]*\"|license\b)", re.IGNORECASE
)


def signals_of(document: Document) -> tuple[Signal, ...]:
    """The signals in the headers and, of a page, the markup of one capture, in the order in which they stand."""
    markup = (*_markup_signals(document), *script_signals(document)) if document.is_markup else ()
    return tuple(dict.fromkeys((*header_signals(document.capture.headers), *markup)))


def may_hold_signals(body: bytes) -> bool:
    """Whether the markup in a body may say anything about its use: so it is told, for most pages, without reading them.

    Words in ASCII stand as they are in every encoding of the web but UTF-16, where each letter comes with a zero, and but for
    control characters, which change the character set or are taken out.
    """
    if packed_as(body) or len(body.translate(None, _CONTROLS)) < len(body):
        return True
    lowered = body.lower()
    return any(word in lowered for word in _WORDS)


def header_signals(headers: Headers) -> Iterator[Signal]:
    """The signals among HTTP headers; those that name other crawlers alone are left out."""
    for name, raw in headers:
        key, value = name.lower(), raw.strip()
        if key == "link":
            links = _LINK.findall(value)
            yield from (Signal(_link_name(link), link) for link in links if _LICENSE_RELATION.search(link))
        elif (
            key in _USES
            or (key == "x-robots-tag" and directives_for_us(value))
            or (key == "cache-control" and _KEEPING & cache_directives(value))
        ):
            yield Signal(key, value)


def cache_directives(value: str) -> frozenset[str]:
    """The directives of a Cache-Control value, in lower case and without arguments."""
    return frozenset(part.partition("=")[0].strip().lower() for part in value.split(","))


def _markup_signals(document: Document) -> Iterator[Signal]:
    signals = list(_element_signals(document))
    if signals and any(token in document.lowered for token in _TOKENS):
        yield from signals


def _element_signals(document: Document) -> Iterator[Signal]:
    for node in document.head.css("meta[name][content], link[rel][href], a[rel][href]"):
        attributes = node.attributes
        name = (attributes.get("name") or "").strip().lower()
        if node.tag == "meta":
            if name in _METAS:
                yield Signal(META + name, (attributes.get("content") or "").strip())
        elif "license" in (attributes.get("rel") or "").lower().split():
            is_rsl = _RSL_TYPE in (attributes.get("type") or "").lower()
            yield Signal(RSL_LICENSE if is_rsl else LICENSE, (attributes.get("href") or "").strip())


def licences_named(document: Document, signals: Iterable[Signal]) -> tuple[str, ...]:
    """Where the RSL licences are that the ``signals`` of a document name, as URLs; what is none stays as it stands."""
    urls: dict[str, None] = {}
    for signal in signals:
        if signal.signal == RSL_LICENSE:
            urls[document.base.resolve(signal.value) or signal.value] = None
        elif signal.signal == f"link {RSL_LICENSE}":
            target = target_of(signal.value)
            urls[resolve(document.capture.url, target) or target] = None
    return tuple(urls)


def target_of(link: str) -> str:
    """The reference of one link of a Link header (RFC 8288 section 3)."""
    return link.partition("<")[2].partition(">")[0].strip()


def _link_name(link: str) -> str:
    """The name of a licence in a Link header: one of RSL says that it is."""
    parameters = link.partition(">")[2].lower()
    return f"link {RSL_LICENSE if _RSL_TYPE in parameters else LICENSE}"
