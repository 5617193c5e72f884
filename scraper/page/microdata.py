"""Microdata in a page (HTML section 5, "Microdata"), as JSON-LD would have it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.url import Base

# The attribute that holds a property's value, by element (HTML section 5.2.4); of others it is their text.
_VALUE_IN: Final = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("img", "audio", "embed", "iframe", "source", "track", "video"), "src"),
    **dict.fromkeys(("data", "meter"), "value"),
    "object": "data",
    "time": "datetime",
}
_ADDRESSES: Final = frozenset(("href", "src", "data"))
_BODY: Final = frozenset(("text", "articleBody", "commentText"))
_MOST_ITEMS: Final = 20_000
_MOST_LEVELS: Final = 256


@dataclass(frozen=True, slots=True)
class Microdata:
    """The items of a page that are no other item's property, each as an object of JSON-LD.

    ``nodes`` are the elements of all items, and ``bodies`` those that hold an item's text and show it, by the identity of the item.
    """

    items: tuple[dict[str, object], ...] = ()
    nodes: dict[int, LexborNode] = field(default_factory=dict)
    bodies: dict[int, LexborNode] = field(default_factory=dict)


def read_microdata(tree: LexborHTMLParser, base: Base) -> Microdata:
    """The microdata of a page; addresses are resolved against ``base``. ``itemref`` is not followed."""
    roots: list[dict[str, object]] = []
    items: dict[int, dict[str, object]] = {}
    data = Microdata(nodes={}, bodies={})
    # What both selectors match is given twice, in a row.
    matches = {node.mem_id: node for node in tree.css("[itemscope], [itemprop]")}
    for node in islice(matches.values(), _MOST_ITEMS):
        attributes = node.attributes
        names = (attributes.get("itemprop") or "").split()
        around = _item_around(node, items) if names else None
        if "itemscope" in attributes:
            item = _item(attributes, base)
            items[node.mem_id] = item
            data.nodes[id(item)] = node
            value: object = item
            if around is None:
                roots.append(item)
        elif around is None:
            continue
        else:
            value = _value(node, attributes, base)
            if _BODY.intersection(names) and "content" not in attributes:
                data.bodies.setdefault(id(around), node)
        for name in names:
            if around is not None:
                _add(around, name, value)
    return Microdata(tuple(roots), data.nodes, data.bodies)


def _item_around(node: LexborNode, items: dict[int, dict[str, object]]) -> dict[str, object] | None:
    return next((items[each.mem_id] for each in _ancestors(node) if each.mem_id in items), None)


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(_MOST_LEVELS):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _item(attributes: dict[str, str | None], base: Base) -> dict[str, object]:
    types = (attributes.get("itemtype") or "").split()
    item: dict[str, object] = {"@type": list(types)}
    stated = base.permalink((attributes.get("itemid") or "").strip())
    return {**item, "@id": stated} if attributes.get("itemid") and stated else item


def _value(node: LexborNode, attributes: dict[str, str | None], base: Base) -> str:
    """The value of a property; ``content`` counts on every element, as RDFa has it and pages write it."""
    if (stated := attributes.get("content")) is not None:
        return stated.strip()
    name = _VALUE_IN.get(node.tag or "")
    value = attributes.get(name) if name else None
    if value is None:
        return node.text().strip()
    return (base.permalink(value.strip()) or value) if name in _ADDRESSES else value.strip()


def _add(item: dict[str, object], name: str, value: object) -> None:
    """One more value of a property, which is a list from the second on."""
    held = item.get(name)
    if held is None:
        item[name] = value
    elif isinstance(held, list):
        held.append(value)
    else:
        item[name] = [held, value]
