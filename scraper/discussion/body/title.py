"""The title of a post: the heading that it stands under, as the page's head confirms it."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from scraper.discussion.body.blocks import HEADINGS
from scraper.discussion.body.find import Body
from scraper.discussion.body.head import Head
from scraper.discussion.thread.elements import Elements

_SEPARATOR: Final = re.compile(r"\s+[|\-–—:·•»«/~>]+\s+|\s*[|»«]+\s*|:\s+")
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_TITLES: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "headline", "title")
_MARKS: Final = " |-–—:·•»«/~>"
# The sign by which a heading links to itself.
_ANCHOR: Final = " ¶#"
_SURE: Final = 0.5
_SHORTEST: Final = 4
_LONGEST: Final = 300


def find_title(page: Elements, head: Head, body: Body | None = None, host: str = "") -> str | None:
    """The post's title.

    A heading that the head repeats, alone or with the site's name, is it; where none is, the head's own title without the
    site's name, and where it says none, the heading over the text.
    """
    told = list(_told(head))
    site = _site_forms(head, host)
    forms = [_form(title) for title in told]
    opening = {_form(_SEPARATOR.split(title)[0]) for title in told} - site
    shown = [text for text in _headings(page) if not _names_site(text, site)]
    confirmed = [
        text
        for text in shown
        if _form(text) in opening or any(_confirms(form, _form(text)) for form in forms)
    ]
    if confirmed:
        return max(confirmed, key=lambda text: (_form(text) in forms, len(text))).strip(_ANCHOR)
    over = page.text_of(body.title).strip(_ANCHOR) if body and body.title >= 0 else None
    bare = _without_site(told[0], site) if told else None
    if over and body and body.confidence >= _SURE and _form(over) in map(_form, shown):
        return bare if bare and _form(bare) in _form(over) else over
    return bare or over or next(iter(shown), None)


def _told(head: Head) -> Iterator[str]:
    for work in head.works:
        for key in ("headline", "name"):
            if isinstance(value := work.get(key), str) and value.strip():
                yield " ".join(value.split())
    for name in _TITLES:
        if value := head.first(name):
            yield " ".join(value.split())
    if head.title:
        yield head.title


def _headings(page: Elements) -> list[str]:
    """The texts of headings of the first level; where there is none, of those of the second."""
    for level in ("h1", "h2"):
        texts = (page.text_of(element) for element, tag in enumerate(page.tags) if tag == level)
        if shown := [text for text in texts if text and len(text) <= _LONGEST]:
            return shown
    return [page.text_of(element) for element, tag in enumerate(page.tags) if tag in HEADINGS][:1]


def _form(text: str) -> str:
    return _NOT_A_LETTER.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def _confirms(told: str, shown: str) -> bool:
    return len(shown) >= _SHORTEST and (f" {shown} " in f" {told} ") and 2 * len(shown) >= len(told) * 0.7


def _site_forms(head: Head, host: str) -> frozenset[str]:
    """What the site calls itself, as titles are compared."""
    names = {_form(name) for name in head.site_names} | {
        _form(part) for part in host.split(".") if len(part) > 3
    }
    return frozenset(names | {name.replace(" ", "") for name in names}) - {""}


def _without_site(title: str, site: frozenset[str]) -> str:
    """A title of the head without the part before or after it that names the site."""
    parts = _SEPARATOR.split(title)
    if len(parts) > 1 and _names_site(parts[-1], site):
        return title[: title.rindex(parts[-1])].rstrip(_MARKS)
    if len(parts) > 1 and _names_site(parts[0], site):
        return title[len(parts[0]) :].lstrip(_MARKS)
    return title


def _names_site(part: str, site: frozenset[str]) -> bool:
    form = _form(part)
    return form in site or form.replace(" ", "") in site
