"""The address that a saved page gives for itself."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.model.url import parse_url

# Browsers write this when they save a page: <!-- saved from url=(0042)https://… -->
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_HEAD_LENGTH: Final = 65_536


def stated_url(html: str) -> str | None:
    """Where the page says it lives: the browser's note of saving it, its canonical link, or ``og:url``.

    Only the first 64 Ki characters are read. None where nothing there is an absolute http(s) URL.
    """
    start = html[:_HEAD_LENGTH]
    saved = _SAVED_FROM.search(start)
    if saved and parse_url(saved[1]):
        return saved[1]
    tree = LexborHTMLParser(start)
    for selector, attribute in (('link[rel~="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = tree.css_first(selector)
        value = node.attributes.get(attribute) if node else None
        if value and parse_url(value):
            return value
    return None
