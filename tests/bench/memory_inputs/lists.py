"""Sitemaps that lead to so many posts."""

import gzip
from collections.abc import Mapping
from typing import Final

from tests.replica import wordpress
from tests.replica.routes import Answer

HOST: Final = wordpress.HOST
_SITE: Final = f"https://{HOST}"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
# As long as the addresses of posts are that have their title in them.
_POST: Final = "/2024/05/what-we-saw-on-our-walk-along-the-river-and-through-the-old-market-number-{}/"

Lists = Mapping[tuple[str, str], Answer]


def post_url(number: int) -> str:
    """The address of a post."""
    return _SITE + _POST.format(number)


def sitemap(count: int, first: int = 0) -> Answer:
    """A packed sitemap of so many posts, each with a date."""
    headers = (("content-type", "text/xml"), ("content-encoding", "gzip"))
    return Answer(200, headers, gzip.compress(sitemap_text(count, first).encode(), compresslevel=1))


def sitemap_text(count: int, first: int = 0) -> str:
    """The sitemap itself."""
    rows = (
        f"<url><loc>{post_url(number)}</loc><lastmod>2024-05-{number % 28 + 1:02}</lastmod></url>\n"
        for number in range(first, first + count)
    )
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{"".join(rows)}</urlset>\n'
