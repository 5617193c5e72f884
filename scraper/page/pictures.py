"""Pictures of a page: where each lies, though a script would only put it there, and which stand for characters."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

Attributes = Mapping[str, str | None]

# Where scripts find the address of a picture that they load late; what stands in ``src`` till then is a placeholder.
_LAZY: Final = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-lazyload",
    "data-flickity-lazyload",
    "data-hi-res-src",
    "data-actualsrc",
    "data-echo",
    "data-img-src",
    "data-image-src",
    "data-cfsrc",
    "nitro-lazy-src",
)
_LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "nitro-lazy-srcset")
_WHOLE: Final = ("data-orig-file", "data-large-file", "data-full-url")
# Where the address is looked for before ``src``.
_ELSEWHERE: Final = frozenset((*_LAZY, *_LAZY_SETS))
_PLACEHOLDER: Final = re.compile(r"\s*(?:(?:data|about|javascript|blob):|\Z)", re.IGNORECASE)
# Candidates of HTML 4.8.4.2.1: an address, which may hold commas, and its width or density.
_CANDIDATE: Final = re.compile(r"[\s,]*(?P<url>\S*[^\s,])(?:\s+(?P<size>[0-9.]{1,12})[wx][^,]*)?\s*,?")
_OF_CHARACTERS: Final = re.compile(
    r"(?:^|\s)(?:wp-smiley|\S*emoji\S*|\S*emoticon\S*|\S*smiley\S*|latex|tex|mwe-math-fallback-image-\S+)(?=\s|$)",
    re.IGNORECASE,
)
_ALSO_IN_EMOJI: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3#*0123456789 ")
_LONGEST_CHARACTERS: Final = 200
_TINY: Final = frozenset(("0", "1", "0px", "1px"))


def address(node: LexborNode) -> str:
    """Where a picture lies, as the page refers to it; empty where it says so nowhere."""
    attributes = node.attributes
    source = attributes.get("src")
    if source and _ELSEWHERE.isdisjoint(attributes) and not _PLACEHOLDER.match(source):
        return source.strip()
    return next((each.strip() for each in _addresses(node, attributes) if not _PLACEHOLDER.match(each)), "")


def _addresses(node: LexborNode, attributes: Attributes) -> Iterator[str]:
    # Some scripts have such attributes say no more than that they are to load it.
    yield from (value for name in _LAZY if {"/", "."}.intersection(value := attributes.get(name) or ""))
    yield from (_largest(attributes.get(name) or "") for name in _LAZY_SETS)
    yield attributes.get("src") or ""
    yield _largest(attributes.get("srcset") or "")
    yield from (attributes.get(name) or "" for name in _WHOLE)
    if node.parent is not None and node.parent.tag == "picture":
        for source in node.parent.css("source"):
            yield _largest(source.attributes.get("srcset") or "")
            yield from (_largest(source.attributes.get(name) or "") for name in _LAZY_SETS)


def _largest(srcset: str) -> str:
    candidates = [(float(_number(match["size"])), match["url"]) for match in _CANDIDATE.finditer(srcset)]
    return max(candidates, key=lambda each: each[0])[1] if candidates else ""


def _number(size: str | None) -> str:
    return size if size and size.replace(".", "", 1).isdecimal() else "1"


def without_scripts(node: LexborNode) -> Iterator[LexborNode]:
    """The pictures that a ``noscript`` element shows to who runs no scripts (HTML 4.12.2), save those made to count readers."""
    for picture in node.css("img"):
        attributes = picture.attributes
        if not _TINY.intersection((attributes.get("width"), attributes.get("height"))):
            yield picture


def write_out_characters(parser: LexborHTMLParser) -> None:
    """Put in the place of each picture that stands for characters, an emoji or a formula, what it stands for."""
    replaced = False
    for node in parser.css("img[alt]"):
        text = node.attributes.get("alt") or ""
        if 0 < len(text) <= _LONGEST_CHARACTERS and _stands_for(text, node.attributes):
            node.replace_with(text)
            replaced = True
    if replaced and parser.root is not None:
        parser.root.merge_text_nodes()


def _stands_for(text: str, attributes: Attributes) -> bool:
    if _OF_CHARACTERS.search(attributes.get("class") or ""):
        return True
    signs = [character for character in text if character not in _ALSO_IN_EMOJI]
    others = len(signs) < len(text) and "\u20e3" in text
    return (bool(signs) or others) and all(unicodedata.category(each) in {"So", "Sk"} for each in signs)
