"""One GET over httpx, with every byte of it kept. No other file imports httpx.

The transport is used without httpx's client around it, so nothing is sent but what is written here: no cookie
jar, no redirects, no proxy or credentials from the environment.
"""

import asyncio
import ssl
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import h11
import httpx

from scraper.errors import RefusedError, RetryableError, SkippableError, UsageError
from scraper.fetch import message
from scraper.fetch.retry import NoSuchHostError
from scraper.fetch.wire import GuardedBackend, Tape, TeeStream, UnknownHostError, WireFullError
from scraper.model.exchange import Exchange, Headers, Request, Truncation, read_fields
from scraper.model.stores import Clock
from scraper.settings import Limits, Network

_CAUSES: Final = 10
# Headers that say who asks: they are written here, or speak for a person and are never sent.
_NOT_THE_CALLERS: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "cookie",
        "from",
        "host",
        "proxy-authorization",
        "user-agent",
    }
)


class WireClient:
    """Sends GET requests and gives each back as an Exchange. Used as an async context manager."""

    def __init__(
        self, user_agent: str, from_email: str | None, network: Network, limits: Limits, clock: Clock
    ) -> None:
        self.network = network
        self._limits = limits
        self._clock = clock
        owner: Headers = (("From", from_email),) if from_email else ()
        self._headers: Headers = (("User-Agent", user_agent), *owner, ("Accept-Encoding", "gzip"))
        self._transport = httpx.AsyncHTTPTransport(
            verify=_authorities(network),
            trust_env=False,
            http2=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=15),
        )
        # httpx has no public way to hand its transport a network, and a transport class of our own would
        # go behind vcrpy's back.
        self._transport._pool._network_backend = GuardedBackend(network, limits.wire_bytes)  # noqa: SLF001 - see above

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.__aexit__(exc_type, exc_value, traceback)

    async def get(self, request: Request) -> Exchange:
        """Send one GET and read its answer as far as the limits allow; ``truncated`` says what cut it short.

        Raises:
            RefusedError: an address of the host is not public, or the request carries someone's credentials.
            RetryableError: no answer came: a resolver that could not tell, connection, TLS or time.
            NoSuchHostError: there is no host of that name.
            SkippableError: the answer's head is too long, or the URL cannot be put into a request.
        """
        # The clock may be set while an answer comes in; the loop's time may not.
        ticks = asyncio.get_running_loop().time
        incoming, began = _IncomingAnswer(request, self._outgoing(request), self._clock.now()), ticks()
        try:
            async with asyncio.timeout(self._limits.total):
                await self._read(incoming)
        except TimeoutError as error:
            incoming.truncated = "time"
            if incoming.response is None:
                raise _no_answer(request.url, f"none within {self._limits.total:g} seconds") from error
        exchange = incoming.exchange(ticks() - began)
        if len(exchange.head) > self._limits.head_bytes:
            raise _too_long(request.url)
        return exchange

    def _outgoing(self, request: Request) -> httpx.Request:
        named = {name.lower() for name, _ in request.headers}
        if named & _NOT_THE_CALLERS:
            names = ", ".join(sorted(named & _NOT_THE_CALLERS))
            raise RefusedError(
                f"{request.url} is not asked for with a {names} header of the caller's.",
                rule="no credentials",
            )
        accept: Headers = () if "accept" in named else (("Accept", "*/*"),)
        try:
            return httpx.Request(
                "GET",
                request.url,
                headers=[
                    (name.encode(), value.encode())
                    for name, value in (*self._headers, *accept, *request.headers)
                ],
                extensions={"timeout": httpx.Timeout(self._limits.quiet, pool=None).as_dict()},
            )
        except httpx.InvalidURL as error:
            raise SkippableError(
                f"{request.url[:200]} cannot be asked for: {error}. Check the URL."
            ) from error

    async def _read(self, incoming: "_IncomingAnswer") -> None:
        try:
            response = await self._transport.handle_async_request(incoming.outgoing)
        except (httpx.TransportError, ssl.SSLError) as error:
            url = incoming.request.url
            if isinstance(error.__cause__, WireFullError):
                raise _too_long(url) from error
            if isinstance(error.__cause__, UnknownHostError):
                raise NoSuchHostError(
                    f"{url} cannot be asked for: {error}. Check the URL, and that this machine's resolver knows other names."
                ) from error
            if _is_permanent(error):
                raise SkippableError(f"{url} gave no answer that can be read: {error}.") from error
            if isinstance(error, httpx.TimeoutException):
                raise _no_answer(url, f"silence for {self._limits.quiet:g} seconds") from error
            raise _no_answer(url, str(error) or type(error).__name__) from error
        try:
            await incoming.take(response)
        finally:
            await response.aclose()


class _IncomingAnswer:
    """An answer while it comes in, so that what came is at hand when time runs out."""

    def __init__(self, request: Request, outgoing: httpx.Request, started_at: datetime) -> None:
        self.request = request
        self.outgoing = outgoing
        self.started_at = started_at
        self.response: httpx.Response | None = None
        self.truncated: Truncation | None = None
        self._tape: Tape | None = None
        self._address: str | None = None
        self._payload = bytearray()

    async def take(self, response: httpx.Response) -> None:
        """Read the body, and note what cut it short."""
        self.response = response
        stream = response.extensions.get("network_stream")
        if isinstance(stream, TeeStream):
            self._tape = stream.tape
            self._address = stream.server_address()
        try:
            async for octets in response.aiter_raw():
                self._payload += octets
        except httpx.TimeoutException:
            self.truncated = "time"
        except (httpx.TransportError, ssl.SSLError) as error:
            is_closed = self._tape is None or self._tape.is_at_end
            if isinstance(error.__cause__, WireFullError):
                self.truncated = "length"
            else:
                self.truncated = "unspecified" if _is_permanent(error) and not is_closed else "disconnect"

    def exchange(self, elapsed: float) -> Exchange:
        """What came, as an Exchange."""
        if self.response is None:
            raise _no_answer(self.request.url, "none began")
        headers, request_wire, head, body = self._taped(self.response) or self._rebuilt(self.response)
        return Exchange(
            request=self.request,
            status=self.response.status_code,
            headers=headers,
            request_wire=request_wire,
            head=head,
            body=body,
            payload=bytes(self._payload),
            started_at=self.started_at,
            elapsed=elapsed,
            from_wire=self._tape is not None,
            protocol=self.response.http_version,
            server_address=self._address,
            truncated=self.truncated,
        )

    def _taped(self, response: httpx.Response) -> tuple[Headers, bytes, bytes, bytes] | None:
        """Headers, request, head and body as they crossed the wire; None where the transport hides it."""
        if self._tape is None:
            return None
        head, body = message.split_answer(bytes(self._tape.received))
        headers = read_fields(head)
        if self.truncated is None:
            body = message.trim_body(body, response.status_code, headers)
        return headers, bytes(self._tape.sent), head, body

    def _rebuilt(self, response: httpx.Response) -> tuple[Headers, bytes, bytes, bytes]:
        """Headers, request, head and body written anew from the parsed message."""
        headers = message.reframed(_decoded(response.headers.raw), response.status_code, len(self._payload))
        answer = f"{response.http_version} {response.status_code} {response.reason_phrase}"
        asked = f"GET {self.outgoing.url.raw_path.decode('ascii')} HTTP/1.1"
        request_wire = message.write_head(asked, _decoded(self.outgoing.headers.raw))
        return headers, request_wire, message.write_head(answer, headers), bytes(self._payload)


def _authorities(network: Network) -> ssl.SSLContext:
    """The usual certificate authorities, and any that the settings name besides."""
    context = httpx.create_ssl_context(trust_env=False)
    if network.cacert:
        try:
            context.load_verify_locations(network.cacert)
        except OSError as error:
            raise UsageError(
                f"{network.cacert} cannot be read as a PEM file of authorities ({error}). Check --cacert."
            ) from error
    return context


def _decoded(raw: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _is_permanent(error: Exception) -> bool:
    """Whether the same would come again: an answer that breaks the protocol, or a certificate that does not hold."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < _CAUSES:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    is_broken = isinstance(error, httpx.RemoteProtocolError) and any(
        isinstance(cause, h11.RemoteProtocolError) for cause in causes
    )
    return is_broken or any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)


def _no_answer(url: str, reason: str) -> RetryableError:
    return RetryableError(f"{url} gave no answer: {reason}. Run again later.")


def _too_long(url: str) -> SkippableError:
    return SkippableError(f"{url} answered with a head longer than is read of one, so it was not kept.")
