"""Links that lead round in circles."""

import pytest

from scraper.page.traps import trap_in


@pytest.mark.parametrize(
    ("url", "trap"),
    [
        ("https://example.org/post?replytocom=71", "reply link"),
        ("https://example.org/post?PHPSESSID=0123456789abcdef0123", "session id"),
        ("https://example.org/post;jsessionid=A1B2?x=1", "session id"),
        ("https://example.org/calendar/2031/12/", "calendar"),
        ("https://example.org/events/category/talks/2031-12/", "calendar"),
        ("https://example.org/?tribe-bar-date=2031-01-01", "calendar"),
        ("https://example.org/a/b/a/b/a/", "repeating path"),
        ("https://example.org/" + "x/y/" * 15, "repeating path"),
        ("https://example.org/" + "a" * 2_000, "overlong URL"),
        ("https://example.org/?" + "&".join(f"f{n}=1" for n in range(13)), "too many parameters"),
        ("mailto:someone@example.org", "no http or https URL"),
    ],
)
def test_a_trap_is_told_by_its_form(url: str, trap: str) -> None:
    assert trap_in(url) == trap


@pytest.mark.parametrize(
    "url",
    [
        "https://careerly.co.kr/comments/70991?utm_source=user-share",
        "https://example.org/2031/12/01/a-post/",
        "https://example.org/t/2026/2026?sid=12",
        "https://example.org/events/meetup#comments",
    ],
)
def test_an_ordinary_url_is_followed(url: str) -> None:
    assert trap_in(url) is None
