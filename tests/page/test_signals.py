"""What pages and hosts say about keeping and using them, recorded verbatim; and what it comes to."""

import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model.capture import Capture
from scraper.model.exchange import Headers
from scraper.model.record import Signal
from scraper.page.document import Document
from scraper.page.restrictions import restrictions_of
from scraper.page.robots_directives import directives_for_us
from scraper.page.signals import header_signals, may_hold_signals, signals_of
from scraper.page.site_signals import is_site_file, signals_for, site_statements
from tests.fixtures.captures import capture_of

PAGE = "https://example.org/qna/1?page=2"
HTML = ("Content-Type", "text/html; charset=utf-8")


def answered(body: str = "", *headers: tuple[str, str], url: str = PAGE, status: int = 200) -> Capture:
    return capture_of(body.encode(), url, HTML, *headers, status=status)


def said(body: str = "", *headers: tuple[str, str]) -> list[tuple[str, str]]:
    return [(signal.signal, signal.value) for signal in signals_of(Document(answered(body, *headers)))]


def site_file_signals(file: Capture, page_url: str) -> tuple[Signal, ...]:
    return tuple(signals_for(page_url, file.url, site_statements(Document(file))))


@pytest.mark.parametrize(
    ("value", "ours"),
    [
        ("noarchive", {"noarchive"}),
        ("NoArchive , nofollow", {"noarchive", "nofollow"}),
        ("googlebot: noarchive", set()),
        ("googlebot: noindex, noarchive, postkeep: noai, nofollow", {"noai", "nofollow"}),
        ("noindex, bingbot: noarchive", {"noindex"}),
        ("*: noarchive", {"noarchive"}),
        ("PostKeep: none", {"none"}),
        ("max-snippet: 20, noarchive", {"max-snippet", "noarchive"}),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noai", {"unavailable_after", "noai"}),
        (" , ,", set()),
    ],
)
def test_a_directive_binds_us_if_it_names_us_or_nobody(value: str, ours: set[str]) -> None:
    assert directives_for_us(value) == ours


def test_headers_are_recorded_as_they_stand_and_in_their_order() -> None:
    headers: Headers = (
        ("X-Robots-Tag", " noai, max-snippet: 20 "),
        ("X-Robots-Tag", "googlebot: noarchive"),
        ("TDM-Reservation", "1"),
        ("tdm-policy", "https://example.org/policy.json"),
        ("Content-Signal", "search=yes, ai-train=no"),
        ("Content-Usage", "train-ai=n"),
        ("Cache-Control", "private, no-store"),
        ("Cache-Control", "max-age=60"),
        ("Cache-Control", "max-age=0, private"),
        (
            "Link",
            '<https://example.org/a>; rel="next", <https://example.org/by>; rel="license"; title="a, b"',
        ),
    )
    assert said("", *headers) == [
        ("x-robots-tag", "noai, max-snippet: 20"),
        ("tdm-reservation", "1"),
        ("tdm-policy", "https://example.org/policy.json"),
        ("content-signal", "search=yes, ai-train=no"),
        ("content-usage", "train-ai=n"),
        ("cache-control", "private, no-store"),
        ("cache-control", "max-age=0, private"),
        ("link rel=license", '<https://example.org/by>; rel="license"; title="a, b"'),
    ]


def test_tags_are_recorded_and_those_to_other_crawlers_are_not() -> None:
    page = """<!doctype html><head><META NAME=" Robots " content="index, noarchive">
      <meta name="postkeep" content="noai"><meta name="googlebot" content="noindex">
      <meta name='tdm-reservation' content='1'><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
      <script>document.write('<meta name="robots" content="quoted">')</script></head>
      <body><a rel="nofollow license" href="/terms">이용 약관</a><!-- <meta name="robots" content="out"> --></body>"""
    assert said(page) == [
        ("meta robots", "index, noarchive"),
        ("meta postkeep", "noai"),
        ("meta tdm-reservation", "1"),
        ("rel=license", "https://creativecommons.org/licenses/by/4.0/"),
        ("rel=license", "/terms"),
    ]


def test_a_page_too_costly_to_parse_is_looked_at_in_its_head() -> None:
    assert said('<meta name="robots" content="noarchive">' + "<div>" * 50_000) == [
        ("meta robots", "noarchive")
    ]


ROBOTS = """\
# Content-Signal: commented=out
Content-Signal: search=yes
User-agent: otherbot
Disallow: /
Content-Usage: train-ai=y
User-agent: third
User-agent: *
Content-Signal: ai-train=no   # for all
Content-Usage: /qna/ train-ai=n
Content-Usage: /jobs/ bots=n
User-agent: PostKeep
Allow: /
content-usage: search=y
"""


def test_robots_txt_speaks_for_the_pages_of_its_host() -> None:
    file = answered(ROBOTS, url="https://example.org/robots.txt")
    assert site_file_signals(file, PAGE) == (
        Signal("robots.txt content-signal", "search=yes"),
        Signal("robots.txt content-signal", "ai-train=no"),
        Signal("robots.txt content-usage", "search=y"),
    )
    assert site_file_signals(file, "https://other.example/qna/1") == ()
    assert site_file_signals(answered(ROBOTS, url="https://example.org/robots.txt", status=404), PAGE) == ()


def robots_signals(text: str, page: str = PAGE) -> list[str]:
    file = answered(text, url="https://example.org/robots.txt")
    return [signal.value for signal in site_file_signals(file, page)]


@pytest.mark.parametrize(
    ("lines", "decides"),
    [
        ("Content-Usage: train-ai=n", ["train-ai=n"]),
        ("Content-Usage: / train-ai=n\nContent-Usage: /qna/ train-ai=y", ["/qna/ train-ai=y"]),
        ("Content-Usage: /qna/ train-ai=y\nContent-Usage: / train-ai=n", ["/qna/ train-ai=y"]),
        ("Content-Usage: train-ai=n\nContent-Usage: /jobs/long/path/ train-ai=y", ["train-ai=n"]),
        ("Content-Usage: / search=y\nContent-Usage: train-ai=n", ["/ search=y", "train-ai=n"]),
        ("Content-Usage: /q train-ai=n\nContent-Usage: /qna/*page train-ai=y", ["/qna/*page train-ai=y"]),
        ("Content-Usage: /%71na/1 train-ai=n\nContent-Usage: /qna train-ai=y", ["/%71na/1 train-ai=n"]),
        ("CONTENT-USAGE: /qna/ TRAIN-AI=N # no", ["/qna/ TRAIN-AI=N"]),
    ],
)
def test_the_longest_path_of_our_own_group_decides(lines: str, decides: list[str]) -> None:
    for_all = "Content-Usage: /qna/1?page= train-ai=n"
    assert robots_signals(f"User-agent: *\n{lines}") == decides
    assert robots_signals(f"User-agent: *\n{for_all}\n\nUser-agent: postkeep/1.0\n{lines}") == decides
    assert robots_signals(f"User-agent: *\n{lines}\n\nUser-agent: other\n{for_all}") == decides


@given(st.lists(st.sampled_from(["/", "/q", "/qna/", "/qna/1?page", "/jobs", "/*"]), min_size=1, max_size=6))
def test_the_order_of_lines_decides_nothing(paths: list[str]) -> None:
    lines = [f"Content-Usage: {path} train-ai=n" for path in paths]
    found = [robots_signals("\n".join(("User-agent: *", *each))) for each in (lines, lines[::-1])]
    assert sorted(found[0]) == sorted(found[1])
    covering = [path for path in paths if path != "/jobs"]
    longest = max(map(len, covering), default=0)
    assert sorted(found[0]) == sorted(f"{path} train-ai=n" for path in covering if len(path) == longest)


@pytest.mark.parametrize(
    ("text", "licences"),
    [
        ("License: https://a.example/l.xml", ["https://a.example/l.xml"]),
        ("LICENSE : https://a.example/l.xml # ours\n", ["https://a.example/l.xml"]),
        ("License: a\nUser-agent: *\nDisallow:\nLicense: b", ["b"]),
        ("License: a\nLicense: b\nUser-agent: other\nDisallow:\nLicense: c", ["a", "b"]),
        ("User-agent: other\nDisallow: /\n\nSitemap: s\nLicense: a", ["a"]),
        ("User-agent: other\nLicense: a\nUser-agent: postkeep\nDisallow: /x", ["a"]),
        ("User-agent: *\nLicense: a\nAllow: /\n\nUser-agent: postkeep\nDisallow: /x\nLicense: b", ["b"]),
        ("User-agent: other\nDisallow: /\nLicense: a", []),
    ],
)
def test_a_licence_of_our_group_comes_before_those_outside_of_groups(text: str, licences: list[str]) -> None:
    assert robots_signals(text) == licences


@pytest.mark.parametrize(
    ("location", "covers"),
    [
        ("/", True),
        ("/qna/", True),
        ("/qna/*", True),
        ("/qna/1", True),
        ("/qna/1$", False),
        ("*page=2$", True),
        ("/*/1?page=*", True),
        ("/jobs/", False),
        ("/q*x", False),
    ],
)
def test_a_rule_of_tdmrep_json_counts_where_its_location_covers_the_page(location: str, covers: bool) -> None:
    rules = [{"location": location, "tdm-reservation": 1, "tdm-policy": "https://example.org/p"}]
    file = answered(json.dumps(rules), url="https://example.org/.well-known/tdmrep.json")
    expected = (
        Signal("tdmrep.json tdm-reservation", "1"),
        Signal("tdmrep.json tdm-policy", "https://example.org/p"),
    )
    assert site_file_signals(file, PAGE) == (expected if covers else ())


@pytest.mark.parametrize("body", ["", "{}", "[1, null, {}]", "[" * 100_000, '[{"location": 3}]', "\0"])
def test_a_site_file_that_is_nothing_says_nothing(body: str) -> None:
    for name in ("robots.txt", ".well-known/tdmrep.json"):
        assert site_file_signals(answered(body, url=f"https://example.org/{name}"), PAGE) == ()


def test_a_robots_txt_in_a_folder_is_none() -> None:
    assert not is_site_file("https://example.org/blog/robots.txt")


@pytest.mark.parametrize(
    ("signal", "comes_to"),
    [
        (Signal("x-robots-tag", "noarchive"), "refusal"),
        (Signal("meta postkeep", "noarchive"), "refusal"),
        (Signal("x-robots-tag", "googlebot: noarchive, postkeep: index"), "nothing"),
        (Signal("cache-control", "no-archive"), "refusal"),
        (Signal("cache-control", "no-store, no-cache"), "nothing"),
        (Signal("cache-control", "private"), "nothing"),
        (Signal("meta robots", "noindex, nofollow"), "nothing"),
        (Signal("meta robots", "noai"), "reservation"),
        (Signal("tdm-reservation", "1"), "reservation"),
        (Signal("tdm-reservation", "0"), "nothing"),
        (Signal("tdmrep.json tdm-reservation", "1"), "reservation"),
        (Signal("content-signal", "search=yes, ai-train=no"), "reservation"),
        (Signal("robots.txt content-usage", "/qna/ train-ai=n"), "reservation"),
        (Signal("content-usage", "train-ai=y, search=n"), "nothing"),
        (Signal("content-usage", "AI-USE=N"), "reservation"),
        (Signal("content-signals", 'ai-train="no"'), "reservation"),
        (Signal("content-signals", "use=immediate"), "refusal"),
        (Signal("meta content-signal", "USE = 'Immediate'"), "refusal"),
        (Signal("robots.txt content-signal", "/qna/ search=yes, use=immediate"), "refusal"),
        (Signal("content-signal", "use=full, use=immediate"), "refusal"),
        (Signal("content-signal", "search=no, use=full"), "nothing"),
        (Signal("content-signal", "reuse=immediate"), "nothing"),
        (Signal("content-usage", "use=immediate"), "nothing"),
        (Signal("rel=license", "https://creativecommons.org/licenses/by-sa/3.0/kr/"), "nothing"),
        (Signal("rel=license", "https://creativecommons.org/licenses/by-nd/4.0/"), "reservation"),
        (Signal("rel=license", "https://creativecommons.org/licenses/by-nc/4.0/"), "reservation"),
        (Signal("rel=license", "/terms"), "reservation"),
        (
            Signal("link rel=license", "<https://creativecommons.org/publicdomain/zero/1.0/>; rel=license"),
            "nothing",
        ),
        (
            Signal(
                "link rel=license", "<https://evil.example/?creativecommons.org/licenses/by/>; rel=license"
            ),
            "reservation",
        ),
        (Signal("rel=license", "https://creativecommons.org/licenses/by/4.0/"), "nothing"),
    ],
)
def test_what_a_signal_comes_to(signal: Signal, comes_to: str) -> None:
    found = restrictions_of([signal])
    assert found.refusals == ((signal,) if comes_to == "refusal" else ())
    assert found.reservations == ((signal,) if comes_to == "reservation" else ())


@given(st.lists(st.sampled_from(["noarchive", "index", "noai", "all", "googlebot: noarchive"]), max_size=6))
def test_the_most_restrictive_signal_wins_whatever_stands_around_it(values: list[str]) -> None:
    found = restrictions_of(Signal("x-robots-tag", value) for value in values)
    assert [signal.value for signal in found.refusals] == [value for value in values if value == "noarchive"]
    assert [signal.value for signal in found.reservations] == [value for value in values if value == "noai"]


@pytest.mark.parametrize(
    "value", ["use=reference", "search=yes,ai-train=no,use=Reference", "use=full;use=other"]
)
def test_a_use_for_reference_leaves_the_row_without_its_words(value: str) -> None:
    for name in ("content-signal", "content-signals", "robots.txt content-signal", "meta content-signals"):
        signal = Signal(name, value)
        assert restrictions_of([signal]).reductions == (signal,)
        assert restrictions_of([signal]).refusals == restrictions_of([signal]).withholdings == ()


USES = st.sampled_from(["full", "reference", "immediate"])


@given(st.lists(USES, min_size=1, max_size=5), st.sampled_from([str, str.upper, str.title]))
def test_of_several_uses_the_strictest_holds(uses: list[str], spelled: Callable[[str], str]) -> None:
    one_line = restrictions_of([Signal("content-signal", spelled(", ".join(f"use={use}" for use in uses)))])
    lines = restrictions_of(Signal("content-signal", spelled(f"use={use}")) for use in uses)
    for found in (one_line, lines):
        assert bool(found.refusals) == ("immediate" in uses)
        assert bool(found.reductions) or "reference" not in uses or "immediate" in uses


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_that_a_page_says_raises(body: str, value: str) -> None:
    said('<meta name="robots"' + body, ("X-Robots-Tag", value), ("Link", value), ("Cache-Control", value))
    for name in ("robots.txt", ".well-known/tdmrep.json"):
        site_file_signals(answered(body, url=f"https://example.org/{name}"), PAGE)


_PIECES = st.sampled_from(
    [
        '<meta name="Robots" content="noarchive">',
        '<META NAME=postkeep CONTENT=noai>',
        '<a rel="License" href="/by">',
        '<meta name="tdm-reservation" content="1">',
        '<script type="application/rsl+xml"><rsl xmlns="https://rslstandard.org/rsl"/></script>',
        "글과 댓글",
        "<p>", "</p>", "robots", "\x00", "\x0c", "\x1b(B", "\r\n", " ",
    ]
)  # fmt: skip


@given(st.lists(_PIECES), st.sampled_from(["utf-8", "cp949", "utf-16", "utf-16-le", "iso2022_jp", "gzip"]))
def test_what_is_not_looked_through_says_nothing(pieces: list[str], form: str) -> None:
    text = "".join(pieces)
    body = gzip.compress(text.encode()) if form == "gzip" else text.encode(form, "replace")
    capture = capture_of(body, PAGE, ("Content-Type", "text/html"), ("X-Robots-Tag", "noai"))
    if not may_hold_signals(body):
        assert signals_of(Document(capture)) == tuple(header_signals(capture.headers))


@given(st.sampled_from(["robots", "license", "<rsl"]), st.integers(1, 5), st.sampled_from("\x0c\x01\x7f"))
def test_a_word_with_a_control_character_in_it_is_looked_for(word: str, at: int, control: str) -> None:
    assert may_hold_signals(f"{word[:at]}{control}{word[at:]}".encode())


def test_most_pages_are_not_looked_through() -> None:
    assert not may_hold_signals("<html><head><title>글</title></head>\r\n\t<p>본문</p>".encode())
