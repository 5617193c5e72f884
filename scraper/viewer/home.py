"""The first page: what there is, the newest posts, and the ways to the rest; and the page that says what this is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from scraper.viewer.entries import Entries, Entry, Listed
from scraper.viewer.folder import digest_of
from scraper.viewer.frame import Page
from scraper.viewer.html import Html, inside, join, tag
from scraper.viewer.lists import Put, entry_list, listed_links
from scraper.viewer.paths import ABOUT, ALL_POSTS, HOME, MONTHS, SEARCH, SITES, list_path, state_list
from scraper.viewer.wording import STATES, counted, moment, number

_NEWEST: Final = 25
_SITES: Final = 40
_MONTHS: Final = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """What the first pages say of the archive.

    ``withheld`` counts the posts that a publication leaves out, by the reason; ``comments_left_out`` those of people who are
    left out. ``captured_at`` is when the last change was seen.
    """

    title: str
    withheld: Mapping[str, int]
    comments_left_out: int
    captured_at: str | None
    is_private: bool


def put_home(entries: Entries, facts: Facts, put: Put) -> None:
    """Put the first page, and the page about the archive."""
    posts = entries.count(ALL_POSTS)
    newest = entries.newest(ALL_POSTS, _NEWEST)
    sites, months = list(entries.sites()), list(entries.months())
    states = [
        Listed(state_list(state), name, count)
        for state, name in STATES.items()
        if (count := entries.count(state_list(state)))
    ]
    first, last = entries.span()
    figures = (
        ("Posts", number(posts)),
        ("Comments", number(entries.comments)),
        ("Sites", number(len(sites))),
        ("Published", f"{(first or 'unknown')[:10]} to {(last or 'unknown')[:10]}" if posts else "nothing"),
        ("Last change seen", moment(facts.captured_at, "day") if facts.captured_at else "never"),
    )
    shown_sites, shown_months = sites[:_SITES], months[:_MONTHS]
    source = (facts.title, figures, newest, *map(_plain, (shown_sites, shown_months, states)))
    put(
        HOME,
        digest_of("home", source),
        lambda: _home(facts, figures, newest, (shown_sites, shown_months, states)),
    )
    told = (sorted(facts.withheld.items()), facts.comments_left_out, facts.is_private, facts.title)
    put(ABOUT, digest_of("about", told), lambda: _about(facts))


def _plain(listed: Sequence[Listed]) -> list[tuple[str, str, int]]:
    return [(each.folder, each.name, each.posts) for each in listed]


def _home(
    facts: Facts,
    figures: Sequence[tuple[str, str]],
    newest: Sequence[Entry],
    lists: tuple[Sequence[Listed], Sequence[Listed], Sequence[Listed]],
) -> Page:
    sites, months, states = lists
    shown = [tag("div", tag("dt", name), tag("dd", value)) for name, value in figures]
    empty = tag("p", "There is nothing to read here yet.", class_="missing")
    main = [
        tag("h1", facts.title, dir="auto"),
        tag("dl", *shown, class_="figures"),
        _search(),
        _part(
            "Newest posts", "newest", entry_list(newest, HOME) if newest else empty, (ALL_POSTS, "All posts")
        ),
        _part("Sites", "sites", listed_links(sites, HOME), (SITES, "All sites")),
        _part("Months", "months", _by_year(months), (MONTHS, "All months")),
        _part("States", "states", listed_links(states, HOME)),
    ]
    return Page(HOME, facts.title, join(main, "\n"))


def _search() -> Html:
    return tag("p", tag("a", "Search this archive", href=inside(SEARCH, HOME)), class_="to-search")


def _part(title: str, name: str, content: Html, all_of: tuple[str, str] | None = None) -> Html:
    more = (
        tag("p", tag("a", all_of[1], href=inside(list_path(all_of[0]), HOME)), class_="all")
        if all_of
        else None
    )
    return tag("section", tag("h2", title, id=name), content, more, aria_labelledby=name)


def _by_year(months: Sequence[Listed]) -> Html:
    years = []
    for year, of_year in groupby(months, key=lambda each: each.name[:4]):
        heading = tag("h3", year) if year.isdigit() else None
        years.append(tag("li", heading, listed_links(of_year, HOME)))
    return tag("ul", *years, class_="years")


def _about(facts: Facts) -> Page:
    whose = "all that its owner keeps" if facts.is_private else "what a publication of it would show"
    parts = [
        tag("h1", "About this archive"),
        tag(
            "p",
            f"These pages show {whose}. They are a view: the archive itself is WARC files, and each page says from which "
            "record it was read.",
        ),
        tag(
            "p",
            "People are called by pseudonyms unless the archive's owner chose otherwise. What they wrote is personal data all "
            "the same: who asks for it is to be left out, and the next run of the archive takes it off these pages.",
        ),
        tag(
            "p",
            "Pictures are not shown. The addresses of pictures stand below a post; pictures were kept only where the crawl was "
            "asked to keep them.",
        ),
        tag(
            "p",
            "Nothing on these pages is loaded from a network, and nothing out of the archive is ever run. Links that lead "
            "out of the archive do not say where they were followed from.",
        ),
        *_left_out(facts),
    ]
    return Page(ABOUT, "About this archive", join(parts, "\n"))


def _left_out(facts: Facts) -> list[Html]:
    if not facts.withheld and not facts.comments_left_out:
        return [tag("h2", "What is left out"), tag("p", "Nothing that was read is left out.")]
    title = "What a publication leaves out" if facts.is_private else "What is left out"
    items = [
        tag("li", f"{counted(count, 'post')}. {reason}") for reason, count in sorted(facts.withheld.items())
    ]
    if facts.comments_left_out:
        items.append(tag("li", f"{counted(facts.comments_left_out, 'comment')} of people who are left out."))
    return [tag("h2", title), tag("ul", *items)]
