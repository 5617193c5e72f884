"""The reader in a browser: search, keys, without scripts, on paper."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from scraper.viewer.paths import HOME, SEARCH, post_path
from tests.slow.browser import AddressOf, Opener, Watched
from tests.slow.screenshots import IMAGES, MOST_BYTES, take

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
_THREAD: Final = post_path("careerly:comments-71502")
_FOCUSED: Final = "document.activeElement"


def test_korean_is_found_with_its_particles_and_leads_to_the_comment(
    hostile: Path, address_of: AddressOf, opened: Opener
) -> None:
    home = address_of(hostile)
    watched = opened(home + SEARCH)
    [found] = watched.search("댓글을 짧게")
    assert "댓글을 짧게 남깁니다" in found
    [found] = watched.search("짧게 댓글")
    assert "in a comment" in found
    watched.page.click("#search-results a")
    watched.page.wait_for_url("**/posts/**")
    assert "댓글을 짧게 남깁니다" in watched.page.inner_text(":target")
    assert not watched.problems
    assert not watched.strangers(home)


def test_results_are_what_has_all_words_titles_first_and_the_newest_before_the_others(
    community: Path, opened: Opener
) -> None:
    watched = opened(community.as_uri() + f"/{SEARCH}")
    results = [result.splitlines() for result in watched.search("니다")]
    in_title = ["니다" in title for title, *_ in results]
    assert in_title == sorted(in_title, reverse=True)
    assert len(set(in_title)) == 2
    for are_titles in (True, False):
        abouts = [about for title, *_, about in results if ("니다" in title) is are_titles]
        dates = [about.split(" · ")[1] for about in abouts]
        assert dates == sorted(dates, reverse=True)
    assert watched.search("회의 절반으로") != []
    assert watched.search("회의 qqqqqq") == []
    assert "No post has all of these words." in watched.page.inner_text("#search-status")
    assert watched.search("ATTITUDE everyth")[0].startswith("새해 첫 번역")
    assert watched.search("ｅｖｅｒｙｔｈｉｎｇ") == watched.search("everything")
    assert watched.search("…!?") == []
    assert not watched.problems


def test_a_syllable_is_found_within_words(community: Path, opened: Opener) -> None:
    watched = opened(community.as_uri() + f"/{SEARCH}")
    inside = watched.search("포")
    assert any("배포" in result for result in inside)
    assert any("포트폴리오" in result for result in inside)


def test_more_results_are_shown_when_they_are_asked_for(hostile: Path, opened: Opener) -> None:
    watched = opened(hostile.as_uri() + f"/{SEARCH}")
    [found] = watched.search("원인")
    assert "more places" in found
    assert watched.page.locator("#search-more").is_hidden()


def test_a_query_stays_in_the_address_and_goes_to_no_server(community: Path, opened: Opener) -> None:
    watched = opened(community.as_uri() + f"/{SEARCH}")
    watched.search("배포")
    watched.search("회의")
    assert all("%" not in request for request in watched.requests)
    watched.page.go_back()
    watched.page.wait_for_function("document.getElementById('search-words').value === '배포'")
    watched.page.wait_for_selector("#search-results > li")


def test_an_index_that_is_not_there_is_said(community: Path, opened: Opener, tmp_path: Path) -> None:
    page = (community / SEARCH).read_text(encoding="utf-8").replace("search/index-", "search/gone-")
    (tmp_path / SEARCH).write_text(page, encoding="utf-8")
    (tmp_path / "assets").symlink_to(community / "assets")
    watched = opened(f"{tmp_path.as_uri()}/{SEARCH}#q=글")
    watched.page.wait_for_function(
        "document.getElementById('search-status').textContent.includes('could not be read')"
    )


def test_tab_leads_over_the_skip_link_into_the_page(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{_THREAD}").page
    page.keyboard.press("Tab")
    assert page.evaluate(f"{_FOCUSED}.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(f"{_FOCUSED}.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.getElementById('main').contains({_FOCUSED})")


def test_every_stop_of_tab_can_be_seen_and_none_is_a_trap(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{HOME}").page
    stops = page.evaluate("document.querySelectorAll('a[href], button, input, summary').length")
    seen = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(f"{_FOCUSED}.outerHTML"))
        style = page.evaluate(f"getComputedStyle({_FOCUSED}).outlineStyle")
        assert style != "none", seen[-1]
    assert page.evaluate(f"{_FOCUSED}.matches('footer *')")


def test_j_and_k_go_from_comment_to_comment(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{_THREAD}").page
    comments = page.evaluate("Array.from(document.querySelectorAll('.comment'), (each) => each.id)")
    walked = []
    for key in ("j", "j", "j", "k", "ㅓ", "ㅏ"):
        page.keyboard.press(key) if key.isascii() else page.dispatch_event(
            "body", "keydown", {"key": key, "bubbles": True}
        )
        walked.append(comments.index(page.evaluate(f"{_FOCUSED}.id")))
    assert walked == [0, 1, 2, 1, 2, 1]
    assert page.evaluate(f"{_FOCUSED}.getBoundingClientRect().top < innerHeight")


def test_j_and_k_begin_where_the_window_is(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{_THREAD}").page
    comments = page.evaluate("Array.from(document.querySelectorAll('.comment'), (each) => each.id)")
    for key, expected in (("j", comments[9]), ("k", comments[8])):
        page.evaluate(f"document.activeElement.blur(), location.hash = '', location.hash = '{comments[9]}'")
        page.keyboard.press(key)
        assert page.evaluate(f"{_FOCUSED}.id") == expected


def test_j_and_k_go_from_entry_to_entry_of_a_list(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{HOME}").page
    entries = page.locator(".entries .title a").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(f"{_FOCUSED}.textContent") == entries[1]
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(f"{_FOCUSED}.textContent") == entries[0]


def test_a_slash_leads_to_the_search(community: Path, opened: Opener) -> None:
    watched = opened(f"{community.as_uri()}/{_THREAD}")
    page = watched.page
    page.keyboard.press("/")
    page.wait_for_url(f"**/{SEARCH}")
    page.wait_for_function(f"{_FOCUSED}.id === 'search-words'")
    page.keyboard.type("j/k?")
    assert page.input_value("#search-words") == "j/k?"
    page.focus("#search-form button")
    page.keyboard.press("/")
    assert page.evaluate(f"{_FOCUSED}.id") == "search-words"
    assert not watched.problems


def test_a_question_mark_shows_the_keys_which_can_be_turned_off(community: Path, opened: Opener) -> None:
    watched = opened(f"{community.as_uri()}/{_THREAD}")
    page = watched.page
    page.keyboard.press("?")
    assert page.evaluate(f"document.querySelector('dialog[open]').contains({_FOCUSED})")
    assert not watched.violations()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.click("footer button")
    page.uncheck("dialog input")
    page.click("dialog button")
    page.keyboard.press("j")
    assert page.locator(".comment:focus").count() == 0
    page.reload()
    page.keyboard.press("j")
    assert page.locator(".comment:focus").count() == 0
    assert not watched.problems


def test_pages_are_read_without_scripts_too(community: Path, opened: Opener) -> None:
    page = opened(f"{community.as_uri()}/{HOME}", is_scripted=False).page
    page.click(".entries .title a")
    assert page.locator(".comment").count() > 0
    page.goto(f"{community.as_uri()}/{SEARCH}")
    assert "Search needs JavaScript" in page.inner_text("main")


def test_on_paper_there_is_the_post_with_its_thread_and_nothing_to_press(
    community: Path, opened: Opener
) -> None:
    watched = opened(f"{community.as_uri()}/{_THREAD}", size=(794, 1123))
    page = watched.page
    ink = page.evaluate("getComputedStyle(document.documentElement).color")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).color") == ink
    for gone in (".top", ".skip", "footer button"):
        assert _shown(watched, gone) == 0, gone
    assert _shown(watched, "h1") == 1
    assert _shown(watched, ".comment") == page.locator(".comment").count() > 0
    assert watched.overflow() == 0
    assert page.pdf(format="A4").startswith(b"%PDF-")


def _shown(watched: Watched, selector: str) -> int:
    return sum(each.is_visible() for each in watched.page.locator(selector).all())


def test_pictures_of_the_reader_are_small_enough_for_the_documentation(
    community: Path, browser: "Browser", tmp_path: Path
) -> None:
    taken = take(browser, community, tmp_path)
    assert {path.name for path in taken} == {path.name for path in IMAGES.iterdir()}
    for path in taken:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size < MOST_BYTES, path.name
