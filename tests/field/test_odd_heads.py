"""Heads that break the rules in ways that browsers let pass: kept and read alike, live and imported; no fault is asked for twice."""

import asyncio

import pytest

from scraper.archive.message import read_message
from scraper.errors import RetryableError, SkippableError
from scraper.fetch.client import WireClient
from scraper.fetch.retry import is_worth_retrying
from scraper.model.capture import Capture
from scraper.model.exchange import Exchange, Request, location_of
from scraper.reading.unfinished_visit import unfollowed_redirects
from scraper.settings import Limits
from tests.clock import VirtualClock
from tests.fetch.server import Answer, serving

_BODY = b"<p>text</p>"


def _answer(
    *lines: bytes, status: bytes = b"HTTP/1.1 200 OK", nl: bytes = b"\r\n", body: bytes = _BODY
) -> bytes:
    return (
        nl.join([status, *lines, b"Content-Length: %d" % len(_BODY), b"Connection: close", b"", b""]) + body
    )


async def _get(answer: Answer) -> Exchange:
    async with serving({"/post": answer}) as server:
        network = server.network("example.org")
        async with WireClient("postkeep/0", None, network, Limits(), VirtualClock()) as wire:
            return await wire.get(Request("http://example.org/post"))


@pytest.mark.parametrize(
    "answer",
    [
        _answer(b"Content-Type: text/html", b"PHP Warning: mbstring not found"),
        _answer(b"Content-Type : text/html"),
        _answer(b"Content-Type\t: text/html"),
        _answer(b"no colon at all", b"Content-Type: text/html"),
        _answer(b": no name", b"Content-Type: text/html"),
        _answer(b"X-\xea\xb8\x80: y", b"Content-Type: text/html"),
        _answer(b"X: a\0b", b"Content-Type: text/html"),
        _answer(b"X: a", b"  folded", b"Content-Type: text/html"),
        _answer(b"Content-Type: text/html", nl=b"\n"),
        _answer(b"Content-Type: text/html", status=b"HTTP/1.1  200  OK"),
        _answer(b"Content-Type: text/html", status=b"HTTP/1.1 200"),
        _answer(b"Content-Type: text/html", status=b"HTTP/2 200 OK"),
        _answer(b"Content-Type: text/html", status=b"HTTP/1.1 200 \xea\xb8\x80"),
        _answer(b"Content-Length: many", b"Content-Type: text/html"),
        _answer(b"Transfer-Encoding: identity", b"Content-Type: text/html"),
        b"HTTP/1.1 103 Early Hints\r\nstray\r\n\r\n" + _answer(b"stray", b"Content-Type: text/html"),
    ],
)
async def test_an_odd_head_is_kept_as_it_came_and_read_as_an_import_reads_it(answer: bytes) -> None:
    exchange = await _get(answer)
    assert answer.endswith(exchange.head + exchange.body)
    message = read_message(exchange.head + exchange.body)
    assert (exchange.status, exchange.payload) == (message.status, message.payload) == (200, _BODY)
    assert exchange.headers == message.headers
    assert exchange.header("content-type") == "text/html"
    assert not is_worth_retrying(exchange)


async def test_a_head_that_comes_byte_by_byte_is_read() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        for octet in _answer(b"Content-Type : text/html"):
            writer.write(bytes([octet]))
            await writer.drain()

    assert (await _get(slowly)).header("content-type") == "text/html"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: secret\r\n\r\nhello",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    ],
)
async def test_a_fault_that_would_come_again_is_not_retried(answer: bytes) -> None:
    with pytest.raises(SkippableError, match="gave no answer that can be read"):
        await _get(answer)


async def test_a_chunk_that_is_none_is_kept_and_not_asked_for_again() -> None:
    exchange = await _get(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nmore\r\n" + b" " * 99
    )
    assert (exchange.payload, exchange.truncated) == (b"hello", "unspecified")
    assert not is_worth_retrying(exchange)


async def test_a_head_that_breaks_off_may_fare_better_next_time() -> None:
    async def breaking(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-")
        await writer.drain()
        writer.close()

    with pytest.raises(RetryableError, match="broke off within its head"):
        await _get(breaking)


@pytest.mark.parametrize(
    ("octets", "wanted"),
    [
        ("https://gang.example/버들/".encode(), "https://gang.example/%EB%B2%84%EB%93%A4/"),
        ("/버들/?q=물".encode(), "/%EB%B2%84%EB%93%A4/?q=%EB%AC%BC"),
        ("/버들".encode("euc-kr"), "/%B9%F6%B5%E9"),
        (b"/%EB%B2%84/", "/%EB%B2%84/"),
    ],
)
def test_octets_of_a_location_are_escaped_as_they_are(octets: bytes, wanted: str) -> None:
    headers = read_message(b"HTTP/1.1 301 Moved\r\nLocation: " + octets + b"\r\n\r\n").headers
    assert location_of(headers) == wanted
    capture = Capture("", "https://gang.example/?p=7", 301, headers, b"", None, "unknown", "")
    (request,) = unfollowed_redirects([capture])
    assert request.url.endswith(wanted)


async def test_a_host_in_its_own_letters_is_led_to() -> None:
    location = "http://강.example/x".encode()
    exchange = await _get(b"HTTP/1.1 301 Moved\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    capture = Capture("", "http://example.org/", 301, exchange.headers, b"", None, "unknown", "")
    (request,) = unfollowed_redirects([capture])
    assert request.url == "http://xn--939a.example/x"
