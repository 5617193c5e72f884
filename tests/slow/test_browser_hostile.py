"""What strangers wrote stays text in a browser: nothing runs, nothing is asked for, nothing leaves its place."""

import re
from pathlib import Path
from typing import Final

import pytest

from scraper.viewer.paths import ALL_POSTS, HOME, SEARCH, list_path
from scraper.viewer.thread import COMMENTS_A_PAGE
from tests.slow.browser import DESK, PHONE, AddressOf, Opener
from tests.slow.hostile_pages import ATTACKS, COMMENTS, hostile_path

pytestmark = pytest.mark.slow
_PAGES: Final = (
    HOME,
    list_path(ALL_POSTS),
    hostile_path("attacks"),
    hostile_path("long"),
    hostile_path("many"),
    hostile_path("many", COMMENTS // COMMENTS_A_PAGE),
)
# What on a page could run, load or lead away, other than our own scripts and style.
_FOREIGN: Final = """() => Array.from(document.querySelectorAll("*")).filter((each) =>
  each.matches("iframe, object, embed, img, svg, video, audio, base, meta[http-equiv=refresh], style, script:not([src])")
  || Array.from(each.attributes).some(({ name }) => name.startsWith("on") || name === "style" || name === "srcdoc")
  || (each.matches("a") && !["http:", "https:", "file:"].includes(each.protocol))
).map((each) => each.outerHTML.slice(0, 200))"""
_POKE_ALL: Final = """() => document.querySelectorAll("main *").forEach((each) => {
  for (const kind of ["mouseover", "focus", "pointerdown", "load", "error", "animationstart", "toggle"]) {
    each.dispatchEvent(new Event(kind, { bubbles: true }));
  }
})"""


def test_attacks_are_read_and_do_nothing(hostile: Path, address_of: AddressOf, opened: Opener) -> None:
    home = address_of(hostile)
    for path in _PAGES:
        for size in (DESK, PHONE):
            watched = opened(home + path, size=size)
            watched.page.evaluate(_POKE_ALL)
            watched.page.wait_for_load_state("networkidle")
            assert not watched.problems, path
            assert not watched.strangers(home), path
            assert not watched.page.evaluate(_FOREIGN), path
            assert watched.overflow() == 0, path


def test_every_attack_is_on_its_page_as_it_was_written(hostile: Path, opened: Opener) -> None:
    page = opened(f"{hostile.as_uri()}/{hostile_path('attacks')}").page
    shown = _plain("\n".join(page.locator(".comment .prose").all_text_contents()))
    for attack in ATTACKS:
        assert _plain(attack) in shown


def test_marks_that_turn_or_pile_up_stay_within_their_comment(hostile: Path, opened: Opener) -> None:
    page = opened(f"{hostile.as_uri()}/{hostile_path('attacks')}").page
    isolation = "(all) => all.map((each) => getComputedStyle(each).unicodeBidi)"
    assert set(page.locator(".comment .prose p").evaluate_all(isolation)) <= {"isolate", "plaintext"}
    # The words of ours after the last comment stand from left to right, whatever it left open.
    assert page.inner_text(".foot").startswith("Kept and shown by postkeep")


def test_ten_thousand_comments_are_reached_by_key_by_link_and_by_search(
    hostile: Path, opened: Opener
) -> None:
    watched = opened(f"{hostile.as_uri()}/{SEARCH}")
    last = f"같습니다 {COMMENTS}"
    [found] = watched.search(last)
    assert "in a comment" in found
    watched.page.click("#search-results a")
    watched.page.wait_for_url("**/posts/**")
    assert watched.page.inner_text(":target").count(str(COMMENTS)) >= 1
    assert watched.page.locator(":target").bounding_box()["y"] < DESK[1]
    assert not watched.problems


def test_search_shows_hostile_words_as_text(hostile: Path, address_of: AddressOf, opened: Opener) -> None:
    home = address_of(hostile)
    watched = opened(home + SEARCH)
    for query in (
        "alert",
        "script",
        "<script>alert",
        "onmouseover",
        "zalgo",
        "javascript",
        "제목",
        "__proto__",
        "constructor",
    ):
        watched.search(query)
        assert not watched.page.evaluate(_FOREIGN), query
    assert any("<script>alert('title')</script>" in found for found in watched.search("제목"))
    watched.search('"><img src=x onerror=alert(1)>')
    assert not watched.violations()
    assert not watched.problems
    assert not watched.strangers(home)


def _plain(text: str) -> str:
    """A text without what a reader of pages may take for layout or leave out."""
    return re.sub(r"[\s\u2028\u2029\ufeff\u200b\u00ad\ufffe\ufffd]+", "", text)
