"""robots.txt: every case of google/robotstxt, vectors from RFC 9309, and what holds for any bytes."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import MAX_ROBOTS_BYTES, judge, parse_robots
from scraper.model.stores import RobotsCopy

SITE = "https://글밭.example.org"

# The cases of google/robotstxt whose verdict we do not share, by test and the start of the URL. Ours is stricter.
STRICTER_THAN_GOOGLE = {
    # RFC 9309 has no rule by which Allow: /x/index.html covers /x/.
    ("GoogleOnly_IndexHTMLisDirectory", "http://foo.com/allowed-slash/"),
    # RFC 9309 has no longest line: an Allow pattern of 16 KiB is not cut, so it does not cover more.
    ("GoogleOnly_LineTooLong", "http://foo.bar/x/bbbbbbbbbbbb"),
}


def allowed(robots_txt: str | bytes, path: str, token: str = "postkeep") -> bool:
    body = robots_txt.encode() if isinstance(robots_txt, str) else robots_txt
    return parse_robots(body).verdict(token, SITE + path).allowed


def test_every_case_of_google_robotstxt_gives_its_verdict_or_a_stricter_one_that_is_listed(
    shared: Path,
) -> None:
    cases = json.loads((shared / "testbed/robots/google-cases.json").read_text())["cases"]
    differing = set()
    for case in cases:
        verdict = parse_robots(case["robots_txt"].encode()).verdict(case["agent"], case["url"])
        if verdict.allowed != case["allowed"]:
            assert not verdict.allowed
            differing.add((case["test"], case["url"][:29]))
    assert len(cases) == 145
    assert differing == STRICTER_THAN_GOOGLE


@pytest.mark.parametrize(
    ("robots_txt", "path", "expected"),
    [
        # Section 2.2.1: the token in any case, groups of one token together, else the groups for all.
        ("User-agent: PostKeep\nDisallow: /a", "/a", False),
        ("User-agent: postkeep/2.0\nDisallow: /a", "/a", False),
        ("User-agent: postkeeper\nDisallow: /a", "/a", True),
        ("User-agent: post\nDisallow: /a", "/a", True),
        (
            "User-agent: postkeep\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: postkeep\nDisallow: /b",
            "/a",
            False,
        ),
        (
            "User-agent: postkeep\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: postkeep\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: *\nDisallow: /\n\nUser-agent: postkeep\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/a", False),
        ("User-agent: x\nUser-agent: postkeep\nDisallow: /a", "/a", False),
        ("Disallow: /a", "/a", True),
        ("User-agent: postkeep\n\nUser-agent: x\nDisallow: /a", "/a", False),
        # Section 2.2.4: other records end nothing.
        ("User-agent: postkeep\nCrawl-delay: 3\nDisallow: /a", "/a", False),
        ("User-agent: postkeep\nDisallow: /a\nSitemap: https://x/s.xml\nDisallow: /b", "/b", False),
        ("User-agent: postkeep\nCrawl-delay: 3\nUser-agent: x\nDisallow: /a", "/a", False),
        ("User-agent: postkeep\nNoise\nwhat: ever\nDisallow: /a", "/a", False),
        # Section 2.2.2: the longest match wins, Allow when they are equal.
        ("User-agent: *\nAllow: /p\nDisallow: /", "/page", True),
        ("User-agent: *\nAllow: /folder\nDisallow: /folder", "/folder/page", True),
        ("User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm", False),
        (
            "User-agent: *\nDisallow: /example/page/\nAllow: /example/page/disallowed.gif",
            "/example/page/",
            False,
        ),
        (
            "User-agent: *\nDisallow: /example/page/\nAllow: /example/page/disallowed.gif",
            "/example/page/disallowed.gif",
            True,
        ),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a", "/A", True),
        # Section 2.2.3: wildcards, the end anchor, and both escaped.
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif", False),
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif?size=1", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a-b-c-d", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a-c-b", True),
        ("User-agent: *\nDisallow: /*a*a$", "/a", True),
        ("User-agent: *\nDisallow: /**x", "/x", False),
        ("User-agent: *\nDisallow: *", "/x", False),
        ("User-agent: *\nDisallow: /$", "/", False),
        ("User-agent: *\nDisallow: /$", "/x", True),
        ("User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
        ("User-agent: *\nDisallow: /path/foo-%24", "/path/foo-$", False),
        ("User-agent: *\nDisallow: /path/foo-%24", "/path/foo-", True),
        ("User-agent: *\nDisallow: /a$b", "/a$b", False),
        # Section 2.2.2: escapes compare by what they stand for.
        ("User-agent: *\nDisallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        (
            "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar",
            "/foo/bar?baz=https%3A%2F%2Ffoo.bar",
            False,
        ),
        (
            "User-agent: *\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar",
            "/foo/bar?baz=https://foo.bar",
            False,
        ),
        ("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("User-agent: *\nDisallow: /foo/bar/%e3%83%84", "/foo/bar/ツ", False),
        ("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("User-agent: *\nDisallow: /foo/bar/baz", "/foo/bar/%62%61%7A", False),
        ("User-agent: *\nDisallow: /글", "/%ea%b8%80/1", False),
        ("User-agent: *\nDisallow: /\nAllow: /글", "/%ea%b8%80/1", True),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a/../b", "/b", True),
        ("User-agent: *\nDisallow: /b", "/a/../b", False),
        # Section 2.3: BOMs, line ends, comments, blanks.
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("  user-agent \t:\t* # all\n\tdisallow\t:/a#b", "/a", False),
        ("User-agent: *\nDisallow: /a b", "/a%20b", False),
        # Misspelt or without a colon: understood, for staying out is what was meant.
        ("User-agent *\nDisallow /a", "/a", False),
        ("user agent: *\ndisalow: /a", "/a", False),
        # /robots.txt itself may always be asked for.
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /", "/robots.txt?x", False),
    ],
)
def test_a_vector_derived_from_the_rfc_holds(robots_txt: str, path: str, expected: bool) -> None:
    assert allowed(robots_txt, path) is expected


def test_a_file_in_utf_16_is_read() -> None:
    assert not allowed("User-agent: *\nDisallow: /a".encode("utf-16"), "/a")


def test_the_verdict_names_the_line_that_decided() -> None:
    verdict = parse_robots(b"# hello\nUser-agent: *\nDisallow: /private # keep out").verdict(
        "postkeep", SITE + "/private/1"
    )
    assert verdict == (False, "robots.txt line 3: Disallow: /private")


def test_rules_within_the_first_500_kib_are_read_and_a_line_cut_in_two_is_not() -> None:
    filler = b"# " + b"x" * 998 + b"\n"
    early = filler * 512 + b"User-agent: *\nDisallow: /a\n"
    assert len(early) > 500 * 1024
    assert not allowed(early, "/a")
    opening = b"User-agent: *\nDisallow: /\n"
    cut = b"Allow: /only-this"
    padding = b"#" * (MAX_ROBOTS_BYTES - len(opening) - len(b"Allow: /") - 1) + b"\n"
    assert not allowed(opening + padding + cut, "/anything")


@pytest.mark.parametrize(
    ("robots_txt", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 10\nDisallow: /a\nUser-agent: *\nCrawl-delay: 3", 10.0),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: postkeep\nDisallow: /a", 10.0),
        ("User-agent: *\nCrawl-delay: 10\nDisallow:\n\nUser-agent: postkeep\nDisallow: /a", None),
        ("User-agent: *\nCrawl-delay: .5", 0.5),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("Crawl-delay: 4", None),
    ],
)
def test_crawl_delay_is_read_with_its_fraction(robots_txt: str, delay: float | None) -> None:
    assert parse_robots(robots_txt.encode()).crawl_delay("postkeep") == delay


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, False), (206, False), (400, True), (401, True), (403, True), (404, True), (410, True), (451, True)]
    + [(status, False) for status in (None, 100, 301, 304, 429, 500, 502, 503, 599)],
)
def test_the_status_of_robots_txt_decides(status: int | None, expected: bool) -> None:
    body = b"User-agent: *\nDisallow: /" if status in {200, 206} else b""
    copy = RobotsCopy(SITE, datetime(2026, 1, 5, tzinfo=UTC), status, body)
    assert judge(copy).verdict("postkeep", SITE + "/a").allowed is expected
    assert judge(copy).verdict("postkeep", SITE + "/robots.txt").allowed


def test_no_copy_refuses_and_a_refusing_copy_keeps_its_delays() -> None:
    assert judge(None).is_refusal
    copy = RobotsCopy(SITE, datetime(2026, 1, 5, tzinfo=UTC), 503, b"User-agent: *\nCrawl-delay: 7")
    assert judge(copy).is_refusal
    assert judge(copy).crawl_delay("postkeep") == 7


paths = st.text(st.sampled_from("/ab*$?=%2Fé글"), max_size=12).map(lambda text: "/" + text)
rule_lines = st.lists(
    st.tuples(st.sampled_from(["Allow", "Disallow"]), paths).map(lambda rule: f"{rule[0]}: {rule[1]}"),
    max_size=6,
)


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_bytes_and_no_url_make_it_raise(body: bytes, url: str) -> None:
    robots = parse_robots(body)
    assert robots.verdict("postkeep", url).allowed in {True, False}
    assert robots.verdict("postkeep", SITE + "/" + url).rule
    delay = robots.crawl_delay("postkeep")
    assert delay is None or 0 <= delay <= 10**9


@given(rule_lines, paths, paths)
def test_one_more_disallow_never_opens_what_was_closed(rules: list[str], more: str, path: str) -> None:
    before = "\n".join(["User-agent: *", *rules])
    if not allowed(before, path):
        assert not allowed(f"{before}\nDisallow: {more}", path)


@given(rule_lines, paths, st.integers(0, 6))
def test_the_order_of_rules_and_their_split_into_groups_do_not_matter(
    rules: list[str], path: str, cut: int
) -> None:
    whole = "\n".join(["User-agent: postkeep", *rules])
    other = ["Disallow:", "User-agent: x", "Disallow: /", "User-agent: postkeep"]
    split = "\n".join(["User-agent: postkeep", *reversed(rules[cut:]), *other, *rules[:cut]])
    assert allowed(whole, path) == allowed(split, path)


@given(
    rule_lines,
    paths,
    st.sampled_from(["\n", "\r", "\r\n", "\n\n", " # note\n", "\nSitemap: /s\n", "\nCrawl-delay: 1\n"]),
)
def test_line_ends_comments_and_other_records_do_not_matter(rules: list[str], path: str, end: str) -> None:
    lines = ["User-agent: *", *rules]
    assert allowed("\n".join(lines), path) == allowed(end.join(lines), path)


@given(paths)
def test_a_path_without_special_characters_is_covered_by_itself(path: str) -> None:
    plain = path.replace("*", "").replace("$", "").replace("%", "")
    assert not allowed(f"User-agent: *\nDisallow: {plain}", plain)


@given(
    st.text(st.sampled_from("ab*"), max_size=10), st.text(st.sampled_from("ab"), max_size=10), st.booleans()
)
def test_wildcards_match_as_the_regular_expression_they_stand_for(
    pattern: str, text: str, anchored: bool
) -> None:
    expression = "/" + pattern.replace("*", ".*") + ("$" if anchored else "")
    line = f"User-agent: *\nDisallow: /{pattern}{'$' if anchored else ''}"
    assert allowed(line, "/" + text) is (re.match(expression, "/" + text) is None)


@pytest.mark.parametrize(
    ("text", "is_visited"),
    [
        ("User-agent: *\nContent-Signal: use=immediate", False),
        ("Content-Signals: use=immediate", False),
        ("User-agent: *\nCONTENT-SIGNAL: Search=Yes, USE=IMMEDIATE # no", False),
        ("User-agent: postkeep/1.0\nContent-Signal: use='immediate'", False),
        ("User-agent: *\nAllow: /\nContent-Signal: use=full\nContent-Signal: use=immediate", False),
        ("User-agent: *\nContent-Signal: /a/ use=immediate", False),
        ("User-agent: *\nContent-Signal: /b/ use=immediate", True),
        ("User-agent: *\nContent-Signal: search=yes,ai-train=no,use=reference", True),
        ("User-agent: other\nContent-Signal: use=immediate\nUser-agent: *\nAllow: /", True),
        ("# Content-Signal: use=immediate", True),
    ],
)
def test_what_may_not_be_stored_is_not_asked_for(text: str, is_visited: bool) -> None:
    verdict = parse_robots(text.encode()).verdict("postkeep", "https://example.org/a/1")
    assert verdict.allowed is is_visited
    assert is_visited or "immediate" in verdict.rule.lower()
