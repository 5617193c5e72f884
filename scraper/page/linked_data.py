"""schema.org in a page's JSON-LD and microdata: read as pages write it, and what it says of the post."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.page.data import Fields, walk

# What strict JSON has not (RFC 8259) and scripts hold: comments, the marks that hid scripts from other parsers, and a last comma.
_NOT_JSON: Final = re.compile(
    r"(\"[^\"\\]*+(?>(?:\\.[^\"\\]*+)*)\")"
    r"|/\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)(?:\*/|\Z)|//[^\n]*+|<!--|-->|<!\[CDATA\[|\]\]>|[\ufeff\u2028\u2029]",
    re.DOTALL,
)
_LAST_COMMA: Final = re.compile(r"(\"[^\"\\]*+(?>(?:\\.[^\"\\]*+)*)\")|,\s*+(?=[}\]])", re.DOTALL)
_BETWEEN: Final = " \t\n\r;,"
_ARTICLE: Final = re.compile(r"(?:Article|Posting|Report|Question)\Z")
_NOT_OF_POST: Final = frozenset(
    (
        "WebSite",
        "Organization",
        "NewsMediaOrganization",
        "Corporation",
        "LocalBusiness",
        "Person",
        "Brand",
        "Product",
        "Offer",
        "BreadcrumbList",
        "ItemList",
        "ListItem",
        "SearchAction",
        "ImageObject",
        "VideoObject",
        "AudioObject",
        "MediaObject",
        "Comment",
        "UserComments",
        "Answer",
        "Review",
        "Rating",
        "AggregateRating",
        "WPHeader",
        "WPFooter",
        "SiteNavigationElement",
    )
)
# Under these keys an object speaks of another work than the one around it.
_OTHER_WORKS: Final = frozenset(
    (
        "comment",
        "comments",
        "review",
        "reviews",
        "itemlistelement",
        "haspart",
        "ispartof",
        "citation",
        "mentions",
        "relatedlink",
        "publisher",
        "author",
        "image",
        "video",
        "suggestedanswer",
        "acceptedanswer",
        "blogpost",
        "isbasedon",
        "about",
        "logo",
    )
)
_FREE: Final = ("isaccessibleforfree",)
_FREE_PROPERTY: Final = '[itemprop~="isAccessibleForFree" i], [property$="isAccessibleForFree" i]'
_FALSE: Final = re.compile(r"\s*(?:(?:https?://schema\.org/|schema:)?false|no|n|0)\s*", re.IGNORECASE)


def linked_values(texts: Iterable[str]) -> tuple[object, ...]:
    """The values of JSON-LD scripts, with what strict JSON forbids and pages write all the same."""
    return tuple(value for text in texts for value in _values(text))


def _values(text: str) -> Iterator[object]:
    try:
        yield json.loads(text, strict=False)
    except (ValueError, RecursionError):
        yield from _loose_values(text)


def _loose_values(text: str) -> Iterator[object]:
    bare = _LAST_COMMA.sub(r"\1", _NOT_JSON.sub(r"\1", text)).strip(_BETWEEN)
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(bare):
        try:
            value, at = decoder.raw_decode(bare, at)
        except (ValueError, RecursionError):
            return
        yield value
        at += len(bare[at:]) - len(bare[at:].lstrip(_BETWEEN))


def post_dates(values: Sequence[object]) -> dict[str, str]:
    """``datePublished`` and ``dateModified`` of the object that tells of the post: an article before a page or another work."""
    dated = [
        (rank, item)
        for item, keys, _ in walk(*values)
        if _stated(item, "datePublished") is not None and (rank := _rank(item, keys)) is not None
    ]
    if not dated:
        return {}
    _, item = min(dated, key=lambda each: each[0])
    stated = {key: _stated(item, key) for key in ("datePublished", "dateModified")}
    return {key: value for key, value in stated.items() if value is not None}


def _stated(item: dict[str, object], key: str) -> str | None:
    """The text of a property: under its prefix too, the first of a list, as an object's value (JSON-LD 1.1 section 4.2.1)."""
    value = item.get(key, item.get(f"schema:{key}"))
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("@value") if isinstance(value, dict) else value
    return value if isinstance(value, str) else None


def _rank(item: dict[str, object], keys: tuple[str, ...]) -> int | None:
    """How likely an object is to tell of the post, the least first; None where it tells of something else."""
    stated = item.get("@type", item.get("type"))
    types = [
        name.rpartition("/")[2].rpartition(":")[2]
        for name in (stated if isinstance(stated, list) else [stated])
        if isinstance(name, str)
    ]
    if _NOT_OF_POST.intersection(types) or any(key.lower() in _OTHER_WORKS for key in keys):
        return None
    if any(map(_ARTICLE.search, types)):
        return 0
    return 1 if types else 2


def _is_false(value: object) -> bool:
    """Whether a value says no, one of several too, and as an object (JSON-LD 1.1 sections 4.1.1 and 4.2)."""
    parts = value if isinstance(value, list) else [value]
    plain = [part.get("@value", part.get("@id")) if isinstance(part, dict) else part for part in parts]
    return any(_FALSE.fullmatch(str(part)) for part in plain)


def is_closed(values: Sequence[object], tree: LexborHTMLParser) -> bool:
    """Whether a page says that it, or a part of it, is not free to read (schema.org ``isAccessibleForFree``)."""
    objects = (Fields(item) for item, _, _ in walk(*values))
    if any(_is_false(item.get(_FREE)) for item in objects if item.has(_FREE)):
        return True
    for node in tree.css(_FREE_PROPERTY):
        attributes = node.attributes
        stated = next(
            (value for name in ("content", "href", "value") if (value := attributes.get(name))), None
        )
        if _FALSE.fullmatch(stated or node.text()):
            return True
    return False
