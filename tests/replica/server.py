"""The replica over TLS on loopback, in a thread of its own."""

import asyncio
import contextlib
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import h11
import trustme

from scraper.settings import ConnectTo, Network
from tests.replica.routes import HOSTS, Answer, Deployment, Headers, answer

_ADDRESS: Final = "127.0.0.1"
_READ_SIZE: Final = 65536
_CHUNK_SIZE: Final = 4096


@dataclass(frozen=True, slots=True)
class Failure:
    """Answer with this status instead; ``retry_after`` is the header's value."""

    status: int
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Drip:
    """Send the body in pieces of ``size`` bytes, ``interval`` seconds apart."""

    interval: float
    size: int = 1


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Hang up after ``after`` bytes of the body."""

    after: int


Fault = Failure | Drip | Disconnect


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request as the replica received it; header names are lower case, ``at`` is in monotonic seconds."""

    method: str
    host: str
    target: str
    headers: Headers
    at: float


class Replica:
    """Serves a deployment under its real host names; reach it with ``connect_to`` and ``cacert``.

    ``faults`` gives each target (path with query, or the path alone) its faults, one a request, None for a
    good answer; ``itertools.repeat`` makes one last. ``deployment`` may be replaced while serving.
    ``on_request`` is called with each request, in the server's thread.
    """

    def __init__(
        self,
        deployment: Deployment | None = None,
        *,
        faults: Mapping[str, Iterable[Fault | None]] | None = None,
        port: int = 0,
        ca_file: Path | None = None,
        on_request: Callable[[LoggedRequest], None] | None = None,
    ) -> None:
        self.deployment = deployment or Deployment()
        self.port = port
        self._faults: dict[str, Iterator[Fault | None]] = {}
        self.plan_faults(faults or {})
        self._ca_file = ca_file
        self._on_request = on_request
        self._log: list[LoggedRequest] = []
        self._cleanup = contextlib.ExitStack()

    def plan_faults(self, faults: Mapping[str, Iterable[Fault | None]]) -> None:
        """Plan these faults from now on, in place of all others."""
        self._faults = {target: iter(kinds) for target, kinds in faults.items()}

    @property
    def cacert(self) -> Path:
        """The PEM file of the authority that signed the replica's certificate."""
        if self._ca_file is None:
            raise RuntimeError("The replica is not serving: enter it first.")
        return self._ca_file

    @property
    def connect_to(self) -> list[str]:
        """Values for ``--connect-to``, one a host name."""
        return [f"{host}:443:{_ADDRESS}:{self.port}" for host in HOSTS]

    @property
    def network(self) -> Network:
        """The same for settings built in process."""
        targets = tuple(ConnectTo(host, 443, _ADDRESS, self.port) for host in HOSTS)
        return Network(connect_to=targets, cacert=self.cacert)

    @property
    def log(self) -> tuple[LoggedRequest, ...]:
        """All requests so far, in the order they came in."""
        return tuple(self._log)

    @property
    def violations(self) -> tuple[LoggedRequest, ...]:
        """The requests that no archival crawler may send: all that are not GET."""
        return tuple(request for request in self._log if request.method != "GET")

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            if self._ca_file is None:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="replica-"))
                self._ca_file = Path(folder) / "ca.pem"
            tls = _tls_context(self._ca_file)
            started: Future[Callable[[], object]] = Future()
            thread = threading.Thread(target=lambda: asyncio.run(self._run(tls, started)), name="replica")
            thread.start()
            stack.callback(thread.join)
            stack.callback(started.result())
            self._cleanup = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    async def _run(self, tls: ssl.SSLContext, started: Future[Callable[[], object]]) -> None:
        connections: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._converse(reader, writer))
            connections.add(task)
            task.add_done_callback(connections.discard)

        try:
            server = await asyncio.start_server(accept, _ADDRESS, self.port, ssl=tls)
        except OSError as error:
            started.set_exception(error)
            return
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        self.port = server.sockets[0].getsockname()[1]
        started.set_result(partial(loop.call_soon_threadsafe, stopped.set))
        await stopped.wait()
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = _Wire(reader, writer)
        try:
            while (request := await wire.receive()) is not None and await self._serve(wire, request):
                wire.connection.start_next_cycle()
            await wire.close()
        except (OSError, h11.ProtocolError, asyncio.CancelledError):
            # The client hung up or spoke no HTTP, or the replica stops: nothing is owed to the connection.
            writer.transport.abort()

    async def _serve(self, wire: "_Wire", request: LoggedRequest) -> bool:
        """Answer one request; whether the connection may be used again."""
        self._log.append(request)
        if self._on_request:
            self._on_request(request)
        fault = self._next_fault(request.target)
        if isinstance(fault, Failure):
            found = _failure(fault)
        else:
            found = answer(self.deployment, request.method, request.host, request.target, request.headers)
        whole = await wire.send(found, fault)
        return whole and wire.connection.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}

    def _next_fault(self, target: str) -> Fault | None:
        planned: Iterator[Fault | None] | None = self._faults.get(target)
        if planned is None:
            planned = self._faults.get(target.partition("?")[0])
        return next(planned, None) if planned is not None else None


class _Wire:
    """One connection, spoken through h11."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connection = h11.Connection(h11.SERVER)
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()

    async def receive(self) -> LoggedRequest | None:
        """The next request with its body read to the end; None where the client is done."""
        head: h11.Request | None = None
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA:
                self.connection.receive_data(await self._reader.read(_READ_SIZE))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _logged(head)
            elif isinstance(event, h11.ConnectionClosed):
                return None

    async def send(self, found: Answer, fault: Fault | None) -> bool:
        """Send an answer as the fault has it; False where the fault hangs up."""
        size = fault.size if isinstance(fault, Drip) else _CHUNK_SIZE
        body = found.body[: fault.after] if isinstance(fault, Disconnect) else found.body
        framing = (
            ("transfer-encoding", "chunked") if found.chunked else ("content-length", str(len(found.body)))
        )
        self._put(
            h11.Response(
                status_code=found.status,
                headers=[*found.headers, framing] if found.status != 304 else list(found.headers),
                reason=HTTPStatus(found.status).phrase,
            )
        )
        for start in range(0, len(body), size):
            self._put(h11.Data(data=body[start : start + size]))
            if isinstance(fault, Drip):
                await self._flush()
                await asyncio.sleep(fault.interval)
        if not isinstance(fault, Disconnect):
            self._put(h11.EndOfMessage())
        await self._flush()
        return not isinstance(fault, Disconnect)

    async def close(self) -> None:
        """Send what is buffered and hang up."""
        self._writer.close()
        await self._writer.wait_closed()

    def _put(self, event: h11.Response | h11.Data | h11.EndOfMessage) -> None:
        self._buffer += self.connection.send(event) or b""

    async def _flush(self) -> None:
        self._writer.write(bytes(self._buffer))
        self._buffer.clear()
        await self._writer.drain()


def _logged(head: h11.Request) -> LoggedRequest:
    headers = tuple((key.decode(), value.decode("latin-1")) for key, value in head.headers)
    host = next((value for key, value in headers if key == "host"), "")
    return LoggedRequest(
        method=head.method.decode(),
        host=host.partition(":")[0].lower(),
        target=head.target.decode(),
        headers=headers,
        at=time.monotonic(),
    )


def _failure(fault: Failure) -> Answer:
    headers: Headers = (("content-type", "text/plain"),)
    if fault.retry_after is not None:
        headers = (*headers, ("retry-after", fault.retry_after))
    return Answer(fault.status, headers, b"try again later\n")


def _tls_context(ca_file: Path) -> ssl.SSLContext:
    """A server context with a fresh certificate for the hosts; its authority is written to ``ca_file``."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    context.set_alpn_protocols(["http/1.1"])
    return context
