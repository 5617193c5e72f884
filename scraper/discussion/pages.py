"""The pages that a thread or a list is spread over, by how their addresses differ from one another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from scraper.discussion.body.blocks import HEADINGS
from scraper.discussion.thread.elements import Elements
from scraper.discussion.words import MORE, ONWARD
from scraper.model.url import Base, Url, identity, parse_url, strip_session

# How an address says which page it is, or at which post it begins: a parameter, or a last part of the path.
_PARAMETER: Final = re.compile(
    r"(?P<lead>[?&;])(?:page|pageno|pagenum|paged|pg|p|cpage|comment_page|currentpage|start|offset|st|skip|pn|seite|pagina)=(?P<number>\d{1,7})(?=[&;#]|\Z)",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(r"(?<=[?&;])(?P<lead>topic=\d+)\.(?P<number>\d{1,7})(?=[&;#]|\Z)")
_PATH: Final = re.compile(
    r"(?P<lead>)[/_-](?:page|comment-page|comments-page|seite|pagina|p)[/_-]?(?P<number>\d{1,7})(?P<tail>(?:\.s?html?|\.php)?/?)(?=[?#]|\Z)",
    re.IGNORECASE,
)
# How an address says behind which post, or before which, what it shows begins.
_CURSOR: Final = re.compile(
    r"page|p|pg|start|offset|skip|from|before|after|since|until|older|cursor|max_?id|since_?id|last_?id|last|next|before_?id|after_?id|continue|marker|token_next|more",
    re.IGNORECASE,
)
_LONGEST_WORDS: Final = 40
_DIGITS: Final = re.compile(r"\d{1,6}")
# The address of one post of a thread, by which a page may show that post alone, or the thread around it.
_ONE_POST: Final = re.compile(
    r"[?&](?:p|pid|post|postid|comment|comment_?id|commentid|cid|msg|message|reply|answer|find_?post)=\d+(?:&|\Z)"
    r"|/(?:c|comments?|permalink|posts?|p|repl(?:y|ies)|answers?|a|messages?|msg)/[\w-]+/?\Z",
    re.IGNORECASE,
)
_VERSIONS: Final = frozenset(("www", "m", "mobile", "touch", "wap", "amp"))
_MOST_PAGES: Final = 10_000
_MOST_LINKS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one page stands among those of its thread.

    ``url`` is the address of the first, ``number`` that of this one as its address counts (0 for the first), ``others`` are the
    addresses of those it leads to, by number. ``onward`` is where a page that counts none leads on from where it ends.
    """

    url: str
    number: int
    others: tuple[tuple[int, str], ...]
    onward: str | None = None


def read_pages(page: Elements, url: str, base: Base, canonical: str | None) -> Pages:
    """The pages that the one at ``url`` leads to. An address that looks like a page's is one where links show it to be."""
    plain, number = without_page(url)
    others: dict[int, str] = {}
    for link in _links(page, base):
        other, at = without_page(link)
        is_own = identity(other) == identity(plain)
        if is_own and at is not None and at != (number or 0) and 0 < at <= _MOST_PAGES * 100:
            others.setdefault(at, link)
        elif is_own and at is None and number:
            others.setdefault(0, link)
    if number is not None and not others:
        plain, number = url, None
    if number is None and (begun := _without_cursor(plain)) and _is_linked(page, base, begun[0], canonical):
        plain, number = begun
    first = first_page(plain, canonical)
    onward = None if others else _onward(page, url, base)
    return Pages(first, number or 0, tuple(sorted(others.items())[:_MOST_PAGES]), onward)


def _onward(page: Elements, url: str, base: Base) -> str | None:
    """The plain link to what follows what a page shows: what it says, and an address that is the page's own but for where it begins."""
    here = parse_url(without_page(url)[0])
    for element, tag in enumerate(page.tags):
        if tag != "a" or here is None or page.last_text[element] - page.first_text[element] > 3:
            continue
        attributes = page.attributes[element]
        words = page.text_of(element)
        if len(words) > _LONGEST_WORDS or not MORE.fullmatch(words):
            continue
        if "nofollow" in (attributes.get("rel") or "").lower().split():
            continue
        target = parse_url(strip_session(base.resolve(attributes.get("href") or "") or ""))
        if target is not None and target.host == here.host and _goes_on(here, target):
            return target.href
    return None


def _without_cursor(url: str) -> tuple[str, int] | None:
    """An address without what says where the page begins, and a number for that."""
    path, _, query = url.partition("?")
    parts = query.split("&")
    kept = [part for part in parts if not _CURSOR.fullmatch(part.partition("=")[0])]
    if not query or len(kept) == len(parts):
        return None
    digits = _DIGITS.search("".join(part for part in parts if part not in kept))
    return path + ("?" + "&".join(kept) if kept else ""), max(int(digits[0]), 1) if digits else 1


def _is_linked(page: Elements, base: Base, url: str, canonical: str | None) -> bool:
    """Whether a page leads to an address, or calls it its own."""
    wanted = identity(url)
    references = (
        attributes.get("href")
        for tag, attributes in zip(page.tags, page.attributes, strict=True)
        if tag == "a"
    )
    urls = (base.resolve(reference) for reference in references if reference)
    return identity(canonical or "") == wanted or any(identity(each or "") == wanted for each in urls)


def _goes_on(here: Url, target: Url) -> bool:
    """Whether one address is the other but for where it begins: all that its query says besides is said by both."""
    own, others = dict(parse_qsl(here.query)), dict(parse_qsl(target.query))
    begins = {name for name in others if _CURSOR.fullmatch(name)}
    if target.path != here.path and not (begins and target.path.startswith(here.path.rstrip("/") + "/")):
        return False
    same = {name: value for name, value in own.items() if not _CURSOR.fullmatch(name)}
    return same == {name: value for name, value in others.items() if name not in begins} and any(
        own.get(name) != others[name] for name in begins
    )


def first_page(plain: str, canonical: str | None) -> str:
    """The address of the first page: what the page itself calls canonical where that is on the same host and no other page."""
    own, stated = parse_url(plain), parse_url(canonical or "")
    if own is None or stated is None or _host(own.host) != _host(stated.host):
        return plain
    if stated.path in {"", "/"} and own.path not in {"", "/"}:
        return plain
    stripped, number = without_page(stated.href)
    first, page = parse_url(stripped), (stated.path, stated.query)
    is_page = number is not None and first is not None and (first.path, first.query) == (own.path, own.query)
    # A page that calls the first of its thread canonical, and one that calls itself so, are told apart by their numbers.
    return stripped if is_page and page != (own.path, own.query) else stated.href.partition("#")[0]


def _host(host: str) -> str:
    """A host without the labels of its version for phones, and without ``www``."""
    *labels, domain, top = ("", *host.split("."))[-6:]
    return ".".join((*(label for label in labels if label and label not in _VERSIONS), domain, top))


def is_one_post(url: str) -> bool:
    """Whether an address looks like that of one post of a thread."""
    return _ONE_POST.search(url) is not None


def titled_link(page: Elements, base: Base, title: str | None) -> str | None:
    """Where the heading that is the title of a page leads: on the page of one post to its thread."""
    hrefs = (
        page.attributes[element].get("href") or ""
        for element, tag in enumerate(page.tags)
        if tag == "a" and title and page.text_of(element) == title and _is_headed(page, element)
    )
    return next((without_page(url)[0] for href in hrefs if (url := base.resolve(href))), None)


def _is_headed(page: Elements, element: int) -> bool:
    return any(page.tags[each] in HEADINGS for each in page.ancestors(element, 2))


def without_page(url: str) -> tuple[str, int | None]:
    """An address without what says which page it is, and without a session; and the number there, None where it says nothing."""
    plain = strip_session(url.partition("#")[0])
    for form in (_PARAMETER, _TOPIC, _PATH):
        match = form.search(plain)
        if match is None:
            continue
        rest = plain[match.end() :]
        lead = match["lead"]
        if form is _TOPIC:
            return f"{plain[: match.start()]}{lead}.0{rest}", int(match["number"])
        if form is _PATH:
            return f"{plain[: match.start()]}{match['tail']}{rest}", int(match["number"])
        joined = lead + rest[1:] if rest[:1] in {"&", ";"} else rest
        return plain[: match.start()] + joined, int(match["number"])
    return plain, None


def _links(page: Elements, base: Base) -> Iterator[str]:
    """The links of a page that may lead to its other pages: those that say a number, or where to go on."""
    return (strip_session(url) for reference in _references(page) if (url := base.resolve(reference)))


def _references(page: Elements) -> Iterable[str]:
    references: dict[str, None] = {}
    for element, tag in enumerate(page.tags):
        if tag != "a" or len(references) > _MOST_LINKS:
            continue
        attributes = page.attributes[element]
        href = attributes.get("href")
        rel = (attributes.get("rel") or "").lower().split()
        if not href or "nofollow" in rel:
            continue
        words = page.text_of(element)
        is_next = "next" in rel
        if is_next or (len(words) <= 12 and (_DIGITS.search(words) or ONWARD.search(words))):
            references[href] = None
    return references
