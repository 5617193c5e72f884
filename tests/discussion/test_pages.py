"""Which page of a thread an address is, which address the first of them has, and where a page goes on."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.pages import Pages, is_one_post, read_pages
from scraper.discussion.thread.elements import read_elements
from scraper.model.url import Base

THREAD = "https://example.org/t/15"


def pages(markup: str, url: str, canonical: str | None = None) -> Pages:
    body = LexborHTMLParser(markup).body
    assert body is not None
    return read_pages(read_elements(body), url, Base(url), canonical)


@pytest.mark.parametrize(
    "host", ["example.org", "www.example.org", "m.example.org", "mobile.example.org", "en.m.example.org"]
)
def test_versions_of_a_host_are_one_where_the_canonical_says_so(host: str) -> None:
    desktop = f"https://{'en.' if host.startswith('en.') else ''}example.org/t/15"
    assert pages("<p>words</p>", f"https://{host}/t/15", desktop).url == desktop


def test_the_canonical_of_another_host_is_not_believed() -> None:
    assert pages("<p>words</p>", THREAD, "https://elsewhere.org/t/15").url == THREAD


@pytest.mark.parametrize(
    "canonical", [THREAD, f"{THREAD}?page=2", "https://www.example.org/t/15?page=2", None]
)
def test_a_later_page_is_of_the_first_whatever_it_calls_canonical(canonical: str | None) -> None:
    links = '<a href="/t/15">1</a> <b>2</b> <a href="/t/15?page=3">3</a>'
    read = pages(links, f"{THREAD}?page=2", canonical)
    assert (read.url.replace("www.", ""), read.number) == (THREAD, 2)
    assert read.others == ((0, THREAD), (3, f"{THREAD}?page=3"))


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/t/15?after=88">Load more comments</a>',
        '<a href="?cursor=abc">더 보기</a>',
        '<a href="/t/15/comments?before=88">Mehr laden</a>',
        '<a href="/t/15?from=20">次へ »</a>',
    ],
)
def test_a_plain_link_to_more_is_where_a_page_goes_on(link: str) -> None:
    assert pages(link, THREAD).onward


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/t/16">Next</a>',
        '<a href="/t/15?view=next">Next</a>',
        '<a rel="next nofollow" href="/t/15?after=88">Load more</a>',
        '<a rel="nofollow" href="/t/15?page=2">2</a>',
        '<a href="/more">More</a>',
        '<a href="https://elsewhere.org/t/15?after=88">Load more</a>',
        '<a href="javascript:more()">Load more</a>',
    ],
)
def test_no_other_link_is(link: str) -> None:
    read = pages(link, THREAD)
    assert (read.onward, read.others) == (None, ())


def test_sessions_tell_no_pages_apart() -> None:
    session = "sid=0123456789abcdef0123456789abcdef"
    markup = f'<a href="/v?t=15&amp;{session}">1</a> <a href="/v?t=15&amp;start=10&amp;{session}">2</a>'
    read = pages(markup, "https://example.org/v?t=15")
    assert read.others == ((10, "https://example.org/v?t=15&start=10"),)


@pytest.mark.parametrize(
    "target", ["/c/123", "/v?p=77", "/t/15/permalink/9", "/comments/a1b2/", "/x?comment_id=4&y=1"]
)
def test_the_address_of_one_post_is_told(target: str) -> None:
    assert is_one_post(f"https://example.org{target}")


@pytest.mark.parametrize("target", ["/t/15", "/v?t=15&page=2", "/forum/4", "/2026/04/a-day/"])
def test_the_address_of_a_thread_is_none_of_one_post(target: str) -> None:
    assert not is_one_post(f"https://example.org{target}")
