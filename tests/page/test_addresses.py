"""What is told of an address before anybody asks for it."""

import pytest

from scraper.model.url import Url, parse_url, strip_session
from scraper.page.addresses import form_of, is_action, is_filter


def url(target: str) -> Url:
    parsed = parse_url(f"https://example.org{target}")
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    "target",
    [
        "/vote?id=3&how=up", "/item?id=3&action=delete", "/board?mode=write", "/b.php?mode=recommend&no=3", "/t/3?sort=new", "/t/3?replytocom=9",
        "/login", "/users/login?back=/", "/posts/9/edit", "/flags/9", "/vote/9/up", "/t/3?do=quote&p=9", "/f?mark=topics&hash=1a", "/list?order=asc",
        "/t/3?view=print", "/w?title=A&action=edit", "/w?title=A&oldid=4", "/list?format=csv", "/list.csv", "/2026.txt.gz", "/tags", "/tagged/a", "/rss",
    ],
)  # fmt: skip
def test_what_does_something_is_told_by_its_address(target: str) -> None:
    assert is_action(url(target))


@pytest.mark.parametrize(
    "target",
    ["/t/3", "/b.php?id=free&mode=view&no=3", "/viewtopic.php?f=2&t=15", "/questions/12/how-to-edit-a-post", "/index.php?act=dispBoardContent&no=3", "/c/help/5"],
)  # fmt: skip
def test_what_shows_something_is_none_of_it(target: str) -> None:
    assert not is_action(url(target))


@pytest.mark.parametrize(
    ("target", "is_one"), [("/list?state=open", True), ("/list?state=open&page=2", False), ("/list?no=12", False), ("/other?state=open", False)]
)  # fmt: skip
def test_words_in_the_query_alone_filter_the_page_they_stand_on(target: str, is_one: bool) -> None:
    assert is_filter(url(target), url("/list")) is is_one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/t/3", "/t/41"), ("/questions/3/why-so", "/questions/41/%EC%99%9C"), ("/2026/04/a-day-out/", "/2026/03/plain/"), ("/wiki/Talk:A", "/wiki/Talk:B_c"),
        ("/v?f=2&t=3", "/v?t=41&f=1"), ("/l/000300.html", "/l/000417.html"), ("/s/2-plain", "/s/1-some-words"), ("/thread-12-1-1.html", "/thread-4156-1-1.html"), ("/b?mode=view&no=3", "/b?mode=view&no=41"),
    ],
)  # fmt: skip
def test_addresses_of_one_kind_have_one_form(one: str, other: str) -> None:
    assert form_of(url(one)) == form_of(url(other))


@pytest.mark.parametrize(
    ("one", "other"), [("/t/3", "/u/3"), ("/b?mode=view&no=3", "/b?mode=list&no=3"), ("/wiki/Talk:A", "/wiki/User:A"), ("/thread-123-1-1.html", "/forum-2-1.html"), ("/v?f=3", "/v?t=3")]
)  # fmt: skip
def test_addresses_of_two_kinds_have_two(one: str, other: str) -> None:
    assert form_of(url(one)) != form_of(url(other))


@pytest.mark.parametrize(
    ("had", "left"),
    [
        ("/v?t=3&sid=0123456789abcdef0123", "/v?t=3"), ("/v?PHPSESSID=0123456789abcdef0123&t=3", "/v?t=3"), ("/v;jsessionid=A1B2?t=3", "/v?t=3"),
        ("/v?sid=12", "/v?sid=12"), ("/v?t=3", "/v?t=3"), ("/v?s=words", "/v?s=words"),
    ],
)  # fmt: skip
def test_sessions_are_taken_out(had: str, left: str) -> None:
    assert strip_session(f"https://example.org{had}") == f"https://example.org{left}"
