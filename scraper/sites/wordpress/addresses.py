"""WordPress's URLs: what it adds to a post's own, and which lead round in circles or to no post."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from scraper.model.site import Trap
from scraper.model.url import identity, parse_url, strip_tracking

_COMMENT_PAGE: Final = re.compile(r"/comment-page-(\d{1,6})/?\Z")
_TEXT_PAGE: Final = re.compile(r"(?<=/)(\d{1,3})/?\Z")
# Parameters for one and the same page: a reply begun, a page of comments, a comment held back, a like given.
_ASIDES: Final = frozenset(
    {"replytocom", "cpage", "unapproved", "moderation-hash", "like_comment", "_wpnonce", "preview"}
)
TRAPS: Final = (
    Trap("sitemap of people, categories or tags", re.compile(r"/wp-sitemap-(?:taxonomies|users)-")),
    Trap(
        "address of the software itself",
        re.compile(
            r"/wp-(?:json|admin|includes)/|/(?:wp-login|wp-cron|wp-comments-post|xmlrpc)\.php|[?&]rest_route="
        ),
    ),
    Trap("search", re.compile(r"[?&]s=")),
    Trap("button in the form of a link", re.compile(r"[?&](?:share|print|like_comment|_wpnonce|preview)=")),
)


def canonical_url(url: str) -> str:
    """The URL of the post that ``url`` shows a part or another spelling of; any other URL normalised."""
    parsed = parse_url(strip_tracking(url))
    if parsed is None:
        return url
    path = _COMMENT_PAGE.sub("/", parsed.path)
    parameters = parse_qsl(parsed.query, keep_blank_values=True)
    kept = [(name, value) for name, value in parameters if name.lower() not in _ASIDES]
    if path == parsed.path and len(kept) == len(parameters):
        return parsed.href
    return parsed.origin + path + (f"?{urlencode(kept)}" if kept else "")


def comment_page(url: str) -> int | None:
    """The number of the page of comments that ``url`` leads to; None where it names none."""
    parsed = parse_url(url)
    if parsed is None:
        return None
    match = _COMMENT_PAGE.search(parsed.path)
    number = match[1] if match else parsed.parameter("cpage") or ""
    return int(number) if number.isdecimal() and len(number) <= 6 else None


def text_page(url: str, post_url: str) -> int | None:
    """The number of the page of a post's text that ``url`` leads to (``<!--nextpage-->``); None where it leads elsewhere."""
    there, post = parse_url(identity(canonical_url(url))), parse_url(identity(post_url))
    if there is None or post is None or there.origin != post.origin:
        return None
    if there.href == post.href:
        return 1
    number = there.parameter("page") or ""
    if number.isdecimal() and len(number) <= 3:
        rest = [(name, value) for name, value in parse_qsl(there.query) if name != "page"]
        return int(number) if (there.path, rest) == (post.path, parse_qsl(post.query)) else None
    match = _TEXT_PAGE.search(there.path)
    is_below = (
        match is not None and not there.query and there.path[: match.start()] == f"{post.path.rstrip('/')}/"
    )
    return int(match[1]) if match and is_below else None


def without_text_page(url: str, number: int) -> str:
    """The URL of a post whose page of text ``number`` lies at ``url``; ``url`` itself where it does not say so."""
    parsed = parse_url(url)
    if parsed is None or number < 2:
        return url
    match = _TEXT_PAGE.search(parsed.path)
    if match and int(match[1]) == number:
        return parsed.origin + parsed.path[: match.start()] + (f"?{parsed.query}" if parsed.query else "")
    rest = [
        (name, value) for name, value in parse_qsl(parsed.query) if (name, value) != ("page", str(number))
    ]
    return parsed.origin + parsed.path + (f"?{urlencode(rest)}" if rest else "")


def canonical(stated: str | None, captured: str) -> str:
    """The post's URL: the one that the page states, where that lies on the host it was captured from; else that one."""
    own = canonical_url(captured)
    meant = canonical_url(stated or own)
    return meant if host_of(meant).removeprefix("www.") == host_of(own).removeprefix("www.") else own


def host_of(url: str) -> str:
    """The host of a URL, without its port."""
    parsed = parse_url(url)
    return parsed.host if parsed else ""
