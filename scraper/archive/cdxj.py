"""An index of captures as CDXJ (https://specs.webrecorder.net/cdxj/0.1.0/) in blocks that are compressed each by itself."""

import gzip
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from scraper.archive.compose import PAYLOAD_DIGEST
from scraper.archive.replay import is_http, message_of
from scraper.archive.warc import WarcRecord, parse_date
from scraper.model.closable import Closable
from scraper.model.exchange import first_header
from scraper.model.url import parse_url

INDEX_FILE: Final = "index.cdx.gz"
_BLOCK_LINES: Final = 300
_WWW: Final = re.compile(r"^(https?://)www\d*\.")
_OTHER_KEY: Final = re.compile(r"\A(?:(?:https?://)?\()?([^)/]*?)(?:,www\d*)?,?\)")
REPLAYED: Final = frozenset({"response", "revisit", "resource"})
"""The types of the records that replay tools show."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of the index, compressed; ``entry`` is the line that leads to them."""

    data: bytes
    entry: str


class CaptureIndex(Closable):
    """The lines of an index, in the order of their keys however they come; they are kept in a file below ``scratch``."""

    def __init__(self, scratch: Path) -> None:
        self._lines = sqlite3.connect(scratch / "index.sqlite")
        self._lines.execute("CREATE TABLE lines (line TEXT NOT NULL)")
        self.count = 0

    def add(self, record: WarcRecord, file: str, offset: int, length: int) -> None:
        """Take in a record that lies in a file; one that no tool replays is passed over."""
        url, at = record.get("WARC-Target-URI"), parse_date(record.get("WARC-Date") or "")
        if record.type not in REPLAYED or url is None or at is None:
            return
        fields = {
            "url": url,
            **_seen(record),
            "digest": record.get("WARC-Payload-Digest") or record.get(PAYLOAD_DIGEST),
            "length": str(length),
            "offset": str(offset),
            "filename": file,
        }
        line = f"{url_key(url)} {timestamp(at)} {json.dumps(fields)}"
        self._lines.execute("INSERT INTO lines VALUES (?)", (line,))
        self.count += 1

    def blocks(self) -> Iterator[Block]:
        """The whole index, block after block."""
        offset = 0
        with closing(self._lines.execute("SELECT line FROM lines ORDER BY line")) as rows:
            lines = (str(line) for (line,) in rows)
            while chunk := list(islice(lines, _BLOCK_LINES)):
                data = gzip.compress("".join(line + "\n" for line in chunk).encode(), mtime=0)
                key, at, _ = chunk[0].split(" ", 2)
                digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
                place = {"offset": offset, "length": len(data), "digest": digest, "filename": INDEX_FILE}
                yield Block(data, f"{key} {at} {json.dumps(place)}\n")
                offset += len(data)

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def timestamp(at: datetime) -> str:
    """A time as CDXJ has it: fourteen digits, in UTC."""
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}".zfill(14)


def url_key(url: str) -> str:
    """The key under which a URL is looked up: its host from behind, its path and its parameters in order, in lower case.

    It is what ReplayWeb.page reckons, which ``www.`` and the scheme make no difference to.
    """
    parsed = parse_url(_WWW.sub(r"\1", url.lower()))
    if parsed is None:
        return url
    host = ",".join(reversed(parsed.host.split(".")))
    port = parsed.origin.removeprefix(f"{parsed.scheme}://{parsed.host}")
    query = f"?{'&'.join(sorted(parsed.query.split('&')))}" if parsed.query else ""
    return f"{host}{port}){parsed.path}{query}"


def is_of(stated: str, url: str) -> bool:
    """Whether an index that states this of a record means a record of ``url``: by URL, or by the key of one alone.

    Tools differ in the keys of the rest of a URL: a key alone is compared by its host and its path.
    """
    if parse_url(stated):
        return url_key(stated) == url_key(url)
    return _place(plain_key(stated)) == _place(url_key(url))


def plain_key(key: str) -> str:
    """The key of a URL in one of its spellings, as ``url_key`` has it: others have the scheme, www and a last comma in it."""
    return _OTHER_KEY.sub(r"\1)", key.strip().lower(), count=1)


def _place(key: str) -> str:
    return key.partition("?")[0].rstrip("/")


def _seen(record: WarcRecord) -> dict[str, str]:
    """The media type and the status of what a record answers; a revisit is known by a media type of its own."""
    if record.type == "revisit":
        return {"mime": "warc/revisit"}
    message = message_of(record)
    stated = first_header(message.headers, "content-type") if message else record.get("Content-Type")
    if is_http(record) and message is None:
        stated = None
    mime = (stated or "").partition(";")[0].strip().lower() or "application/octet-stream"
    return {"mime": mime, "status": str(message.status if message else 200)}
