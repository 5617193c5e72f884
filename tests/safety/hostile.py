"""A web server over TLS on loopback that answers as no honest one does."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trustme

from scraper.settings import ConnectTo, Network

HOST: Final = "careerly.co.kr"
ROBOTS: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"

Send = Callable[[bytes], None]
Answer = Callable[[Send], None]


@dataclass(frozen=True, slots=True)
class Hostile:
    """Where the server is, and the heads of the requests it had."""

    network: Network
    heads: list[str]

    @property
    def paths(self) -> list[str]:
        """The path of each request."""
        return [head.split(" ")[1] for head in self.heads]


@contextmanager
def hostile(answers: Mapping[str, Answer], folder: Path) -> Iterator[Hostile]:
    """Serve ``answers`` by path under the name of a real host; one connection an answer. robots.txt allows all."""
    asked: list[str] = []
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # The client hangs up when it has had enough, which is the point.
            with contextlib.suppress(OSError), tls.wrap_socket(self.request, server_side=True) as wire:
                asked.append(_head(wire))
                answer = answers.get(asked[-1].split(" ")[1], _allow_all)
                answer(wire.sendall)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="hostile")
        thread.start()
        try:
            port = server.server_address[1]
            yield Hostile(
                Network(connect_to=(ConnectTo(HOST, 443, "127.0.0.1", port),), cacert=folder / "ca.pem"),
                asked,
            )
        finally:
            server.shutdown()
            thread.join()


def _allow_all(send: Send) -> None:
    send(ROBOTS)


def _head(wire: ssl.SSLSocket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = wire.recv(4096)
        if not piece:
            raise ConnectionResetError
        head += piece
    return head.decode("latin-1")


def head(*headers: str, status: str = "200 OK") -> bytes:
    """The head of an HTML answer that ends with its connection."""
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        "Connection: close",
        *headers,
        "",
        "",
    )
    return "\r\n".join(lines).encode()
