"""The folder of its host in which a WordPress stands, told from one of its pages by several signs.

Some sites take out the link to their API, some keep their pictures elsewhere: no sign is on every page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scraper.model.capture import Capture
from scraper.model.url import Base, Url, parse_url

_API: Final = re.compile(r"(?P<folder>/(?:.*/)?)(?:index\.php(?:/.*)?|wp-json(?:/.*)?)?", re.DOTALL)
_ASSET: Final = re.compile(r"(?P<folder>/(?:[^?#]*?/)?)wp-(?:content|includes)/")
_FEED: Final = re.compile(r"(?P<folder>/(?:.*/)?)feed/?\Z")
_SCRIPT: Final = re.compile(r"(?P<folder>/(?:.*/)?)(?:xmlrpc\.php|wp-includes/wlwmanifest\.xml)\Z")
_LINK_HEADER: Final = re.compile(r"<([^<>]*)>\s*;[^,<]*\brel=[\"']?https://api\.w\.org/")
_ASSETS: Final = 'link[href*="/wp-"], script[src*="/wp-"], img[src*="/wp-"]'
# The reader before this one told the folder by the link to the API alone, and took the script in it for a part of the folder.
_FORMER: Final = re.compile(r"(.*?)/?(?:wp-json\b.*|index\.php/.*|\?rest_route=.*)?\Z", re.DOTALL)


def folder_of(capture: Capture, tree: LexborHTMLParser, base: Base, canonical: str) -> str:
    """The folder with its slash, empty at the root of the host; ``canonical`` is the URL of the page."""
    page = parse_url(canonical)
    if page is None:
        return ""
    stated = next(_of_links(_api_links(capture, tree), base, page.host), None)
    if stated is not None:
        return stated.removeprefix("/")
    signs = (_of_number(tree, base, page), _of_assets(tree, base, page), *_of_heads(tree, base, page))
    return next((sign for sign in signs if sign is not None), "/").removeprefix("/")


def former_folder(tree: LexborHTMLParser, base: Base) -> str:
    """The folder as the reader before this one told it."""
    node = tree.css_first('link[rel~="https://api.w.org/"][href]')
    parsed = parse_url(base.resolve(node.attributes.get("href") or "") or "") if node is not None else None
    path = _FORMER.sub(r"\1", parsed.path).strip("/") if parsed else ""
    return f"{path}/" if path else ""


def _api_links(capture: Capture, tree: LexborHTMLParser) -> Iterator[str]:
    """Where the page says that its API is, or answers of it are."""
    selector = 'link[rel~="https://api.w.org/"][href], link[type="application/json"][href], link[type="application/json+oembed"][href]'
    yield from (node.attributes.get("href") or "" for node in tree.css(selector))
    yield from _LINK_HEADER.findall(capture.header("link") or "")


def _of_links(links: Iterator[str], base: Base, host: str) -> Iterator[str]:
    for link in links:
        url = parse_url(base.resolve(link) or "")
        if url is None or not _is_same(url.host, host):
            continue
        is_route = url.parameter("rest_route") is not None
        match = _API.fullmatch(url.path) if is_route or "/wp-json" in url.path else None
        if match and ":/" not in match["folder"]:
            yield re.sub(r"(?:index\.php|wp-json)/.*\Z", "", match["folder"], flags=re.DOTALL)


def _of_number(tree: LexborHTMLParser, base: Base, page: Url) -> str | None:
    """The folder of a link or of a page's own URL that names the post by its number alone (``?p=4``)."""
    node = tree.css_first('link[rel~="shortlink"][href]')
    short = parse_url(base.resolve(node.attributes.get("href") or "") or "") if node is not None else None
    for url in (short, page):
        if url and _is_same(url.host, page.host) and (url.parameter("p") or url.parameter("page_id")):
            return url.path[: url.path.rindex("/") + 1].removesuffix("index.php/")
    return None


def _of_assets(tree: LexborHTMLParser, base: Base, page: Url) -> str | None:
    """The folder that most style sheets, scripts and pictures of the host lie in, where the page lies in it too."""
    references = (
        node.attributes.get("href") or node.attributes.get("src") or "" for node in tree.css(_ASSETS)
    )
    folders = Counter(
        folder for reference in references if (folder := _folder(_ASSET, reference, base, page))
    )
    return next((folder for folder, _ in folders.most_common(1)), None)


def _of_heads(tree: LexborHTMLParser, base: Base, page: Url) -> Iterator[str | None]:
    """The folders of the site's feed, and of the scripts by which other programs reach it."""
    for form, selector in (
        (_FEED, 'link[type="application/rss+xml"][href], link[type="application/atom+xml"][href]'),
        (_SCRIPT, 'link[rel~="pingback"][href], link[rel="EditURI"][href], link[rel="wlwmanifest"][href]'),
    ):
        references = (node.attributes.get("href") or "" for node in tree.css(selector))
        folders = [folder for reference in references if (folder := _folder(form, reference, base, page))]
        yield min(folders, key=len, default=None)


def _folder(form: re.Pattern[str], reference: str, base: Base, page: Url) -> str | None:
    url = parse_url(base.resolve(reference) or "")
    if url is None or not _is_same(url.host, page.host):
        return None
    match = form.match(url.path)
    # An archive's copy of a page has whole addresses in its paths.
    is_around = match is not None and page.path.startswith(match["folder"]) and ":/" not in match["folder"]
    return match["folder"] if match and is_around else None


def _is_same(host: str, other: str) -> bool:
    return host.removeprefix("www.") == other.removeprefix("www.")
