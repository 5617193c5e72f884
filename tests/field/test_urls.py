"""References mean what they mean to browsers (WHATWG URL); where node is at hand, its URL is the judge of many more."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model.url import Base, parse_url, resolve
from scraper.page.listings import read_listing
from tests.field.pages import document

BASES = (
    "https://gang.example/a//b/c",
    "https://gang.example/x/2024/https://o.example/p/",
    "http://gang.example:8080/a/b?q=1#f",
    "https://gang.example",
)
ATOMS = (
    *("a", "d", ".", "..", "/", "//", "\\", "?", "#", ":", "@", "&", "=", ";", "%", "%2e", "%7e", "%zz", "~"),
    *("https:", "http:", "HTTPS:", "ftp:", "javascript:", "o.example", "u:p@", ":8080", "//한글.kr/"),
    *(" ", "\t", "\n", "\xa0", "\u3000", "\x00", "가", "é", "'", '"', "<", "|", "^", "{", "c:", "C|"),
)
REFERENCES = st.lists(st.sampled_from(ATOMS), max_size=7).map("".join)


@pytest.mark.parametrize(
    ("base", "reference", "absolute"),
    [
        ("https://gang.example/a//b/c", "d", "https://gang.example/a//b/d"),
        ("https://gang.example/a//b/c", "?x", "https://gang.example/a//b/c?x"),
        (
            "https://gang.example/x/2024/https://o.example/p/",
            "../q",
            "https://gang.example/x/2024/https://o.example/q",
        ),
        ("https://gang.example/a", "///o.example/x", "https://o.example/x"),
        ("https://gang.example/a", "/\\o.example\\x", "https://o.example/x"),
        ("https://gang.example/a/b", "\\\\o.example\\x", "https://o.example/x"),
        ("https://gang.example/a/b", "..\\x\\y", "https://gang.example/x/y"),
        ("https://gang.example/a/b", "https:c", "https://gang.example/a/c"),
        ("https://gang.example/a/b", "https:/c", "https://gang.example/c"),
        ("https://gang.example/a/b", "http:c", "http://c/"),
        ("https://gang.example/a/b", "c\n\td", "https://gang.example/a/cd"),
        ("https://gang.example/a/b?q", "", "https://gang.example/a/b?q"),
        ("https://gang.example/a/b", "\xa0c", "https://gang.example/a/%C2%A0c"),
        ("https://gang.example/a/b", "\ud800", "https://gang.example/a/%EF%BF%BD"),
        ("ftp://gang.example/a/b", "c", None),
        ("ftp://gang.example/a/b", "https://o.example/c", "https://o.example/c"),
        ("https://gang.example/a", "https://", None),
    ],
)
def test_a_reference_means_what_it_means_to_browsers(base: str, reference: str, absolute: str | None) -> None:
    assert resolve(base, reference) == absolute


@given(st.sampled_from(BASES), REFERENCES)
def test_what_a_reference_means_needs_no_base_and_means_it_again(base: str, reference: str) -> None:
    absolute = resolve(base, reference)
    if absolute is not None:
        assert resolve("https://elsewhere.example/", absolute) == absolute
        url = parse_url(absolute)
        assert url is not None
        assert url.scheme in {"http", "https"}


@pytest.mark.thorough
@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(BASES), REFERENCES), min_size=100, max_size=300))
def test_node_reads_references_alike(pairs: list[tuple[str, str]]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, whose URL follows the standard")
    script = """const out = []; for (const [b, r] of JSON.parse(require("fs").readFileSync(0))) try { const u = new URL(r, b);
      u.hash = u.username = u.password = ""; out.push(/^https?:/.test(u.protocol) ? u.href : null) } catch { out.push(null) }
      console.log(JSON.stringify(out))"""
    told = subprocess.run(
        [node, "-e", script], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    assert [resolve(base, reference) for base, reference in pairs] == json.loads(told.stdout)


@pytest.mark.parametrize(
    ("codec", "label", "query"),
    [
        ("cp949", "euc-kr", "%B0%F8%C1%F6"),
        ("cp949", "ks_c_5601-1987", "%B0%F8%C1%F6"),
        ("utf-8", "utf-8", "%EA%B3%B5%EC%A7%80"),
        ("utf-16", "utf-16", "%EA%B3%B5%EC%A7%80"),
    ],
)
def test_a_query_is_sent_in_the_encoding_of_its_page(codec: str, label: str, query: str) -> None:
    page = f'<html><meta charset="{label}"><a href="/공지?cat=공지&page=2#공지">다음</a></html>'.encode(codec)
    (url,) = read_listing(document(page, "text/html")).pages
    assert url == f"https://gang.example/%EA%B3%B5%EC%A7%80?cat={query}&page=2"


@pytest.mark.parametrize(
    ("encoding", "reference", "query"),
    [
        ("cp932", "?q=表", "q=%95\\"),
        ("gb18030", "?q=价", "q=%BC%DB"),
        ("cp1252", "?q=é&r=가", "q=%E9&r=%26%2344032%3B"),
        ("cp949", "?q=%EA b", "q=%EA%20b"),
    ],
)
def test_what_an_encoding_lacks_is_sent_as_a_character_reference(
    encoding: str, reference: str, query: str
) -> None:
    assert Base("https://gang.example/", encoding).resolve(reference) == f"https://gang.example/?{query}"
