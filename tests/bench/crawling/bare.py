"""httpx and warcio with nothing around them: ``python -m tests.bench.crawling.bare LIST WARC``."""

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import httpx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.bench.crawling.server import ADDRESS

AT_ONCE: Final = 32


async def fetch_all(urls: list[str], file: BinaryIO) -> None:
    """Fetch every URL from the server on loopback, and write request and response as they were."""
    writer, waiting = WARCWriter(file, gzip=True), iter(urls)
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    headers = {"Accept-Encoding": "gzip", "User-Agent": "bench"}
    async with httpx.AsyncClient(trust_env=False, limits=limits, headers=headers) as client:

        async def work() -> None:
            for url in waiting:
                place = httpx.URL(url)
                request = client.build_request(
                    "GET", place.copy_with(host=ADDRESS), headers={"Host": place.netloc.decode()}
                )
                response = await client.send(request, stream=True)
                body = b"".join([part async for part in response.aiter_raw()])
                await response.aclose()
                keep(writer, url, request, response, body)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def keep(writer: WARCWriter, url: str, request: httpx.Request, response: httpx.Response, body: bytes) -> None:
    """Write the two records of an exchange."""
    status = f"{response.status_code} {response.reason_phrase}"
    answered = StatusAndHeaders(status, _fields(response.headers), protocol="HTTP/1.1")
    response = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=answered)
    asked = StatusAndHeaders(f"GET {request.url.raw_path.decode()} HTTP/1.1", _fields(request.headers))
    writer.write_record(response)
    writer.write_record(writer.create_warc_record(url, "request", payload=BytesIO(), http_headers=asked))


def _fields(headers: httpx.Headers) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in headers.raw]


if __name__ == "__main__":
    with Path(sys.argv[2]).open("wb") as warc:
        asyncio.run(fetch_all(Path(sys.argv[1]).read_text().split(), warc))
