"""What a page says of itself beside what it shows: its head, and its JSON-LD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.page.data import walk

# Under these keys an object speaks of another work than the page's own.
_OTHER_WORKS: Final = frozenset((
    "about", "acceptedanswer", "author", "blogpost", "citation", "comment", "creator", "haspart", "image", "isbasedon",
    "itemlistelement", "logo", "mentions", "publisher", "relatedlink", "review", "reviews", "suggestedanswer", "video",
))  # fmt: skip
_WORKS: Final = ("Article", "Posting", "Report", "Question", "Review", "Recipe", "HowTo", "CreativeWork")


@dataclass(frozen=True, slots=True)
class Head:
    """A page's ``title`` and ``language`` (as BCP 47 writes it), its ``meta`` values by name or property in lower case, and the objects
    of its JSON-LD that tell of the page's own works: ``works`` those of articles and posts, ``types`` all types named. ``every_type`` are
    also those of what its works hold.
    """

    title: str | None = None
    language: str | None = None
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    works: tuple[Mapping[str, object], ...] = ()
    types: frozenset[str] = frozenset()
    every_type: frozenset[str] = frozenset()
    site_names: tuple[str, ...] = ()

    @property
    def is_article(self) -> bool:
        """Whether the page says that it is an article, and no discussion."""
        told = (self.first("og:type") or "").lower() == "article" or any(
            name.endswith("Article") for name in self.types
        )
        return told and not self.types & {"DiscussionForumPosting", "QAPage"}

    def first(self, *names: str) -> str | None:
        """The first value that is not blank of the first of ``names`` that has one."""
        values = (value.strip() for name in names for value in self.meta.get(name, ()))
        return next((value for value in values if value), None)


def read_head(tree: LexborHTMLParser, linked: Sequence[object]) -> Head:
    """The head of a page; ``linked`` are the values of its JSON-LD scripts."""
    title = tree.css_first("title")
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                meta.setdefault(name.strip().lower(), []).append(attributes.get("content") or "")
    works, types, every_type, sites = _linked(linked)
    root = tree.root
    return Head(
        " ".join(title.text().split()) or None if title else None,
        (root.attributes.get("lang") or None if root else None)
        or _first(meta, "content-language", "og:locale"),
        {name: tuple(values) for name, values in meta.items()},
        works,
        types,
        every_type,
        tuple(dict.fromkeys((*meta.get("og:site_name", ()), *meta.get("application-name", ()), *sites))),
    )


def _first(meta: Mapping[str, Sequence[str]], *names: str) -> str | None:
    return next((value for name in names for value in meta.get(name, ()) if value), None)


def _linked(
    linked: Sequence[object],
) -> tuple[tuple[Mapping[str, object], ...], frozenset[str], frozenset[str], list[str]]:
    works: list[tuple[int, Mapping[str, object]]] = []
    types: set[str] = set()
    every_type: set[str] = set()
    sites: list[str] = []
    for item, keys, around in walk(*linked):
        named = types_of(item)
        every_type.update(named)
        if around and "FAQPage" in types_of(around[-1]):
            continue
        if any(key.lower() in _OTHER_WORKS for key in keys):
            if keys[-1].lower() == "publisher" and isinstance(item.get("name"), str):
                sites.append(str(item["name"]))
            continue
        types.update(named)
        if {"WebSite", "Organization", "NewsMediaOrganization"} & set(named) and isinstance(
            item.get("name"), str
        ):
            sites.append(str(item["name"]))
        rank = next(
            (rank for rank, ending in enumerate(_WORKS) if any(name.endswith(ending) for name in named)), None
        )
        if rank is not None:
            works.append((rank, item))
    works.sort(key=lambda each: each[0])
    return tuple(item for _, item in works), frozenset(types), frozenset(every_type), sites


def types_of(item: Mapping[str, object]) -> tuple[str, ...]:
    """The types of a JSON-LD object, without the vocabulary that they are of."""
    stated = item.get("@type", item.get("type"))
    names = stated if isinstance(stated, list) else [stated]
    return tuple(name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str))
