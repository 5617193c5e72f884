"""XML as a stream of elements: bounded, entities refused.

The parser is Python's own expat. It never loads anything from outside, and a document that declares entities of its
own, which is how small XML becomes large, is not read on. Prefixes are free (Namespaces in XML 1.0, section 4), and so
often undeclared or in capitals that elements go by their local names in lower case. What is not well-formed ends the
reading, as XML 1.0 wants it; ``recovered_elements`` reads such a document as far as it can be made out.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import html5
from typing import Final
from xml.parsers import expat

from scraper.model.url import resolve

_MAX_DEPTH: Final = 64
# More than any URL has; what an element says beyond it is left out.
_MAX_TEXT: Final = 4096
_STEP: Final = 1 << 16
_TAG: Final = re.compile(
    r"<(?P<closing>/?)(?P<name>[^\W\d][^\s<>/='\"]{0,200}+)"
    r"(?P<attributes>(?>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*))>"
)
_ATTRIBUTE: Final = re.compile(r"([^\s=/\"']++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_REFERENCE: Final = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_SECTIONS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}
_CDATA: Final = "<![CDATA["
# Elements of lists that hold no others, and those that lie beside each other: where one begins, such a one has ended.
_LEAVES: Final = frozenset(
    (
        "enclosure",
        "br",
        "img",
        "hr",
        "title",
        "link",
        "guid",
        "id",
        "loc",
        "lastmod",
        "pubdate",
        "updated",
        "published",
        "description",
        "summary",
    )
)
_ENTRIES: Final = frozenset(("item", "entry", "url", "sitemap"))


class XmlProblemError(Exception):
    """The document cannot be read on; the message is half a sentence that says why."""


class MalformedXmlError(XmlProblemError):
    """The document is not well-formed (XML 1.0, section 2.1)."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element that has ended: the local names from the root to it, its attributes, and its own text.

    Names are in lower case. ``base`` is what its references are resolved against (XML Base). ``namespace`` is that of its
    prefix; the prefix itself, in lower case, where nothing declares it. ``is_cut`` says that there was more text than is kept.
    """

    path: tuple[str, ...]
    attributes: Mapping[str, str]
    text: str
    base: str
    namespace: str = ""
    is_cut: bool = False


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    base: str
    prefix: str
    namespaces: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    length: int = 0


def root_name(text: str) -> str | None:
    """The local name of the first element of a document, well-formed or not; None where it has none.

    Raises:
        XmlProblemError: the document cannot be read as far as that.
    """
    collector = _RootCollector("")
    for read in (_strict, _recovering):
        try:
            next(read(text, collector), None)
        except _RootMetError as met:
            return met.name
        except MalformedXmlError:
            continue
    return None


def elements(text: str, url: str) -> Iterator[Element]:
    """The elements of the document at ``url`` in the order in which they end.

    Raises:
        XmlProblemError: after the elements before the place that cannot be read.
    """
    yield from _strict(text, _Collector(url))


def recovered_elements(text: str, url: str) -> Iterator[Element]:
    """The elements of a document that is not well-formed.

    A tag that is none is text, and so is a reference to nothing; an end tag ends what lies open in its element; one of
    nothing is passed over.

    Raises:
        XmlProblemError: after the elements before the place that cannot be read; at the end where the root has none.
    """
    yield from _recovering(text, _Collector(url))


def _strict(text: str, collector: "_Collector") -> Iterator[Element]:
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    parser.EntityDeclHandler = collector.refuse_entities
    text = text.lstrip()
    try:
        for at in range(0, len(text), _STEP):
            parser.Parse(text[at : at + _STEP], False)  # noqa: FBT003 - expat takes it by position
            yield from collector.taken()
        parser.Parse("", True)  # noqa: FBT003 - as above
    except expat.ExpatError as error:
        yield from collector.taken()
        raise MalformedXmlError(f"it is not well-formed at line {error.lineno}") from error
    except XmlProblemError:
        yield from collector.taken()
        raise
    yield from collector.taken()


def _recovering(text: str, collector: "_Collector") -> Iterator[Element]:
    at, unended = 0, set[str]()
    while (start := text.find("<", at)) >= 0:
        collector.text(_dereferenced(text[at:start]))
        opening = next((each for each in _SECTIONS if text.startswith(each, start)), None)
        if opening and opening not in unended:
            end = text.find(_SECTIONS[opening], start + len(opening))
            if end >= 0:
                collector.section(opening, text[start + len(opening) : end])
                at = end + len(_SECTIONS[opening])
                continue
            unended.add(opening)
        tag = _TAG.match(text, start)
        if tag:
            collector.tag(tag)
            yield from collector.taken()
        else:
            collector.text("<")
        at = tag.end() if tag else start + 1
    if collector.is_open:
        raise XmlProblemError("it breaks off")


def _dereferenced(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    return html.unescape(reference[0]) if name[0] == "#" else html5.get(f"{name};", reference[0])


class _Collector:
    """Puts elements together from what a parser reports."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: list[_Open] = []
        self._done: list[Element] = []

    @property
    def is_open(self) -> bool:
        """Whether an element has begun that has not ended."""
        return bool(self._open)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise XmlProblemError(f"it nests more than {_MAX_DEPTH} elements in each other")
        own = {_local(key): value for key, value in attributes.items()}
        base = self._open[-1].base if self._open else self._url
        if stated := own.get("xml:base"):
            base = resolve(base, stated) or base
        declared = {
            key.lower().removeprefix("xmlns").removeprefix(":"): value
            for key, value in attributes.items()
            if key.lower().startswith("xmlns")
        }
        outer = self._open[-1].namespaces if self._open else {}
        prefix = name.lower().rpartition(":")[0]
        self._open.append(
            _Open(_local(name), own, base, prefix, {**outer, **declared} if declared else outer)
        )

    def end(self, _name: str) -> None:
        path = tuple(element.name for element in self._open)
        element = self._open.pop()
        text = "".join(element.text)[:_MAX_TEXT].strip()
        namespace = element.namespaces.get(element.prefix, element.prefix)
        self._done.append(
            Element(path, element.attributes, text, element.base, namespace, element.length > _MAX_TEXT)
        )

    def text(self, text: str) -> None:
        element = self._open[-1] if self._open else None
        if element is None:
            return
        if element.length < _MAX_TEXT:
            element.text.append(text[:_MAX_TEXT])
        element.length += len(text)

    def refuse_entities(self, *_declaration: object) -> None:
        raise XmlProblemError("it declares entities, which are not read")

    def taken(self) -> list[Element]:
        """The elements that ended since the last call."""
        done, self._done = self._done, []
        return done

    def section(self, opening: str, inner: str) -> None:
        """Take in a comment, an instruction, a declaration, or text that stands for itself."""
        if opening == _CDATA:
            self.text(inner)
        elif opening == "<!" and "<!entity" in f"<!{inner}".lower():
            self.refuse_entities()

    def tag(self, tag: re.Match[str]) -> None:
        """Take in a tag of a document that is not well-formed."""
        name, inner = _local(tag["name"]), tag["attributes"]
        if tag["closing"]:
            if any(element.name == name for element in self._open):
                while self._open[-1].name != name:
                    self.end("")
                self.end("")
            return
        self._end_before(name)
        attributes = _ATTRIBUTE.findall(inner)
        self.start(
            tag["name"],
            {key: _dereferenced(one or two or bare) for key, one, two, bare in reversed(attributes)},
        )
        if inner.endswith("/"):
            self.end("")

    def _end_before(self, name: str) -> None:
        names = [element.name for element in self._open]
        if name in _ENTRIES and name in names:
            while len(self._open) > names.index(name):
                self.end("")
        elif name in _LEAVES | _ENTRIES:
            while self._open and self._open[-1].name in _LEAVES:
                self.end("")


class _RootMetError(Exception):
    """The first element has begun, and no more is asked for; ``name`` is its local name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _RootCollector(_Collector):
    """Reads no further than the first element begins."""

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        raise _RootMetError(_local(name))


def _local(name: str) -> str:
    lower = name.lower()
    return lower if lower.startswith("xml:") else lower.rpartition(":")[2]
