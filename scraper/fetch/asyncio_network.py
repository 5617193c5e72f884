"""Connections on asyncio's own transports, as httpcore asks for them: what comes in is held until it is read."""

# ruff: noqa: ASYNC109 - the signatures are those of httpcore

import asyncio
import ssl
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, TypeVar, cast

import httpcore

ResultT = TypeVar("ResultT")

# So much is held; beyond it the other end is kept waiting.
_MOST_HELD: Final = 256 * 1024


class _Incoming(asyncio.Protocol):
    """What came in and was not read yet. ``is_over`` once nothing more will come, ``failure`` where something broke."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.is_over = False
        self.failure: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.held += data
        if len(self.held) > _MOST_HELD and self._transport is not None and not self._is_paused:
            self._transport.pause_reading()
            self._is_paused = True
        self._wake()

    def eof_received(self) -> None:
        self.is_over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over, self.failure = True, self.failure or exc
        self._wake()

    async def something(self) -> None:
        """Wait until something is held, or nothing more will come."""
        if not self.held and not self.is_over:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader

    def take(self, most: int) -> bytes:
        """Up to ``most`` bytes of what is held, the first ones."""
        taken = bytes(self.held[:most])
        del self.held[:most]
        if self._is_paused and not self.held and self._transport is not None:
            self._transport.resume_reading()
            self._is_paused = False
        return taken

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class AsyncioStream(httpcore.AsyncNetworkStream):
    """A TCP connection, or one under TLS. It is for short requests: what is written is not waited for."""

    def __init__(self, transport: asyncio.Transport, incoming: _Incoming) -> None:
        self._transport = transport
        self._incoming = incoming

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none once the other end has closed.

        Raises:
            httpcore.ReadTimeout: none came in time.
            httpcore.ReadError: the connection broke.
        """
        incoming = self._incoming
        if not incoming.held and not incoming.is_over:
            try:
                async with asyncio.timeout(timeout):
                    await incoming.something()
            except TimeoutError as error:
                raise httpcore.ReadTimeout(str(error)) from error
        if incoming.failure is not None and not incoming.held:
            raise httpcore.ReadError(str(incoming.failure)) from incoming.failure
        return incoming.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see above
        """Hand over bytes to be sent.

        Raises:
            httpcore.WriteError: the connection is closed or broke.
        """
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)

    async def aclose(self) -> None:
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The connection under TLS.

        Raises:
            httpcore.ConnectError: there is no agreement on it, or the certificate does not hold.
            httpcore.ConnectTimeout: there was none in time.
        """
        tls = _TlsStream(self, ssl_context, server_hostname)
        try:
            async with asyncio.timeout(timeout):
                await tls.shake_hands()
        except BaseException as error:
            await self.aclose()
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout(str(error)) from error
            if isinstance(error, OSError | httpcore.NetworkError):
                raise httpcore.ConnectError(str(error)) from error
            raise
        return tls

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "is_readable":
                return bool(self._incoming.held) or self._incoming.is_over
            case _:
                return self._transport.get_extra_info(info)


class _TlsStream(httpcore.AsyncNetworkStream):
    """TLS over ``stream``. asyncio's own loses what came in before something that breaks it."""

    def __init__(self, stream: AsyncioStream, context: ssl.SSLContext, server_hostname: str | None) -> None:
        self._stream = stream
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)

    async def shake_hands(self) -> None:
        """Agree on keys, and check the certificate.

        Raises:
            OSError: there is no agreement, or it does not hold.
            httpcore.NetworkError: the connection broke.
        """
        await self._done(self._tls.do_handshake, None)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As ``AsyncioStream.read``; an end that TLS was not told of is one too.

        Raises:
            ssl.SSLError: what came in is no TLS.
        """
        try:
            return await self._done(partial(self._tls.read, max_bytes), timeout)
        except ssl.SSLEOFError:
            return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._done(partial(self._tls.write, buffer), timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._stream.get_extra_info(info)

    async def _done(self, step: Callable[[], ResultT], timeout: float | None) -> ResultT:
        """What ``step`` gives, once it has all that it needs from the other end."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush(timeout)
                octets = await self._stream.read(_MOST_HELD, timeout)
                if octets:
                    self._incoming.write(octets)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush(timeout)
                return result

    async def _flush(self, timeout: float | None) -> None:
        if self._outgoing.pending:
            await self._stream.write(self._outgoing.read(), timeout)


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to an address.

        Raises:
            httpcore.ConnectError: nobody answers there.
            httpcore.ConnectTimeout: nobody did in time.
        """
        local = (local_address, 0) if local_address else None
        try:
            async with asyncio.timeout(timeout):
                transport, incoming = await asyncio.get_running_loop().create_connection(
                    _Incoming, host, port, local_addr=local
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return AsyncioStream(transport, incoming)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
