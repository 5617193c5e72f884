"""As ``bare``, with aiohttp, whose parser is compiled, in place of httpx: ``python -m tests.bench.crawling.agile LIST WARC``."""

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import aiohttp
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.bench.crawling.server import ADDRESS

AT_ONCE: Final = 32


async def fetch_all(urls: list[str], file: BinaryIO) -> None:
    """Fetch every URL from the server on loopback, and write request and response as they were."""
    writer, waiting = WARCWriter(file, gzip=True), iter(urls)
    headers = {"Accept-Encoding": "gzip", "User-Agent": "bench"}
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(headers=headers, connector=connector, auto_decompress=False) as session:

        async def work() -> None:
            for url in waiting:
                place = urlsplit(url)
                where = place._replace(netloc=f"{ADDRESS}:{place.port}").geturl()
                async with session.get(where, headers={"Host": place.netloc}) as response:
                    keep(writer, url, response, await response.read())

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def keep(writer: WARCWriter, url: str, response: aiohttp.ClientResponse, body: bytes) -> None:
    """Write the two records of an exchange."""
    fields = [(name.decode(), value.decode()) for name, value in response.raw_headers]
    answered = StatusAndHeaders(f"{response.status} {response.reason}", fields, protocol="HTTP/1.1")
    asked = StatusAndHeaders(
        f"GET {response.request_info.url.raw_path} HTTP/1.1", list(response.request_info.headers.items())
    )
    response = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=answered)
    writer.write_record(response)
    writer.write_record(writer.create_warc_record(url, "request", payload=BytesIO(), http_headers=asked))


if __name__ == "__main__":
    with Path(sys.argv[2]).open("wb") as warc:
        asyncio.run(fetch_all(Path(sys.argv[1]).read_text().split(), warc))
