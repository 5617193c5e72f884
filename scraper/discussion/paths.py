"""CSS paths to the elements of a page, as short as ids on the way allow."""

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.discussion.thread.elements import Elements

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Paths:
    """The paths to the ``elements`` of the page that ``tree`` is of."""

    def __init__(self, tree: LexborHTMLParser, elements: Elements) -> None:
        self._elements = elements
        self._ids = Counter(node.attributes.get("id") for node in tree.css("[id]"))
        # Of each parent that was come by, the place of its elements among those of their tag, and whether there are more.
        self._places: dict[int, dict[int, tuple[int, bool]]] = {}

    def to(self, element: int) -> str:
        """A selector that leads to this element alone (CSS Selectors 4)."""
        steps: list[str] = []
        node: LexborNode | None = self._elements.nodes[element]
        while node is not None and _is_element(node):
            native_id = node.attributes.get("id") or ""
            if _PLAIN.fullmatch(native_id) and self._ids[native_id] == 1:
                steps.append(f"#{native_id}")
                break
            steps.append(self._step(node))
            node = node.parent
        return " > ".join(reversed(steps))

    def _step(self, node: LexborNode) -> str:
        tag = node.tag or ""
        parent = node.parent
        place, has_others = self._places_in(parent)[node.mem_id] if parent is not None else (1, False)
        name = tag if _PLAIN.fullmatch(tag) else re.sub(r"([^A-Za-z0-9_-])", r"\\\1", tag)
        return f"{name}:nth-of-type({place})" if has_others else name

    def _places_in(self, parent: LexborNode) -> dict[int, tuple[int, bool]]:
        places = self._places.get(parent.mem_id)
        if places is None:
            counts: Counter[str] = Counter()
            numbered: list[tuple[int, str, int]] = []
            child = parent.first_child
            while child is not None:
                if _is_element(child):
                    tag = child.tag or ""
                    counts[tag] += 1
                    numbered.append((child.mem_id, tag, counts[tag]))
                child = child.next
            places = {node: (place, counts[tag] > 1) for node, tag, place in numbered}
            self._places[parent.mem_id] = places
        return places


def _is_element(node: LexborNode) -> bool:
    return (node.tag or "")[:1].isalpha()
