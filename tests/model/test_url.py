"""URLs: one spelling each, and nothing that could raise on what a page may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.url import parse_url, resolve, strip_tracking, without_credentials


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        (
            "https://Careerly.co.kr/comments/70434?utm_campaign=user-share#top",
            "https://careerly.co.kr/comments/70434",
        ),
        ("https://careerly.co.kr/posts/7?a=1&fbclid=x&b=2", "https://careerly.co.kr/posts/7?a=1&b=2"),
        ("https://careerly.co.kr:443/posts/7?", "https://careerly.co.kr/posts/7"),
        ("https://careerly.co.kr/search?q=%C6%EA", "https://careerly.co.kr/search?q=%C6%EA"),
        ("https://careerly.co.kr/search?q=utm_source", "https://careerly.co.kr/search?q=utm_source"),
    ],
)
def test_tracking_goes_and_everything_else_keeps_its_order_and_bytes(given_url: str, kept: str) -> None:
    assert strip_tracking(given_url) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://me:secret@careerly.co.kr/comments/1", "https://careerly.co.kr/comments/1"),
        ("https://me:sec@ret@careerly.co.kr/comments/*", "https://careerly.co.kr/comments/*"),
        ("https:me:secret@careerly.co.kr/comments/1", "https://careerly.co.kr/comments/1"),
        ("https:\\\\me:secret@careerly.co.kr/", "https://careerly.co.kr/"),
        ("ftp://me:secret@careerly.co.kr/x", "ftp://careerly.co.kr/x"),
        ("https://me:secret@careerly.co.kr:99999/x", "https://careerly.co.kr:99999/x"),
        ("me:secret@careerly.co.kr/comments/1", "careerly.co.kr/comments/1"),
        ("//me:secret@careerly.co.kr/comments/1", "//careerly.co.kr/comments/1"),
        ("https://careerly.co.kr/@me?to=a@b", "https://careerly.co.kr/@me?to=a@b"),
        ("HTTPS://Careerly.co.kr", "HTTPS://Careerly.co.kr"),
        ("--archive", "--archive"),
    ],
)
def test_credentials_leave_a_url_and_nothing_else_does(text: str, kept: str) -> None:
    assert without_credentials(text) == kept


@given(st.text())
def test_whatever_is_typed_gives_a_text(text: str) -> None:
    assert without_credentials(without_credentials(text)) is not None


@pytest.mark.parametrize(
    "text", ["", "careerly", "mailto:a@b.kr", "file:///etc/passwd", "http://[::1", "\ud800"]
)
def test_what_is_no_web_address_is_none(text: str) -> None:
    assert parse_url(text) is None


def test_credentials_and_fragment_are_not_kept() -> None:
    url = parse_url("https://me:secret@example.org/a#b")
    assert url is not None
    assert url.href == "https://example.org/a"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://한글.kr/", "xn--bj0bj06e.kr"),
    ],
)
def test_odd_hosts_are_read_as_browsers_read_them(text: str, host: str) -> None:
    url = parse_url(text)
    assert url is not None
    assert url.host == host


def test_the_origin_names_a_port_only_where_it_is_not_the_schemes_own() -> None:
    assert [
        url.origin for text in ("https://a.kr:443/x", "https://a.kr:8443/x") if (url := parse_url(text))
    ] == [
        "https://a.kr",
        "https://a.kr:8443",
    ]


def test_a_parameter_is_decoded_and_a_missing_one_is_none() -> None:
    url = parse_url("https://careerly.co.kr/community?post=1&q=%EA%B0%80")
    assert url is not None
    assert (url.parameter("post"), url.parameter("q"), url.parameter("qna")) == ("1", "가", None)


@given(st.text(), st.text())
def test_no_text_makes_url_handling_raise(base: str, reference: str) -> None:
    parse_url(reference)
    strip_tracking(reference)
    resolve(base, reference)
    resolve("https://example.org/a/", reference)


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.lists(st.text(max_size=8), max_size=4))
def test_stripping_twice_is_stripping_once(path: str, parts: list[str]) -> None:
    once = strip_tracking(f"https://example.org/{path}?{'&'.join(parts)}&utm_source=x")
    assert strip_tracking(once) == once
