"""A web server on loopback that answers with exactly the bytes a test gives it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scraper.settings import ConnectTo, Network

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answer = bytes | Script


@dataclass
class Server:
    """``answers`` by path: bytes, a script that writes them, or a list used up one a request, the last for ever."""

    port: int = 0
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    heads: list[bytes] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """The path of each request so far."""
        return [head.split(b" ")[1].decode() for head in self.heads]

    def network(self, *hosts: str, port: int = 80) -> Network:
        """Settings under which ``hosts`` are this server, and nothing else may be reached."""
        return Network(connect_to=tuple(ConnectTo(host, port, "127.0.0.1", self.port) for host in hosts))

    def next_answer(self, path: str) -> Answer:
        answer = self.answers.get(path, plain("no such page", status="404 Not Found"))
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer


def plain(text: str | bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An answer with a Content-Length."""
    body = text.encode() if isinstance(text, str) else text
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def serving(
    answers: dict[str, Answer | list[Answer]] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A running server; it stops with the block, connections and all."""
    server = Server(answers=answers or {})
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            connections.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                server.heads.append(head)
                answer = server.next_answer(head.split(b" ")[1].decode())
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # asyncio.streams logs a handler that ends cancelled as an error
        finally:
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await listener.wait_closed()
