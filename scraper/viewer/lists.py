"""The lists of posts: all of them, and by site, month and state, page by page.

The pages of a list are numbered from its oldest, and each is full, so that a post that comes later changes only the newest page,
``index.html``, and at times makes a new one before it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.viewer.entries import Entries, Entry, Listed
from scraper.viewer.folder import digest_of
from scraper.viewer.frame import Page
from scraper.viewer.html import Html, inside, join, tag
from scraper.viewer.paths import ALL_POSTS, MONTHS, SITES, STATES, list_path, state_list
from scraper.viewer.wording import STATES as STATE_NAMES
from scraper.viewer.wording import UNDATED, counted, moment, number

_A_PAGE: Final = 100
_SITES_A_PAGE: Final = 500
_BADGES: Final[Mapping[str, str]] = {
    "access-partial": "in part",
    "access-gated": "gated",
    "status-gone": "gone",
    "status-withdrawn": "withdrawn",
    "edited": "edited",
    "with-deleted-comments": "deleted comments",
}
"""The states that a list says beside a post: those that are not the usual ones."""

Put = Callable[[str, bytes, Callable[[], Page]], None]
"""Puts the page at a path, from what has a digest, rendered where it has changed."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One page of a list: ``number`` is None for the newest; ``newer`` and ``older`` are the paths of its neighbours."""

    listed: Listed
    title: str
    number: int | None
    newer: str | None
    older: str | None
    entries: Sequence[Entry]


def put_lists(entries: Entries, put: Put) -> None:
    """Put every page of every list, and the lists of lists."""
    sites = list(entries.sites())
    months = list(entries.months())
    states = [
        Listed(state_list(state), name, count)
        for state, name in STATE_NAMES.items()
        if (count := entries.count(state_list(state)))
    ]
    every = entries.count(ALL_POSTS)
    titles = {ALL_POSTS: "All posts"}
    titles |= {each.folder: f"Posts of {each.name}" for each in sites}
    titles |= {each.folder: _month_title(each.name) for each in months}
    titles |= {each.folder: each.name for each in states}
    for listed in (Listed(ALL_POSTS, "All posts", every), *sites, *months, *states):
        for part in _parts(listed, titles[listed.folder], entries):
            path = list_path(listed.folder, part.number)
            source = (
                part.title,
                part.number,
                part.newer,
                part.older,
                listed.posts if part.number is None else 0,
            )
            put(path, digest_of("list", source, part.entries), _page_of(part, path))
    _put_overview(SITES, "Sites", sites, put)
    _put_overview(MONTHS, "Months", months, put)
    _put_overview(STATES, "States", states, put)


def _page_of(part: _Part, path: str) -> Callable[[], Page]:
    return lambda: _list_page(part, path)


def _parts(listed: Listed, title: str, entries: Entries) -> Iterator[_Part]:
    numbered = max(0, listed.posts // _A_PAGE - 1)
    waiting: list[Entry] = []
    at = 1
    for entry in entries.of(listed.folder):
        waiting.append(entry)
        if at <= numbered and len(waiting) == _A_PAGE:
            newer = list_path(listed.folder, at + 1 if at < numbered else None)
            older = list_path(listed.folder, at - 1) if at > 1 else None
            yield _Part(listed, title, at, newer, older, waiting[::-1])
            waiting, at = [], at + 1
    older = list_path(listed.folder, numbered) if numbered else None
    yield _Part(listed, title, None, None, older, waiting[::-1])


def _list_page(part: _Part, path: str) -> Page:
    title = part.title if part.number is None else f"{part.title}, page {part.number}"
    ways = [
        tag("a", name, href=inside(way, path), rel=rel)
        for name, way, rel in (("← Newer", part.newer, "prev"), ("Older →", part.older, "next"))
        if way
    ]
    nav = tag("nav", join(ways, " "), class_="pages", aria_label="Pages of this list") if ways else None
    told = tag("p", counted(part.listed.posts, "post"), ", the newest first.", class_="meta")
    main = [
        tag("h1", title, dir="auto"),
        told if part.number is None else "",
        entry_list(part.entries, path) if part.entries else tag("p", "There are no posts.", class_="missing"),
        nav or "",
    ]
    return Page(path, title, join(main, "\n"))


def entry_list(entries: Iterable[Entry], here: str) -> Html:
    """Posts as a list."""
    return tag("ol", *(_entry(each, here) for each in entries), class_="entries")


def _entry(entry: Entry, here: str) -> Html:
    words = [name for state, name in _BADGES.items() if state in entry.states]
    if entry.is_withheld:
        words.append("not published")
    link = tag("a", tag("bdi", entry.title), href=inside(entry.path, here), lang=entry.language)
    told = [
        tag("bdi", entry.site),
        moment(entry.published_at, "minute" if entry.precision == "second" else entry.precision),
    ]
    if entry.comments:
        told.append(counted(entry.comments, "comment"))
    return tag(
        "li",
        tag("p", link, class_="title", dir="auto"),
        tag("p", entry.snippet, class_="snippet", lang=entry.language, dir="auto") if entry.snippet else None,
        tag(
            "p",
            join(told, " · "),
            *(part for word in words for part in (" ", tag("span", word, class_="badge"))),
            class_="meta",
        ),
    )


def _put_overview(folder: str, title: str, listed: Sequence[Listed], put: Put) -> None:
    """The list of the lists of one kind, in pages where there are very many."""
    last = max(0, (len(listed) - 1) // _SITES_A_PAGE)
    for at in range(last + 1):
        path = list_path(folder, at or None)
        part = listed[at * _SITES_A_PAGE : (at + 1) * _SITES_A_PAGE]
        before = list_path(folder, at - 1 or None) if at else None
        after = list_path(folder, at + 1) if at < last else None
        source = [(each.folder, each.name, each.posts) for each in part]
        put(
            path,
            digest_of("overview", source, before, after),
            _overview_of(path, title, part, (before, after)),
        )


def _overview_of(
    path: str, title: str, part: Sequence[Listed], ways: tuple[str | None, str | None]
) -> Callable[[], Page]:
    def page() -> Page:
        links = [
            tag("a", name, href=inside(way, path))
            for name, way in zip(("← Before", "Further →"), ways, strict=True)
            if way
        ]
        nav = tag("nav", join(links, " "), class_="pages", aria_label="Pages of this list") if links else ""
        return Page(path, title, join([tag("h1", title), listed_links(part, path), nav], "\n"))

    return page


def listed_links(listed: Iterable[Listed], here: str) -> Html:
    """Lists as links with how many posts each has."""
    items = [
        tag(
            "li",
            tag("a", tag("bdi", _name(each)), href=inside(list_path(each.folder), here)),
            " ",
            tag("span", number(each.posts), class_="n"),
        )
        for each in listed
    ]
    return tag("ul", *items, class_="lists")


def _name(listed: Listed) -> str:
    return "Undated" if listed.name == UNDATED else listed.name


def _month_title(month: str) -> str:
    return "Undated posts" if month == UNDATED else f"Posts of {month}"
