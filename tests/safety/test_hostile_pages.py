"""Pages that are built to be hard to read: each is settled well within the limits of the pool that reads them."""

import gzip
import json
from collections.abc import Iterator

import pytest

from scraper.reading.pool import Reader, ReadingLimits
from scraper.reading.read_visit import Unread
from scraper.records.reading import Reading
from tests.fixtures.pages import v1_page
from tests.safety.visits import reading_pool, visit_of

# What these pages are made to exhaust grows with their square: a machine of any speed is within this, or far beyond it.
LIMITS = ReadingLimits(seconds=900.0)
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def page() -> str:
    return v1_page(70991)


@pytest.fixture(scope="module")
def pool() -> Iterator[Reader]:
    with reading_pool(1, LIMITS) as pool:
        yield pool


def settled(pool: Reader, body: bytes, content_type: str = "text/html; charset=utf-8") -> Reading | Unread:
    """What the pool makes of a page; neither its clock nor its memory limit may be what ended it."""
    (result,) = pool.read([visit_of(body, content_type)])
    if isinstance(result, Unread):
        assert "took more than" not in result.reason
        assert "died" not in result.reason
        assert "MemoryError" not in result.reason
    return result


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nested div", b"<div>" * 100_000),
        ("nested and closed", b"<b>" * 100_000 + b"x" + b"</b>" * 100_000),
        ("nested lists", b"<ul><li>" * 50_000),
        ("nested tables", b"<table><tr><td>" * 30_000),
        ("nested forms of formatting", b"<a><b><i><u>" * 25_000),
        ("attributes", b"<p " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">x</p>"),
        ("one attribute a thousand times", b"<p " + b"a=1 " * 200_000 + b">x</p>"),
        ("an unclosed quote", b'<p title="' + b"a" * (4 * MEGABYTE)),
        ("unclosed comments", b"<!--" * 200_000),
        ("angle brackets", b"<" * (2 * MEGABYTE)),
        ("entities", b"&amp;" * 400_000),
        ("a broken entity", b"&" * (2 * MEGABYTE)),
        ("NULs", b"\0" * (2 * MEGABYTE)),
        ("a long word", b"a" * (4 * MEGABYTE)),
        ("digits", b"1" * (2 * MEGABYTE)),
        ("white space", b" \n" * MEGABYTE),
        ("line breaks", b"<br>" * 300_000),
        ("empty paragraphs", b"<p></p>" * 200_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_markup_made_to_be_slow_is_settled(pool: Reader, name: str, body: bytes) -> None:
    whole = b"<!doctype html><html><body>" + body + b"</body></html>"
    settled(pool, whole)


def next_data(value: str) -> bytes:
    return f'<html><body><script id="__NEXT_DATA__" type="application/json">{value}</script></body></html>'.encode()


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_ten_thousand_deep_is_settled(pool: Reader, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    settled(pool, next_data(opening * 10_000 + "1" + closing * 10_000))
    settled(pool, (opening * 10_000).encode(), "application/json")


@pytest.mark.thorough
def test_fifty_megabytes_of_json_are_settled(pool: Reader) -> None:
    item = json.dumps({"id": 1, "content": "가나다" * 50, "author": {"name": "홍길동"}}, ensure_ascii=False)
    many = f"[{','.join([item] * (50 * MEGABYTE // len(item.encode())))}]"
    settled(pool, next_data(f'{{"props":{many}}}'))
    settled(pool, many.encode(), "application/json")


@pytest.mark.thorough
def test_json_of_many_small_values_is_settled(pool: Reader) -> None:
    # Twice as many as a reader looks at.
    settled(pool, next_data("[" + "[]," * 1_000_000 + "1]"))


def test_nuls_and_lone_surrogates_do_not_reach_the_rows(pool: Reader, page: str) -> None:
    hostile = page.replace("<p>", "<p>\0\ud800").replace("</p>", "\udfff\0</p>")
    reading = settled(pool, hostile.encode("utf-8", "surrogatepass"))
    assert isinstance(reading, Reading)
    rows = json.dumps([reading.post, *reading.comments], ensure_ascii=False)
    rows.encode()
    assert "\0" not in rows


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "text/html; charset=utf-8"),
        ("utf-8", "text/html"),
        ("utf-8", "text/html; charset=euc-kr"),
        ("utf-8", "text/html; charset=no-such-charset"),
        ("utf-8-sig", "text/html; charset=euc-kr"),
        ("utf-16", "text/html; charset=utf-8"),
        ("cp949", "text/html; charset=euc-kr"),
        ("cp949", "text/html; charset=ks_c_5601-1987"),
    ],
)
def test_a_page_reads_the_same_under_a_wrong_label(
    pool: Reader, page: str, encoding: str, content_type: str
) -> None:
    right = settled(pool, page.encode())
    # What code page 949 cannot hold is written as a reference, as editors of such pages do.
    relabelled = page.replace('charset="utf-8"', "").replace("charset=utf-8", "")
    reading = settled(pool, relabelled.encode(encoding, "xmlcharrefreplace"), content_type)
    assert isinstance(right, Reading)
    assert isinstance(reading, Reading)
    for column in ("title", "text", "views", "saves", "likes", "published_at"):
        assert reading.post[column] == right.post[column], column
    assert [comment["text"] for comment in reading.comments] == [
        comment["text"] for comment in right.comments
    ]


@pytest.mark.thorough
def test_a_compressed_bomb_is_read_as_far_as_the_bound(pool: Reader) -> None:
    bomb = gzip.compress(b"<p>x</p>" * (8 * MEGABYTE))
    settled(pool, gzip.decompress(bomb)[: 64 * MEGABYTE])
