"""Sitemaps and feeds as the field writes them: packed, prefixed, based elsewhere, and not well-formed."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page import sitemaps
from scraper.page.leads import Leads
from scraper.page.listings import read_listing
from tests.field.pages import document

ONE, TWO, THREE = (f"https://gang.example/{number}" for number in (1, 2, 3))
SITEMAP = (
    f'<?xml version="1.0"?><urlset><url><loc>{ONE}</loc></url><url><loc>{TWO}</loc></url></urlset>'.encode()
)
TEXT = f"{ONE}\n{TWO}\n".encode()


def leads(body: str | bytes, content_type: str = "", url: str = "https://gang.example/b/list") -> Leads:
    return read_listing(document(body, content_type, url))


def members(*parts: bytes) -> bytes:
    return b"".join(map(gzip.compress, parts))


@pytest.mark.parametrize(
    "content_type", ["application/x-gzip", "text/plain", "application/octet-stream", "text/html", ""]
)
@pytest.mark.parametrize(
    "body",
    [
        members(TEXT),
        members(SITEMAP),
        members(SITEMAP[:60], SITEMAP[60:]),
        members(*(SITEMAP[at : at + 7] for at in range(0, len(SITEMAP), 7))),
        members(b"", SITEMAP, b""),
        members(TEXT[:10], TEXT[10:]),
        members(members(SITEMAP)),
        members(SITEMAP) + b"\0" * 512,
        members(b"\xef\xbb\xbf" + TEXT),
        members(TEXT.decode().encode("utf-16")),
        TEXT,
        b"\xef\xbb\xbf# made by hand\r\n\r\n" + TEXT,
    ],
)
def test_a_list_is_told_by_what_it_holds_and_not_by_how_it_is_packed(body: bytes, content_type: str) -> None:
    assert leads(body, content_type) == Leads((ONE, TWO), is_list=True)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (members(SITEMAP) + b"more", "its last 4 octets are no gzip member"),
        (members(SITEMAP, b"  " * 500)[:-9], "it breaks off before it is unpacked"),
        (members(SITEMAP) + zlib.compress(b"x", wbits=31)[:4] + b"\xff" * 20, "it does not decompress"),
    ],
)
def test_what_follows_what_cannot_be_unpacked_is_said(body: bytes, problem: str) -> None:
    assert leads(body) == Leads((ONE, TWO), problem=problem, is_list=True)


def test_a_text_file_of_too_many_urls_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 1)
    assert leads(TEXT, "text/plain").problem == "it has more than 1 URLs, which is what the protocol allows"


@pytest.mark.parametrize(
    "body",
    [
        f'<ns0:urlset xmlns:ns0="http://www.sitemaps.org/schemas/sitemap/0.9"><ns0:url><ns0:loc>{ONE}</ns0:loc></ns0:url></ns0:urlset>',
        f"<sm:urlset><sm:url><sm:loc>{ONE}</sm:loc></sm:url></sm:urlset>",
        f"<SM:URLSET xmlns:SM='x'><SM:URL><SM:LOC>{ONE}</SM:LOC></SM:URL></SM:URLSET>",
        f"\n\n<?xml version='1.0'?><urlset><url><loc><![CDATA[ {ONE} ]]></loc></url></urlset>",
        f'<RDF:RDF xmlns:RDF="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item><link>{ONE}</link></item></RDF:RDF>',
        f'<r:RDF><item r:about="{ONE}"><link>{ONE}</link></item></r:RDF>',
        f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="{ONE}"/></a:entry></a:feed>',
        f"<!DOCTYPE rss SYSTEM 'x.dtd'><rss><channel><item><guid isPermaLink='true'>{ONE}</guid></item></channel></rss>",
        f"<?xml-stylesheet href='a.xsl'?><!-- <html> --><rss><channel><item><link>{ONE}</link></item></channel></rss>",
    ],
)
@pytest.mark.parametrize("content_type", ["application/xml", "text/html", "text/plain", ""])
def test_prefixes_are_free(body: str, content_type: str) -> None:
    found = leads(body, content_type)
    assert (found.pages, found.problem, found.is_list) == ((ONE,), None, True)


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE html><html><title>&lt;rss></title><p><urlset> </p><a href="{ONE}">1</a></html>',
        f'<p>How to write a <code>&lt;?xml version="1.0"?>&lt;feed></code>: <a href="{ONE}">1</a>',
        f'<!-- <feed> --><html xmlns="http://www.w3.org/1999/xhtml"><body><a href="{ONE}">1</a></body></html>',
        f'<?xml version="1.0"?><html><body><a href="{ONE}">1<br></a></body></html>',
    ],
)
def test_a_page_that_speaks_of_lists_is_a_page(body: str) -> None:
    assert leads(body, "text/html") == Leads((ONE,))


@pytest.mark.parametrize(
    ("feed", "entry", "link", "page"),
    [
        ("https://gang.example/blog/", "2024/", "willow", "https://gang.example/blog/2024/willow"),
        ("/blog/", "", "willow", "https://gang.example/blog/willow"),
        ("../", "x/", "willow", "https://gang.example/x/willow"),
        ("", "//o.example/", "willow", "https://o.example/willow"),
        ("mailto:a@b.example", "", "willow", "https://gang.example/feeds/willow"),
        ("https://o.example/", "", "https://gang.example/1", ONE),
    ],
)
def test_the_links_of_a_feed_start_at_the_base_of_their_element(
    feed: str, entry: str, link: str, page: str
) -> None:
    url = "https://gang.example/feeds/atom.xml"
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{feed}"><entry xml:base="{entry}"><link href="{link}"/></entry>
      <link rel="next" href="?p=2"/></feed>"""
    assert leads(atom, "application/atom+xml", url).pages == (page,)
    rss = (
        f'<rss xml:base="{feed}"><channel><item xml:base="{entry}"><link>{link}</link></item></channel></rss>'
    )
    assert leads(rss, "application/rss+xml", url).pages == (page,)


@pytest.mark.parametrize(
    "first",
    [
        "<title>가&nbsp;나</title>",
        "<title>가 & 나</title>",
        "<title>가&unknown;나</title>",
        "<title>가 < 나</title>",
        "<title>가<br>나</title>",
        "<title>가</titel>",
        "<title>가",
        "<title>가&#8;나</title>",
        "<description><p>가</description>",
        "<description><![CDATA[ 가 ]]</description>",
        "<enclosure url=a.mp3 length=3>",
        "<enclosure url='a.mp3' url='b.mp3'/>",
        "<undeclared:x>가</undeclared:x><b></i></b>",
        "</title>",
        "<!-- 가 -- 나 -->",
    ],
)
def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_can_be_made_out(first: str) -> None:
    feed = (
        f"<rss><channel>\n<item>{first}<link>{ONE}</link></item>"
        f"<item><link>{TWO}?a=1&b=2&amp;copy=3</link></item></channel></rss>"
    )
    found = leads(feed, "application/rss+xml")
    assert found.pages == (ONE, f"{TWO}?a=1&b=2&copy=3")
    assert (found.problem, found.recovered) == (None, "it is not well-formed at line 2")


def test_control_characters_cost_nothing_and_are_said() -> None:
    found = leads(f"<rss><channel><item><title>가\x08</title><link>{ONE}</link></item></channel></rss>")
    assert (found.pages, found.recovered) == ((ONE,), "it holds characters that XML has not")


def test_a_sitemap_with_a_bare_ampersand_keeps_all_its_pages() -> None:
    urls = "".join(f"<url><loc>{url}?a=1&b=2</loc></url>" for url in (ONE, TWO, THREE))
    assert leads(f"<urlset>{urls}</urlset>").pages == tuple(f"{url}?a=1&b=2" for url in (ONE, TWO, THREE))


def test_a_list_that_breaks_off_has_a_problem() -> None:
    found = leads(f"<rss><channel><item><link>{ONE}</link></item><item><title>가 & 나")
    assert found.pages == (ONE,)
    assert found.problem == "it is not well-formed at line 1, and it breaks off"


@given(st.text(st.sampled_from("<>&;!?-[]/='\" \nlinkitemurloc가CDATA"), max_size=200))
def test_whatever_stands_in_a_feed_ends_no_item_after_it_in_silence(odd: str) -> None:
    found = leads(
        f"<rss><channel><item><link>{ONE}</link></item>{odd}<item><link>{TWO}</link></item></channel></rss>"
    )
    assert ONE in found.pages
    assert TWO in found.pages or found.problem or found.recovered or "<!" in odd or "<?" in odd


@pytest.mark.thorough
def test_recovery_takes_time_in_proportion() -> None:
    leads("<rss><channel>" + "<!-- <![CDATA[ <a b='" * 100_000)
    leads("<rss>" + "<a " * 100_000 + "&")


def test_an_item_of_rss_1_without_a_link_is_what_it_is_about() -> None:
    items = f'<item r:about="{ONE}"><title>a</title></item><item r:about="{TWO}"/><item r:about="tag:x"><link>{THREE}</link></item>'
    names = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    assert leads(f"<r:RDF {names}>{items}</r:RDF>").pages == (ONE, TWO, THREE)


def test_a_relation_may_be_written_as_an_iri() -> None:
    iri = "http://www.iana.org/assignments/relation"
    entry = f'<entry><link rel="enclosure" href="{TWO}"/><link rel="{iri}/alternate" href="{ONE}"/></entry>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="{iri}/next" href="{THREE}"/>{entry}</feed>'
    assert leads(feed) == Leads((ONE,), following=(THREE,), is_list=True)
