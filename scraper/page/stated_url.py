"""The address that a page gives for itself."""

import re
from typing import Final

from scraper.model.url import parse_url
from scraper.page.document import Document

_HOSTED: Final = re.compile(r"\s*https?://[^/\\]", re.IGNORECASE)


def stated_url(document: Document) -> str | None:
    """Where the page says it lives: its canonical link, or ``og:url``.

    None where nothing there is an absolute http(s) URL, written with its host.
    """
    for selector, attribute in (('link[rel~="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = document.head.css_first(selector)
        value = node.attributes.get(attribute) if node else None
        if value and is_whole(value):
            return value
    return None


def is_whole(value: str) -> bool:
    """Whether a value is a URL with its host: browsers take `https:///paths/17`, a template without one, as the host `paths`."""
    return _HOSTED.match(value) is not None and parse_url(value) is not None
