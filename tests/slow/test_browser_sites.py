"""Every site that postkeep makes, in a browser: from disk and over HTTP, light and dark, at a desk and on a phone.

A site joins by a row of ``SITES``: how it is made, and which of its pages are opened.
"""

from pathlib import Path
from typing import Final

import pytest

from scraper.viewer.paths import ABOUT, ALL_POSTS, HOME, MONTHS, SEARCH, STATES, list_path, post_path
from scraper.viewer.paths import SITES as LISTS_OF_SITES
from tests.slow.browser import DESK, PHONE, AddressOf, Opener, Scheme
from tests.slow.hostile_pages import hostile_path

pytestmark = pytest.mark.slow
_THREAD: Final = post_path("careerly:comments-71502")
SITES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "reader": (
        "community",
        (
            HOME,
            ABOUT,
            list_path(ALL_POSTS),
            list_path(MONTHS),
            list_path(LISTS_OF_SITES),
            list_path(STATES),
            _THREAD,
            SEARCH,
            f"{SEARCH}#q=글",
        ),
    ),
    "hostile reader": ("hostile", (hostile_path("attacks"), hostile_path("many", 2))),
    "report": ("report", ("report.html",)),
    "docs": (
        "docs",
        ("index.html", "start.html", "settings.html", "schema.html", "reading.html", "search.html?q=archive"),
    ),
}
"""By name: the fixture that gives the folder of the site, and its pages that are opened."""


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_pages_are_accessible_and_fit_the_window(
    site: str, size: tuple[int, int], scheme: Scheme, opened: Opener, request: pytest.FixtureRequest
) -> None:
    folder, pages = _made(site, request)
    for path in pages:
        watched = opened(f"{folder.as_uri()}/{path}", size=size, scheme=scheme)
        assert not watched.violations(), path
        assert not watched.overflow(), path


@pytest.mark.parametrize("site", SITES)
def test_pages_ask_for_nothing_but_their_own_files(
    site: str, address_of: AddressOf, opened: Opener, request: pytest.FixtureRequest
) -> None:
    folder, pages = _made(site, request)
    home = address_of(folder)
    for path in pages:
        watched = opened(home + path)
        watched.page.wait_for_load_state("networkidle")
        assert not watched.problems, path
        assert not watched.strangers(home), path


def _made(site: str, request: pytest.FixtureRequest) -> tuple[Path, tuple[str, ...]]:
    fixture, pages = SITES[site]
    return request.getfixturevalue(fixture), pages
