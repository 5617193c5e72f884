"""Title, authors and date of a post: told and shown are matched, and what names the site names no post."""

import json
from typing import Final

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.body.authors import find_authors, names_in
from scraper.discussion.body.find import Bodies, Body
from scraper.discussion.body.head import Head, read_head
from scraper.discussion.body.published import Published, find_published
from scraper.discussion.body.title import find_title
from scraper.discussion.thread.elements import Elements, read_elements
from scraper.page.linked_data import linked_values

TEXT: Final = (
    "<p>The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather.</p>"
    * 4
)


def _read(head: str, body: str) -> tuple[Elements, Head, Body | None]:
    tree = LexborHTMLParser(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree.body is not None
    page = read_elements(tree.body)
    linked = linked_values(node.text() for node in tree.css('script[type="application/ld+json"]'))
    return page, read_head(tree, linked), Bodies(page).body()


def _data(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>The ferry | Harbour News</title>", "<h1>The ferry</h1>"),
        ("<title>Harbour News - The ferry</title><meta property='og:site_name' content='Harbour News'>", ""),
        ("<title>Harbour</title>" + _data(**{"@type": "NewsArticle", "headline": "The ferry"}), ""),
        ("<title>Harbour News</title>", "<h1>Harbour News</h1><h1>The ferry</h1>"),
        ("<title>The ferry</title>", "<h1>3 May 2021 The ferry</h1>"),
        ("", "<h1>The ferry<a href='#ferry'>¶</a></h1>"),
    ],
)
def test_title_is_without_the_name_of_the_site(head: str, body: str) -> None:
    page, told, text = _read(head, f"<div>{body}{TEXT}</div>")
    title = find_title(page, told, text, "harbournews.example")
    assert title is not None
    assert title.text == "The ferry"


def test_question_of_a_list_of_questions_is_no_title() -> None:
    data = _data(**{"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "When does it leave?"}]})
    page, told, text = _read(f"<title>The ferry</title>{data}", TEXT)
    title = find_title(page, told, text)
    assert title is not None
    assert title.text == "The ferry"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Tide", ["Ann Tide"]),
        ("Von Ann Tide und Bo Reed", ["Ann Tide", "Bo Reed"]),
        ("Ann Tide, PhD", ["Ann Tide"]),
        ("Ann Tide, Bo Reed & Cy Oar", ["Ann Tide", "Bo Reed", "Cy Oar"]),
        ("作者：李清", ["李清"]),
        ("https://harbour.example/ann", []),
        ("Updated 3 May 2021", []),
        ("5 min read", []),
    ],
)
def test_names_in_a_byline(byline: str, names: list[str]) -> None:
    assert list(names_in(byline)) == names


def test_authors_of_data_come_before_those_of_the_page() -> None:
    data = _data(**{"@type": "Article", "author": [{"@type": "Person", "name": "Ann Tide"}, "Bo Reed"]})
    page, told, text = _read(data, f"<h1>The ferry</h1><p class='byline'>By Cy Oar</p>{TEXT}")
    assert find_authors(page, told, text) == ("Ann Tide", "Bo Reed")


def test_site_is_author_only_where_nobody_else_is() -> None:
    data = _data(
        **{"@type": "Article", "author": {"name": "Harbour News"}, "publisher": {"name": "Harbour News"}}
    )
    page, told, text = _read(data, f"<h1>The ferry</h1><p>{{}}</p>{TEXT}")
    assert find_authors(page, told, text) == ("Harbour News",)
    page, told, text = _read(data, f"<h1>The ferry</h1><p>By</p><p>Cy Oar</p>{TEXT}")
    assert find_authors(page, told, text) == ("Cy Oar",)


def test_a_sentence_that_begins_like_a_byline_names_nobody() -> None:
    page, told, text = _read("", f"<h1>The ferry</h1><p>By the harbour wall</p>{TEXT}")
    assert find_authors(page, told, text) == ()


@pytest.mark.parametrize(
    ("head", "body", "url", "published"),
    [
        (
            _data(**{"@type": "NewsArticle", "datePublished": "2021-05-03"}),
            "",
            "",
            Published("2021-05-03", "linked data"),
        ),
        (_data(**{"@type": "WebSite", "datePublished": "2001-01-01"}), "", "", None),
        (
            "<meta property='article:published_time' content='2021-05-03T07:00Z'>",
            "",
            "",
            Published("2021-05-03T07:00Z", "head"),
        ),
        ("", "<time datetime='2021-05-03'>May 3</time>", "", Published("2021-05-03", "markup")),
        (
            "",
            "<time class='updated' datetime='2022-01-01'></time><time datetime='2021-05-03'>May 3</time>",
            "",
            Published("2021-05-03", "markup"),
        ),
        ("", "<p>Updated: May 4, 2021</p><p>May 3, 2021</p>", "", Published("May 3, 2021", "text")),
        ("", "<p>2021년 5월 3일</p>", "", Published("2021년 5월 3일", "text")),
        ("", "", "https://harbour.example/2021/05/03/ferry", Published("2021-05-03", "url")),
        (
            "<meta name='citation_date' content='1988'>",
            "<p>May 3, 2021</p>",
            "",
            Published("May 3, 2021", "text"),
        ),
        ("", "", "https://harbour.example/ferry", None),
    ],
)
def test_date_of_a_post(head: str, body: str, url: str, published: Published | None) -> None:
    page, told, text = _read(head, f"<h1>The ferry</h1>{body}{TEXT}")
    assert find_published(page, told, text, url) == published


def test_language_is_that_of_the_document() -> None:
    tree = LexborHTMLParser(
        "<html lang='ko'><head><meta property='og:locale' content='en_US'></head><body></body></html>"
    )
    assert read_head(tree, ()).language == "ko"
