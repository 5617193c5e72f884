"""The board, category or section that a post stands in, as its page names it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scraper.discussion.body.head import Head, types_of
from scraper.discussion.thread_match import letters
from scraper.model.url import Base, host_of, parse_url
from scraper.page.data import walk
from scraper.page.document import Document

_CRUMBS: Final = (
    '[class*="breadcrumb" i], [aria-label*="breadcrumb" i], [class*="crumbs" i], [itemtype$="BreadcrumbList"]'
)
# What stands beside the steps, and is none.
_NO_STEP: Final = re.compile(
    r"search|log-?in|sign-?up|register|next|prev|unread|bottom|last-?post|[?&/]page[-=/]", re.IGNORECASE
)
_LONGEST: Final = 80
# So many letters of a title are not those of a board by chance.
_TELLING: Final = 16


def find_section(document: Document, head: Head, title: str | None) -> str | None:
    """What the page calls its section, else the last step of the way to it that is neither the front page nor the post."""
    stated = [head.first("article:section")]
    stated += [value for work in head.works for value in _texts(work.get("articleSection"))]
    named = next((text for text in stated if text and len(text) <= _LONGEST), None)
    return named or next(filter(None, (_last_step(steps, title) for steps in _ways(document))), None)


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str) and each.strip():
            yield " ".join(each.split())


def _ways(document: Document) -> Iterator[Sequence[tuple[str, str]]]:
    """The steps to the page, each with its words and its path, as it shows them and as its data tells them."""
    shown = document.tree.css_first(_CRUMBS)
    if shown is not None:
        links = [(link, link.attributes.get("href") or "") for link in shown.css("a[href]")]
        yield [
            (words, path)
            for link, href in links
            if (words := " ".join(link.text().split()))
            and href[:1] not in {"", "#"}
            and (path := _path(document.base, href))
            and not _NO_STEP.search(path)
        ]
    for item, _, _ in walk(*document.linked_data):
        if "BreadcrumbList" in types_of(item):
            yield list(_told(item, document.base))


def _told(crumbs: Mapping[str, object], base: Base) -> Iterator[tuple[str, str]]:
    steps = crumbs.get("itemListElement")
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, Mapping):
            continue
        item = step.get("item")
        thing = item if isinstance(item, Mapping) else {"@id": item}
        name, address = step.get("name") or thing.get("name"), thing.get("@id") or thing.get("url")
        if isinstance(name, str) and isinstance(address, str) and (path := _path(base, address)):
            yield " ".join(name.split()), path


def _path(base: Base, reference: str) -> str | None:
    """The path on the page's own host; None of what lies elsewhere."""
    url = parse_url(base.resolve(reference) or "")
    if url is None or url.host != host_of(base.url):
        return None
    return url.path + (f"?{url.query}" if url.query else "")


def _last_step(steps: Sequence[tuple[str, str]], title: str | None) -> str | None:
    """The last step that is not the post's own; a way of one step may be the site itself."""
    own = letters(title)
    between = [
        words
        for words, path in steps
        if path != "/"
        and len(words) <= _LONGEST
        and (step := letters(words)) != own
        and not (len(step) >= _TELLING and step in own)
    ]
    return between[-1] if between and len(steps) > 1 else None
