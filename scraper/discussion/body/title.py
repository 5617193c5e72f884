"""The title of a post: the heading that it stands under, as the page's head confirms it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.discussion.body.blocks import HEADINGS
from scraper.discussion.body.find import Body
from scraper.discussion.body.head import Head
from scraper.discussion.thread.elements import Elements

_SEPARATOR: Final = re.compile(r"\s+[|\-–—:·•»«/~>]+\s+|\s*[|»«]+\s*|:\s+")
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_TITLES: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "headline", "title")
_MARKS: Final = " |-–—:·•»«/~>"
# The sign by which a heading links to itself: before a number it is part of the title.
_ANCHOR: Final = re.compile(r"\A(?:[\s¶]|#(?!\d))+|[\s¶#]+\Z")
# A heading of a lower level, and the most texts that it is made of.
_LOWER: Final = HEADINGS - {"h1"}
_PIECES: Final = 4
_SURE: Final = 0.5
_SHORTEST: Final = 4
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Title:
    """The post's title, and the heading that it is (-1: the page shows no such heading)."""

    text: str
    element: int = -1


def repeats(page: Elements, title: Title) -> Iterator[int]:
    """The headings of any level that say the title, each as an element."""
    form = _form(title.text)
    return (
        element
        for element, tag in enumerate(page.tags)
        if tag in HEADINGS and _form(page.text_of(element)) == form
    )


def find_title(page: Elements, head: Head, body: Body | None = None, host: str = "") -> Title | None:
    """The post's title.

    A heading that the head repeats, alone or with the site's name, is it; where none is, the head's own title without the
    site's name, and where it says none, the heading over the text. A heading of a lower level that stands nearer to the text,
    and is one of the parts of the head's title, goes before those of the first.
    """
    told = list(_told(head))
    site = _site_forms(head, host)
    return (
        _confirmed(page, told, site) or _nearest(page, told, site, body) or _at_last(page, told, site, body)
    )


def _confirmed(page: Elements, told: Sequence[str], site: frozenset[str]) -> Title | None:
    """The heading of the first level that the head repeats, alone or with little else."""
    forms = [_form(title) for title in told]
    opening = {_form(_SEPARATOR.split(title)[0]) for title in told} - site
    confirmed = [
        title
        for title in _own_headings(page, site)
        if _form(title.text) in opening or any(_confirms(form, _form(title.text)) for form in forms)
    ]
    return max(confirmed, key=lambda title: (_form(title.text) in forms, len(title.text)), default=None)


def _at_last(page: Elements, told: Sequence[str], site: frozenset[str], body: Body | None) -> Title | None:
    """What the head calls the page, or the heading over the text."""
    shown = _own_headings(page, site)
    over = _heading(page, body.title) if body and body.title >= 0 else None
    bare = Title(_without_site(told[0], site)) if told else None
    if (
        over
        and body
        and body.confidence >= _SURE
        and _form(over.text) in {_form(each.text) for each in shown}
    ):
        return bare if bare and _form(bare.text) in _form(over.text) else over
    return bare or over or next(iter(shown), None)


def _own_headings(page: Elements, site: frozenset[str]) -> list[Title]:
    return [title for title in _headings(page) if not _names_site(title.text, site)]


def _nearest(page: Elements, told: Sequence[str], site: frozenset[str], body: Body | None) -> Title | None:
    """The last heading below the first level before the text that is one of the parts of a title of the head."""
    if body is None or body.texts[0] >= len(page.texts):
        return None
    forms = [[_form(part) for part in _SEPARATOR.split(title)] for title in told]
    for element in reversed(range(body.title + 1, page.text_parent[body.texts[0]] + 1)):
        if (
            page.tags[element] not in _LOWER
            or not 0 < page.last_text[element] - page.first_text[element] <= _PIECES
        ):
            continue
        title = _heading(page, element)
        form = _form(title.text)
        if (
            len(form) >= _SHORTEST
            and not _names_site(title.text, site)
            and any(_is_part(form, each) for each in forms)
        ):
            return title
    return None


def _is_part(form: str, parts: Sequence[str]) -> bool:
    """Whether a heading is one of the parts of a title, or some of them in a row."""
    return any(
        " ".join(filter(None, parts[start:end])) == form
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
    )


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


def _headings(page: Elements) -> list[Title]:
    """The headings of the first level; where there is none, those of the second."""
    for level in ("h1", "h2"):
        titles = (_heading(page, element) for element, tag in enumerate(page.tags) if tag == level)
        if shown := [title for title in titles if title.text and len(title.text) <= _LONGEST]:
            return shown
    return [_heading(page, element) for element, tag in enumerate(page.tags) if tag in HEADINGS][:1]


def _heading(page: Elements, element: int) -> Title:
    return Title(_ANCHOR.sub("", page.text_of(element)), element)


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
