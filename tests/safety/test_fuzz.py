"""Whatever comes from outside is read without an error that nobody expects: 100 cases each here, many in `make chaos`."""

import gzip
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.compose import ForeignRecord, Reference
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.members import Damage, scan
from scraper.archive.message import read_message
from scraper.archive.replay import capture_of
from scraper.archive.warc import WarcRecord, build_member
from scraper.archive.warc_file import WarcFile
from scraper.cli.printing import printable
from scraper.errors import RefusedError, SkippableError
from scraper.fetch.guard import check_url
from scraper.fetch.message import split_answer, trim_body
from scraper.fetch.pace import retry_after
from scraper.fetch.robots import judge, parse_robots
from scraper.jobs.imports.warc_places import WarcPlaces
from scraper.model.coding import decode_content
from scraper.model.stores import RobotsCopy
from scraper.model.url import parse_url, resolve, strip_tracking
from scraper.page.charset import decode
from scraper.page.counts import parse_count, parse_number
from scraper.page.dates import Zone, is_date, read_date
from scraper.reading.read_visit import Unread, read_visit
from scraper.records.reading import Reading
from scraper.settings import Network
from scraper.sites.registry import installed_sites
from tests.fixtures.pages import v1_page
from tests.safety.visits import POLICY, visit_of

NOW: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
SEOUL: Final = Zone("Asia/Seoul", "assumed")
ODD: Final = st.text(st.characters(exclude_categories=()), max_size=20)
# What a field of a WARC header may come to, once its bytes are read as UTF-8: no lone surrogate.
FIELD: Final = ODD.map(lambda text: text.encode(errors="replace").decode())


def pieces(*parts: str) -> st.SearchStrategy[str]:
    """Texts put together from the words of a format and from anything."""
    return st.lists(st.one_of(st.sampled_from(parts), ODD), max_size=30).map("".join)


def octets(*parts: str) -> st.SearchStrategy[bytes]:
    """The same as bytes, with bytes that are no text among them."""
    words = st.sampled_from([part.encode() for part in parts])
    return st.lists(st.one_of(words, st.binary(max_size=20)), max_size=40).map(b"".join)


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """Copies of ``data`` with some bytes replaced, cut out or put in."""
    edit = st.tuples(st.integers(0, len(data)), st.integers(0, 40), st.binary(max_size=40))
    return st.lists(edit, max_size=6).map(lambda edits: _edited(data, edits))


def _edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, put in edits:
        data = data[:at] + put + data[at + length :]
    return data


ROBOTS: Final = octets(
    "User-agent: *\n", "User-agent: postkeep\r", "Disallow: /", "Allow: /*$", "%2F", "%zz", "\n", "#", "\ufeff",
    "Crawl-delay: 1e999\n", "Crawl-delay: -1\n", "Sitemap:", "*" * 40, ":", "/a*b*c",
)  # fmt: skip
URLS: Final = pieces(
    "http://", "https://", "careerly.co.kr", "/comments/1", "/posts/", "@", ":", "//", "?post=", "#", "%", "%ff",
    "[::1]", "0x7f.1", "..", "\\", "xn--", "utm_source=a&", ":99999", "１",
)  # fmt: skip
DATES: Final = pieces(
    "2022", "년 ", "13월 ", "10월 ", "32일", "16일 ", "오전 ", "오후 ", "5:44", "25:61", "일 전", "99999999999", "개월 전",
    "-", "T", "+09:00", "+99:99", "Z", "어제", "방금", ", ", "Oct ", "0000", " 주 전", "9999-12-31",
)  # fmt: skip
COUNTS: Final = pieces(
    "1", "2", ".", ",", "만", "천", "억", "조", "k", "M", " ", "9" * 18, "-", "+", "개", "١", "½"
)
HEADS: Final = octets(
    "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early\r\n", "HTTP/2 404\n", "\r\n\r\n", "\n\n", "Transfer-Encoding: chunked\r\n",
    "Content-Encoding: gzip\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n", "ffffffffffffffff\r\n", "0\r\n", "5;x=y\r\n", "hello",
)  # fmt: skip
RETRY: Final = pieces("120", "-1", "1e9", "Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 99 Oct", " ", "0")


def a_member(kind: str = "response") -> bytes:
    fields = (
        ("WARC-Type", kind),
        ("WARC-Record-ID", "<urn:uuid:00000000-0000-4000-8000-000000000001>"),
        ("WARC-Date", "2026-01-05T03:00:00Z"),
        ("WARC-Target-URI", "https://careerly.co.kr/comments/1"),
        ("Content-Type", "application/http;msgtype=response"),
    )
    return build_member(
        WarcRecord(fields, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + "글".encode() * 50)
    )


@given(ROBOTS, URLS)
def test_any_robots_file_gives_a_verdict(body: bytes, url: str) -> None:
    assert parse_robots(body).verdict("postkeep", url).rule
    delay = judge(RobotsCopy("https://example.org", NOW, 200, body)).crawl_delay("postkeep")
    assert delay is None or 0 <= delay < float("inf")


@given(octets("가나다", "charset=euc-kr", "<meta charset=", "\ufeff", "<!--", "\x1b$)C"), st.none() | ODD)
def test_any_bytes_become_text_that_can_be_written(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).text.encode()


@given(DATES, st.none() | st.just(NOW))
def test_any_text_is_a_date_or_none(raw: str, captured_at: datetime | None) -> None:
    is_date(raw)
    moment = read_date(raw, SEOUL, captured_at)
    if moment and moment.at:
        assert moment.at.utcoffset() == NOW.utcoffset()


@given(COUNTS)
def test_any_text_is_a_count_or_none(raw: str) -> None:
    number = parse_number(raw)
    assert number is None or 0 <= number < 1 << 63
    parse_count("views", raw)


@given(URLS, URLS)
def test_any_text_is_a_url_or_none(base: str, reference: str) -> None:
    parse_url(base)
    resolved = resolve(base, reference)
    assert resolved is None or parse_url(resolved) is not None
    stripped = strip_tracking(base)
    assert strip_tracking(stripped) == stripped
    installed_sites().claimed(base)
    with suppress(RefusedError):
        check_url(base, Network())


@given(RETRY)
def test_any_retry_after_is_a_wait_or_none(value: str) -> None:
    wait = retry_after(value, None, NOW)
    assert wait is None or 0 <= wait < float("inf")


@given(HEADS)
def test_any_answer_is_taken_apart(received: bytes) -> None:
    _, body = split_answer(received)
    assert received.endswith(body)
    assert len(trim_body(body, 200, (("Transfer-Encoding", "chunked"),))) <= len(body)
    with suppress(ValueError):
        message = read_message(received)
        decoded = decode_content(message.payload, message.headers, 1000).body
        assert len(decoded) <= max(1000, len(message.payload))


@given(
    damaged(gzip.compress(b"hello " * 500)),
    st.sampled_from(["gzip", "deflate", "gzip, gzip", "br", "zstd", "\x00"]),
)
def test_any_coded_body_is_decoded_within_the_bound(payload: bytes, coding: str) -> None:
    decoded = decode_content(payload, (("Content-Encoding", coding),), 100).body
    # What never was coded as it claims is left as it stands.
    assert len(decoded) <= 100 or decoded == payload


def with_file(data: bytes, look: Callable[[Path], None]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.warc.gz"
        path.write_bytes(data)
        look(path)


@given(damaged(a_member("warcinfo") + a_member() + a_member("request") + a_member()))
def test_any_file_of_ours_is_scanned_and_every_byte_accounted_for(data: bytes) -> None:
    def look(path: Path) -> None:
        at = 0
        for found in scan(path):
            assert found.offset == at
            at += found.length
            if not isinstance(found, Damage) and found.record.type == "response":
                with suppress(ValueError):
                    capture_of(found.record)
        assert at == len(data)

    with_file(data, look)


@given(
    st.one_of(
        damaged(a_member() + a_member("request") + a_member("revisit")),
        damaged(gzip.decompress(a_member() + a_member("resource"))),
        octets(
            "WARC/1.0\r\n", "WARC-Type: response\r\n", "Content-Length: 99\r\n", "\r\n\r\n", "\x1f\x8b\x08"
        ),
    )
)
def test_any_file_of_somebody_else_is_records_and_problems(data: bytes) -> None:
    def look(path: Path) -> None:
        with suppress(SkippableError):
            for found in read_foreign(WarcFile.at(path)):
                assert isinstance(found, ForeignRecord | ForeignProblem)

    with_file(data, look)


@given(
    damaged(gzip.decompress(a_member() + a_member("revisit"))),
    st.builds(Reference, FIELD, FIELD | st.none(), FIELD | st.none(), st.none(), FIELD | st.none()),
)
def test_what_a_revisit_refers_to_is_found_or_not(data: bytes, refers: Reference) -> None:
    def look(path: Path) -> None:
        with WarcPlaces([WarcFile.at(path)]) as places:
            place = next(places.originals(refers, refers.url or ""), None)
            assert place is None or place.warc.location == str(path)

    with_file(data, look)


@given(damaged(v1_page(70991).encode()))
def test_any_page_is_read_or_rejected(body: bytes) -> None:
    result = read_visit(visit_of(body), POLICY, installed_sites())
    assert isinstance(result, Reading | Unread)
    if isinstance(result, Unread):
        assert "Error" not in result.reason


@given(ODD | pieces("\x1b[2J", "\x9b1m", "\u202e", "\r", "\x07", "가"))
def test_any_text_is_printed_without_driving_the_terminal(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", shown)
