"""Each document is decoded once and parsed once, whoever looks at it."""

from collections import Counter

import pytest

from scraper.page import charset, document
from scraper.page.tree import parse_html
from scraper.reading.document_reading import SavedCapture, read_document, read_saved_page
from scraper.reading.read_visit import read_visit
from scraper.records.reading import Reading
from scraper.sites.registry import installed_sites
from tests.fixtures.pages import v1_page
from tests.replica.wordpress import ENTRIES, SITE
from tests.replica.wordpress import page as blog_page
from tests.safety.visits import POLICY
from tests.sites.captures import capture, visit
from tests.sites.test_careerly_v2 import WHOLE

GARDEN = ENTRIES[0].path


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a text was parsed as a page, and a body decoded."""
    counted: Counter[str] = Counter()
    parse, decode = parse_html, charset.decode

    def parsed(html: str) -> object:
        counted["parses"] += 1
        return parse(html)

    def decoded(body: bytes, content_type: str | None = None) -> object:
        counted["decodes"] += 1
        return decode(body, content_type)

    monkeypatch.setattr(document, "parse_html", parsed)
    monkeypatch.setattr(document, "decode", decoded)
    return counted


def blog(path: str) -> str:
    status, _, body = blog_page(path, "")
    assert status == 200
    return body


def test_a_post_of_two_pages_is_parsed_twice(work: Counter[str]) -> None:
    paths = (GARDEN, f"{GARDEN}comment-page-2/")
    pages = [capture(blog(path), SITE + path) for path in paths]
    reading = read_visit(visit(*pages), POLICY, installed_sites())
    assert isinstance(reading, Reading), reading
    assert work == {"parses": 2, "decodes": 2}


def test_the_bodies_of_api_answers_are_decoded_once_each(work: Counter[str]) -> None:
    reading = read_visit(visit(*WHOLE), POLICY, installed_sites())
    assert isinstance(reading, Reading), reading
    assert work["decodes"] == len(WHOLE)


def test_a_page_that_may_be_a_list_or_a_post_is_parsed_once_for_both(work: Counter[str]) -> None:
    page = read_document(capture(blog(GARDEN), SITE + GARDEN), installed_sites(), with_leads=True)
    assert page.content is not None
    assert page.leads is not None
    assert work == {"parses": 1, "decodes": 1}


def test_a_saved_page_is_parsed_once_to_tell_where_it_was_and_what_it_says(work: Counter[str]) -> None:
    url = "https://careerly.co.kr/comments/70991"
    html = v1_page(70991).replace("<head>", f'<head><link rel="canonical" href="{url}">', 1)
    page = read_saved_page(SavedCapture(capture(html, "", status=None)), installed_sites())
    assert page.capture.url == url
    assert page.content is not None
    assert work == {"parses": 1, "decodes": 1}


def test_a_sitemap_is_parsed_as_a_page_by_nobody(work: Counter[str]) -> None:
    sitemap = f"<?xml version='1.0'?><urlset><url><loc>{SITE}{GARDEN}</loc></url></urlset>"
    page = read_document(
        capture(sitemap, f"{SITE}/map.xml", media_type="text/xml"), installed_sites(), with_leads=True
    )
    assert page.leads is not None
    assert page.leads.pages == (SITE + GARDEN,)
    assert work["parses"] == 0
