"""HTTP out of stored bytes: framing undone, codings undone within a bound, nothing that is there dropped."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.message import read_message
from scraper.archive.replay import capture_of
from scraper.archive.warc import WarcRecord, payload_digest
from scraper.model.coding import Decoded, decode_content

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_TEXT = "첫 번째 문단입니다. ".encode() * 200


def _payload(block: bytes) -> bytes:
    return read_message(block).payload


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=50)),
    extension=st.sampled_from([b"", b"  ", b";name=value", b';q="a b"', b" ; x=y"]),
    trailers=st.sampled_from([b"", b"Digest: abc\r\n", b"A: 1\r\nB: 2\r\n"]),
)
def test_chunks_with_extensions_and_trailers_are_joined(
    chunks: list[bytes], extension: bytes, trailers: bytes
) -> None:
    framed = b"".join(b"%X%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks)
    assert _payload(_CHUNKED + framed + b"0" + extension + b"\r\n" + trailers + b"\r\n") == b"".join(chunks)


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (b"", b""),
        (b"0\r\n\r\n", b""),
        (b"<p>not chunked at all</p>", b"<p>not chunked at all</p>"),
        (b"5\r\nhello\r\n9\r\nwor", b"hellowor"),
        (b"5\r\nhello\r\nrubbish", b"hello"),
        (b"5\r\nhello\r\n0\r\n\r\nbehind the end", b"hello"),
    ],
)
def test_framing_that_disagrees_with_the_bytes_keeps_what_is_there(body: bytes, payload: bytes) -> None:
    assert _payload(_CHUNKED + body) == payload


def test_a_body_longer_or_shorter_than_its_content_length_is_kept() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert _payload(head + b"hello, world") == b"hello, world"
    assert _payload(head + b"he") == b"he"


def test_interim_heads_are_skipped() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    message = read_message(early + early + b"HTTP/1.1 404 Not Found\r\nX: y\r\n\r\nbody")
    assert (message.status, message.headers, message.body, message.interim) == (
        404,
        (("X", "y"),),
        b"body",
        True,
    )


def test_a_lone_interim_head_is_what_it_is() -> None:
    assert read_message(b"HTTP/1.1 100 Continue\r\n\r\n").status == 100


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"HTTP/2 200\r\nContent-Type: text/html\r\n\r\n", (("Content-Type", "text/html"),)),
        (b"HTTP/1.1 200 caf\xe9\r\nX-\xe9:  \xeb\x8b\xa4\x85 \r\n\r\n", (("X-\xe9", "ë\x8b¤\x85"),)),
        (b"HTTP/1.0 200 OK\nA: b\nno colon\n\n", (("A", "b"),)),
        (b"HTTP/1.1 200 OK\r\nLong: one\r\n two\r\n\r\n", (("Long", "one two"),)),
        (b"HTTP/1.1 200 OK\r\nA: b", (("A", "b"),)),
        (b"HTTP/1.1 200\r\n\r\n", ()),
    ],
)
def test_heads_laxer_than_the_standard_are_read(head: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    message = read_message(head)
    assert (message.status, message.headers, message.body) == (200, headers, b"")


@given(st.binary())
def test_any_bytes_behind_a_status_line_are_read(rest: bytes) -> None:
    assert read_message(b"HTTP/1.1 200 OK\r\n" + rest).status == 200
    assert isinstance(_payload(_CHUNKED + rest), bytes)


def test_what_has_no_status_line_is_no_response() -> None:
    with pytest.raises(ValueError, match="status line"):
        read_message(b"<html>")


def _raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


@pytest.mark.parametrize(
    ("coding", "encoded"),
    [
        ("gzip", gzip.compress(_TEXT, mtime=0)),
        ("X-GZip", gzip.compress(_TEXT, mtime=0)),
        ("gzip", gzip.compress(_TEXT[:100], mtime=0) + gzip.compress(_TEXT[100:], mtime=0)),
        ("gzip", gzip.compress(_TEXT, mtime=0) + b"\0\0padding"),
        ("deflate", zlib.compress(_TEXT)),
        ("deflate", _raw_deflate(_TEXT)),
        ("gzip, identity, deflate", zlib.compress(gzip.compress(_TEXT, mtime=0))),
        ("identity", _TEXT),
        ("gzip", _TEXT),
        ("deflate", _TEXT),
        ("", _TEXT),
        ("br", _TEXT),
    ],
)
def test_content_codings_are_undone(coding: str, encoded: bytes) -> None:
    assert decode_content(encoded, (("Content-Encoding", coding),), 1 << 20).body == _TEXT


def test_an_empty_body_stays_empty() -> None:
    assert decode_content(gzip.compress(b""), (("Content-Encoding", "gzip"),), 100) == Decoded(b"")
    assert decode_content(b"", (("Content-Encoding", "gzip"),), 100) == Decoded(b"")


@given(text=st.binary(max_size=5000), limit=st.integers(0, 6000))
def test_decoding_gives_all_up_to_the_bound(text: bytes, limit: int) -> None:
    decoded = decode_content(gzip.compress(text), (("Content-Encoding", "gzip"),), limit)
    assert (decoded.body, decoded.truncated == "length") == (text[:limit], len(text) > limit)


def test_a_gzip_bomb_is_cut_at_the_bound() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    capture = capture_of(WarcRecord((("WARC-Type", "response"),), block), 10_000)
    assert (len(capture.body), capture.truncated) == (10_000, "length")
    assert capture.payload_digest == payload_digest(bomb)


def test_a_bomb_within_a_bomb_is_cut_at_the_bound_each_time() -> None:
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    decoded = decode_content(bomb, (("Content-Encoding", "gzip, gzip"),), 20_000)
    assert len(decoded.body) <= 20_000
    assert decoded.truncated == "length"


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_body_that_breaks_in_decoding_keeps_what_came_before(damage: str) -> None:
    text = b"".join(b"%d " % (number * number) for number in range(20_000))
    encoded = bytearray(gzip.compress(text))
    if damage == "cut":
        encoded = encoded[: len(encoded) // 2]
    else:
        encoded[len(encoded) // 2 : len(encoded) // 2 + 40] = bytes(40)
    decoded = decode_content(bytes(encoded), (("Content-Encoding", "gzip"),), 1 << 20)
    assert text.startswith(decoded.body[: len(text) // 3])
    assert len(decoded.body) > len(text) // 3
    assert decoded.truncated == "unspecified"


def test_a_resource_has_no_status_and_its_record_type_as_media_type() -> None:
    fields = (
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", "<urn:uuid:1>"),
        ("WARC-Date", "2022-10-16T05:44:00Z"),
        ("Content-Type", "text/html; charset=euc-kr"),
        ("WARC-Truncated", "because"),
    )
    capture = capture_of(WarcRecord(fields, b"<p>"))
    assert (capture.record_id, capture.status, capture.body) == ("urn:uuid:1", None, b"<p>")
    assert (capture.media_type, capture.truncated) == ("text/html", "unspecified")
    assert capture.captured_at == datetime(2022, 10, 16, 5, 44, tzinfo=UTC)
