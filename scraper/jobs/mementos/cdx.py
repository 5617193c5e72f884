"""What a web archive lists: captures by the CDX server API, in the dialects of pywb and of the Wayback Machine.

Sources: https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html (CDXJ, or one JSON object a line) and
https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server (a JSON array of rows, the first their names).
The dialect is known by the answer; only parameters that both understand, or the other passes over, are sent.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import urlencode

from scraper.archive.memento import ReplayUrl
from scraper.errors import UsageError
from scraper.model.url import parse_url

# pywb's names first, then those of the Wayback Machine.
_URL: Final = ("url", "original")
_STATUS: Final = ("status", "statuscode")
_MEDIA_TYPE: Final = ("mime", "mimetype")
_HTTP_STATUS: Final = re.compile(r"[1-5][0-9]{2}")
_TIMESTAMP: Final = "%Y%m%d%H%M%S"
_FOURTEEN_DIGITS: Final = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class CdxServer:
    """A web archive: where its captures are listed, and below which address they are replayed."""

    listing: str
    replay: str

    @classmethod
    def at(cls, text: str) -> Self:
        """The archive whose CDX server is at this address.

        Raises:
            UsageError: the address is no URL, or of a form that does not tell where captures are replayed.
        """
        url = parse_url(text)
        base = f"{url.origin}{url.path.rstrip('/')}" if url and not url.query else ""
        if base.endswith("/cdx/search/cdx"):
            return cls(base, base.removesuffix("/cdx/search/cdx") + "/web/")
        for ending in ("/cdx", "-cdx"):
            if base.endswith(ending):
                return cls(base, base.removesuffix(ending) + "/")
        raise UsageError(
            f"--memento {text}: name a CDX server, such as https://web.archive.org/cdx/search/cdx or, "
            f"for pywb, https://archive.example.org/COLLECTION/cdx."
        )

    def memento(self, url: str, timestamp: str) -> ReplayUrl:
        """The address of the capture of ``url`` made nearest to ``timestamp``."""
        return ReplayUrl(self.replay, timestamp, url)


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a CDX server; ``since`` and ``until`` are inclusive."""

    target: str
    since: datetime | None = None
    until: datetime | None = None

    def address(self, server: CdxServer, **more: str | int) -> str:
        """The URL that asks it, with ``more`` parameters."""
        parameters: dict[str, str | int] = {"url": self.target.removesuffix("*"), "output": "json"}
        if self.target.endswith("*"):
            parameters["matchType"] = "prefix"
        if self.since:
            parameters["from"] = timestamp(self.since)
        if self.until:
            parameters["to"] = timestamp(self.until)
        return f"{server.listing}?{urlencode(parameters | more)}"


@dataclass(frozen=True, slots=True)
class CdxLine:
    """One listed capture, made ``at`` (UTC, to the second; ``timestamp`` is the same as the archive writes it).

    ``key`` is equal for spellings of one URL; ``status`` is None where the index has none, as for revisits. ``media_type`` is as the
    index has it, which may be no media type (``warc/revisit``, ``unk``).
    """

    key: str
    timestamp: str
    at: datetime
    url: str
    status: int | None
    digest: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class CdxPage:
    """One answer: ``unreadable`` counts entries that name no URL and time; ``resume_key`` asks for what follows."""

    lines: tuple[CdxLine, ...]
    unreadable: int
    resume_key: str | None
    is_array: bool

    @property
    def size(self) -> int:
        """How many entries it has."""
        return len(self.lines) + self.unreadable


def timestamp(moment: datetime) -> str:
    """The 14 digits by which web archives name a moment: UTC, to the second."""
    return moment.astimezone(UTC).strftime(_TIMESTAMP)


def timestamp_time(text: str) -> datetime | None:
    """The moment that 14 digits name, in UTC; None where they name none."""
    if not _FOURTEEN_DIGITS.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, _TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_page(body: bytes) -> CdxPage:
    """The captures in an answer of a CDX server.

    Raises:
        ValueError: it is no list of captures, or one that was cut off.
    """
    text = body.decode("utf-8", "replace").strip()
    try:
        if text.startswith("["):
            return _read_array(json.loads(text))
        # Other ends of lines may stand within a JSON string as they are (RFC 8259 section 7).
        entries = [_entry(line) for line in text.split("\n") if line.strip()]
    except RecursionError as error:
        raise ValueError("it nests deeper than is read") from error
    return _page(entries, resume_key=None, is_array=False)


def read_page_count(body: bytes) -> int:
    """How many pages a compressed index of pywb is read in; 1 where the server has no such pages."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return 1
    pages = answer.get("pages") if isinstance(answer, dict) else None
    return pages if isinstance(pages, int) and pages > 0 else 1


def _entry(line: str) -> dict[str, Any]:
    """A line of CDXJ (``key timestamp {…}``) or of JSON."""
    before, brace, rest = line.partition("{")
    entry = json.loads(brace + rest)
    words = before.split()
    named = dict(zip(("urlkey", "timestamp"), words, strict=False)) if len(words) >= 2 else {}
    return {**entry, **named}


def _read_array(rows: list[Any]) -> CdxPage:
    if not all(isinstance(row, list) for row in rows):
        raise ValueError("it is no array of rows")
    resume_key = None
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume_key = str(rows[-1][0])
        rows = rows[:-2]
    if not rows:
        return _page([], resume_key=resume_key, is_array=True)
    names = [str(name) for name in rows[0]]
    if "timestamp" not in names:
        raise ValueError("its first row does not name the fields")
    entries = [dict(zip(names, row, strict=False)) for row in rows[1:]]
    return _page(entries, resume_key=resume_key, is_array=True)


def _page(entries: list[dict[str, Any]], *, resume_key: str | None, is_array: bool) -> CdxPage:
    lines = tuple(_lines(entries))
    return CdxPage(lines, len(entries) - len(lines), resume_key, is_array)


def _lines(entries: list[dict[str, Any]]) -> Iterator[CdxLine]:
    for entry in entries:
        stated, url = str(entry.get("timestamp")), _first(entry, _URL)
        at = timestamp_time(stated)
        if at and parse_url(url):
            status = _first(entry, _STATUS)
            yield CdxLine(
                key=str(entry.get("urlkey") or url),
                timestamp=stated,
                at=at,
                url=url,
                status=int(status) if _HTTP_STATUS.fullmatch(status) else None,
                digest=str(entry.get("digest") or ""),
                media_type=_first(entry, _MEDIA_TYPE).lower(),
            )


def _first(entry: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(entry[name]) for name in names if name in entry), "")
