"""In every spelling that a page can give a text, it is found and blacked out; what another wrote beside it stays."""

import base64
import gzip
import html
import json
import unicodedata
import zlib
from collections.abc import Callable
from urllib.parse import quote

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.replay import capture_of
from scraper.archive.warc import WarcRecord
from scraper.takedown.payload import redacted_body
from scraper.takedown.record import TakedownRule, redacted
from scraper.takedown.text import blacked_out, found_in, leads_there, may_hold
from scraper.takedown.traces import RUN, Statement, Traces
from scraper.takedown.view import View, fold
from tests.archive.making import NOON

HERS = '저는 커리어 전환을 세 번 했는데, 가장 중요한 것은 "꾸준함"이었습니다! 😀'
HIS = "저도 그렇게 생각합니다 & 응원합니다"
SAID = (Statement(HIS, "박지호", is_taken=False), Statement(HERS, "김하늘", is_taken=True))
WANTED = Traces(texts=frozenset({HERS}), names=frozenset({"김하늘"}), ids=frozenset({"2713"}))

Spelling = Callable[[str], str]


def _json(text: str) -> str:
    return json.dumps(text)


def _nested(text: str) -> str:
    return json.dumps(json.dumps({"html": f"<p>{html.escape(text)}</p>"}))


SPELLINGS: dict[str, Spelling] = {
    "plain": lambda text: text,
    "named entities": html.escape,
    "decimal entities": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(character):X};" for character in text),
    "escapes of JSON": _json,
    "JSON in a string of JSON": lambda text: _json(_json(text)),
    "HTML in JSON in JSON": _nested,
    "JSON in an attribute": lambda text: f'<div data-props="{html.escape(_json(text))}"></div>',
    "percent-encoding": quote,
    "percent-encoding of code page 949": lambda text: quote(text.encode("cp949", "ignore")),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "other blanks": lambda text: text.replace(" ", " \n\t"),
    "markup within": lambda text: text.replace("중요한", "<b>중</b><i class='x'>요</i>한"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_spelling_is_blacked_out_and_the_other_stays(name: str) -> None:
    spell = SPELLINGS[name]
    page = f"<article>{spell(HIS)}</article><article>{spell(HERS)}</article>"
    after, count = blacked_out(page, WANTED, SAID)
    assert count
    assert spell(HIS) in after
    assert not found_in(after, WANTED, SAID[:1])
    readable = "".join(html.unescape(after).split())
    assert not any(word in readable for word in ("커리어", "꾸준함", "전환"))


@pytest.mark.parametrize("codec", ["utf-8", "cp949", "euc-kr", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_charset_is_seen_through(codec: str) -> None:
    hers = HERS.removesuffix(" 😀")
    page = f"<p>{HIS}</p><p>{hers}</p>"
    after = redacted_body(page.encode(codec), f"text/html; charset={codec}", WANTED, SAID)
    assert after is not None
    text = after.decode(codec)
    assert HIS in text
    assert "꾸준함" not in text


def _response(body: bytes, *headers: str) -> WarcRecord:
    head = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", *headers, "", ""])
    fields = (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", "<urn:uuid:1>"),
        ("WARC-Date", "2026-01-05T12:00:00Z"),
        ("WARC-Target-URI", "https://example.org/feed"),
        ("Content-Type", "application/http;msgtype=response"),
    )
    return WarcRecord(fields, head.encode() + body)


def _chunked(body: bytes) -> bytes:
    half = len(body) // 2
    parts = [body[:half], body[half:]]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coded", "headers"),
    [
        (lambda body: body, ()),
        (gzip.compress, ("Content-Encoding: gzip",)),
        (zlib.compress, ("Content-Encoding: deflate",)),
        (brotli.compress, ("Content-Encoding: br",)),
        (zstandard.compress, ("Content-Encoding: zstd",)),
        (
            lambda body: zstandard.compress(body[:9]) + zstandard.compress(body[9:]),
            ("Content-Encoding: zstd",),
        ),
        (_chunked, ("Transfer-Encoding: chunked",)),
        (
            lambda body: _chunked(gzip.compress(body)),
            ("Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        ),
    ],
)
def test_a_coding_is_undone_and_the_answer_says_what_it_is_now(
    coded: Callable[[bytes], bytes], headers: tuple[str, ...]
) -> None:
    page = f"<p>{HIS}</p><p>{HERS}</p>".encode()
    record = _response(coded(page), *headers, 'Link: </users/2713>; rel="author"', "X-Robots-Tag: noai")
    rule = TakedownRule("a takedown", NOON, b"key")
    new = redacted(record, rule, WANTED, SAID)
    assert new is not None
    assert new is not record
    assert new.type == "conversion"
    assert new.get("WARC-Refers-To") == "<urn:uuid:1>"
    capture = capture_of(new)
    assert HIS.encode() in capture.body
    assert "꾸준함".encode() not in capture.body
    assert capture.header("content-length") == str(len(capture.body))
    assert capture.header("x-robots-tag") == "noai"
    assert capture.header("link") is None
    assert capture.captured_at is not None
    assert capture.captured_at_basis == "observed"


def test_what_cannot_be_decoded_is_not_sure() -> None:
    rule = TakedownRule("a takedown", NOON, b"key")
    assert redacted(_response(b"\x8b\x02", "Content-Encoding: br"), rule, WANTED, SAID) is None


def test_of_two_equal_texts_the_one_of_the_person_goes_by_the_order_on_the_page() -> None:
    traces = Traces(texts=frozenset({"감사합니다"}))
    said = (
        Statement("감사합니다", "박지호", is_taken=False),
        Statement("감사합니다", "김하늘", is_taken=True),
    )
    page = '<p>감사합니다</p><p>감사합니다</p><script>["감사합니다","감사합니다"]</script>'
    after, _ = blacked_out(page, traces, said)
    assert after == '<p>감사합니다</p><p>■■■■■</p><script>["감사합니다","■■■■■"]</script>'


def test_a_short_text_of_another_stays_where_it_is_part_of_longer_words_too() -> None:
    page = "<p>네</p><p>우리 동네 이야기네요</p><p>네</p><p>그렇네요</p>"
    said = (
        Statement("네", "박지호", is_taken=False),
        Statement("우리 동네 이야기네요", "정하은", is_taken=False),
        Statement("네", "김하늘", is_taken=True),
        Statement("그렇네요", "정하은", is_taken=False),
    )
    after, _ = blacked_out(page, Traces(texts=frozenset({"네"}), names=frozenset({"김하늘"})), said)
    assert after == "<p>네</p><p>우리 동네 이야기네요</p><p>■</p><p>그렇네요</p>"


def test_a_quote_that_the_page_marks_as_one_goes_and_one_that_it_does_not_mark_stays() -> None:
    marked = f"<blockquote>{HERS}</blockquote>"
    said = (*SAID, Statement(f"{HERS} 라고 하셨는데 저는 다르게 봅니다", "박지호", is_taken=False))
    after, _ = blacked_out(f"<div>{marked} 라고 하셨는데 저는 다르게 봅니다</div>", WANTED, said)
    assert "꾸준함" not in after
    assert "라고 하셨는데 저는 다르게 봅니다" in after
    page = f"<div>{HERS} 라고 하셨는데 저는 다르게 봅니다</div>"
    assert blacked_out(page, WANTED, said) == (page, 0)


def test_a_name_goes_but_not_the_same_word_in_what_another_wrote() -> None:
    said = (*SAID, Statement("오늘 김하늘처럼 맑네요", "박지호", is_taken=False))
    page = '<a href="/profiles/2713">김하늘</a> <p>오늘 김하늘처럼 맑네요</p> 김하늘님의 댓글 <p>2713개</p>'
    after, _ = blacked_out(page, WANTED, said)
    assert (
        after == '<a href="/********/****">■■■</a> <p>오늘 김하늘처럼 맑네요</p> ■■■님의 댓글 <p>2713개</p>'
    )


def test_what_leads_to_a_person_goes_with_the_name() -> None:
    page = (
        '<li><img class="avatar" src="https://pictures.example/5d41402a" srcset="/5d41402a 2x"/>'
        '<b><a class="url" href="https://haneul.example/">김하늘</a></b></li>'
        '<li><img class="avatar" src="https://pictures.example/7c9e"/><a href="https://jiho.example/">박지호</a></li>'
    )
    after, _ = blacked_out(page, WANTED, SAID)
    assert "5d41402a" not in after
    assert "haneul" not in after
    assert after.endswith(page[page.index("<li><img", 1) :])


def test_the_marks_of_what_another_wrote_stay_beside_a_name_and_a_text() -> None:
    page = f"<p>{HIS}.</p><b>김하늘</b><p>{HERS}</p><p>“{HIS}”</p>"
    after, _ = blacked_out(page, WANTED, SAID)
    assert after.startswith(f"<p>{HIS}.</p><b>■■■</b>")
    assert after.endswith(f"<p>“{HIS}”</p>")


def test_json_stays_json() -> None:
    page = json.dumps({"user": {"id": 2713, "name": "김하늘"}, "userId": 2713, "text": HERS, "likes": 2713})
    after, _ = blacked_out(page, WANTED, SAID)
    read = json.loads(after)
    assert read["user"]["name"] == "■■■"
    assert 2713 not in {read["user"]["id"], read["userId"]}
    assert read["likes"] == 2713
    assert not fold(read["text"])


_MARKS = " .,!?'\"&<>\\/-😀"
_HERS = st.text(st.sampled_from("가나다라마바사abcdeé0123" + _MARKS), max_size=80).map(
    lambda text: f"가나다{text}"
)
_HIS = st.text(st.sampled_from("아자차카타파하XYZwvü4567" + _MARKS), max_size=80).map(
    lambda text: f"아자차{text}"
)


@given(
    hers=st.lists(_HERS, min_size=1, max_size=3),
    his=st.lists(_HIS, min_size=1, max_size=3),
    spellings=st.lists(st.sampled_from(["named entities", "decimal entities", "escapes of JSON", "HTML in JSON in JSON", "decomposed"]), min_size=2, max_size=2),
    is_mixed=st.booleans(),
)  # fmt: skip
def test_nothing_of_hers_and_all_of_his(
    hers: list[str], his: list[str], spellings: list[str], is_mixed: bool
) -> None:
    """Random texts of two people on one page, each in a random spelling."""
    said = [
        *(Statement(text, "박지호", False) for text in his),
        *(Statement(text, "김하늘", True) for text in hers),
    ]
    if is_mixed:
        said = said[::2] + said[1::2]
    spell = {True: SPELLINGS[spellings[0]], False: SPELLINGS[spellings[1]]}
    page = "".join(f"<li>{spell[item.is_taken](item.text)}</li>\n" for item in said)
    traces = Traces(texts=frozenset(hers))
    after, _ = blacked_out(page, traces, said)
    for line, item in zip(after.splitlines(), said, strict=True):
        if item.is_taken:
            assert not found_in(line, traces)
        else:
            assert line == f"<li>{spell[False](item.text)}</li>"


@given(
    st.text(
        "\u1100\u1112\u1161\u1175\u11a8\u11c2가각힣ㄱㅏ\u0301\u0327eéÅﬁ①㈜ｱﾊ\uff9e\uff9fかが\u3099ßſΣςaA1 -\u200b\u00ad",
        max_size=8,
    )
)
def test_a_fold_has_the_letters_and_digits_of_the_normal_form_and_knows_where_they_stood(text: str) -> None:
    settled = unicodedata.normalize("NFKC", text)
    folded = View(text).folded()
    assert folded.text == "".join(filter(str.isalnum, settled)).casefold()
    for at, letter in enumerate(folded.text):
        assert letter in fold(text[folded.start(at) : folded.end(at)])


@given(
    text=st.text("가나다라마바사아자차카타파하abcdefgh0123", min_size=RUN, max_size=90),
    at=st.integers(0, 90),
    before=st.text("xyz -", max_size=40),
    more=st.integers(0, 30),
)
def test_no_stretch_of_a_text_escapes_the_quick_look_wherever_it_begins(
    text: str, at: int, before: str, more: int
) -> None:
    start = at % (len(text) - RUN + 1)
    page = f"{before}{text[start : start + RUN + more]} xyz"
    assert may_hold(page, Traces(texts=frozenset({text})))


@pytest.mark.parametrize(
    ("name", "address", "leads"),
    [
        ("유민재", "/@유민재", True),
        ("유민재", f"/search?q={quote('유민재')}&page=2", True),
        ("유민재", f"/search?q={quote('유민재'.encode('cp949'))}", True),
        ("유민재", f"/tag/{quote(quote(unicodedata.normalize('NFD', '유민재')))}.rss", True),
        ("유민재", "/유민재단", False),
        ("유민재", "/2026/유민재-말하다", False),
        ("John Smith", "/people/john-smith", True),
        ("John Smith", "/search?q=John+Smith", True),
        ("kim", "/@Kim/posts", True),
        ("kim", "/?q=kim", True),
        ("blog", "/blog/2026/", False),
        ("2024", "/?p=2024", False),
        ("a", "/?q=a", False),
    ],
)
def test_a_name_leads_somewhere_where_it_is_a_part_of_the_address_of_its_own(
    name: str, address: str, leads: bool
) -> None:
    traces = Traces(names=frozenset({name}))
    assert leads_there(f"https://community.example{address}", traces) is leads
    spared = Traces(names=frozenset({name}), spared=frozenset({f"https://community.example{address}"}))
    assert not leads_there(f"https://community.example{address}", spared)


@pytest.mark.parametrize("escaped", [False, True])
def test_the_rest_of_what_an_object_says_of_a_person_goes_with_the_name(escaped: bool) -> None:
    her = {
        "id": 7,
        "image_url": "https://cdn.example/people/7.png",
        "badge": {"image": "https://cdn.example/badges/gold.png"},
        "name": "한나래울",
        "headline": "작은 회사의 마케터",
        "email": "hannarae@example.org",
        "level": "gold",
    }
    him = {
        "id": 8,
        "name": "이도윤",
        "headline": "큰 회사의 마케터",
        "image_url": "https://cdn.example/people/8.png",
    }
    said = json.dumps({"author": her, "comments": [him]}, ensure_ascii=False)
    page = json.dumps({"data": said}, ensure_ascii=False) if escaped else said
    after, _ = blacked_out(page, Traces(names=frozenset({"한나래울"})))
    read = json.loads(json.loads(after)["data"] if escaped else after)
    assert read["comments"] == [him]
    assert (read["author"]["level"], read["author"]["badge"], read["author"]["id"]) == (
        "gold",
        her["badge"],
        7,
    )
    for key in ("name", "headline", "email", "image_url"):
        assert not any(part in read["author"][key] for part in ("한나", "회사", "hannarae", "example", "7"))


def test_openings_of_comments_that_nobody_closes_are_each_looked_at_once() -> None:
    # Looked for to the end from each of them, the end of a comment would take days to be found missing.
    openings = "<!-- " * 400_000
    assert View(f"<!-- closed -->{openings}{HERS}").without_markup().text == f"{openings}{HERS}"
    assert may_hold(f"{openings}{HERS}", WANTED)
    assert not may_hold(openings, WANTED)


@given(st.lists(st.sampled_from(["<!--", "-->", "<", ">", "b", "-", "!", " "]), max_size=12).map("".join))
def test_a_view_without_markup_knows_where_each_character_stood(text: str) -> None:
    view = View(f"<p>{text}").without_markup()
    assert "".join(f"<p>{text}"[start:end] for start, end in view.spans(0, len(view.text))) == view.text
