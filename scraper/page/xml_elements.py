"""XML as a stream of elements: bounded, entities refused, in whatever charset it comes.

The parser is Python's own expat. It never loads anything from outside, and a document that declares entities of its
own, which is how small XML becomes large, is not read on.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

import webencodings

MAX_BYTES: Final = 64 << 20
_MAX_DEPTH: Final = 64
# More than any URL has; what an element says beyond it is left out.
_MAX_TEXT: Final = 4096
_STEP: Final = 1 << 16
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS
_DECLARED: Final = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_BOMS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class XmlProblemError(Exception):
    """The document cannot be read on; the message is half a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element that has ended: the local names from the root to it, its attributes, and its own text."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    length: int = 0


def elements(body: bytes) -> Iterator[Element]:
    """The elements of ``body`` in the order in which they end; a body that is a gzip file is unpacked on the way.

    Raises:
        XmlProblemError: after the elements before the place that cannot be read.
    """
    collector = _Collector()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    parser.EntityDeclHandler = collector.refuse_entities
    try:
        for piece in _utf8(_pieces(body)):
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position
            yield from collector.taken()
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except expat.ExpatError as error:
        yield from collector.taken()
        raise XmlProblemError(f"it is not well-formed at line {error.lineno}") from error
    except XmlProblemError:
        yield from collector.taken()
        raise
    yield from collector.taken()


class _Collector:
    """Puts elements together from what expat reports."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._done: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise XmlProblemError(f"it nests more than {_MAX_DEPTH} elements in each other")
        self._open.append(_Open(_local(name), {_local(key): value for key, value in attributes.items()}))

    def end(self, _name: str) -> None:
        path = tuple(element.name for element in self._open)
        element = self._open.pop()
        self._done.append(Element(path, element.attributes, "".join(element.text)[:_MAX_TEXT].strip()))

    def text(self, text: str) -> None:
        element = self._open[-1]
        if element.length < _MAX_TEXT:
            element.text.append(text)
            element.length += len(text)

    def refuse_entities(self, *_declaration: object) -> None:
        raise XmlProblemError("it declares entities, which are not read")

    def taken(self) -> list[Element]:
        """The elements that ended since the last call."""
        done, self._done = self._done, []
        return done


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _pieces(body: bytes) -> Iterator[bytes]:
    """The document in pieces, unpacked; what is beyond ``MAX_BYTES`` is a problem, not a surprise."""
    if not body.startswith(_GZIP_MAGIC):
        yield from (body[at : at + _STEP] for at in range(0, len(body), _STEP))
        return
    inflater, size, rest = zlib.decompressobj(_GZIP), 0, body
    try:
        while rest and not inflater.eof:
            piece = inflater.decompress(rest, _STEP)
            rest = inflater.unconsumed_tail
            size += len(piece)
            if size > MAX_BYTES:
                raise XmlProblemError(f"it is larger than {MAX_BYTES >> 20} MiB unpacked")
            yield piece
    except zlib.error as error:
        raise XmlProblemError("it does not decompress") from error


def _utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces in UTF-8, from the charset that the mark at their start, or their XML declaration, names."""
    first = next(pieces, b"").lstrip()
    decoder = codecs.getincrementaldecoder(_encoding(first))("replace")
    yield decoder.decode(first).lstrip("\ufeff").encode()
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _encoding(start: bytes) -> str:
    if start.startswith(_BOMS):
        return "utf-8" if start.startswith(codecs.BOM_UTF8) else "utf-16"
    declared = _DECLARED.match(start)
    known = webencodings.lookup(declared[1].decode("ascii")) if declared else None
    # A declaration that could be read as ASCII is not in UTF-16.
    if known is None or known.name.startswith("utf-16") or known.name in {"replacement", "x-user-defined"}:
        return "utf-8"
    return str(known.codec_info.name)
