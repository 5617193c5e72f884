"""A small web archive on loopback that speaks the dialects of pywb and of the Wayback Machine."""

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urljoin, urlsplit

Dialect = Literal["pywb", "cdxj", "wayback"]
DIALECTS: Final[tuple[Dialect, ...]] = ("pywb", "cdxj", "wayback")
Headers = tuple[tuple[str, str], ...]
_LISTED: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True)
class Stored:
    """A capture that the archive has; ``timestamp`` is what its index says, ``digest`` follows from the body."""

    url: str
    timestamp: str
    body: bytes = b""
    status: int = 200
    headers: Headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()

    @property
    def key(self) -> str:
        parts = urlsplit(self.url)
        host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
        return f"{host}){parts.path}" + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers in place of the archive's own answer; ``cut`` sends so many bytes less than promised."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    cut: int = 0


@dataclass
class WebArchive:
    """Serves ``captures``; ``faults`` by the beginning of the path win over it. ``paths`` lists the requests."""

    captures: list[Stored]
    dialect: Dialect = "pywb"
    faults: dict[str, Answer] = field(default_factory=dict)
    robots: str | None = None
    pages: int = 1
    paths: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        archive = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                archive.paths.append(self.path)
                answer = archive.answer(self.path)
                self.send_response(answer.status)
                for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body[: len(answer.body) - answer.cut])
                self.close_connection = self.close_connection or bool(answer.cut)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def cdx_server(self) -> str:
        return self.root + ("/cdx/search/cdx" if self.dialect == "wayback" else "/kept/cdx")

    @property
    def replay(self) -> str:
        """Where the path of a memento begins."""
        return "/web/" if self.dialect == "wayback" else "/kept/"

    @property
    def replayed(self) -> list[str]:
        """The requests for mementos."""
        return [path for path in self.paths if "id_/" in path]

    def answer(self, path: str) -> Answer:
        for beginning, fault in self.faults.items():
            if path.startswith(beginning):
                return fault
        if path == "/robots.txt":
            return Answer(404) if self.robots is None else Answer(200, (), self.robots.encode())
        parts = urlsplit(path)
        if parts.path == urlsplit(self.cdx_server).path:
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self._wayback_list(asked) if self.dialect == "wayback" else self._pywb_list(asked)
        if path.startswith(self.replay) and "id_/" in path:
            timestamp, _, url = path.removeprefix(self.replay).partition("id_/")
            return self._memento(timestamp, url)
        return Answer(404, (("Content-Type", "text/html"),), b"<p>no such page")

    def listed(self, asked: Mapping[str, str]) -> list[Stored]:
        first, last = asked.get("from", "0"), asked.get("to", "9" * 14)
        prefix = asked.get("matchType") == "prefix"
        wanted = Stored(asked["url"], "").key
        found = [
            stored
            for stored in self.captures
            if (stored.key.startswith(wanted) if prefix else stored.key == wanted)
            and first <= stored.timestamp <= last
        ]
        return sorted(found, key=lambda stored: (stored.key, stored.timestamp))

    def _wayback_list(self, asked: Mapping[str, str]) -> Answer:
        found = self.listed(asked)
        start = int(asked.get("resumeKey", "0"))
        end = start + int(asked.get("limit", "150000"))
        rows: list[list[str]] = [list(_LISTED)] if found else []
        for stored in found[start:end]:
            row = [
                stored.key,
                stored.timestamp,
                stored.url,
                "text/html",
                str(stored.status),
                stored.digest,
                "9",
            ]
            rows.append(row)
        if "showResumeKey" in asked and len(found) > end:
            rows += [[], [str(end)]]
        return Answer(200, (("Content-Type", "application/json"),), json.dumps(rows).encode())

    def _pywb_list(self, asked: Mapping[str, str]) -> Answer:
        found = self.listed(asked)
        if self.pages > 1 and "showNumPages" in asked:
            return Answer(200, (), json.dumps({"blocks": 9, "pages": self.pages, "pageSize": 5}).encode())
        if self.pages > 1:
            size = -(-len(found) // self.pages)
            start = int(asked.get("page", "0")) * size
            found = found[start : start + size]
        lines = [self._pywb_line(stored) for stored in found[: int(asked.get("limit", "150000"))]]
        return Answer(200, (("Content-Type", "text/x-ndjson"),), "".join(lines).encode())

    def _pywb_line(self, stored: Stored) -> str:
        fields: dict[str, Any] = {"url": stored.url, "mime": "text/html", "digest": stored.digest}
        fields["status"] = str(stored.status)
        if self.dialect == "cdxj":
            return f"{stored.key} {stored.timestamp} {json.dumps(fields)}\n"
        return json.dumps({"urlkey": stored.key, "timestamp": stored.timestamp, **fields}) + "\n"

    def _memento(self, timestamp: str, url: str) -> Answer:
        of_url = [stored for stored in self.captures if stored.url == url]
        if not of_url:
            return Answer(404, (("Content-Type", "text/html"),), b"<p>never captured")
        nearest = min(of_url, key=lambda stored: abs(moment(stored.timestamp) - moment(timestamp)))
        address = f"{self.root}{self.replay}{nearest.timestamp}id_/{url}"
        if self.dialect == "wayback" and nearest.timestamp != timestamp:
            return Answer(302, (("Location", address), ("x-archive-redirect-reason", "found capture")))
        stated = format_datetime(moment(nearest.timestamp), usegmt=True)
        own: Headers = (
            ("Memento-Datetime", stated),
            ("Content-Location", address),
            ("Link", f'<{url}>; rel="original"'),
            ("Server", "nginx"),
        )
        return Answer(nearest.status, (*self._moved_aside(nearest), *own), nearest.body)

    def _moved_aside(self, stored: Stored) -> Headers:
        kept = {"content-type", "location"}
        headers = tuple(
            (name if name.lower() in kept else f"X-Archive-Orig-{name}", value)
            for name, value in stored.headers
        )
        if self.dialect != "wayback":
            return headers
        before = f"{self.replay}{stored.timestamp}id_/"
        return tuple(
            (name, before + urljoin(stored.url, value) if name.lower() == "location" else value)
            for name, value in headers
        )


def moment(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
