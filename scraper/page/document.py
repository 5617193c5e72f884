"""One capture to look at: decoded once, parsed once, by whoever needs what of it first."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.model.capture import Capture
from scraper.model.url import Base
from scraper.page.blocks import Page
from scraper.page.bounds import HostilePageError
from scraper.page.charset import Decoded, decode
from scraper.page.data import page_data
from scraper.page.flat import read_flattened
from scraper.page.home_zones import NO_ZONES, HomeZones
from scraper.page.json_text import parse_json
from scraper.page.linked_data import is_closed, linked_values
from scraper.page.microdata import Microdata, read_microdata
from scraper.page.packed import Unpacked, unpack
from scraper.page.tree import parse_head, parse_html, read_tree

MARKUP_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", ""})
# A longer text is looked through piece by piece, so that it does not lie in memory twice.
_PIECE: Final = 1 << 18
_LINKED_DATA: Final = 'script[type^="application/ld+json" i]'


class Document:
    """A lazy view of ``capture``. Nobody changes what it hands out; who takes a tree apart clones it.

    ``tree``, ``page`` and ``data`` raise HostilePageError where the page is too costly to parse. ``zones`` are those
    of hosts by what the owner of the archive says.
    """

    def __init__(self, capture: Capture, zones: HomeZones = NO_ZONES) -> None:
        self.capture = capture
        self.zones = zones

    @property
    def text(self) -> str:
        """The body in the charset that it is in, unpacked where it is a gzip file."""
        return self._decoded.text

    @cached_property
    def lowered(self) -> bytes:
        """``text`` in UTF-8 with its ASCII letters in lower case, to be looked through for what a page may hold."""
        return self.text.encode().lower()

    def mentions(self, words: Sequence[bytes]) -> bool:
        """Whether one of the words, of ASCII and in lower case, stands in ``text`` in any case."""
        if len(self.text) <= _PIECE:
            return any(word in self.lowered for word in words)
        overlap = max(map(len, words))
        pieces = (self.text[at : at + _PIECE + overlap] for at in range(0, len(self.text), _PIECE))
        return any(word in piece for piece in (each.encode().lower() for each in pieces) for word in words)

    @cached_property
    def base(self) -> Base:
        """What the page's references are resolved against: the first ``base`` element with an address, or the page's own."""
        stated = None if self.is_hostile else self.tree.css_first("base[href]")
        return self._own_base.at(stated.attributes.get("href") or "" if stated else None)

    @property
    def is_markup(self) -> bool:
        """Whether the answer says that it is HTML, or does not say what it is."""
        return self.capture.media_type in MARKUP_TYPES

    @property
    def is_hostile(self) -> bool:
        """Whether the page is too costly to parse."""
        return isinstance(self._parsed, HostilePageError)

    @property
    def hostility(self) -> str | None:
        """Half a sentence on why the page is too costly to parse; None where it is not."""
        if not isinstance(self._parsed, HostilePageError):
            return None
        sentence = str(self._parsed)
        return sentence[:1].lower() + sentence[1:].rstrip(".")

    @property
    def tree(self) -> LexborHTMLParser:
        """The page as HTML has it."""
        if isinstance(self._parsed, HostilePageError):
            raise self._parsed
        return self._parsed

    @cached_property
    def head(self) -> LexborHTMLParser:
        """The tree; of a page too costly to parse, that of its first characters, where a head lies."""
        return parse_head(self.text) if isinstance(self._parsed, HostilePageError) else self._parsed

    @cached_property
    def page(self) -> Page:
        """The blocks that a reader sees: of HTML, or of the text that an archive of texts keeps."""
        if self.capture.media_type == "text/plain":
            return read_flattened(self.text)
        page = read_tree(self.tree, self.text)
        page.base = None if self.base == self._own_base else self.base
        return page

    @cached_property
    def data(self) -> tuple[object, ...]:
        """The values of all JSON in the page's scripts."""
        return page_data(self.page)

    @cached_property
    def linked_data(self) -> tuple[object, ...]:
        """The values of the page's JSON-LD scripts (JSON-LD 1.1 section 7)."""
        return linked_values(node.text() for node in self.tree.css(_LINKED_DATA))

    @cached_property
    def microdata(self) -> Microdata:
        """The page's microdata."""
        return read_microdata(self.tree, self.base) if "itemscope" in self.text else Microdata()

    @cached_property
    def is_closed(self) -> bool:
        """Whether the page says that it is not free to read."""
        return is_closed(self.linked_data, self.tree)

    @cached_property
    def json(self) -> object:
        """The value of a body that is JSON; None where it is none."""
        return parse_json(self.text)

    @property
    def problem(self) -> str | None:
        """Half a sentence on why ``text`` is not the whole body; None where it is."""
        return self._unpacked.problem

    @property
    def had_controls(self) -> bool:
        """Whether the body holds control characters, which ``text`` is without."""
        return self._decoded.had_controls

    @cached_property
    def _unpacked(self) -> Unpacked:
        return unpack(self.capture.body)

    @cached_property
    def _decoded(self) -> Decoded:
        return decode(self._unpacked.body, self.capture.header("content-type"))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The URLs that the page links to, each once."""
        urls = (self.base.resolve(node.attributes.get("href") or "") for node in self.tree.css("a[href]"))
        return tuple(dict.fromkeys(url for url in urls if url))

    def holds(self, words: str) -> bool:
        """Whether ``words`` stand in ``text``."""
        if words not in self._held:
            self._held[words] = words in self.text
        return self._held[words]

    def matches(self, selector: str) -> bool:
        """Whether an element of the tree is what a CSS selector selects."""
        if selector not in self._matched:
            self._matched[selector] = self.tree.css_first(selector) is not None
        return self._matched[selector]

    @cached_property
    def _held(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _matched(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _own_base(self) -> Base:
        return Base(self.capture.url, self._decoded.encoding)

    @cached_property
    def _parsed(self) -> LexborHTMLParser | HostilePageError:
        try:
            return parse_html(self.text)
        except HostilePageError as error:
            return error
