"""JSON in a page: where it stands, and a walk through it that no shape of it can break."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from scraper.page.blocks import Page
from scraper.page.characters import clean
from scraper.page.flight import read_flight
from scraper.page.json_text import parse_json
from scraper.page.references import children, containers, resolve_references

_MOST_VALUES: Final = 500_000
_JSON_TYPES: Final = frozenset(("__next_data__", "application/json", "application/ld+json"))
# What the lists of APIs are wrapped in, outermost first.
_ENVELOPES: Final = ("pages", "results", "items", "list", "edges", "nodes", "data", "content")
_DEEPEST_ENVELOPE: Final = 4


def page_data(page: Page) -> tuple[object, ...]:
    """The values of all JSON in a page's scripts, ``__NEXT_DATA__`` and Next.js' streamed rows among them.

    References between them are resolved: go through the values by one ``walk``.
    """
    texts = [text for label, text in page.scripts if _is_json(label)]
    streamed: list[object] = [*read_flight(text for label, text in page.scripts if not _is_json(label))]
    return (*_values(texts), *streamed, *resolve_references(streamed)[1:])


def _is_json(label: str) -> bool:
    return label.lower() in _JSON_TYPES or label.lower().endswith("+json")


def _values(texts: Iterable[str]) -> Iterator[object]:
    values = (parse_json(text) for text in texts)
    return (part for value in values if value is not None for part in resolve_references(value))


def data_in_text(values: Sequence[object]) -> tuple[object, ...]:
    """The values of texts in ``values`` that are JSON themselves: what some stores keep their state as.

    Readers write such texts too. Look here only for what ``values`` themselves do not tell.
    """
    held = (child for holder in containers(*values) for child in children(holder))
    texts = (text for text in held if isinstance(text, str) and text.lstrip()[:1] in {"{", "["})
    return tuple(_values(dict.fromkeys(texts)))


def walk(
    *values: object,
) -> Iterator[tuple[dict[str, object], tuple[str, ...], tuple[dict[str, object], ...]]]:
    """Every object in ``values`` at each place where it stands, with the keys that led to it and the objects around it.

    Of each value, objects nearer to its root come first, those equally near in document order. An object that stands
    in several places is gone into at the first alone.
    """
    entered: set[int] = set()
    for value in values:
        queue: deque[tuple[object, tuple[str, ...], tuple[dict[str, object], ...]]] = deque([(value, (), ())])
        while queue and len(entered) < _MOST_VALUES:
            item, keys, around = queue.popleft()
            if isinstance(item, dict):
                yield item, keys, around
            if id(item) in entered:
                continue
            entered.add(id(item))
            if isinstance(item, dict):
                inner = (*around[-15:], item)
                queue += [(child, (*keys[-15:], key), inner) for key, child in item.items() if _opens(child)]
            elif isinstance(item, list):
                queue += [(child, keys, around) for child in item if _opens(child)]


def _opens(value: object) -> bool:
    return isinstance(value, dict | list)


def listed(value: object, depth: int = 0) -> list[dict[str, object]] | None:
    """The objects of a list, bare or as APIs wrap them: in a page of results, in pages, as edges with nodes.

    None where ``value`` is no list.
    """
    if isinstance(value, dict) and depth < _DEEPEST_ENVELOPE:
        key = next((key for key in _ENVELOPES if isinstance(value.get(key), dict | list)), "")
        inner = value.get(key)
        if key == "pages" and isinstance(inner, list):
            return [item for page in inner for item in listed(page, depth + 1) or []]
        return listed(inner, depth + 1)
    if not isinstance(value, list):
        return None
    items = [item for item in value if isinstance(item, dict)]
    return [node if isinstance(node := item.get("node"), dict) else item for item in items]


@lru_cache(maxsize=4096)
def normal_key(key: str) -> str:
    """A key without the spelling that differs between APIs: ``postViewCount`` and ``post_view_count`` are one."""
    return key.replace("_", "").replace("-", "").lower()


class Fields:
    """An object of JSON, read by key without regard to spelling. Absent and null are the same."""

    def __init__(self, value: dict[str, object]) -> None:
        self.value = value
        self._by_key = {normal_key(key): item for key, item in reversed(value.items())}

    def get(self, names: Sequence[str]) -> object:
        """The first of ``names`` that is there and not null."""
        return next((item for name in names if (item := self._by_key.get(name)) is not None), None)

    def has(self, names: Sequence[str]) -> bool:
        """Whether one of ``names`` is there, even as null."""
        return any(name in self._by_key for name in names)

    def text(self, names: Sequence[str]) -> str | None:
        """The first of ``names`` that is text and not blank."""
        values = (self._by_key.get(name) for name in names)
        return next((clean(item) for item in values if isinstance(item, str) and item.strip()), None)

    def id(self, names: Sequence[str]) -> str | None:
        """The first of ``names`` that is a number or text, as text."""
        item = self.get(names)
        return str(item) if isinstance(item, str | int) and not isinstance(item, bool) and str(item) else None

    def flag(self, names: Sequence[str]) -> bool | None:
        """The first of ``names`` that says yes or no, in any of JSON's ways; None where none does."""
        item = self.get(names)
        if isinstance(item, str):
            return {"true": True, "false": False, "y": True, "n": False, "1": True, "0": False}.get(
                item.lower()
            )
        return bool(item) if isinstance(item, bool | int) else None

    def fields(self, names: Sequence[str]) -> "Fields | None":
        """The first of ``names`` that is an object."""
        values = (self._by_key.get(name) for name in names)
        return next((Fields(item) for item in values if isinstance(item, dict)), None)

    def items(self, names: Sequence[str]) -> list[object] | None:
        """The first of ``names`` that is a list."""
        values = (self._by_key.get(name) for name in names)
        return next((item for item in values if isinstance(item, list)), None)

    def objects(self, names: Sequence[str]) -> list[dict[str, object]] | None:
        """The objects of the first of ``names`` that is a list, bare or wrapped."""
        values = (listed(self._by_key.get(name)) for name in names)
        return next((items for items in values if items is not None), None)
