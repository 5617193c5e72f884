"""The Hub as a server on loopback, in a thread of the test's process."""

import asyncio
import os
import threading
import time
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.hub import reading, trusted, writing
from tests.hub.faults import Fault, Seen
from tests.hub.routing import Account, Asked, Holdings, answer, refusal
from tests.hub.storage import Repository
from tests.hub.xet import XetFolder

# Tokens, each with the account it belongs to.
WRITER: Final = "hf_write_of_me"
READER: Final = "hf_read_of_me"
OTHER: Final = "hf_write_of_somebody"
ACCOUNTS: Final = {
    WRITER: Account("me", organizations=("lab",)),
    READER: Account("me", role="read"),
    OTHER: Account("somebody"),
}
_TRICKLE_PAUSE: Final = 0.02


class HubServer:
    """A context manager: the Hub listens at ``url`` while it is open, as ``HF_ENDPOINT`` wants it.

    ``seen`` lists the requests, ``faults`` are those to come. With ``xet``, a folder, large files go there and come from
    there by hf_xet, as they do with the real Hub.
    """

    def __init__(self, xet: Path | None = None) -> None:
        self.holdings = Holdings(dict(ACCOUNTS), XetFolder(xet) if xet else None)
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.url = ""
        self._lock = threading.Lock()
        config = uvicorn.Config(
            self._app,
            host="127.0.0.1",
            port=0,
            log_level="error",
            lifespan="off",
            http="h11",
            interface="asgi3",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        host, port = self._server.servers[0].sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()

    def repository(self, name: str) -> Repository:
        return self.holdings.repositories[name]

    def read(self, name: str, path: str, revision: str = "main") -> bytes:
        """The bytes of a file at a revision."""
        repository = self.repository(name)
        return repository.content(repository.resolve(revision).files[path])

    def environment(self, home: Path, token: str | None = WRITER) -> dict[str, str]:
        """What a process needs to take this for the Hub, with a cache of its own."""
        said = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("HF_", "HUGGING", "POSTKEEP_"))
        }
        said |= {
            "HF_ENDPOINT": self.url,
            "HF_HOME": str(home),
            # The Hub's other way is plain HTTP, on which faults can be laid.
            "HF_HUB_DISABLE_XET": "0" if self.holdings.xet else "1",
        }
        return said | ({"HF_TOKEN": token} if token else {})

    def asked(self, method: str, path: str) -> list[Seen]:
        """The requests of a method whose path holds ``path``."""
        return [seen for seen in self.seen if seen.method == method and path in seen.path]

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["raw_path"].decode(), scope["method"]
        with self._lock:
            fault = next((fault for fault in self.faults if fault.strikes(method, path)), None)
        body = await _body(receive, trickle=fault is not None and fault.trickle)
        asked = _asked(scope, path, body)
        if fault is not None and fault.until is not None:
            await asyncio.to_thread(fault.until.wait)
        if fault is None or fault.trickle or fault.until is not None:
            response: Response | None = self._carry_out(asked)
        else:
            if fault.when == "after":
                self._carry_out(asked)
            dropped = fault.status is None
            response = (
                None if dropped else refusal(fault.status or 0, fault.message, fault.code, fault.headers)
            )
        status = response.status_code if response else None
        authorization = asked.headers.get("authorization")
        self.seen.append(Seen(method, path, status, len(body), asked.headers.get("range"), authorization))
        if response is None:
            await _drop(receive)
        else:
            await response(scope, receive, send)

    def _carry_out(self, asked: Asked) -> Response:
        with self._lock:
            return answer(self.holdings, asked, (*reading.ROUTES, *writing.ROUTES, *trusted.ROUTES))


async def _body(receive: Receive, *, trickle: bool) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message: MutableMapping[str, Any] = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
        if trickle:
            await asyncio.sleep(_TRICKLE_PAUSE)
    return b"".join(parts)


def _asked(scope: Scope, path: str, body: bytes) -> Asked:
    headers = Headers(scope=scope)
    query = dict(parse_qsl(scope["query_string"].decode()))
    return Asked(scope["method"], path, query, headers, body, f"http://{headers['host']}")


async def _drop(receive: Receive) -> None:
    """End the connection without an answer. ``receive`` belongs to uvicorn's cycle, which has the transport."""
    cycle: Any = getattr(receive, "__self__")  # noqa: B009 - not part of the type of ``receive``
    cycle.transport.abort()
    await receive()
