"""The address that a saved page gives for itself."""

import re
from typing import Final

from scraper.model.url import parse_url
from scraper.page.document import Document

# Browsers write this when they save a page: <!-- saved from url=(0042)https://… -->
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_START: Final = 65_536
_HOSTED: Final = re.compile(r"\s*https?://[^/\\]", re.IGNORECASE)


def stated_url(document: Document) -> str | None:
    """Where the page says it lives: the browser's note of saving it, its canonical link, or ``og:url``.

    None where nothing there is an absolute http(s) URL, written with its host.
    """
    saved = _SAVED_FROM.search(document.text, 0, _START)
    if saved and _is_whole(saved[1]):
        return saved[1]
    for selector, attribute in (('link[rel~="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = document.head.css_first(selector)
        value = node.attributes.get(attribute) if node else None
        if value and _is_whole(value):
            return value
    return None


def _is_whole(value: str) -> bool:
    """Whether a value is a URL with its host: browsers take `https:///paths/17`, a template without one, as the host `paths`."""
    return _HOSTED.match(value) is not None and parse_url(value) is not None
