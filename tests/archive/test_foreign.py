"""Other people's WARC files: every whole record of them, and a sentence for whatever is not."""

import gzip
import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive.check import check
from scraper.archive.compose import ForeignRecord, ImportedFile
from scraper.archive.foreign import read_foreign
from scraper.archive.foreign_records import ForeignProblem
from scraper.archive.read import open_to_read
from scraper.archive.warc import payload_digest
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.model.capture import Capture
from tests.archive.judge import warcio_complaints
from tests.archive.making import NOON, POST, keep_visit, open_archive, warc_files

_DATE = "2022-10-20T01:02:03Z"
_BLOCK = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: \xe9\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: u\r\n\r\n"
)
_REQUEST = b"GET /comments/1 HTTP/1.1\r\nHost: careerly.co.kr\r\n\r\n"


def _record(
    kind: str, record_id: str, block: bytes, *fields: str, url: str = POST, version: str = "1.0"
) -> bytes:
    lines = [
        f"WARC/{version}",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{record_id}>",
        f"WARC-Date: {_DATE}",
        f"WARC-Target-URI: {url}",
        f"Content-Length: {len(block)}",
        *fields,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def _file(folder: Path, *records: bytes, compressed: bool = True) -> Path:
    path = folder / ("theirs.warc.gz" if compressed else "theirs.warc")
    path.write_bytes(b"".join(gzip.compress(record) if compressed else record for record in records))
    return path


def _read(path: Path) -> tuple[list[ForeignRecord], list[str]]:
    found = list(read_foreign(WarcFile.at(path)))
    records = [item for item in found if isinstance(item, ForeignRecord)]
    return records, [item.what for item in found if isinstance(item, ForeignProblem)]


_RESPONSE = _record("response", "r1", _BLOCK, "Content-Type: application/http;msgtype=response")


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("request_first", [True, False])
def test_a_response_comes_with_its_request(
    tmp_path: Path, compressed: bool, version: str, request_first: bool
) -> None:
    request = _record("request", "q1", _REQUEST, "WARC-Concurrent-To: <urn:uuid:r1>", version=version)
    response = _record("response", "r1", _BLOCK, "WARC-Truncated: length", version=version)
    pair = [request, response] if request_first else [response, request]
    (record,), problems = _read(
        _file(tmp_path, _record("warcinfo", "w", b"a: b\r\n"), *pair, compressed=compressed)
    )
    assert problems == []
    assert (record.url, record.block, record.request, record.truncated) == (POST, _BLOCK, _REQUEST, "length")
    assert record.payload_digest == payload_digest(b"hello")


def test_a_response_that_names_its_request_is_tied_to_it_and_to_no_other(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _record("request", "q1", b"GET /1"),
        _record("response", "r1", _BLOCK, "WARC-Concurrent-To: <urn:uuid:q1>"),
        _record("request", "q2", b"GET /2"),
        _record("response", "r2", _BLOCK, "WARC-Concurrent-To: <urn:uuid:other>"),
        _record("response", "r3", _BLOCK),
    )
    assert [record.request for record in _read(path)[0]] == [b"GET /1", None, None]


def test_resources_are_given_and_what_holds_no_page_is_passed_over(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _record("metadata", "m", b"x: y\r\n"),
        _record("resource", "s", b"<p>", "Content-Type: text/html"),
        _record("response", "d", b"1 A 127.0.0.1", "Content-Type: text/dns", url="dns:careerly.co.kr"),
    )
    (record,), problems = _read(path)
    assert problems == []
    assert (record.is_response, record.block, record.content_type) == (False, b"<p>", "text/html")


def test_what_cannot_stand_alone_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _record("continuation", "v", b"rest"),
        _record("response", "n", b"no http"),
        _record("revisit", "o", b"no http either"),
        _RESPONSE,
    )
    records, problems = _read(path)
    assert len(records) == 1
    assert "a continuation record says nothing by itself" in problems[0]
    assert "the revisit urn:uuid:o" in problems[2]
    assert "the response urn:uuid:n" in problems[1]
    assert "does not begin with an HTTP status line" in problems[1]


def test_a_record_that_goes_on_in_another_one_is_cut_off(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _record("response", "one", _BLOCK, "WARC-Segment-Number: 1"),
        _record("response", "two", _BLOCK, "WARC-Segment-Number: 1", "WARC-Truncated: time"),
        _RESPONSE,
    )
    assert [record.truncated for record in _read(path)[0]] == ["unspecified", "time", None]


def test_a_large_record_is_read_whole(tmp_path: Path) -> None:
    large = bytes(range(256)) * 20_000
    (record,), problems = _read(_file(tmp_path, _record("resource", "s", large, "Content-Type: text/html")))
    assert (record.block, problems) == (large, [])


def test_a_record_above_the_limit_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    path = _file(tmp_path, _RESPONSE)
    (problem,) = read_foreign(WarcFile.at(path), block_limit=10)
    assert isinstance(problem, ForeignProblem)
    assert "too large" in problem.what


@pytest.mark.parametrize("compressed", [True, False])
def test_a_file_cut_anywhere_gives_what_is_whole_and_one_problem(tmp_path: Path, compressed: bool) -> None:
    path = _file(tmp_path, _RESPONSE, _RESPONSE, compressed=compressed)
    data = path.read_bytes()
    half = len(data) // 2
    for end in range(half + 1, len(data)):
        path.write_bytes(data[:end])
        records, problems = _read(path)
        assert len(records) + len(problems) >= 2, end
        assert len(problems) == (0 if not compressed and len(records) == 2 else 1), end
        assert all("cut off" in problem or "no record begins" in problem for problem in problems)
        assert all(record.block == _BLOCK for record in records)


def test_a_corrupt_member_costs_itself_and_is_said(tmp_path: Path) -> None:
    path = _file(tmp_path, _RESPONSE, _RESPONSE, _RESPONSE)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    records, problems = _read(path)
    third = len(data) // 3
    assert len(records) == 2
    assert len(problems) == 1
    assert f"damaged at byte {third} " in problems[0]
    assert f"reading goes on at byte {2 * third}" in problems[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no WARC record"),
        (b"<!doctype html><p>x", "no record begins at byte 0"),
        (gzip.compress(b"text " * 100, mtime=0), "no record begins at byte 0"),
        (bytes(range(256)) * 20, "no record begins at byte 1"),
    ],
)
def test_what_is_no_warc_file_is_skipped(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "page.warc.gz"
    path.write_bytes(content)
    with pytest.raises(SkippableError, match=says):
        list(read_foreign(WarcFile.at(path)))


def test_a_missing_file_is_skipped(tmp_path: Path) -> None:
    with pytest.raises(SkippableError, match=r"nowhere\.warc cannot be read: No such file"):
        list(read_foreign(WarcFile.at(tmp_path / "nowhere.warc")))


def _import(folder: Path, path: Path) -> list[Capture]:
    with open_archive(folder) as archive:
        for record in read_foreign(WarcFile.at(path)):
            assert isinstance(record, ForeignRecord)
            if archive.find(record.url, record.time.at, record.payload_digest) is None:
                visit_id = archive.begin_visit(record.url, "careerly")
                archive.keep_foreign(visit_id, record)
                archive.end_visit(visit_id, whole=True)
        return [capture for visit in archive.visits() for capture in visit.captures]


def test_a_foreign_record_keeps_its_bytes_its_date_and_its_id(tmp_path: Path) -> None:
    request = _record("request", "q1", _REQUEST, "WARC-Concurrent-To: <urn:uuid:r1>")
    (capture,) = _import(tmp_path / "A", _file(tmp_path, _RESPONSE, request))
    assert (capture.body, capture.headers[1]) == (b"hello", ("X", "é"))
    assert capture.captured_at is not None
    assert (capture.captured_at.isoformat(), capture.captured_at_basis) == (
        "2022-10-20T01:02:03+00:00",
        "asserted",
    )
    (path,) = warc_files(tmp_path / "A")
    stored = gzip.decompress(path.read_bytes())
    assert _BLOCK in stored
    assert _REQUEST in stored
    assert b"Postkeep-Source-Record-ID: <urn:uuid:r1>\r\n" in stored
    assert f"Postkeep-Source-Date: {_DATE}\r\n".encode() in stored
    assert b"Postkeep-Source-File: theirs.warc.gz\r\n" in stored
    assert warcio_complaints(path) == ""
    assert check(tmp_path / "A") == []


def test_odd_fields_of_theirs_do_not_end_up_as_fields_of_ours(tmp_path: Path) -> None:
    path = _file(tmp_path, _record("resource", "s", b"<p>", "Content-Type: text/html\rWARC-Type: warcinfo"))
    (capture,) = _import(tmp_path / "A", path)
    assert capture.body == b"<p>"
    assert check(tmp_path / "A") == []


def test_a_file_imported_twice_adds_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, _RESPONSE, _record("resource", "s", b"<p>", "Content-Type: text/html"))
    first = _import(tmp_path / "A", path)
    assert len(first) == 2
    assert _import(tmp_path / "A", path) == first


def test_our_own_files_can_be_imported_and_keep_their_times(tmp_path: Path) -> None:
    with open_archive(tmp_path / "A") as archive:
        visit_id = archive.begin_visit(POST, "careerly")
        archive.keep_file(visit_id, ImportedFile(POST, b"text", "text/plain"))
        archive.end_visit(visit_id, whole=True)
        keep_visit(archive)
    ours = [capture for visit in _visits(tmp_path / "A") for capture in visit]
    imported = _import(tmp_path / "B", warc_files(tmp_path / "A")[0])
    assert [(c.url, c.body, c.captured_at) for c in imported] == [
        (c.url, c.body, c.captured_at) for c in ours
    ]
    assert [c.captured_at_basis for c in ours] == ["unknown", "observed"]
    assert [c.captured_at_basis for c in imported] == ["unknown", "asserted"]
    assert [capture.captured_at for capture in imported] == [None, NOON]


def _visits(folder: Path) -> list[tuple[Capture, ...]]:
    with open_to_read(folder) as reader:
        return [visit.captures for visit in reader.visits()]


# warcio leaves its temporary file for the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_files_that_warcio_wrote_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_request_response_pair(
        writer.create_warc_record(
            POST, "request", http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)
        ),
        writer.create_warc_record(POST, "response", io.BytesIO("글".encode()), http_headers=http),
    )
    path = tmp_path / "warcio.warc.gz"
    path.write_bytes(out.getvalue())
    (record,), problems = _read(path)
    assert problems == []
    assert record.request is not None
    assert record.payload_digest == payload_digest("글".encode())
