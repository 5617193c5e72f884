"""A server of pages on loopback in a process of its own, so quick that those who ask it are what is measured.

It answers under every name, plainly or, where it is asked to, in gzip; robots.txt is empty, and all else is not there.
"""

import asyncio
import gzip
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

from tests.bench.pages import Page

ADDRESS: Final = "127.0.0.1"
_HEAD: Final = (
    "HTTP/1.1 {status}\r\nServer: bench\r\nDate: Mon, 05 Jan 2026 03:00:00 GMT\r\nContent-Type: {kind}\r\n"
    "Vary: Accept-Encoding\r\n{more}Content-Length: {length}\r\n\r\n"
)


@contextmanager
def serving(pages: Callable[[int], Iterator[Page]]) -> Iterator[int]:
    """Serve what ``pages``, a function of a module, gives for the server's port, which is given here."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(pages, theirs), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(pages: Callable[[int], Iterator[Page]], port_pipe: Connection) -> None:
    asyncio.run(_Server(pages, port_pipe).run())


class _Server:
    def __init__(self, pages: Callable[[int], Iterator[Page]], port_pipe: Connection) -> None:
        self._pages = pages
        self._port_pipe = port_pipe
        # By the first line of a request's URL: what is plain, and what is in gzip.
        self.answers: Mapping[bytes, tuple[bytes, bytes]] = {}

    async def run(self) -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Conversation(self), ADDRESS, 0)
        port = server.sockets[0].getsockname()[1]
        self.answers = {page.url.partition("://")[2].encode(): _answers(page) for page in self._pages(port)}
        self._port_pipe.send(port)
        await server.serve_forever()


class _Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            assert self._transport is not None
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        first, *lines = head.split(b"\r\n")
        target = first.split(b" ")[1]
        fields = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)
        }
        # A proxy's clients name the whole URL.
        place = target.partition(b"://")[2] if target.startswith(b"http") else fields[b"host"] + target
        answers = self._server.answers.get(place)
        if answers:
            return answers["gzip" in fields.get(b"accept-encoding", b"").decode()]
        if place.endswith(b"/robots.txt"):
            return _answer("200 OK", "text/plain", b"User-agent: *\nDisallow:\n")
        return _answer("404 Not Found", "text/plain", b"not here\n")


def _answers(page: Page) -> tuple[bytes, bytes]:
    kind, body = "text/html; charset=UTF-8", page.html.encode()
    packed = gzip.compress(body, mtime=0)
    return _answer("200 OK", kind, body), _answer("200 OK", kind, packed, "Content-Encoding: gzip\r\n")


def _answer(status: str, kind: str, body: bytes, more: str = "") -> bytes:
    return _HEAD.format(status=status, kind=kind, more=more, length=len(body)).encode() + body
