"""Who wrote a post: by its data, by its head, and by the line under its title."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from scraper.discussion.body.find import Body
from scraper.discussion.body.furniture import names_of
from scraper.discussion.body.head import Head
from scraper.discussion.korean import KOREAN
from scraper.discussion.thread.elements import Elements

_META: Final = (
    "author", "article:author", "citation_author", "parsely-author", "byl", "dc.creator", "dcterms.creator", "sailthru.author",
    "og:article:author", "article:author_name", "cxenseparse:author", "authors",
)  # fmt: skip
_BY: Final = re.compile(
    rf"(?i)\A\W*(?:(?:posted|written|published|created|words|text|story|reviewed|authored|medically reviewed)?\s*by|von|par|por|di|de|av|af|door"
    rf"|przez|autor(?:in|en|es|a)?|auteur(?:e|s)?|author(?:s|\(s\))?|autore|text|texte|words|作者|文|記者|记者|{KOREAN.name_label})(?:\s*[:：|]\s*|\s+)(?=\S)"
)
_OPENS: Final = re.compile(
    r"(?i)\A.{0,30}?(?<![^\W\d_])(?<!sort )(?<!sorted )(?<!view )(?<!order )(?<!ordered )(?:by|von|par|por|autor(?:in)?|author|from|作者|文)\s*[:：]?\Z"
)
_BETWEEN: Final = re.compile(
    r"\s*(?:[;|•·/]|,(?!\s*(?:Jr|Sr|Ph\.?D|M\.?D|MBA|RD|CFA|CFP|CPA|RN|Esq|II|III)\b)|\s&\s|\s(?:and|und|et|y|e|och|og|en|with|mit)\s)\s*"
)
_TITLES: Final = re.compile(r",\s*(?:Jr|Sr|Ph\.?D|M\.?D|MBA|RD|CFA|CFP|CPA|RN|Esq|II|III)\b\.?.*")
_NO_NAME: Final = re.compile(
    r"(?i)https?:|www\.|@|\d{3}|\s\d{1,2}\Z|\b(?:updated|published|min read|minutes?|comments?|share|follow|read more|staff writer|contributor|admin"
    r"|administrator|editor(?:ial)?|redaktion|unknown|guest|posted|view|profile|author|about|home|category|last)\b"
)
_ADDRESS: Final = re.compile(r"(?i)\s*(?:https?:|www\.|/)")
_TELLS: Final = re.compile(
    r"(?i)(?<![a-z])(?:author|byline|writer|autor|auteur|by)(?:s|-?name|__name|-link)?(?![a-z])"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_LONGEST: Final = 60
_MOST_WORDS: Final = 6
_MOST: Final = 12
_AFTER: Final = 12


def find_authors(page: Elements, head: Head, body: Body | None) -> tuple[str, ...]:
    """The names of those who wrote the post, as the page has them; none where it names nobody but itself."""
    return _first_own(head, (_of_works(head), _of_meta(head), _of_line(page, body)))


def told_authors(head: Head) -> tuple[str, ...]:
    """Those of the names that the page's data and its head tell."""
    return _first_own(head, (_of_works(head), _of_meta(head)))


def _first_own(head: Head, ways: Iterable[Iterable[str]]) -> tuple[str, ...]:
    sites = {_plain(name) for name in head.site_names}
    at_last: tuple[str, ...] = ()
    for stated in ways:
        names = tuple(dict.fromkeys(name for text in stated for name in names_in(text)))[:_MOST]
        if any(_plain(name) not in sites for name in names):
            return tuple(name for name in names if _plain(name) not in sites)
        at_last = at_last or names
    return at_last


def names_in(text: str) -> Iterator[str]:
    """The names in a byline, without what leads in to them and degrees behind them."""
    if _ADDRESS.match(text):
        return
    bare = _BY.sub("", " ".join(text.split()))
    for part in _BETWEEN.split(bare):
        name = _TITLES.sub("", _BY.sub("", part)).strip(" ,.:;|-–—()[]")
        if _is_name(name):
            yield name


def _is_name(text: str) -> bool:
    return (
        2 <= len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and _LETTER.search(text) is not None
        and _NO_NAME.search(text) is None
    )


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _of_works(head: Head) -> Iterator[str]:
    for work in head.works:
        names = list(_stated(work.get("author") or work.get("creator")))
        if names:
            yield from names
            return


def _stated(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            yield from _stated(each.get("name"))


def _of_meta(head: Head) -> Iterator[str]:
    for name in _META:
        values = [value for value in head.meta.get(name, ()) if any(names_in(value))]
        if values:
            yield from values
            return


def _of_line(page: Elements, body: Body | None) -> Iterator[str]:
    """What stands as author near the title: an element that says so, or a text that begins with a word for it."""
    first, last = _near(page, body)
    for element in _elements(page, first, last):
        if _tells_author(page, element):
            texts = page.texts[page.first_text[element] : page.last_text[element]]
            names = [text for text in texts if not _OPENS.match(text) and any(names_in(text))]
            if names:
                yield names[0]
                return
    for text in range(first, last):
        words = page.texts[text]
        if _OPENS.match(words) and text + 1 < last and any(names_in(page.texts[text + 1])):
            yield page.texts[text + 1]
            return
        if len(words) <= _LONGEST and (opening := _BY.match(words)) and not words[opening.end()].islower():
            yield words
            return


def _near(page: Elements, body: Body | None) -> tuple[int, int]:
    """The texts from just before the title to where the text is well under way."""
    if body is None:
        return 0, len(page.texts)
    start = page.first_text[body.element]
    if body.title >= 0 and page.first_text[body.title] < start:
        start = page.first_text[body.title]
    return max(0, start - _AFTER), min(
        len(page.texts), max(start, page.first_text[body.element]) + 2 * _AFTER
    )


def _elements(page: Elements, first: int, last: int) -> Iterable[int]:
    return (
        element
        for element in range(len(page.tags))
        if first <= page.first_text[element] < last
        and page.first_text[element] < page.last_text[element] <= page.first_text[element] + 4
    )


def _tells_author(page: Elements, element: int) -> bool:
    attributes = page.attributes[element]
    if not attributes:
        return False
    if (
        "author" in (attributes.get("rel") or "").split()
        or "author" in (attributes.get("itemprop") or "").split()
    ):
        return True
    if "/author/" in (attributes.get("href") or ""):
        return True
    return _TELLS.search(names_of(page, element)) is not None
