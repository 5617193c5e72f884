"""What a host says has not changed is kept as a revisit of the capture that has its payload."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.check import check
from scraper.archive.repair import repair
from scraper.errors import ArchiveDamagedError
from scraper.model.capture import Capture
from scraper.model.exchange import Exchange, Headers
from tests.archive.judge import warcio_complaints
from tests.archive.making import NOON, POST, exchange, keep_visit, open_archive, warc_files

HTML = ("Content-Type", "text/html; charset=utf-8")
TAGGED: Headers = (
    HTML,
    ("ETag", 'W/"한글"'.encode().decode("latin-1")),
    ("Last-Modified", "Mon, 05 Jan 2026 03:00:00 GMT"),
)
FIRST: Headers = (HTML, ("ETag", '"a"'), ("X-Robots-Tag", "noai"))
LATER = NOON + timedelta(days=1)


def not_modified(headers: Headers = (("ETag", '"a"'),), url: str = POST) -> Exchange:
    return exchange(url, b"", headers=headers, status=304, at=LATER)


def captures_in(archive_folder: Path) -> list[Capture]:
    with open_archive(archive_folder) as archive:
        return [capture for visit in archive.visits() for capture in visit.captures]


def records(folder: Path, kind: str) -> list[dict[str, str]]:
    """The named fields of each record of one type, read by FastWARC."""
    found = []
    for path in warc_files(folder):
        with path.open("rb") as file:
            found += [
                {**record.headers, "block": record.reader.read().decode("latin-1")}
                for record in ArchiveIterator(file, parse_http=False)
                if record.headers["WARC-Type"] == kind
            ]
    return found


def test_a_304_is_a_revisit_that_reads_as_the_page_it_speaks_of(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, exchange(body=b"<p>one</p>", headers=FIRST))
        assert archive.conditions(POST) == (("If-None-Match", '"a"'),)
        keep_visit(archive, POST, not_modified((("ETag", '"a"'), ("X-Robots-Tag", "noarchive"))))
    first, again = captures_in(tmp_path)
    assert (again.status, again.body, again.payload_digest) == (200, first.body, first.payload_digest)
    assert again.captured_at == LATER
    assert again.record_id != first.record_id
    assert (again.media_type, again.header("x-robots-tag")) == ("text/html", "noarchive")
    (revisit,) = records(tmp_path, "revisit")
    (response,) = records(tmp_path, "response")
    assert revisit["WARC-Profile"].endswith("/server-not-modified")
    assert revisit["WARC-Refers-To"] == response["WARC-Record-ID"] == f"<{first.record_id}>"
    assert revisit["WARC-Refers-To-Target-URI"] == POST
    assert revisit["WARC-Refers-To-Date"] == response["WARC-Date"]
    assert revisit["WARC-Payload-Digest"] == response["WARC-Payload-Digest"]
    assert revisit["block"].startswith("HTTP/1.1 304")


def test_the_same_payload_is_kept_once_whatever_its_framing(tmp_path: Path) -> None:
    body = "<p>같은 글</p>".encode()
    chunked = (HTML, ("Transfer-Encoding", "chunked"))
    framed = [
        b"%x\r\n" % size
        + body[:size]
        + b"\r\n"
        + b"%x\r\n" % (len(body) - size)
        + body[size:]
        + b"\r\n0\r\n\r\n"
        for size in (3, 7)
    ]
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, exchange(body=body, headers=chunked, framed=framed[0]))
        keep_visit(archive, POST, exchange(body=body, headers=chunked, framed=framed[1], at=LATER))
        keep_visit(archive, POST, exchange(body=b"another", at=LATER + timedelta(days=1)))
    assert [capture.body for capture in captures_in(tmp_path)] == [body, body, b"another"]
    assert [record["WARC-Profile"].rpartition("/")[2] for record in records(tmp_path, "revisit")] == [
        "identical-payload-digest"
    ]
    assert len(records(tmp_path, "response")) == 2


def test_a_page_that_goes_back_to_what_it_was_is_compared_with_its_last_capture_alone(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        for day, body in enumerate((b"old", b"new", b"old", b"old")):
            keep_visit(archive, POST, exchange(body=body, at=NOON + timedelta(days=day)))
    assert [capture.body for capture in captures_in(tmp_path)] == [b"old", b"new", b"old", b"old"]
    assert len(records(tmp_path, "revisit")) == 1


def test_a_compressed_page_is_decoded_from_its_original(tmp_path: Path) -> None:
    body = gzip.compress("<p>압축</p>".encode(), mtime=0)
    headers = (HTML, ("Content-Encoding", "gzip"), ("ETag", '"z"'))
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, exchange(body=body, headers=headers))
        keep_visit(archive, POST, exchange(body=body, headers=headers, at=LATER))
        keep_visit(archive, POST, not_modified((("ETag", '"z"'),)))
    assert {capture.body for capture in captures_in(tmp_path)} == {"<p>압축</p>".encode()}


def test_other_tools_find_nothing_wrong_with_revisits(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, exchange(headers=FIRST))
        keep_visit(archive, POST, not_modified())
        keep_visit(archive, POST, exchange(headers=FIRST, at=LATER))
    assert warcio_complaints(*warc_files(tmp_path)) == ""
    assert check(tmp_path) == []


def test_an_index_rebuilt_from_the_files_knows_revisits_and_validators(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, exchange(headers=FIRST))
        keep_visit(archive, POST, not_modified((("ETag", '"b"'),)))
    before = captures_in(tmp_path)
    for path in tmp_path.glob("state.sqlite*"):
        path.unlink()
    assert repair(tmp_path, LATER).left == ()
    assert captures_in(tmp_path) == before
    with open_archive(tmp_path) as archive:
        assert archive.conditions(POST) == (("If-None-Match", '"b"'),)


def test_a_validator_that_a_header_cannot_carry_is_not_sent(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        assert archive.conditions(POST) == ()
        keep_visit(archive, POST, exchange(headers=TAGGED))
        assert archive.conditions(POST) == (("If-Modified-Since", "Mon, 05 Jan 2026 03:00:00 GMT"),)


def test_a_304_to_a_page_the_archive_does_not_have_is_kept_as_it_came(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        keep_visit(archive, POST, not_modified())
    (capture,) = captures_in(tmp_path)
    assert (capture.status, capture.body) == (304, b"")


def test_a_lost_original_is_named_by_check_and_by_whoever_reads_the_revisit(tmp_path: Path) -> None:
    with open_archive(tmp_path, part_size=1) as archive:
        keep_visit(archive, POST, exchange(headers=FIRST))
        keep_visit(archive, POST, not_modified())
    (lost,) = [path for path in warc_files(tmp_path) if b"noai" in gzip.decompress(path.read_bytes())]
    lost.unlink()
    assert any("the capture with its payload" in problem.what for problem in repair(tmp_path, LATER).left)
    with open_archive(tmp_path) as archive:
        assert archive.conditions(POST) == ()
        with pytest.raises(ArchiveDamagedError, match="no response in this archive"):
            archive.visit([*archive.visit_ids()][-1])


@given(bodies=st.lists(st.sampled_from([b"a", b"b", b""]), min_size=1, max_size=6))
def test_whatever_the_order_of_payloads_each_visit_reads_what_it_saw(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    with open_archive(folder) as archive:
        for day, body in enumerate(bodies):
            keep_visit(archive, POST, exchange(body=body, at=NOON + timedelta(days=day)))
    assert [capture.body for capture in captures_in(folder)] == bodies
