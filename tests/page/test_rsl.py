"""RSL 1.0: which terms are for which pages, wherever they stand and however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.model.record import Signal
from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.page.path_pattern import covers
from scraper.page.restrictions import restrictions_of
from scraper.page.rsl import Terms, page_terms, read_terms, terms_of
from scraper.page.signals import licences_named, signals_of
from tests.fixtures.captures import capture_of

PAGE = "https://example.org/blog/1?page=2"
LICENCE = "https://example.org/license.xml"
HTML = ("Content-Type", "text/html; charset=utf-8")
NO_TRAINING = Signal("rsl prohibits usage", "ai-train")


def rsl(inner: str, url: str = "/") -> str:
    return f'<rsl xmlns="https://rslstandard.org/rsl"><content url="{url}">{inner}</content></rsl>'


def licence(rules: str, url: str = "/") -> str:
    return rsl(f"<license>{rules}</license>", url)


def terms_for(text: str, page: str = PAGE) -> list[Signal] | None:
    terms = read_terms(text, LICENCE)
    return None if terms is None else list(page_terms(terms, page))


@pytest.mark.parametrize(
    "text",
    [
        licence('<prohibits type="usage">ai-train</prohibits>'),
        "\ufeff<?xml version='1.0'?><!-- ours -->" + licence('<prohibits type="usage">ai-train</prohibits>'),
        licence("<prohibits>ai-train</prohibits>"),
        licence('<PROHIBITS Type=" Usage "> ai-train </PROHIBITS>'),
        licence('<prohibits type="usage"><![CDATA[ai-train]]></prohibits>'),
        '<RSL><Content URL="/"><License><Prohibits type="usage">ai-train</Prohibits></License></Content></RSL>',
        '<rsl:rsl xmlns:rsl="https://rslstandard.org/rsl"><rsl:content url="*"><rsl:license><rsl:prohibits type="usage">ai-train</rsl:prohibits></rsl:license></rsl:content></rsl:rsl>',
        "<rsl><content url='/' title=a&b><license><prohibits type='usage'>ai-train</prohibits></license></content></rsl>",
        "<rsl><license><prohibits type='usage'>ai-train</prohibits></license></rsl>",
        "<rsl><content><license><prohibits type='usage'>ai-train</prohibits></license></content></rsl>",
    ],
)
def test_a_licence_is_read_however_it_is_spelled(text: str) -> None:
    assert terms_for(text) == [NO_TRAINING]


@pytest.mark.parametrize(
    ("url", "covered"),
    [
        ("", True),
        ("/", True),
        ("*", True),
        ("/blog/", True),
        ("blog/*", True),
        ("/%62log/", True),
        ("/blog/1$", False),
        ("/*page=2$", True),
        ("/jobs/", False),
        ("https://example.org/", True),
        ("http://EXAMPLE.org:443/blog/*", True),
        ("//example.org", True),
        ("https://example.org/jobs/", False),
        ("https://*.org/blog/", True),
        ("https://other.example/", False),
        ("https://example.or", False),
    ],
)
def test_terms_are_for_the_pages_that_their_url_covers(url: str, covered: bool) -> None:
    assert terms_for(licence("<prohibits>ai-train</prohibits>", url)) == ([NO_TRAINING] if covered else [])


def test_all_licences_of_a_page_count() -> None:
    text = rsl(
        '<license><permits type="usage">all</permits><payment type="free"/></license>'
        '<license><permits type="usage">search</permits><payment type="Purchase"/></license>'
    )
    found = terms_for(text)
    assert found == [
        Signal("rsl permits usage", "all"),
        Signal("rsl payment", "free"),
        Signal("rsl permits usage", "search"),
        Signal("rsl payment", "purchase"),
    ]
    assert restrictions_of(found).reservations == tuple(found[2:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not Found",
        "<html><body><p>Not found</p></body></html>",
        "<rsl></rsl>",
        "<rsl><content url='/'><license><prohibits>all",
        '<!DOCTYPE rsl [<!ENTITY a "all">]><rsl><content url="/"><license><prohibits>&a;</prohibits></license></content></rsl>',
        '<!DOCTYPE rsl [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>' + licence(""),
        licence("<prohibits>" + "x " * 3000 + "</prohibits>"),
        "<rsl>" + "<content>" * 100 + "</content>" * 100 + "</rsl>",
        licence("") + " " * (1 << 20),
        "<feed><entry><content url='/'><license/></content></entry></feed>",
    ],
)
def test_what_is_no_licence_or_cannot_be_read_to_its_end_has_no_terms(text: str) -> None:
    assert read_terms(text, LICENCE) is None


FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:rsl="https://rslstandard.org/rsl" xmlns:media="http://search.yahoo.com/mrss/">
<channel>{channel}<item><link>https://example.org/blog/1?page=2</link>
<media:content url="/"><media:license>ours</media:license></media:content>{item}</item>
<item><link>https://example.org/blog/2</link></item></channel></rss>"""
TERMS = '<rsl:content url=""><rsl:license><rsl:prohibits type="usage">ai-train</rsl:prohibits></rsl:license></rsl:content>'


@pytest.mark.parametrize(
    ("feed", "first", "second"),
    [
        (FEED.format(channel="", item=TERMS), True, False),
        (FEED.format(channel=TERMS, item=""), True, True),
        (
            FEED.format(channel="", item=TERMS.replace('url=""', 'url="https://example.org/blog/2"')),
            False,
            True,
        ),
        (
            FEED.format(channel="", item="")
            .replace("<media:license>", "<x>")
            .replace("</media:license>", "</x>"),
            False,
            False,
        ),
        (
            f'<feed xmlns:rsl="https://rslstandard.org/rsl"><entry><link rel="self" href="/x"/><link href="/blog/2"/>{TERMS}</entry></feed>',
            False,
            True,
        ),
        (f"<feed>{TERMS}</feed>", True, True),
    ],
)
def test_terms_in_feeds_are_for_their_entry_or_for_all_of_them(feed: str, first: bool, second: bool) -> None:
    for page, applies in ((PAGE, first), ("https://example.org/blog/2", second)):
        assert (terms_for(feed, page) or []) == ([NO_TRAINING] if applies else [])


def test_a_page_names_licences_in_its_head_and_its_headers() -> None:
    page = """<head><base href="https://cdn.example/a/"><link REL="license" TYPE="application/rsl+xml; charset=utf-8" href="l.xml">
      <link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head>"""
    link = '<x>; rel=next, </l.xml>; REL="License"; type="Application/RSL+XML"'
    document = Document(capture_of(page.encode(), PAGE, HTML, ("LINK", link)))
    signals = signals_of(document)
    assert [(each.signal, each.value) for each in signals] == [
        ("link rel=license type=application/rsl+xml", '</l.xml>; REL="License"; type="Application/RSL+XML"'),
        ("rel=license type=application/rsl+xml", "l.xml"),
        ("rel=license", "https://creativecommons.org/licenses/by/4.0/"),
    ]
    assert licences_named(document, signals) == ("https://example.org/l.xml", "https://cdn.example/a/l.xml")
    assert restrictions_of(signals).reservations == ()


def test_a_licence_in_a_script_is_for_its_page_and_one_that_cannot_be_read_prohibits() -> None:
    scripts = (
        licence("<prohibits>ai-train</prohibits>", ""),
        licence("<prohibits>all</prohibits>", "/jobs/"),
        "<rsl",
    )
    page = "<head>" + "".join(f'<script type="application/RSL+xml">{each}</script>' for each in scripts)
    document = Document(capture_of(page.encode(), PAGE, HTML))
    assert signals_of(document) == (NO_TRAINING, Signal("rsl unavailable", PAGE))
    assert terms_of(document) is None


@pytest.mark.parametrize(
    ("name", "value", "comes_to"),
    [
        ("rsl prohibits usage", "all", "withholdings"),
        ("rsl prohibits usage", "search, ALL", "withholdings"),
        ("rsl permits usage", "", "withholdings"),
        ("rsl unavailable", LICENCE, "withholdings"),
        ("rsl prohibits usage", "ai-all", "reservations"),
        ("rsl prohibits usage", "ai-index", "reservations"),
        ("rsl permits usage", "search", "reservations"),
        ("rsl permits usage", "search ai-train", "reservations"),
        ("rsl prohibits user", "commercial", "reservations"),
        ("rsl permits geo", "EU", "reservations"),
        ("rsl payment", "crawl", "reservations"),
        ("rsl server", "https://pay.example", "reservations"),
        ("rsl prohibits usage", "search", None),
        ("rsl permits usage", "ai-train ai-input", None),
        ("rsl permits usage", "ai-all", None),
        ("rsl payment", "attribution", None),
    ],
)
def test_what_a_term_comes_to(name: str, value: str, comes_to: str | None) -> None:
    signal = Signal(name, value)
    kinds = ("refusals", "withholdings", "reductions", "reservations")
    assert [kind for kind in kinds if signal in getattr(restrictions_of([signal]), kind)] == (
        [comes_to] if comes_to else []
    )


USES = st.sampled_from(["all", "ai-all", "ai-train", "ai-input", "ai-index", "search", "x:own"])
RULES = st.lists(
    st.tuples(st.sampled_from(["permits", "prohibits"]), st.lists(USES, max_size=3).map(" ".join)), max_size=4
)


@given(RULES, RULES)
def test_terms_beside_each_other_never_allow_more(
    one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    texts = ["".join(f"<{kind}>{uses}</{kind}>" for kind, uses in rules) for rules in (one, other)]
    alone = [restrictions_of(terms_for(licence(text)) or []) for text in texts]
    both = restrictions_of(terms_for(rsl("".join(f"<license>{text}</license>" for text in texts))) or [])
    assert set(both.withholdings) == {each for found in alone for each in found.withholdings}
    assert set(both.reservations) == {each for found in alone for each in found.reservations}


@given(st.text(max_size=300), st.text(max_size=50))
@example("<rsl><content url='[/'><license/></content></rsl>", "https://[/")
def test_no_text_raises(text: str, pattern: str) -> None:
    read_terms(text, LICENCE)
    read_terms("<rsl>" + text + "</rsl>", LICENCE)
    page = parse_url(PAGE)
    assert page is not None
    Terms(pattern, ()).cover(page)


PATHS = st.text(alphabet="ab/?", max_size=8).map(lambda path: f"/{path}")


@given(PATHS, st.data())
def test_a_path_is_covered_by_each_of_its_beginnings_and_by_what_stands_for_its_parts(
    path: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(path)))
    assert covers(path[:cut], path)
    assert covers(path + "$", path)
    assert covers(path[:cut] + "*", path)
    assert covers("/*" + path[cut:] + "$", path)
    assert not covers(path + "x", path)
    assert not covers(path[:cut] + "$", path) or cut == len(path)
