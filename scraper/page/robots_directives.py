"""X-Robots-Tag and robots meta: which directives in a value are meant for us."""

import re
from typing import Final

from scraper.model.product import PRODUCT_TOKEN

# Directives that are themselves written with a colon; whatever else stands before one names a crawler.
# https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
_WITH_VALUE: Final = frozenset(
    {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after", "indexifembedded"}
)
_NAMED: Final = re.compile(r"([A-Za-z0-9_*./-]+)\s*:\s*(.*)", re.DOTALL)
_OURS: Final = frozenset({PRODUCT_TOKEN, "*", "robots"})


def directives_for_us(value: str) -> frozenset[str]:
    """The directives of an X-Robots-Tag value that bind us, in lower case and without their own values.

    A crawler's name binds what follows it up to the next name; what stands before any name binds everyone.
    """
    names: set[str] = set()
    is_ours = True
    for part in value.split(","):
        directive = part.strip()
        named = _NAMED.fullmatch(directive)
        if named and named[1].lower() not in _WITH_VALUE:
            is_ours = named[1].lower() in _OURS
            directive = named[2]
        name = directive.partition(":")[0].strip().lower()
        if is_ours and name:
            names.add(name)
    return frozenset(names)
