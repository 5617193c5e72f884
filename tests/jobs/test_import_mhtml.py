"""Pages saved as MHTML: a real one of Chromium's, and those of other browsers, made as these write them."""

import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import SkippableError
from scraper.jobs.imports.mhtml import is_mhtml, read_mhtml
from scraper.jobs.imports.saved_page import SavedPage
from scraper.jobs.workplace import Workplace
from tests.jobs.captures import visits
from tests.jobs.crawl_file import import_of

SAVED: Final = Path(__file__).parent / "saved"
URL: Final = "https://blog.example/posts/41"
PAGE: Final = "<html><title>배포</title><p>손으로 하던 열두 단계가 세 단계로 줄었다.</p></html>"


def page_in(data: bytes) -> SavedPage:
    (page,) = read_mhtml(data, "page.mhtml")
    return page


def related(*parts: MIMEText | MIMEImage, **fields: str) -> MIMEMultipart:
    whole = MIMEMultipart("related", type="text/html")
    for name, value in fields.items():
        whole[name.replace("_", "-")] = value
    for part in parts:
        whole.attach(part)
    return whole


def html(
    text: str = PAGE, charset: str = "utf-8", location: str | None = URL, content_id: str = ""
) -> MIMEText:
    part = MIMEText(text, "html", charset)
    if location:
        part["Content-Location"] = location
    if content_id:
        part["Content-ID"] = content_id
    return part


def test_what_chromium_saves_is_one_capture_at_its_url_and_time(workplace: Workplace) -> None:
    report = import_of(workplace, SAVED / "chrome.mhtml")
    assert [item.outcome for item in report.items] == ["done"]
    ((capture,),) = [visit.captures for visit in visits(workplace)]
    assert capture.url == "http://blog.example/posts/41"
    assert (capture.captured_at, capture.captured_at_basis) == (
        datetime(2026, 11, 29, 13, 7, 48, tzinfo=UTC),
        "asserted",
    )
    assert "손으로 하던 열두 단계가".encode() in capture.body
    assert "틀 안의 글".encode() not in capture.body


def test_a_page_of_chromium_says_utc_by_a_zone_of_minus_zero() -> None:
    whole = related(html(), Date="Mon, 27 Nov 2023 01:00:00 -0000", Snapshot_Content_Location=URL)
    assert page_in(whole.as_bytes()).captured_at == datetime(2023, 11, 27, 1, tzinfo=UTC)


def test_a_page_of_internet_explorer_has_its_url_in_its_part_and_its_date_in_local_time() -> None:
    whole = related(
        html(charset="euc-kr"),
        From="<Saved by Windows Internet Explorer 8>",
        Date="Mon, 27 Nov 2023 10:00:00 +0900",
    )
    page = page_in(whole.as_bytes())
    assert (page.url, page.captured_at, page.basis) == (
        URL,
        datetime(2023, 11, 27, 1, tzinfo=UTC),
        "asserted",
    )
    assert page.media_type == "text/html; charset=euc-kr"
    assert page.body.decode("euc-kr") == PAGE


@pytest.mark.parametrize(
    "date", ["Mon, 27 Nov 2023 10:00:00", "2023. 11. 27. 오전 10:00", "", "Mon, 99 Foo 2023 10:00:00 +0900"]
)
def test_a_date_without_a_zone_is_no_time(date: str) -> None:
    page = page_in(related(html(), Date=date, Snapshot_Content_Location=URL).as_bytes())
    assert (page.captured_at, page.basis) == (None, "unknown")


def test_the_start_parameter_names_the_page() -> None:
    frame = html("<html><p>frame</p></html>", location="https://blog.example/frame")
    whole = related(frame, html(content_id="<page@blog>"))
    whole.set_param("start", "<page@blog>")
    assert page_in(whole.as_bytes()).url == URL


def test_the_page_is_the_part_at_the_address_of_the_whole_and_no_frame() -> None:
    frame = html("<html><p>frame</p></html>", location="https://blog.example/frame")
    whole = related(frame, html(), Snapshot_Content_Location=URL)
    assert "열두 단계" in page_in(whole.as_bytes()).body.decode()


@pytest.mark.parametrize("encoding", ["8bit", "binary", "7bit"])
def test_octets_of_a_page_stay_as_they_are(encoding: str) -> None:
    body = PAGE.encode().replace(b"<p>", b"<p>\r\n\n\xc2\x85 \x0c") + b"\r\n"
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n"
        b"Content-Location: " + URL.encode() + b"\r\n\r\n--B\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body + b"\r\n--B--\r\n"
    )
    assert is_mhtml(data)
    assert page_in(data).body == body


def test_a_page_alone_needs_no_parts() -> None:
    part = html()
    part["Date"] = "Mon, 27 Nov 2023 01:00:00 GMT"
    assert is_mhtml(part.as_bytes())
    assert page_in(part.as_bytes()).url == URL


def test_a_long_location_may_be_folded_and_encoded() -> None:
    path = "/" + "a" * 40
    data = related(html(location=None)).as_bytes()
    folded = f"Content-Location: https://blog.example{path}\r\n {path}\r\n".encode()
    assert page_in(folded + data).url == f"https://blog.example{path}{path}"
    encoded = b"Content-Location: =?utf-8?Q?https://blog=2Eexample/posts/=EA=B8=80?=\r\n"
    assert page_in(encoded + data).url == "https://blog.example/posts/글"


def test_a_name_and_password_in_the_url_are_dropped() -> None:
    whole = related(html(), Snapshot_Content_Location="https://boram:geheim@blog.example/posts/41")
    assert page_in(whole.as_bytes()).url == URL


@pytest.mark.parametrize("location", ["file:///C:/page.htm", "cid:frame@mhtml.blink", "mid:x", ""])
def test_an_address_that_is_none_on_the_web_is_for_the_user_to_say(location: str) -> None:
    assert page_in(related(html(location=location)).as_bytes()).url is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (related(MIMEImage(b"x", "png")).as_bytes(), "without a page"),
        (related(html(" ")).as_bytes(), "is empty"),
        (related(html()).as_bytes()[:-150], "ends before its page does"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nnothing", "without a page"),
    ],
)
def test_a_file_without_a_whole_page_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(SkippableError, match=reason):
        page_in(data)


def test_pictures_that_are_cut_off_cost_no_page() -> None:
    data = related(html(), MIMEImage(b"x" * 5000, "png"), Snapshot_Content_Location=URL).as_bytes()
    assert page_in(data[:-3000]).url == URL


def test_what_belongs_to_a_page_costs_next_to_nothing() -> None:
    whole = related(
        MIMEImage(bytes(4 << 20), "png"),
        html(),
        MIMEImage(bytes(4 << 20), "png"),
        Snapshot_Content_Location=URL,
    )
    data = whole.as_bytes()
    tracemalloc.start()
    page = page_in(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert page.body.decode() == PAGE
    assert peak < len(data) / 4


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<html>",
        b"Title: a text\r\n\r\nMIME-Version: 1.0",
        b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\n",
        b"{}",
    ],
)
def test_other_files_are_no_mhtml(head: bytes) -> None:
    assert not is_mhtml(head)


def pieces() -> Iterator[bytes]:
    yield from (
        b"MIME-Version: 1.0\r\n",
        b'Content-Type: multipart/related; boundary=B; start="<x>"\r\n',
        b"\r\n",
        b"--B\r\n",
        b"--B--",
    )
    yield from (
        b"Content-Type: text/html; charset*0*=x''%ff\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-ID: <x>\r\n",
    )
    yield from (
        b"Content-Location: =?x?Q?=ff?=\r\n",
        b"Date: \xff\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"=ZZ",
        b"<html>",
    )


@given(st.binary() | st.lists(st.sampled_from(list(pieces())) | st.binary(max_size=8)).map(b"".join))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    is_mhtml(data)
    with suppress(SkippableError):
        assert page_in(data).body


@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1).map(lambda words: f"<p>{words}</p></html>"),
    at=st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year >= 1990),
)
def test_what_is_saved_comes_back(text: str, at: datetime) -> None:
    whole = related(
        html(text), Date=at.strftime("%a, %d %b %Y %H:%M:%S +0000"), Snapshot_Content_Location=URL
    )
    page = page_in(whole.as_bytes())
    assert (page.body.decode(), page.captured_at) == (text, at.replace(microsecond=0))
