"""A page's elements and texts in document order, as columns: what lies in an element is a range of the columns behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.page.bounds import MAX_DEPTH

_UNSEEN: Final = frozenset(
    (
        *("script", "style", "template", "head", "svg", "math", "iframe", "object", "embed", "video", "audio", "canvas"),
        *("select", "textarea", "datalist", "input", "area", "map", "title", "link", "base", "param", "source", "track"),
        *("colgroup", "progress", "meter", "button", "option"),
    )
)  # fmt: skip
_HIDING: Final = frozenset(("hidden", "style"))
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# What React streams into a page for its own script to put in place (the boundaries of its Suspense).
_STREAMED: Final = re.compile(r"S:[0-9a-f]+")
# A page with fewer letters than these hides its words until its scripts have run.
_FEWEST_LETTERS: Final = 200
_NUMBER: Final = re.compile(r"\d+")
_PROPERTIES: Final = frozenset(("itemprop", "itemtype", "typeof", "role"))
# The attributes that most elements have, which tell no kind.
_COMMON: Final = frozenset(
    ("class", "id", "href", "src", "alt", "style", "title", "rel", "width", "height", "target")
)
_MOST_CLASSES: Final = 12


@dataclass(slots=True)
class Elements:
    """The visible elements of a page and its texts, each in document order.

    Element ``i`` holds the elements ``i + 1`` to ``ends[i]`` (exclusive), and the texts ``first_text[i]`` to
    ``last_text[i]`` (exclusive). ``links`` is the innermost ``a`` element
    around an element, or -1; ``labels`` are what elements are called in a path: the tag with the first class. ``sources`` are the texts as they stand in the page, ``verbatim`` where line breaks of theirs show;
    ``is_compact`` tells a page without line breaks between its tags, as programs write it: those in its texts show too.
    """

    nodes: list[LexborNode] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    attributes: list[dict[str, str | None]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    verbatim: list[bool] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    first_text: list[int] = field(default_factory=list)
    last_text: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    text_parent: list[int] = field(default_factory=list)
    is_compact: bool = True
    _keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _by_node: dict[int, int] = field(default_factory=dict)

    @property
    def by_node(self) -> Mapping[int, int]:
        """The elements by the identity of their nodes."""
        if not self._by_node:
            self._by_node.update((node.mem_id, element) for element, node in enumerate(self.nodes))
        return self._by_node

    def text_of(self, element: int) -> str:
        """The texts in an element, on one line."""
        first, last = self.first_text[element], self.last_text[element]
        return self.texts[first] if last == first + 1 else " ".join(self.texts[first:last])

    def contains(self, outer: int, inner: int) -> bool:
        """Whether ``inner`` is ``outer`` or lies in it."""
        return outer <= inner < self.ends[outer]

    def children(self, element: int) -> list[int]:
        """The elements right in an element."""
        children, child = [], element + 1
        while child < self.ends[element]:
            children.append(child)
            child = self.ends[child]
        return children

    def ancestors(self, element: int, levels: int = MAX_DEPTH) -> list[int]:
        """The element, the one around it, and so on to the page or so many levels up."""
        chain: list[int] = []
        while element >= 0 and len(chain) <= levels:
            chain.append(element)
            element = self.parents[element]
        return chain

    def path(self, outer: int, inner: int) -> str:
        """The labels of the elements from below ``outer`` to ``inner``, which lies in it; empty where they are the same."""
        labels = []
        while inner not in (outer, -1):
            labels.append(self.labels[inner])
            inner = self.parents[inner]
        return ">".join(reversed(labels))

    def keys(self, element: int) -> tuple[str, ...]:
        """The names by which the element is one of its kind.

        The tag with each class, the form of the id, each data attribute; and the tag in what it stands in. Numbers in names
        tell one from the other of a kind, and count as 0.
        """
        keys = self._keys.get(element)
        if keys is None:
            tag, attributes, parent = self.tags[element], self.attributes[element], self.parents[element]
            around = self.labels[parent] if parent >= 0 else ""
            telling = _telling(tuple(attributes)) if attributes else ()
            keys = _keys(tag, attributes.get("class"), attributes.get("id"), around, telling)
            self._keys[element] = keys
        return keys


@lru_cache(maxsize=4096)
def _label(tag: str, classes: str | None) -> str:
    first = classes.split(None, 1)[0] if classes and not classes.isspace() else ""
    return f"{tag}.{_NUMBER.sub('0', first)}" if first else tag


@lru_cache(maxsize=4096)
def _telling(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """The attributes that tell a kind."""
    others = (key for key in attributes if key not in _COMMON)
    return tuple(key for key in others if key.startswith("data-") or key in _PROPERTIES)[:_MOST_CLASSES]


@lru_cache(maxsize=4096)
def _keys(
    tag: str, classes: str | None, native_id: str | None, around: str, telling: tuple[str, ...]
) -> tuple[str, ...]:
    names = [
        f"{tag}.{_NUMBER.sub('0', name)}"
        for name in (classes or "").split(None, _MOST_CLASSES)[:_MOST_CLASSES]
    ]
    if native_id and _NUMBER.search(native_id):
        names.append(f"{tag}#{_NUMBER.sub('0', native_id)}")
    return (*(f"{tag}@{key}" for key in telling), *names, f"{tag}<{around}" if around else tag)


def read_elements(body: LexborNode) -> Elements:
    """The visible elements of ``body``, itself first; all of them where next to nothing is visible until scripts run."""
    page = _read(body, with_hidden=False)
    return page if sum(map(len, page.texts)) >= _FEWEST_LETTERS else _read(body, with_hidden=True)


def _read(body: LexborNode, *, with_hidden: bool) -> Elements:
    page = Elements()
    tags, attributes_of, nodes, parents = page.tags, page.attributes, page.nodes, page.parents
    depths, links, verbatim, first_text = page.depths, page.links, page.verbatim, page.first_text
    labels = page.labels
    texts, sources, text_parent = page.texts, page.sources, page.text_parent
    shown: set[str] = set()
    stack: list[tuple[LexborNode, int]] = []
    is_apart, is_compact = False, True
    node: LexborNode | None = body
    parent = -1
    while node is not None or stack:
        if node is None:
            node, parent = stack.pop()
        current, following = node, node.next if parent >= 0 else None
        node, tag = following, current.tag or ""
        if tag == "-text":
            text = current.text_content or ""
            if text.isspace() and not verbatim[parent]:
                is_apart = True
                is_compact = is_compact and "\n" not in text
            elif text:
                texts.append(" ".join(text.split()))
                sources.append(f" {text}" if is_apart and not verbatim[parent] else text)
                text_parent.append(parent)
                is_apart = False
            continue
        if tag not in shown and (tag in _UNSEEN or not tag[:1].isalpha()):
            continue
        shown.add(tag)
        attributes = current.attributes
        if attributes and not (_HIDING.isdisjoint(attributes) or with_hidden) and _is_hidden(attributes):
            continue
        element = len(tags)
        depth = depths[parent] + 1 if parent >= 0 else 0
        tags.append(tag)
        attributes_of.append(attributes)
        labels.append(_label(tag, attributes.get("class")))
        nodes.append(current)
        parents.append(parent)
        depths.append(depth)
        links.append(element if tag == "a" else links[parent] if parent >= 0 else -1)
        verbatim.append(tag == "pre" or (parent >= 0 and verbatim[parent]))
        first_text.append(len(texts))
        child = current.first_child
        if child is not None:
            if node is not None:
                stack.append((node, parent))
            # What is nested deeper than any page is laid flat: it is read, and costs no more than its length.
            node, parent = child, element if depth < MAX_DEPTH else parent
    page.is_compact = is_compact
    _close(page)
    return page


def _close(page: Elements) -> None:
    """Fill in where elements end: those after which no further element or text of theirs comes."""
    count = len(page.nodes)
    ends = list(range(1, count + 1))
    last = list(page.first_text)
    parents = page.parents
    for text, parent in enumerate(page.text_parent):
        last[parent] = text + 1
    for element in range(count - 1, 0, -1):
        parent = parents[element]
        ends[parent] = max(ends[parent], ends[element])
        last[parent] = max(last[parent], last[element])
    page.ends, page.last_text = ends, last


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return _STREAMED.fullmatch(attributes.get("id") or "") is None
    style = attributes.get("style")
    return bool(style) and _HIDDEN.search(style or "") is not None
