"""Pages out of HAR files: real ones of Playwright's, and entries as browsers and proxies write them."""

import gzip
import json
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.replay import BODY_LIMIT
from scraper.errors import SkippableError
from scraper.jobs.imports.har import is_har, read_har
from scraper.jobs.imports.saved_page import NotTaken, SavedPage
from scraper.jobs.workplace import Workplace
from tests.jobs.captures import visits
from tests.jobs.crawl_file import import_of

SAVED: Final = Path(__file__).parent / "saved"
URL: Final = "https://blog.example/posts/41"
PAGE: Final = "<html><title>배포</title><p>손으로 하던 열두 단계가 세 단계로 줄었다.</p></html>"


def entry(text: str | None = PAGE, url: str = URL, **changes: Any) -> dict[str, Any]:
    content = {"size": 1, "mimeType": "text/html; charset=utf-8", "text": text} | changes.pop("content", {})
    request = {"method": "GET", "url": url, "headers": [], "cookies": []} | changes.pop("request", {})
    response = {"status": 200, "headers": [], "content": content} | changes.pop("response", {})
    return {
        "startedDateTime": "2023-11-27T10:00:00.000+09:00",
        "request": request,
        "response": response,
    } | changes


def har(*entries: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def read(*entries: object) -> list[SavedPage | NotTaken]:
    return list(read_har(har(*entries), "x.har"))


def page_of(one: dict[str, Any]) -> SavedPage:
    (page,) = read(one)
    assert isinstance(page, SavedPage), page
    return page


def reason_of(one: object) -> str:
    (item,) = read(one)
    assert isinstance(item, NotTaken), item
    return item.reason


def test_what_playwright_records_is_one_capture_a_page(workplace: Workplace) -> None:
    report = import_of(workplace, SAVED / "playwright.har")
    assert [item.outcome for item in report.items][:1] == ["done"]
    (capture,) = visits(workplace)[0].captures
    assert capture.url == "http://blog.example/posts/41"
    assert (capture.captured_at, capture.captured_at_basis) == (
        datetime(2026, 11, 29, 13, 7, 48, 270000, tzinfo=UTC),
        "asserted",
    )
    assert "손으로 하던 열두 단계가".encode() in capture.body


def test_what_a_member_records_keeps_no_credentials_and_no_answer_to_a_post(workplace: Workplace) -> None:
    import_of(workplace, SAVED / "playwright-signed-in.har")
    recorded = (SAVED / "playwright-signed-in.har").read_bytes()
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in (workplace.folder / "warc").iterdir())
    for secret in (b"geheim-77", b"parole-88", b"visit=1", b"Set-Cookie"):
        assert secret in recorded
        assert secret.lower() not in kept.lower()
    (visit,) = visits(workplace)
    assert visit.captures[0].asked_with == ("cookie",)
    assert b"Postkeep-Wire: decoded" in kept


def test_text_is_kept_as_utf8_and_said_to_be_decoded() -> None:
    page = page_of(entry("<meta charset=euc-kr><p>글"))
    assert (page.body, page.media_type, page.decoded) == (
        "<meta charset=euc-kr><p>글".encode(),
        "text/html; charset=utf-8",
        True,
    )


def test_base64_is_the_bytes_in_their_own_charset() -> None:
    body = PAGE.encode("euc-kr")
    content = {
        "mimeType": "text/html; charset=EUC-KR",
        "text": b64encode(body).decode(),
        "encoding": "base64",
    }
    page = page_of(entry(content=content))
    assert (page.body, page.media_type, page.decoded) == (body, "text/html; charset=EUC-KR", False)


@pytest.mark.parametrize(
    ("started", "at"),
    [
        ("2023-11-27T10:00:00.123+09:00", datetime(2023, 11, 27, 1, 0, 0, 123000, tzinfo=UTC)),
        ("2023-11-27T01:00:00Z", datetime(2023, 11, 27, 1, tzinfo=UTC)),
        ("2023-11-27T01:00:00.1234567Z", datetime(2023, 11, 27, 1, 0, 0, 123456, tzinfo=UTC)),
        ("2023-11-27T10:00:00", None),
        ("yesterday", None),
        (None, None),
        (17, None),
    ],
)
def test_the_time_is_asserted_where_it_says_its_zone(started: object, at: datetime | None) -> None:
    page = page_of(entry(startedDateTime=started))
    assert (page.captured_at, page.basis) == (at, "asserted" if at else "unknown")


@pytest.mark.parametrize(
    ("asking", "personal"),
    [
        ({"headers": [{"name": "COOKIE", "value": "a=b"}]}, ("cookie",)),
        ({"cookies": [{"name": "a", "value": "b"}]}, ("cookie",)),
        (
            {"headers": [{"name": "Authorization", "value": "Basic x"}, {"name": "X-API-Key", "value": "k"}]},
            ("authorization", "x-api-key"),
        ),
        ({"headers": [{"name": "Cookie", "value": ""}]}, ()),
        ({"url": "https://boram:geheim@blog.example/posts/41"}, ("authorization",)),
        ({"headers": "none", "cookies": None}, ()),
    ],
)
def test_fields_that_spoke_for_a_person_are_named_and_not_kept(
    asking: dict[str, Any], personal: tuple[str, ...]
) -> None:
    page = page_of(entry(request=asking))
    assert (page.asked.personal, page.url) == (personal, URL)
    assert "geheim" not in page.name


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (entry(request={"method": "POST", "postData": {"text": "a=b"}}), "Answers to POST"),
        (entry(request={"headers": [{"name": "Sec-Fetch-Dest", "value": "iframe"}]}), "Frames"),
        (entry(response={"status": 304}), "another status"),
        (entry(response={"status": None}), "another status"),
        (entry(content={"mimeType": "image/png"}), "no pages"),
        (entry(url="data:text/html,x"), "no pages"),
        (entry(None), "does not have"),
        (entry(""), "does not have"),
        (entry(None, content={"_file": "a.html"}), "files beside"),
        (entry("x", content={"encoding": "base64"}), "cannot be undone"),
        (entry("====", content={"encoding": "base64"}), "does not have"),
        (entry("x", content={"encoding": "rot13"}), "cannot be undone"),
        ({}, "say no URL"),
        (None, "say no URL"),
        ([], "say no URL"),
    ],
)
def test_what_is_no_page_is_counted_by_its_reason(one: object, reason: str) -> None:
    assert reason in reason_of(one)


def test_a_page_longer_than_a_record_may_be_is_passed_over() -> None:
    assert "MB" in reason_of(entry("x" * (BODY_LIMIT + 1)))


def test_a_type_that_only_the_answer_says_is_believed() -> None:
    headers = [{"name": "Content-Type", "value": "text/html"}]
    page = page_of(
        entry(
            content={"mimeType": "x-unknown"},
            response={"headers": headers, "status": 200, "content": {"text": PAGE}},
        )
    )
    assert page.body == PAGE.encode()


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.decode().encode("utf-16"),
        lambda text: b" \n" + text,
    ],
)
def test_byte_order_marks_and_white_space_do_not_matter(encode: Any) -> None:
    data = encode(har(entry()))
    assert is_har(data[:400])
    assert len(list(read_har(data, "x.har"))) == 1


def test_lone_surrogates_and_stray_octets_cost_themselves() -> None:
    data = har(entry("a\ud800\\ud800😀"), entry("b")).replace(b'"b"', b'"b\xff"')
    first, second = read_har(data, "x.har")
    assert isinstance(first, SavedPage)
    assert isinstance(second, SavedPage)
    assert first.body.decode() == "a�\\ud800😀"
    assert second.body.decode() == "b�"


def test_of_a_file_that_breaks_off_what_stands_before_is_read() -> None:
    *pages, broken = read_har(har(entry("one"), entry("two"), entry("three"))[:-40], "x.har")
    assert [page.body for page in pages if isinstance(page, SavedPage)] == [b"one", b"two"]
    assert isinstance(broken, NotTaken)
    assert broken.reason.startswith("x.har breaks off behind entry 2")


def test_members_may_stand_in_any_order_and_hold_anything() -> None:
    log = {"comment": {"entries": [1]}, "pages": [{"log": {}}], "entries": [entry()], "version": "1.2"}
    data = json.dumps({"_meta": [{"log": 1}], "log": log, "more": 1}, indent=2).encode()
    assert len(list(read_har(data, "x.har"))) == 1
    assert list(read_har(b'{"log": {"entries": [ ]}}', "x.har")) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{}", "no HAR file"),
        (b'{"log": {}}', "no HAR file"),
        (b'{"log": {"entries": 7}}', "no HAR file"),
        (har(entry())[:-20], "broken"),
        (b"", "broken"),
    ],
)
def test_another_file_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(SkippableError, match=reason):
        list(read_har(data, "x.har"))


VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "request",
                    "response",
                    "content",
                    "url",
                    "method",
                    "headers",
                    "cookies",
                    "name",
                    "value",
                    "text",
                    "mimeType",
                    "status",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.binary()
    | VALUES.map(lambda value: har(value, entry(request=value if isinstance(value, dict) else {})))
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    is_har(data)
    with suppress(SkippableError):
        for item in read_har(data, "x.har"):
            assert isinstance(item, NotTaken) or item.body


@given(st.text(min_size=1).filter(str.strip), st.datetimes(timezones=st.just(UTC)))
def test_what_is_recorded_comes_back(text: str, at: datetime) -> None:
    page = page_of(entry(text, startedDateTime=at.isoformat()))
    assert (page.body.decode(), page.captured_at) == (text.encode("utf-8", "replace").decode(), at)
