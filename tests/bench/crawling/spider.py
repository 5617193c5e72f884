"""Scrapy with warcio writing what it fetched, since it writes no WARC itself: ``python -m tests.bench.crawling.spider LIST WARC``.

Bodies stay as they came off the wire, so that neither unpacks what the other does not. Nothing is read out of them.
"""

import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Headers, Request, Response
from scrapy.resolver import dnscache
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.bench.crawling.server import ADDRESS

AT_ONCE: Final = 32
SETTINGS: Final = {
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "RETRY_ENABLED": False,
    "COMPRESSION_ENABLED": False,
    "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "gzip"},
    "CONCURRENT_REQUESTS": AT_ONCE,
    "DOWNLOAD_DELAY": 0,
}


# Scrapy is not there where types are checked.
class Keeper(scrapy.Spider):  # type: ignore[misc]
    """Fetches a list of URLs, and keeps each exchange as a response and a request record."""

    name = "keeper"

    def __init__(self, urls: list[str], writer: WARCWriter) -> None:
        super().__init__()
        self.fetched = 0
        self._urls = urls
        self._writer = writer

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            yield Request(url, self.keep)

    def keep(self, response: Response) -> None:
        """Write the two records of an exchange."""
        self.fetched += 1
        asked = response.request
        assert asked is not None
        answered = StatusAndHeaders(str(response.status), _fields(response.headers), protocol="HTTP/1.1")
        response = self._writer.create_warc_record(
            response.url, "response", payload=BytesIO(response.body), http_headers=answered
        )
        head = StatusAndHeaders(f"GET {urlsplit(asked.url).path} HTTP/1.1", _fields(asked.headers))
        self._writer.write_record(response)
        self._writer.write_record(
            self._writer.create_warc_record(asked.url, "request", payload=BytesIO(), http_headers=head)
        )


def _fields(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, values in headers.items() for value in values]


def main() -> None:
    """Fetch what the list names; a page that is missing ends it with an error."""
    urls = Path(sys.argv[1]).read_text().split()
    # Looked up before any resolver is asked.
    for host in {urlsplit(url).hostname or "" for url in urls}:
        dnscache[host] = ADDRESS
    with Path(sys.argv[2]).open("wb") as warc:
        process = CrawlerProcess(SETTINGS)
        crawler: Any = process.create_crawler(Keeper)
        process.crawl(crawler, urls=urls, writer=WARCWriter(warc, gzip=True))
        process.start()
    if (fetched := crawler.spider.fetched) != len(urls):
        raise SystemExit(f"{fetched} of {len(urls)} pages.")


if __name__ == "__main__":
    main()
