"""Where the bytes of an answer are cut."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.message import reframed, split_answer, trim_body, write_head
from scraper.fetch.rulebook import inflate

HEAD = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
CHUNKED = (("Transfer-Encoding", "chunked"),)


@pytest.mark.parametrize("interim", [b"", EARLY, b"HTTP/1.1 100 Continue\r\n\r\n" + EARLY])
def test_interim_heads_are_left_out(interim: bytes) -> None:
    assert split_answer(interim + HEAD + b"body") == (HEAD, b"body")


def test_an_answer_to_an_upgrade_is_no_interim_one() -> None:
    head = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    assert split_answer(head + b"x") == (head, b"x")


def test_lines_may_end_in_a_bare_line_feed() -> None:
    assert split_answer(b"HTTP/1.1 200 OK\nA: b\n\nbody") == (b"HTTP/1.1 200 OK\nA: b\n\n", b"body")


def test_a_head_without_an_end_is_all_head() -> None:
    assert split_answer(b"HTTP/1.1 200 OK\r\nA: b") == (b"HTTP/1.1 200 OK\r\nA: b", b"")


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.sampled_from([b"", b";a=b", b'; q="x"'])), max_size=5),
       st.sampled_from([b"", b"Digest: x\r\n"]), st.binary(max_size=10))  # fmt: skip
def test_what_follows_a_chunked_body_is_trimmed(
    chunks: list[tuple[bytes, bytes]], trailer: bytes, beyond: bytes
) -> None:
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(data), extension, data) for data, extension in chunks)
    body = framed + b"0\r\n" + trailer + b"\r\n"
    assert trim_body(body + beyond, 200, CHUNKED) == body


def test_what_follows_the_stated_length_is_trimmed() -> None:
    assert trim_body(b"12345", 200, (("content-length", "3"),)) == b"123"
    assert trim_body(b"12345", 200, (("Content-Length", "3, 3"),)) == b"123"
    assert trim_body(b"12345", 200, ()) == b"12345"
    assert trim_body(b"12345", 304, (("Content-Length", "5"),)) == b""


def test_a_rebuilt_head_agrees_with_its_body() -> None:
    headers = reframed((("Transfer-Encoding", "chunked"), ("A", "b")), 200, 4)
    assert headers == (("A", "b"), ("Content-Length", "4"))
    assert write_head("HTTP/1.1 200 OK", headers) == b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 4\r\n\r\n"
    assert reframed((("content-length", "4"), ("A", "b")), 200, 4) == (("content-length", "4"), ("A", "b"))
    assert reframed((("content-length", "900"),), 304, 0) == (("content-length", "900"),)


def test_a_body_is_inflated_up_to_the_limit_and_no_further() -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    assert inflate(bomb, "gzip", 100) == b"0" * 100
    assert inflate(gzip.compress(b"User-agent: *"), " GZIP ", 100) == b"User-agent: *"
    assert inflate(b"plain", None, 3) == b"pla"


@pytest.mark.parametrize(
    ("payload", "coding"),
    [
        (b"plain", "gzip"),
        (gzip.compress(b"x" * 90, mtime=0)[:-9], "gzip"),
        (b"x", "br"),
        (b"x", "gzip, gzip"),
    ],
)
def test_a_body_that_is_not_what_it_claims_is_not_read(payload: bytes, coding: str) -> None:
    assert inflate(payload, coding, 100) is None
