"""A web server on loopback that gives files, well or badly."""

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from scraper.archive.remote_file import BUFFER


@dataclass
class Served:
    """A file, and how it is given. Each of ``cuts`` ends one answer with a body after so many bytes of it.

    ``shorter`` gives no more than so many bytes of a range, and says so. ``has_length``: the length is told; else the answer ends
    with the connection. ``statuses`` are answered first, one a request, with ``retry_after``. It is given ``gone_after`` times.
    """

    data: bytes
    ranges: bool = True
    etag: str = '"1"'
    modified: str = ""
    cuts: list[int] = field(default_factory=list)
    shorter: int | None = None
    has_length: bool = True
    statuses: list[int] = field(default_factory=list)
    retry_after: str = "0"
    headers: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    chunked: bool = False
    gone_after: int | None = None


@dataclass(slots=True)
class Asked:
    """A request, and how many bytes of a body it was given or is being given."""

    path: str
    range: str | None
    headers: dict[str, str]
    sent: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asks hangs up where they have enough."""


class FileServer:
    """Gives ``files`` by their paths, and leads from the keys of ``redirects`` to their values."""

    def __init__(self, **files: Served | bytes) -> None:
        self.files: dict[str, Served] = {}
        self.redirects: dict[str, str] = {}
        self.asked: list[Asked] = []
        for name, file in files.items():
            self.add(name, file)

    def add(self, name: str, file: Served | bytes) -> Served:
        served = file if isinstance(file, Served) else Served(file)
        self.files[f"/{name}"] = served
        return served

    def url(self, name: str, userinfo: str = "") -> str:
        return f"http://{userinfo}127.0.0.1:{self._server.server_port}/{name}"

    @property
    def sent(self) -> int:
        """Bytes of bodies in all."""
        return sum(asked.sent for asked in self.asked)

    def __enter__(self) -> Self:
        serving = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                serving.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        stated = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.path, stated.get("range"), stated)
        self.asked.append(asked)
        try:
            self._answer(request, asked)
        except (BrokenPipeError, ConnectionResetError):
            request.close_connection = True

    def _answer(self, request: BaseHTTPRequestHandler, asked: Asked) -> None:
        path = request.path.partition("?")[0]
        served = self.files.get(path)
        if path in self.redirects:
            _short(request, 302, {"Location": self.redirects[path]})
        elif served is None:
            _short(request, 404, {})
        elif served.password and request.headers.get("Authorization") != served.password:
            _short(request, 401, {})
        elif served.statuses:
            _short(request, served.statuses.pop(0), {"Retry-After": served.retry_after})
        else:
            if served.gone_after is not None:
                served.gone_after -= 1
                if not served.gone_after:
                    del self.files[path]
            _give(request, served, asked)


def _short(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    request.send_response(status)
    for name, value in {**headers, "Content-Length": "2"}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(b"no")


def _give(request: BaseHTTPRequestHandler, served: Served, asked: Asked) -> None:
    status, headers, body = _answered(served, request.headers.get("Range") or "")
    request.send_response(status)
    for name, value in {**headers, **served.headers}.items():
        if value:
            request.send_header(name, value)
    request.end_headers()
    is_cut = bool(served.cuts) and len(body) > 1
    if is_cut:
        body = body[: served.cuts.pop(0)]
    if served.chunked:
        body = b"%x\r\n%b\r\n" % (len(body), body) + (b"" if is_cut else b"0\r\n\r\n")
    request.close_connection = request.close_connection or is_cut or not served.has_length
    for at in range(0, len(body), BUFFER):
        piece = body[at : at + BUFFER]
        asked.sent += len(piece)
        request.wfile.write(piece)


def _answered(served: Served, stated: str) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body for a request with this Range header."""
    size = len(served.data)
    headers = {"ETag": served.etag, "Last-Modified": served.modified}
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", stated) if served.ranges else None
    status, begin, end = 200, 0, size
    if asked:
        status, begin = 206, int(asked[1])
        end = min(int(asked[2]) + 1, size) if asked[2] else size
        if served.shorter is not None:
            end = min(end, begin + served.shorter)
        if begin >= size:
            status, end = 416, begin
            headers["Content-Range"] = f"bytes */{size}"
        else:
            headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    if served.chunked:
        headers["Transfer-Encoding"] = "chunked"
    elif served.has_length:
        headers["Content-Length"] = str(end - begin)
    return status, headers, served.data[begin:end]
