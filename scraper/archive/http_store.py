"""A file on a web server that a user named: read with range requests (RFC 9110 section 14) where the server knows them.

What comes is taken as it stands: a ``.warc.gz`` that is sent with ``Content-Encoding: gzip`` is that file and no other.
"""

import atexit
import base64
import re
import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

import httpcore

from scraper import __version__
from scraper.archive.remote_file import LostError
from scraper.errors import RetryableError, SkippableError
from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.product import PRODUCT_TOKEN
from scraper.model.url import parse_url, resolve

_SILENCE: Final = 60.0
_MOST_REDIRECTS: Final = 10
# The body of a redirect is read up to this, so that the connection can be gone on with.
_SHORT: Final = 1 << 16
_RANGE: Final = re.compile(r"bytes\s+(?:(\d+)-(\d+)|\*)/(\d+|\*)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
# Of these the bytes as they come are told by what they begin with; of others they are not.
_TOLD_BY_THEIR_BEGINNING: Final = frozenset({"", "identity", "gzip", "x-gzip", "zstd"})
_GONE: Final = frozenset({404, 410})
_NOT_GIVEN: Final = frozenset({401, 402, 403, 407, 451})
_BUSY: Final = frozenset({408, 425, 429})
_CAUSES: Final = 10
_TROUBLE: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
)


class HttpStore:
    """One file on a web server, at an http(s) address that may hold a user's name and password."""

    def __init__(self, address: str, location: str) -> None:
        self.location = location
        url = parse_url(address)
        if url is None:
            raise self._refused("the address is none of a web server", "Check the address.")
        self._url = url
        userinfo, at, _ = urlsplit(address).netloc.rpartition("@")
        self._authorization = [("Authorization", _basic(unquote(userinfo)))] if at else []
        self._size: int | None = None
        self._version: tuple[str, str] | None = None

    def size(self) -> int | None:
        """See ``Store``."""
        if self._version is None:
            self._look()
        return self._size

    def identity(self) -> str:
        """See ``Store``: the size, and what the server says of the version."""
        self._look()
        etag, modified = self._version or ("", "")
        return f"{'' if self._size is None else self._size} {modified or etag}".strip()

    def pieces(self, start: int, end: int | None) -> Generator[bytes, None, None]:
        """See ``Store``. A server that knows no ranges gives all that stands before ``start`` too, which is passed over."""
        if end is not None and end <= start:
            return
        is_whole = start == 0 and end is None
        with self._answer(None if is_whole else (start, end)) as answer:
            if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return
            at = 0 if answer.status == HTTPStatus.OK else start
            for piece in self._body(answer):
                part = piece[max(0, start - at) : None if end is None else max(0, end - at)]
                at += len(piece)
                if part:
                    yield part
                if end is not None and at >= end:
                    return
            stop = self._size if end is None or self._size is None else min(end, self._size)
            if stop is not None and at < stop:
                raise LostError(f"its server gave the bytes up to {at} only, of those up to {stop}")

    def _look(self) -> None:
        """Ask for the first byte, to learn of the others."""
        with self._answer((0, 1)):
            pass

    @contextmanager
    def _answer(self, asked: tuple[int, int | None] | None) -> Iterator[httpcore.Response]:
        headers = [("User-Agent", f"{PRODUCT_TOKEN}/{__version__}"), ("Accept-Encoding", "identity")]
        if asked:
            start, end = asked
            headers.append(("Range", f"bytes={start}-{'' if end is None else end - 1}"))
        url = self._url
        for _ in range(_MOST_REDIRECTS):
            # A password is for the server that it was named for, and for no other that this one leads to.
            own = self._authorization if url.origin == self._url.origin else []
            host = ("Host", url.origin.removeprefix(f"{url.scheme}://"))
            with self._sent(url.href, [host, *headers, *own]) as answer:
                target = resolve(url.href, _field(answer, "Location"))
                if answer.status not in REDIRECT_STATUSES or not _field(answer, "Location"):
                    self._examine(answer, asked[0] if asked else 0)
                    yield answer
                    return
                url = parse_url(target or "") or url
                if _number(_field(answer, "Content-Length")) in range(_SHORT):
                    b"".join(self._body(answer))
        raise self._refused(
            "its server leads from one address to the next and to no file", "Check the address."
        )

    @contextmanager
    def _sent(self, url: str, headers: list[tuple[str, str]]) -> Iterator[httpcore.Response]:
        request = httpcore.Request(
            "GET",
            url,
            headers=headers,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE)},
        )
        try:
            answer = _connections().handle_request(request)
        except _TROUBLE as error:
            raise self._unanswered(error) from error
        try:
            yield answer
        finally:
            answer.close()

    def _body(self, answer: httpcore.Response) -> Iterator[bytes]:
        try:
            yield from answer.iter_stream()
        except _TROUBLE as error:
            raise LostError(str(error) or type(error).__name__) from error

    def _examine(self, answer: httpcore.Response, start: int) -> None:
        """Take in what an answer says of the file.

        Raises:
            LostError: the server is too busy, or ill.
            SkippableError: it has no such file, does not give it, or not as it stands.
            RetryableError: the file is another one than before.
        """
        status = answer.status
        if status in _GONE:
            raise self._refused(f"there is no such file ({status})", "Check the address.")
        if status in _NOT_GIVEN:
            raise self._refused(
                f"its server does not give it to us ({status})", "Check the address and its credentials."
            )
        if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LostError(
                f"its server answers {status}", float(_number(_field(answer, "Retry-After")) or 0)
            )
        stated = _RANGE.fullmatch(_field(answer, "Content-Range"))
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._note(answer, int(stated[3]) if stated and stated[3] != "*" else None)
            return
        coding = _field(answer, "Content-Encoding").lower()
        if coding not in _TOLD_BY_THEIR_BEGINNING:
            raise self._refused(f"its server sends it packed by {coding}", "Download it, and name the file.")
        if status == HTTPStatus.OK:
            self._note(answer, _number(_field(answer, "Content-Length")))
        elif status != HTTPStatus.PARTIAL_CONTENT:
            raise self._refused(f"its server answers {status}", "Check the address.")
        elif stated is None or stated[1] is None or int(stated[1]) != start or stated[3] == "*":
            raise self._refused(
                "its server does not give the part that is asked for", "Download it, and name the file."
            )
        else:
            self._note(answer, int(stated[3]))

    def _note(self, answer: httpcore.Response, size: int | None) -> None:
        version = (_field(answer, "ETag").removeprefix("W/"), _field(answer, "Last-Modified"))
        if self._version is not None and (size != self._size or _differ(version, self._version)):
            raise RetryableError(
                f"{self.location} cannot be read: it has changed on its server meanwhile. Run the same command again."
            )
        self._version, self._size = version, size

    def _refused(self, reason: str, remedy: str) -> SkippableError:
        return SkippableError(f"{self.location} cannot be read: {reason}. {remedy}")

    def _unanswered(self, error: Exception) -> Exception:
        """The error for a request that got no answer: one to ask again after, or one that would come again."""
        cause: BaseException | None = error
        for _ in range(_CAUSES):
            if isinstance(cause, ssl.SSLCertVerificationError):
                return self._refused(
                    f"the certificate of its server does not hold ({error})", "Check the address."
                )
            if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
                return self._refused("there is no host of that name", "Check the address.")
            cause = cause and (cause.__cause__ or cause.__context__)
        if isinstance(error, httpcore.LocalProtocolError | httpcore.UnsupportedProtocol):
            return self._refused(str(error), "Check the address.")
        return LostError(str(error) or type(error).__name__)


def _differ(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two answers are of two versions; servers of one file behind one name may each have an ETag of their own."""
    (etag, modified), (other_etag, other_modified) = one, other
    if modified and other_modified:
        return modified != other_modified
    return bool(etag and other_etag) and etag != other_etag


def _field(answer: httpcore.Response, name: str) -> str:
    sought = name.lower().encode()
    return next(
        (value.decode("latin-1").strip() for key, value in answer.headers if key.lower() == sought), ""
    )


def _number(stated: str) -> int | None:
    return int(stated) if _DIGITS.fullmatch(stated) else None


def _basic(userinfo: str) -> str:
    """The credentials as RFC 7617 has them sent."""
    user, _, password = userinfo.partition(":")
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


@cache
def _connections() -> httpcore.ConnectionPool:
    """The connections of this process, which are gone on with from one file to the next. Nothing of the environment goes along."""
    connections = httpcore.ConnectionPool(
        ssl_context=httpcore.default_ssl_context(), max_connections=None, keepalive_expiry=15
    )
    atexit.register(connections.close)
    return connections
