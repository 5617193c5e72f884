"""Lists that lead to so many posts: sitemaps, an index of them, a feed, and a page of links."""

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
    return _packed(sitemap_text(count, first))


def sitemap_text(count: int, first: int = 0) -> str:
    """The sitemap itself."""
    rows = (
        f"<url><loc>{post_url(number)}</loc><lastmod>2024-05-{number % 28 + 1:02}</lastmod></url>\n"
        for number in range(first, first + count)
    )
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{"".join(rows)}</urlset>\n'


def index(sitemaps: int, count: int) -> Lists:
    """An index of so many sitemaps of ``count`` posts each, at ``/index.xml``."""
    names = [f"/sitemap-{number}.xml" for number in range(sitemaps)]
    rows = "".join(f"<sitemap><loc>{_SITE}{name}</loc></sitemap>\n" for name in names)
    below = {(HOST, name): sitemap(count, number * count) for number, name in enumerate(names)}
    return {(HOST, "/index.xml"): _packed(f"{_XML}<sitemapindex>\n{rows}</sitemapindex>\n"), **below}


def feed(count: int) -> Answer:
    """A feed (RSS 2.0) of so many posts."""
    rows = (
        f"<item><title>{number}</title><link>{post_url(number)}</link><description>{number}</description></item>\n"
        for number in range(count)
    )
    return _packed(f'{_XML}<rss version="2.0"><channel><title>All</title>\n{"".join(rows)}</channel></rss>\n')


def page(count: int) -> Answer:
    """A page of HTML with links to so many posts."""
    rows = "".join(f'<li><a href="{_POST.format(number)}">{number}</a></li>\n' for number in range(count))
    body = f"<!doctype html><html><head><title>All</title></head><body><ul>\n{rows}</ul></body></html>\n"
    return _packed(body, "text/html; charset=utf-8")


def _packed(text: str, media_type: str = "text/xml") -> Answer:
    headers = (("content-type", media_type), ("content-encoding", "gzip"))
    return Answer(200, headers, gzip.compress(text.encode(), compresslevel=1))
