"""What goes into the archive comes out of it, bytes and all."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.compose import CaptureTime, ImportedFile, printable_url
from scraper.archive.read import open_to_read
from scraper.archive.warc import (
    WarcRecord,
    build_member,
    format_date,
    format_fields,
    parse_date,
    parse_fields,
    parse_member,
    payload_digest,
)
from scraper.model.capture import CapturedAtBasis
from scraper.model.exchange import Exchange
from tests.archive.judge import warcio_complaints, warcio_passes
from tests.archive.making import (
    NOON,
    POST,
    WARCINFO,
    counted_ids,
    exchange,
    keep_visit,
    open_archive,
    warc_files,
)
from tests.clock import VirtualClock
from tests.examples import examples

_TOKEN = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in {"transfer-encoding", "content-encoding"}
)
_LATIN_1 = st.text(
    st.characters(
        min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f\x85", exclude_categories=["Cc"]
    ),
    max_size=20,
)
_HEADERS = st.lists(st.tuples(_TOKEN, _LATIN_1), max_size=6).map(tuple)


@given(headers=_HEADERS, body=st.binary(max_size=3000), request_wire=st.binary(max_size=100))
@examples(60)
def test_any_headers_and_body_come_back_as_they_were(
    headers: tuple[tuple[str, str], ...], body: bytes, request_wire: bytes
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept = replace(
            exchange(body=body, headers=headers), request_wire=b"GET / HTTP/1.1\r\n\r\n" + request_wire
        )
        with open_archive(folder) as archive:
            visit_id = keep_visit(archive, POST, kept)
        with open_to_read(folder) as reader:
            (capture,) = reader.visit(visit_id).captures
        assert (capture.url, capture.status, capture.headers) == (POST, 200, headers)
        assert (capture.body, capture.payload_digest) == (body, payload_digest(body))
        assert (capture.captured_at, capture.captured_at_basis) == (NOON, "observed")
        assert check(folder) == []
        (path,) = warc_files(folder)
        assert warcio_complaints(path) == ""
        with path.open("rb") as file:
            blocks = [record.raw_stream.read() for record in ArchiveIterator(file, no_record_parse=True)]
        assert blocks[1:3] == [kept.request_wire, kept.head + kept.body]


@given(
    fields=st.lists(
        st.tuples(_TOKEN, st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
    ),
    block=st.binary(),
)
def test_a_member_is_read_back_as_the_record_it_was_built_from(
    fields: list[tuple[str, str]], block: bytes
) -> None:
    trimmed = tuple((name, value.strip(" \t")) for name, value in fields)
    read = parse_member(build_member(WarcRecord(trimmed, block)))
    assert read.fields[: len(trimmed)] == trimmed
    assert read.block == block


@given(member=st.binary(max_size=40), at=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_member_with_one_byte_changed_is_never_read_as_another_record(
    member: bytes, at: int, flip: int
) -> None:
    record = WarcRecord((("WARC-Type", "resource"),), member)
    data = bytearray(build_member(record))
    data[at % len(data)] ^= flip
    try:
        read = parse_member(bytes(data))
    except ValueError:
        return
    assert read.block == record.block


def test_a_block_that_does_not_have_its_digest_is_refused() -> None:
    honest = gzip.decompress(build_member(WarcRecord((("WARC-Type", "resource"),), b"kept")))
    with pytest.raises(ValueError, match="WARC-Block-Digest"):
        parse_member(gzip.compress(honest.replace(b"kept", b"lost")))


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_dates_keep_their_microseconds(moment: datetime) -> None:
    assert parse_date(format_date(moment)) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-05T12:00:00", "0001-01-01T00:00:00+23:00"])
def test_what_is_no_date_with_a_zone_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_line_break_cannot_smuggle_a_field_in() -> None:
    with pytest.raises(ValueError, match="line break"):
        format_fields([("WARC-Target-URI", "https://a.example/\r\nWARC-Type: warcinfo")])
    assert parse_fields(b"a: 1\r\nno colon\r\nb: 2\r\n") == (("a", "1"), ("b", "2"))


def test_a_url_with_blanks_and_line_breaks_is_kept_on_one_line(tmp_path: Path) -> None:
    odd = "https://careerly.co.kr/a b\r\nWARC-Type: x\u2028/글"
    assert printable_url(odd) == "https://careerly.co.kr/a%20b%0D%0AWARC-Type:%20x%E2%80%A8/글"
    with open_archive(tmp_path) as archive:
        visit_id = keep_visit(archive, odd, exchange(odd))
        visit = archive.visit(visit_id)
    assert visit.url == visit.captures[0].url == printable_url(odd)


def _fields_of(folder: Path, kind: str) -> list[dict[str, str]]:
    found = []
    for path in warc_files(folder):
        with path.open("rb") as file:
            records = [record.rec_headers for record in ArchiveIterator(file)]
        found += [dict(record.headers) for record in records if record.get_header("WARC-Type") == kind]
    return found


def _kept(folder: Path, *exchanges: Exchange) -> str:
    with open_archive(folder) as archive:
        return keep_visit(archive, POST, *exchanges)


def test_request_and_response_are_tied_and_name_their_visit(tmp_path: Path) -> None:
    visit_id = _kept(tmp_path, exchange())
    (request,), (response,) = _fields_of(tmp_path, "request"), _fields_of(tmp_path, "response")
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert response["Content-Type"] == "application/http;msgtype=response"
    assert response["WARC-IP-Address"] == "127.0.0.1"
    assert response["WARC-Date"] == "2026-01-05T12:00:00.123456Z"
    assert response["Postkeep-Visit"] == f"<{visit_id}>"
    assert "WARC-Truncated" not in response
    assert "WARC-Protocol" not in response
    (end,) = _fields_of(tmp_path, "metadata")
    assert end["WARC-Record-ID"] == f"<{visit_id}>"


def test_each_file_opens_with_who_made_it_and_under_which_policy(tmp_path: Path) -> None:
    with open_archive(tmp_path, part_size=1) as archive:
        keep_visit(archive)
    paths = warc_files(tmp_path)
    assert [path.name for path in paths] == [
        "postkeep-20260105030000-00001.warc.gz",
        "postkeep-20260105030000-00002.warc.gz",
    ]
    for path in paths:
        first = gzip.decompress(path.read_bytes()).split(b"\r\n\r\n")
        assert f"WARC-Filename: {path.name}".encode() in first[0]
        assert [line.decode() for line in first[1].splitlines()] == [f"{k}: {v}" for k, v in WARCINFO.items()]


def test_a_truncated_a_rebuilt_and_a_newer_protocol_answer_say_so(tmp_path: Path) -> None:
    odd = replace(
        exchange(), truncated="length", from_wire=False, protocol="HTTP/2", head=b"HTTP/2 200\r\nA: b\r\n\r\n"
    )
    visit_id = _kept(tmp_path, odd)
    (response,) = _fields_of(tmp_path, "response")
    assert response["WARC-Truncated"] == "length"
    assert response["WARC-Protocol"] == "http/2"
    assert response["Postkeep-Wire"] == "rebuilt"
    assert b"HTTP/1.1 200\r\nA: b\r\n\r\n" in gzip.decompress(warc_files(tmp_path)[0].read_bytes())
    with open_to_read(tmp_path) as reader:
        assert reader.visit(visit_id).captures[0].status == 200


@pytest.mark.parametrize(
    ("captured_at", "basis"), [(None, "unknown"), (NOON, "asserted"), (NOON, "memento"), (NOON, "observed")]
)
def test_an_imported_file_is_a_resource_that_says_how_its_time_is_known(
    tmp_path: Path, captured_at: datetime | None, basis: CapturedAtBasis
) -> None:
    body = "다음 내용이 궁금하다면?".encode()
    clock = VirtualClock(NOON)
    with open_archive(tmp_path, clock) as archive:
        visit_id = archive.begin_visit(POST, "careerly")
        file = ImportedFile(POST, body, "text/plain", CaptureTime(captured_at, basis))
        record_id = archive.keep_file(visit_id, file).record_id
        archive.end_visit(visit_id, whole=True)
        assert archive.find(POST, captured_at, payload_digest(body)) == record_id
        assert archive.find(POST, captured_at, payload_digest(b"another")) is None
        (capture,) = archive.visit(visit_id).captures
    assert (capture.body, capture.status, capture.media_type) == (body, None, "text/plain")
    assert (capture.captured_at, capture.captured_at_basis) == (captured_at, basis)
    assert warcio_complaints(*warc_files(tmp_path)) == ""


def test_warcio_verifies_every_record_we_write(tmp_path: Path) -> None:
    _kept(tmp_path, exchange(body=b""), exchange(framed=b"3\r\nabc\r\n0\r\n\r\n", body=b"abc"))
    (path,) = warc_files(tmp_path)
    # warcinfo, two requests, two responses, the visit
    assert warcio_passes(path) == 6
    assert warcio_complaints(path) == ""


def test_robots_txt_belongs_to_no_visit(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        archive.keep(exchange("https://careerly.co.kr/robots.txt"))
        assert list(archive.visits()) == []
    (response,) = _fields_of(tmp_path, "response")
    assert "Postkeep-Visit" not in response


def test_equal_runs_write_equal_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        Archive.create(tmp_path / name)
        with Archive.open(
            tmp_path / name, clock=VirtualClock(), warcinfo=WARCINFO, new_id=counted_ids()
        ) as archive:
            keep_visit(archive)
        written.append(warc_files(tmp_path / name)[0].read_bytes())
    assert written[0] == written[1]
