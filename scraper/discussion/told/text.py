"""Texts as data has them, plain, with character references or as HTML, and what they say."""

import re
from html import unescape
from typing import Final

from scraper.page.blocks import to_markdown
from scraper.page.bounds import HostilePageError
from scraper.page.characters import clean
from scraper.page.tree import read_html

# HTML that means to be HTML: an element that ends, or one that has no end.
_ELEMENT: Final = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|ul|ol|li|pre|code|blockquote|h[1-6]|table|aside|section)\s*>|<(?:br|hr|img)\b[^<>]*>",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_MOST: Final = 1_000_000


def plain_text(text: str) -> str | None:
    """What a text says: HTML as Markdown, character references as what they stand for; None where it says nothing."""
    text = text[:_MOST]
    if _ELEMENT.search(text):
        return html_text(text) or None
    return clean(unescape(text) if _REFERENCE.search(text) else text).strip() or None


def html_text(html: str) -> str | None:
    """The words of HTML as Markdown; None where it has none, or is too costly to parse."""
    try:
        return to_markdown(read_html(html).blocks).strip("\n") or None
    except HostilePageError:
        return None
