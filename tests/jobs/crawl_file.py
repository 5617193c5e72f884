"""WARC files as other crawlers write them."""

import base64
import gzip
import hashlib
from pathlib import Path

from scraper.jobs.imports.files import import_files
from scraper.jobs.imports.selection import Selection
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report

# A response of Common Crawl's: WARC 1.0, one gzip member a record, many hosts in one file.
_RECORD = (
    "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{prefix}{number}>\r\nWARC-Date: {date}\r\n"
    "WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {length}\r\n{fields}\r\n"
)
_INFO = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:info>\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
)


def import_of(workplace: Workplace, *files: Path, selection: Selection | None = None) -> Report:
    """The import of such files, of all that is in them unless a selection is made."""
    return import_files(files, workplace, selection=selection or Selection())


class CrawlFile:
    """Writes such a file, record by record."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._records = [_INFO]

    def add(
        self,
        url: str,
        body: bytes,
        date: str = "2022-11-08T00:00:00Z",
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
    ) -> None:
        self._add(
            "response", url, date, _head(status, headers) + body, f"WARC-Payload-Digest: {digest(body)}"
        )

    def add_revisit(
        self,
        url: str,
        date: str,
        *fields: str,
        status: int = 200,
        profile: str = "identical-payload-digest",
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
        block: bytes | None = None,
    ) -> None:
        """A revisit that says of its original what ``fields`` say; its block is a head unless it is given."""
        said = (f"WARC-Profile: http://netpreserve.org/warc/1.0/revisit/{profile}", *fields)
        self._add("revisit", url, date, _head(status, headers) if block is None else block, *said)

    def _add(self, kind: str, url: str, date: str, block: bytes, *fields: str) -> None:
        head = _RECORD.format(
            kind=kind,
            prefix=self._prefix,
            number=len(self._records),
            date=date,
            url=url,
            length=len(block),
            fields="".join(f"{field}\r\n" for field in fields),
        )
        self._records.append(head.encode() + block + b"\r\n\r\n")

    def write(self, path: Path) -> Path:
        data = [gzip.compress(record) if path.suffix == ".gz" else record for record in self._records]
        path.write_bytes(b"".join(data))
        return path


def digest(body: bytes) -> str:
    """A WARC-Payload-Digest as most crawlers write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _head(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()
