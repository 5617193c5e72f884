"""What a list of posts leads to, in every format that lists come in."""

import gzip
import string
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page import packed, sitemaps, xml_elements
from scraper.page.document import Document
from scraper.page.leads import Leads
from scraper.page.listings import read_listing
from tests.fixtures.captures import capture_of

BASE = "https://example.org/blog/"


def leads(body: str | bytes, content_type: str = "", link: str | None = None) -> Leads:
    headers = [("Content-Type", content_type), *([("Link", link)] if link else [])]
    content = body.encode() if isinstance(body, str) else body
    return read_listing(Document(capture_of(content, BASE, *headers)))


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://example.org/글?a=1&amp;b=2 </loc><image:image><image:loc>https://example.org/a.png</image:loc></image:image></url>
 <url><loc>/relative</loc></url><url><loc>mailto:a@example.org</loc></url><url><loc>/relative</loc></url>
</urlset>"""


def test_a_sitemap_gives_its_pages_and_not_its_pictures() -> None:
    assert leads(SITEMAP) == Leads(
        ("https://example.org/%EA%B8%80?a=1&b=2", "https://example.org/relative"), is_list=True
    )


def test_a_gzip_file_is_unpacked_whatever_its_label_says() -> None:
    assert leads(gzip.compress(SITEMAP.encode()), "text/plain") == leads(SITEMAP)


def test_an_index_gives_sitemaps() -> None:
    index = "<sitemapindex><sitemap><loc>https://example.org/1.xml.gz</loc></sitemap></sitemapindex>"
    assert leads(index) == Leads(sitemaps=("https://example.org/1.xml.gz",), is_list=True)


def test_a_text_file_of_urls_is_a_sitemap() -> None:
    assert leads(
        "https://example.org/1\n\n# a note\nhttps://example.org/2\r\n", "text/plain; charset=utf-8"
    ).pages == (
        "https://example.org/1",
        "https://example.org/2",
    )


def test_an_rss_feed_gives_its_items_and_the_next_page() -> None:
    feed = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://example.org/</link>
      <atom:link rel="self" href="/feed"/><atom:link rel="next" href="/feed?paged=2"/>
      <item><title>하나</title><link>https://example.org/1</link><comments>https://example.org/1#comments</comments></item>
      <item><guid>https://example.org/2</guid></item><item><guid isPermaLink="false">tag:3</guid></item></channel></rss>"""
    assert leads(feed) == Leads(
        ("https://example.org/1", "https://example.org/2"),
        following=("https://example.org/feed?paged=2",),
        is_list=True,
    )


def test_an_atom_feed_gives_the_alternate_links_of_its_entries() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><link rel="next" href="?page=2"/>
      <entry><link rel="edit" href="/edit"/><link rel="replies" href="/1#comments"/><link href="/1"/></entry>
      <entry><link rel="alternate" href="/2"/></entry></feed>"""
    assert leads(feed) == Leads(
        ("https://example.org/1", "https://example.org/2"),
        following=("https://example.org/blog/?page=2",),
        is_list=True,
    )


def test_an_rdf_feed_gives_its_items() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel><link>/</link></channel><item><link>https://example.org/1</link></item></rdf:RDF>"""
    assert leads(feed).pages == ("https://example.org/1",)


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-16", "utf-8-sig"])
def test_a_feed_is_read_in_the_charset_it_declares(encoding: str) -> None:
    declared = "utf-16" if encoding == "utf-16" else encoding.removesuffix("-sig")
    feed = f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item><title>똑똑한 글</title><link>https://example.org/똑</link></item></channel></rss>'
    assert leads(feed.encode(encoding)).pages == ("https://example.org/%EB%98%91",)


def test_entities_are_not_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    assert leads('<?xml version="1.0"?>' + bomb) == Leads(problem="it declares entities, which are not read")
    assert leads(bomb) == Leads(problem="it declares entities, which are not read")
    outside = '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss><channel><item><link>/1</link></item></channel></rss>'
    assert leads(outside).pages == ("https://example.org/1",)


def test_a_comment_before_the_root_hides_no_sitemap() -> None:
    assert leads("<!-- made by hand -->\n<!-- twice -->" + SITEMAP[SITEMAP.index("<urlset") :]).pages
    page = '<!DOCTYPE html><!-- <urlset> --><html><a href="/1">1</a></html>'
    assert not leads(page).is_list


def test_a_list_that_breaks_off_gives_what_stood_before() -> None:
    broken = leads(SITEMAP[: SITEMAP.index("<url><loc>/relative")] + "<oops")
    assert broken.pages == ("https://example.org/%EA%B8%80?a=1&b=2",)
    assert broken.problem is not None
    assert "well-formed" in broken.problem


def test_more_than_a_sitemap_may_hold_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 2)
    many = "".join(f"<url><loc>/{number}</loc></url>" for number in range(5))
    found = leads(f"<urlset>{many}</urlset>")
    assert len(found.pages) == 2
    assert found.problem == "it has more than 2 URLs, which is what the protocol allows"


def test_a_gzip_bomb_is_not_unpacked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_BYTES", 1 << 20)
    bomb = gzip.compress(b"<urlset><url><loc>/1</loc></url>" + b" " * (8 << 20) + b"</urlset>")
    found = leads(bomb)
    assert (found.pages, found.problem) == (("https://example.org/1",), "it is larger than 1 MiB unpacked")


def test_deep_nesting_ends_the_reading() -> None:
    assert "nests more than" in (leads("<urlset>" + "<a>" * 100_000).problem or "")


def test_an_unknown_root_is_said() -> None:
    assert (
        leads('<?xml version="1.0"?><opml/>').problem
        == "its root element <opml> is that of no sitemap and no feed"
    )


def test_a_page_gives_its_links_and_the_next_page() -> None:
    page = """<!doctype html><base href="/qna/"><link rel="next" href="?page=2"><a href="1">첫째</a><a href="1#c">다시</a>
      <a rel="next" href="?page=3">다음</a><a href="javascript:void(0)">-</a><a href="//other.example/2">다른 곳</a>"""
    found = leads(page, "text/html", link='<https://example.org/l2>; rel="next", </l1>; rel=prev')
    assert found.pages == ("https://example.org/qna/1", "https://other.example/2")
    assert found.following == (
        "https://example.org/l2",
        "https://example.org/qna/?page=2",
        "https://example.org/qna/?page=3",
    )


def test_an_xhtml_page_is_no_feed() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html><html><body><a href="/1">1</a></body></html>'
    assert leads(page, "text/html").pages == ("https://example.org/1",)


def test_a_page_too_costly_to_parse_says_so() -> None:
    assert "nests elements" in (leads("<div>" * 50_000, "text/html").problem or "")


@given(st.binary(max_size=300))
def test_nothing_in_the_bytes_of_a_list_raises(body: bytes) -> None:
    for start in (
        b"",
        b"<?xml version='1.0'?><rss>",
        b"\x1f\x8b",
        b"\xff\xfe<\x00?\x00x\x00",
        b"<urlset><url><loc>",
    ):
        read_listing(Document(capture_of(start + body, BASE)))


@given(
    st.lists(st.text(string.ascii_letters + "가각&<>'\"", min_size=1, max_size=20), max_size=30),
    st.integers(1, 50),
)
def test_where_the_stream_is_cut_into_pieces_does_not_matter(names: list[str], step: int) -> None:
    body = "".join(f"<url><loc>https://example.org/{escape(name)}</loc></url>" for name in names)
    expected = leads(f"<urlset>{body}</urlset>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_elements, "_STEP", step)
        assert leads(f"<urlset>{body}</urlset>") == expected


def test_what_is_not_to_be_followed_is_no_link_of_a_list() -> None:
    page = '<!doctype html><link rel="next nofollow" href="?page=2"><a rel="nofollow ugc" href="1">첫째</a><a href="2">둘째</a>'
    assert leads(page, "text/html") == Leads(("https://example.org/blog/2",))
