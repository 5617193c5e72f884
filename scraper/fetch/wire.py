"""The network under the client: it contacts checked addresses only, and keeps every byte that crosses the wire."""

# ruff: noqa: ASYNC109 - the signatures are those of httpcore

import asyncio
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore

from scraper.fetch import guard
from scraper.fetch.message import take_head
from scraper.settings import Network

# What a resolver that could not tell for now answers, against one that says there is no such name (RFC 3493 section 6.1).
_UNDECIDED: Final = frozenset({socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY, socket.EAI_FAIL})

# Beyond this a head is handed on as it comes; how long one may be is for the client to say.
_LONGEST_HEAD: Final = 1 << 20


class WireFullError(httpcore.ReadError):
    """The answer is longer than what is read of one."""


@dataclass(slots=True)
class Tape:
    """The bytes sent and received for one request; ``is_at_end`` once the other end has closed."""

    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    is_at_end: bool = False


class BrokenHeadError(httpcore.ReadError):
    """The connection was closed within the head of an answer."""


class UnknownHostError(httpcore.ConnectError):
    """The name of the host stands for nothing, and a resolver has said so."""


class TeeStream(httpcore.AsyncNetworkStream):
    """A connection that puts each request with its answer on a ``tape`` of their own."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.tape = Tape()
        self._is_head_due = True
        # What came of a head that is not whole yet.
        self._held = bytearray()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes of the answer: each head whole, such that a strict parser takes it.

        Raises:
            BrokenHeadError: the other end closed within the head.
            WireFullError: as many as are read of one answer have come already.
        """
        if not self._is_head_due:
            return await self._receive(max_bytes, timeout)
        searched = 0
        while True:
            head = take_head(self._held, searched)
            if head or len(self._held) > _LONGEST_HEAD:
                readable, is_interim = head or (b"", False)
                if not is_interim:
                    self._is_head_due = False
                    readable += bytes(self._held)
                    self._held.clear()
                return readable
            searched = len(self._held)
            octets = await self._receive(max_bytes, timeout)
            if not octets and self._held:
                raise BrokenHeadError("it broke off within its head")
            if not octets:
                return octets
            self._held += octets

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        room = self._limit - len(self.tape.received)
        if room <= 0:
            raise WireFullError(f"more than {self._limit} bytes")
        octets = await self._stream.read(min(max_bytes, room), timeout)
        self.tape.received += octets
        self.tape.is_at_end = not octets
        return octets

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; the first bytes after an answer begin a new request, on a new tape."""
        if buffer and self.tape.received:
            self.tape = Tape()
            self._is_head_due = True
            self._held.clear()
        self.tape.sent += buffer
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The connection under TLS, taped above the encryption."""
        return TeeStream(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._limit)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def server_address(self) -> str | None:
        """The IP address of the other end."""
        address = self.get_extra_info("server_addr")
        return str(address[0]) if address else None


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name once, has every address checked, and connects to a checked address.

    Nothing is resolved a second time, so a name cannot change its address between the check and the connection.
    """

    def __init__(self, network: Network, limit: int) -> None:
        self._network = network
        self._limit = limit
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A taped connection.

        Raises:
            RefusedError: an address of the host is not public.
            UnknownHostError: the name stands for nothing.
            httpcore.ConnectError: it could not be resolved for now, or no address of it answers.
        """
        entry = self._network.redirected_to(host, port)
        addresses = await _resolve(entry.to_host if entry else host)
        guard.check_addresses(host, port, addresses, self._network)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                stream = await self._backend.connect_tcp(
                    address, entry.to_port if entry else port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TeeStream(stream, self._limit)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def _resolve(host: str) -> list[str]:
    """The addresses of a name, each once, in the system's order of preference."""
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise UnknownHostError(f"{host} is no name that a host can have") from error
    except OSError as error:
        if isinstance(error, socket.gaierror) and error.errno not in _UNDECIDED:
            raise UnknownHostError(f"there is no host named {host} ({error.strerror})") from error
        raise httpcore.ConnectError(f"the name {host} could not be resolved ({error})") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in entries))
