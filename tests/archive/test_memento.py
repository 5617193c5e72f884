"""What of a web archive's answer was the site's own, and that a memento stays one wherever it goes."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.compose import CaptureTime, ForeignRecord
from scraper.archive.foreign import read_foreign
from scraper.archive.memento import (
    Memento,
    ReplayUrl,
    memento_time,
    original_headers,
    original_location,
)
from scraper.archive.warc import payload_digest
from scraper.archive.warc_file import WarcFile
from scraper.model.capture import Capture
from scraper.model.exchange import Headers
from tests.archive.making import POST, open_archive, warc_files

URI = f"https://web.archive.org/web/20221016054400id_/{POST}"
AT = datetime(2022, 10, 16, 5, 44, tzinfo=UTC)
STATED = "Sun, 16 Oct 2022 05:44:00 GMT"


def names(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in original_headers(headers, URI)}


def test_headers_that_were_moved_aside_come_back_and_the_archive_s_own_go() -> None:
    answer = (
        ("Server", "nginx"),
        ("Content-Type", "text/html"),
        ("X-Archive-Orig-Server", "cloudfront"),
        ("x-archive-orig-x-robots-tag", "noai"),
        ("Memento-Datetime", STATED),
        ("X-Robots-Tag", "noindex"),
        ("Link", '<https://careerly.co.kr>; rel="original"'),
    )
    assert names(answer) == {"content-type": "text/html", "server": "cloudfront", "x-robots-tag": "noai"}


def test_headers_that_were_not_moved_aside_stay_but_for_those_of_the_memento_protocol() -> None:
    answer = (("ETag", '"1"'), ("Content-Type", "text/html"), ("Memento-Datetime", STATED), ("Link", "<x>"))
    assert names(answer) == {"etag": '"1"', "content-type": "text/html"}


@pytest.mark.parametrize(
    ("sent", "location"),
    [
        (
            "/web/20221016054400id_/https://careerly.co.kr/community?post=1",
            "https://careerly.co.kr/community?post=1",
        ),
        ("http://web.archive.org/web/2022/https://careerly.co.kr/a", "https://careerly.co.kr/a"),
        ("/community?post=1", "/community?post=1"),
        (
            "https://careerly.co.kr/20220101/https://x.example/",
            "https://careerly.co.kr/20220101/https://x.example/",
        ),
        (
            "https://elsewhere.example/web/2022/https://careerly.co.kr/a",
            "https://elsewhere.example/web/2022/https://careerly.co.kr/a",
        ),
    ],
)
def test_a_location_is_what_the_site_had_sent(sent: str, location: str) -> None:
    assert original_location(sent, URI) == location


def test_the_address_of_a_memento_has_its_parts() -> None:
    parsed = ReplayUrl.parse(f"http://127.0.0.1:8080/kept/20221016054400/{POST}?a=/20230101/http://x")
    assert parsed == ReplayUrl(
        "http://127.0.0.1:8080/kept/", "20221016054400", f"{POST}?a=/20230101/http://x"
    )
    assert str(parsed).startswith("http://127.0.0.1:8080/kept/20221016054400id_/https://")
    assert ReplayUrl.parse(POST) is None


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        (STATED, AT),
        ("Sun, 16 Oct 2022 14:44:00 +0900", AT),
        ("2022-10-16", None),
        ("", None),
        ("Sun, 99 Oct 2022 05:44:00 GMT", None),
        ("Sun, 16 Oct 99999999999999 05:44:00 GMT", None),
    ],
)
def test_a_memento_datetime_is_read_or_is_none(stated: str, at: datetime | None) -> None:
    assert memento_time((("Memento-Datetime", stated),)) == at


def memento(body: bytes, *headers: str) -> ForeignRecord:
    head = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", ""]).encode()
    return ForeignRecord(
        url=POST,
        is_response=True,
        block=head + body,
        content_type="application/http;msgtype=response",
        time=CaptureTime(AT, "memento"),
        payload_digest=payload_digest(body),
        memento=Memento(URI, STATED, datetime(2026, 1, 5, tzinfo=UTC)),
    )


def kept(folder: Path, record: ForeignRecord) -> Capture:
    with open_archive(folder) as archive:
        visit_id = archive.begin_visit(POST, "careerly")
        archive.keep_foreign(visit_id, record)
        archive.end_visit(visit_id, whole=True)
        (visit,) = archive.visits()
    return visit.captures[0]


@pytest.mark.parametrize(
    "coding",
    [
        ("Content-Encoding: gzip",),
        ("X-Archive-Orig-Content-Encoding: gzip",),
        ("Content-Encoding: gzip", "X-Archive-Orig-Content-Encoding: gzip"),
    ],
)
def test_a_body_is_decoded_whichever_header_says_that_it_is_coded(
    tmp_path: Path, coding: tuple[str, ...]
) -> None:
    assert kept(tmp_path / "A", memento(gzip.compress(b"<p>", mtime=0), *coding)).body == b"<p>"


def test_a_body_that_the_archive_decoded_is_left_as_it_is(tmp_path: Path) -> None:
    assert kept(tmp_path / "A", memento(b"<p>", "X-Archive-Orig-Content-Encoding: gzip")).body == b"<p>"


def test_a_memento_imported_from_our_own_file_is_the_same_memento(tmp_path: Path) -> None:
    first = kept(tmp_path / "A", memento(b"<p>", "X-Archive-Orig-ETag: 1", f"Memento-Datetime: {STATED}"))
    (record,) = read_foreign(WarcFile.at(warc_files(tmp_path / "A")[0]))
    assert isinstance(record, ForeignRecord)
    assert record.memento == Memento(URI, STATED, datetime(2026, 1, 5, tzinfo=UTC))
    second = kept(tmp_path / "B", record)
    assert (second.headers, second.captured_at, second.captured_at_basis) == (
        first.headers,
        first.captured_at,
        "memento",
    )
    assert dict(second.headers) == {"Content-Type": "text/html", "ETag": "1"}
