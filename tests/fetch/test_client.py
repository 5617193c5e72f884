"""The client over real sockets on loopback: what it sends, what it keeps, where it stops."""

import asyncio
import gzip
import os
import socket
import ssl
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpcore
import httpx
import pytest
import trustme
import vcr

from scraper.errors import RefusedError, RetryableError, SkippableError, UsageError
from scraper.fetch.client import WireClient
from scraper.fetch.wire import GuardedBackend
from scraper.model.exchange import Exchange, Request
from scraper.settings import ConnectTo, Limits, Network
from tests.clock import VirtualClock, let_time_pass
from tests.fetch.server import Answer, plain, serving

URL = "http://example.org/post"
EVERYDAY = Limits()
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-ENCODING: chunked\r\nX-Two: a\r\nX-Two: b\r\n\r\n"


def client(network: Network, limits: Limits = EVERYDAY) -> WireClient:
    return WireClient(
        "postkeep/0 (+https://example.org/us)", "us@example.org", network, limits, VirtualClock()
    )


async def get(answer: Answer, limits: Limits = EVERYDAY) -> tuple[Exchange, bytes]:
    """The exchange for one answer, and the request as the server saw it."""
    async with serving({"/post": answer}) as server:
        async with client(server.network("example.org"), limits) as wire:
            exchange = await wire.get(Request(URL))
        return exchange, server.heads[0]


async def test_chunk_framing_and_header_spelling_are_kept_while_the_payload_is_whole() -> None:
    body = b"5;note=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"
    exchange, request = await get(CHUNKED + body)
    assert exchange.head == CHUNKED
    assert exchange.body == body
    assert exchange.payload == b"hello world"
    assert exchange.request_wire == request
    assert exchange.headers == (("transfer-ENCODING", "chunked"), ("X-Two", "a"), ("X-Two", "b"))
    assert exchange.from_wire
    assert exchange.truncated is None
    assert (exchange.status, exchange.protocol, exchange.server_address) == (200, "HTTP/1.1", "127.0.0.1")


async def test_interim_heads_are_left_out() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    exchange, _ = await get(early + early + plain("글"))
    assert exchange.head == b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
    assert exchange.body == exchange.payload == "글".encode()


async def test_gzip_is_asked_for_and_left_untouched() -> None:
    packed = gzip.compress("본문".encode() * 100, mtime=0)
    exchange, request = await get(plain(packed, "Content-Encoding: gzip"))
    assert exchange.payload == packed
    assert b"\r\nAccept-Encoding: gzip\r\n" in request


async def test_the_request_says_who_asks_and_nothing_about_a_person() -> None:
    _, request = await get(plain("x"))
    assert request.decode().splitlines()[1:-1] == [
        "Host: example.org",
        "User-Agent: postkeep/0 (+https://example.org/us)",
        "From: us@example.org",
        "Accept-Encoding: gzip",
        "Accept: */*",
    ]


async def test_cookies_are_never_sent_back_even_on_the_same_connection() -> None:
    async with serving({"/post": plain("x", "Set-Cookie: id=1; Path=/")}) as server:
        async with client(server.network("example.org")) as wire:
            for _ in range(3):
                await wire.get(Request("http://example.org/post"))
        assert len(server.heads) == 3
        assert not [head for head in server.heads if b"ookie" in head]


async def test_each_exchange_on_one_connection_has_its_own_bytes() -> None:
    answers: dict[str, Answer | list[Answer]] = {"/a": plain("first"), "/b": plain("second one")}
    async with serving(answers) as server, client(server.network("example.org")) as wire:
        first = await wire.get(Request("http://example.org/a"))
        second = await wire.get(Request("http://example.org/b"))
    assert first.body == b"first"
    assert second.head + second.body == plain("second one")
    assert second.request_wire.startswith(b"GET /b HTTP/1.1\r\n")


@pytest.mark.parametrize("name", ["Cookie", "authorization", "User-Agent", "From", "Accept-Encoding"])
async def test_a_caller_cannot_send_credentials_or_another_name(name: str) -> None:
    async with client(Network()) as wire:
        with pytest.raises(RefusedError, match=name.lower()):
            await wire.get(Request("http://127.0.0.1/", ((name, "x"),)))


async def test_redirects_are_not_followed() -> None:
    exchange, _ = await get(plain("", "Location: /elsewhere", status="302 Found"))
    assert (exchange.status, exchange.header("location")) == (302, "/elsewhere")


async def test_the_callers_headers_are_sent() -> None:
    async with serving({"/": plain("x")}) as server:
        async with client(server.network("example.org")) as wire:
            await wire.get(
                Request("http://example.org/", (("If-None-Match", '"1"'), ("Accept", "text/html")))
            )
        assert b'If-None-Match: "1"\r\nAccept: text/html\r\n' in server.heads[0]


# Cut short


async def test_a_body_cut_short_is_kept_as_far_as_it_came() -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    exchange, _ = await get(cut)
    assert exchange.truncated == "disconnect"
    assert exchange.body == exchange.payload == b"half"


async def test_a_chunked_body_cut_short_keeps_its_framing() -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED + b"4\r\nhalf\r\n9\r\nnot")
        await writer.drain()
        writer.close()

    exchange, _ = await get(cut)
    assert exchange.truncated == "disconnect"
    assert exchange.body == b"4\r\nhalf\r\n9\r\nnot"
    assert exchange.payload == b"halfnot"


@pytest.mark.thorough
async def test_a_body_that_drips_for_ever_ends_with_the_total_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await let_time_pass()

    exchange, _ = await get(drip)
    assert exchange.truncated == "time"
    assert 0 < len(exchange.payload) < 1000
    assert exchange.payload == exchange.body


@pytest.mark.thorough
async def test_a_head_that_drips_for_ever_is_no_answer() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"A: b\r\n")
            await writer.drain()
            await let_time_pass()

    with pytest.raises(RetryableError, match=r"example.org/post gave no answer: none within 120 seconds"):
        await get(drip)


async def test_a_silent_server_is_left_after_the_quiet_time() -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        while True:
            await let_time_pass()

    with pytest.raises(RetryableError, match=r"silence for 30 seconds"):
        await get(silent)


async def test_a_body_that_falls_silent_is_kept_as_far_as_it_came() -> None:
    async def stall(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        while True:
            await let_time_pass()

    exchange, _ = await get(stall)
    assert (exchange.truncated, exchange.payload) == ("time", b"half")


async def test_an_endless_chunked_body_ends_at_the_cap_with_framing_and_payload_in_step() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED)
        while True:
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()

    exchange, _ = await get(endless, Limits(wire_bytes=10_000))
    assert exchange.truncated == "length"
    assert len(exchange.head) + len(exchange.body) == 10_000
    assert exchange.payload == b"x" * (exchange.body.count(b"x"))


async def test_a_body_that_ends_at_the_cap_is_whole() -> None:
    answer = plain("x" * 500)
    exchange, _ = await get(answer, Limits(wire_bytes=len(answer)))
    assert exchange.truncated is None
    assert exchange.payload == b"x" * 500


@pytest.mark.parametrize("size", [70_000, 300_000])
async def test_a_head_beyond_the_cap_is_no_exchange(size: int) -> None:
    with pytest.raises((SkippableError, RetryableError), match=r"example.org/post"):
        await get(plain("x", "A: " + "b" * size))


async def test_endless_interim_heads_end_at_the_cap() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)
            await writer.drain()

    with pytest.raises(SkippableError, match="head longer"):
        await get(endless, Limits(wire_bytes=20_000))


@pytest.mark.parametrize("answer", [b"not http at all\r\n\r\n", b"HTTP/1.1 2xx OK\r\n\r\n"])
async def test_what_is_no_http_is_not_asked_for_again(answer: bytes) -> None:
    with pytest.raises(SkippableError, match=r"example.org/post gave no answer that can be read"):
        await get(answer)


async def test_a_url_that_makes_no_request_is_skipped() -> None:
    async with client(Network()) as wire:
        with pytest.raises(SkippableError, match="cannot be asked for"):
            await wire.get(Request(URL + "x" * 70_000))


# Whom it contacts


async def test_connect_to_reaches_a_server_under_another_name() -> None:
    async with serving({"/": plain("x")}) as server:
        async with client(server.network("careerly.co.kr")) as wire:
            assert (await wire.get(Request("http://careerly.co.kr/"))).status == 200
        assert b"\r\nHost: careerly.co.kr\r\n" in b"\r\n" + server.heads[0]


async def test_a_name_that_stands_for_a_loopback_address_is_refused_before_it_is_contacted() -> None:
    async with serving({"/": plain("x")}) as server:
        async with client(Network()) as wire:
            with pytest.raises(RefusedError, match="localhost stands for"):
                await wire.get(Request(f"http://localhost:{server.port}/"))
        assert server.heads == []


async def test_every_address_of_a_name_is_checked_and_the_name_resolved_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    async def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("1.1.1.1", "10.0.0.1")
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with client(Network()) as wire:
        with pytest.raises(RefusedError, match=r"rebind\.example\.org stands for 10\.0\.0\.1"):
            await wire.get(Request("http://rebind.example.org/"))
    assert asked == ["rebind.example.org"]


class Unconnected(httpcore.AsyncNetworkBackend):
    """Notes where a connection would go, and makes none."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        self.addresses.append(host)
        raise httpcore.ConnectError("nothing is contacted here")


async def test_a_name_that_changes_its_address_is_contacted_at_the_one_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the name stands for a public address when it is looked up, and for a metadata service ever after."""
    answers = ["8.8.8.8", "169.254.169.254", "127.0.0.1"]
    asked: list[str] = []

    async def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with client(Network()) as wire:
        backend = Unconnected()
        monkeypatch.setattr(wire._transport._pool._network_backend, "_backend", backend)
        with pytest.raises(RetryableError, match="nothing is contacted here"):
            await wire.get(Request("http://rebind.example.org/"))
        assert (asked, backend.addresses) == (["rebind.example.org"], ["8.8.8.8"])
        for _ in range(2):
            with pytest.raises(RefusedError, match="which is not a public address"):
                await wire.get(Request("http://rebind.example.org/"))
    # A literal is what reaches the network, so that nothing below resolves the name a second time.
    assert backend.addresses == ["8.8.8.8"]


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (socket.EAI_AGAIN, RetryableError, r"nowhere\.example\.org could not be resolved"),
        (socket.EAI_SYSTEM, RetryableError, r"nowhere\.example\.org could not be resolved"),
        (socket.EAI_NONAME, SkippableError, r"there is no host named nowhere\.example\.org"),
        (socket.EAI_NODATA, SkippableError, r"there is no host named nowhere\.example\.org"),
    ],
)
async def test_a_name_that_is_no_hosts_is_told_from_a_resolver_that_cannot_tell(
    answer: int, error: type[Exception], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(answer, "said")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with client(Network()) as wire:
        with pytest.raises(error, match=says):
            await wire.get(Request("http://nowhere.example.org/"))


async def test_a_closed_port_is_no_answer() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    async with client(Network(connect_to=(ConnectTo("example.org", 80, "127.0.0.1", port),))) as wire:
        with pytest.raises(RetryableError, match=r"http://example.org/ gave no answer"):
            await wire.get(Request("http://example.org/"))


def test_the_network_that_httpx_uses_is_ours() -> None:
    transport = client(Network())._transport
    assert type(transport) is httpx.AsyncHTTPTransport
    assert isinstance(transport._pool._network_backend, GuardedBackend)


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def cacert(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("careerly.co.kr").configure_cert(context)
    return context


async def test_tls_is_taped_above_the_encryption(tls: ssl.SSLContext, cacert: Path) -> None:
    body = b"3\r\nabc\r\n0\r\n\r\n"
    async with serving({"/a": CHUNKED + body}, tls) as server:
        network = Network(
            connect_to=(ConnectTo("careerly.co.kr", 443, "127.0.0.1", server.port),), cacert=cacert
        )
        async with client(network) as wire:
            exchange = await wire.get(Request("https://careerly.co.kr/a"))
    assert exchange.head + exchange.body == CHUNKED + body
    assert exchange.request_wire.startswith(b"GET /a HTTP/1.1\r\n")
    assert exchange.server_address == "127.0.0.1"


async def test_an_authority_nobody_named_is_no_answer(tls: ssl.SSLContext) -> None:
    async with serving({"/": plain("x")}, tls) as server:
        async with client(server.network("careerly.co.kr", port=443)) as wire:
            with pytest.raises(
                SkippableError,
                match=r"https://careerly.co.kr/ gave no answer that can be read: .*certificate",
            ):
                await wire.get(Request("https://careerly.co.kr/"))
        assert server.heads == []


async def test_the_environment_names_no_authority_and_no_proxy(
    tls: ssl.SSLContext, cacert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(cacert))
    async with serving({"/": plain("x")}, tls) as server, serving() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with client(server.network("careerly.co.kr", port=443)) as wire:
            with pytest.raises(SkippableError, match="certificate"):
                await wire.get(Request("https://careerly.co.kr/"))
        assert server.heads == proxy.heads == []


async def test_garbage_in_the_midst_of_tls_keeps_what_came_before(tls: ssl.SSLContext, cacert: Path) -> None:
    async def garble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        os.write(writer.get_extra_info("socket").fileno(), b"this is no TLS record" * 9)

    async with serving({"/": garble}, tls) as server:
        network = replace(server.network("careerly.co.kr", port=443), cacert=cacert)
        async with client(network) as wire:
            exchange = await wire.get(Request("https://careerly.co.kr/"))
    assert (exchange.truncated, exchange.payload) == ("disconnect", b"half")


def test_an_authority_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.pem.*--cacert"):
        client(Network(cacert=tmp_path / "missing.pem"))
    (tmp_path / "wrong.pem").write_text("no certificate")
    with pytest.raises(UsageError, match=r"wrong\.pem"):
        client(Network(cacert=tmp_path / "wrong.pem"))


# Replay


async def test_a_cassette_really_stands_in_for_the_network(tmp_path: Path) -> None:
    path = str(tmp_path / "cassette.yaml")
    request = Request("http://example.org/a")
    async with serving({"/a": CHUNKED + b"3\r\nabc\r\n0\r\n\r\n"}) as server:
        network = server.network("example.org")
        with vcr.use_cassette(path, record_mode="once"):
            async with client(network) as wire:
                recorded = await wire.get(request)
    with vcr.use_cassette(path, record_mode="none") as cassette:
        async with client(network) as wire:
            replayed = await wire.get(request)
    assert cassette.play_count == 1
    assert recorded.from_wire
    assert recorded.body == b"3\r\nabc\r\n0\r\n\r\n"
    assert not replayed.from_wire
    assert replayed.payload == recorded.payload == b"abc"
    assert replayed.body == b"abc"
    assert replayed.head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert replayed.header("transfer-encoding") is None
    assert replayed.header("content-length") == "3"
    assert replayed.request_wire.splitlines()[0] == b"GET /a HTTP/1.1"
