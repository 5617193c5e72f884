"""The board or category that a post stands in."""

import pytest

from scraper import read_page
from scraper.model.record import Record

URL = "https://village.example/boards/walks/topic-12"
TITLE = "눈 오는 날의 산책"
TOLD_STEPS = (
    '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": ['
    '{"position": 1, "name": "Home", "item": "https://village.example/"},'
    '{"position": 2, "item": {"@id": "https://village.example/boards/walks", "name": "산책 모임"}}]}</script>'
)
TEXT = "<p>" + "마을 길에 눈이 쌓였습니다. 다들 조심히 다니세요. " * 12 + "</p>"


def section(head: str = "", crumbs: str = "") -> str | None:
    html = (
        f"<html><head><title>{TITLE}</title><meta property='og:type' content='article'>{head}</head>"
        f"<body>{crumbs}<h1>{TITLE}</h1><div class='words'>{TEXT}</div></body></html>"
    )
    read = read_page(html, URL)
    assert isinstance(read, Record)
    assert all(crumb not in (read.post.text or "") for crumb in ("산책 모임", "Boards"))
    return read.post.section


@pytest.mark.parametrize(
    ("head", "crumbs"),
    [
        ('<meta property="article:section" content="산책 모임">', ""),
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "x", "articleSection": ["산책 모임"]}</script>',
            "",
        ),
        ("", '<nav aria-label="breadcrumb"><a href="/">Home</a><a href="/boards/walks">산책 모임</a></nav>'),
        (
            "",
            f'<ul class="p-breadcrumbs"><li><a href="/boards">Boards</a><li><a href="/boards/walks">산책 모임</a><li><a href="{URL}">{TITLE}</a></ul>',
        ),
        (
            TOLD_STEPS,
            "",
        ),
    ],
    ids=["meta", "json-ld", "steps", "steps-to-the-post", "told-steps"],
)
def test_a_section_is_what_the_page_calls_it_or_the_last_step_to_it(head: str, crumbs: str) -> None:
    assert section(head, crumbs) == "산책 모임"


@pytest.mark.parametrize(
    "crumbs",
    [
        "",
        '<nav class="breadcrumbs"><a href="/">Home</a></nav>',
        '<nav class="breadcrumbs"><a href="/boards">Boards</a></nav>',
        f'<nav class="breadcrumbs"><a href="/">Home</a><a href="{URL}">{TITLE}</a></nav>',
        '<nav class="breadcrumbs"><a href="/">Home</a><a href="/search">Search</a><a href="#end">Bottom</a></nav>',
        '<nav class="breadcrumbs"><a href="/">Home</a><a href="https://elsewhere.example/us">Follow us</a></nav>',
    ],
)
def test_what_names_no_section_is_none(crumbs: str) -> None:
    assert section("", crumbs) is None
