"""The heads of records as others write them: WARC 0.17 to 1.1, and ARC 1 and 2, the format of web archives before it.

A record of an ARC file (https://archive.org/web/researcher/ArcFileFormat.php) is given the fields that it would have in
WARC. Field names are compared without case (WARC 1.1 section 4), lines may end in a bare LF and go on in the next one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_from_bytes

from scraper.archive.unpacked import Unpacked
from scraper.archive.warc import RECORD_END
from scraper.model.exchange import Headers, first_header

BOM: Final = b"\xef\xbb\xbf"

_HEAD_LIMIT: Final = 1 << 20
_STEP: Final = 1 << 12
_HEAD_END: Final = re.compile(rb"\n\r?\n")
_VERSION: Final = re.compile(rb"(?i:WARC)/\d+\.\d+[ \t]*\r?\n")
_WARC_START: Final = re.compile(rb"(?:\A|\n)(?=(?i:WARC)/\d+\.\d+[ \t]*\r?\n[A-Za-z-]+[ \t]*:)")
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_ADDRESS: Final = rb"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f:]{2,45}|-)"
# URL, address, date, media type, what version 2 adds, and the length; URL and media type may have blanks in them.
_ARC_LINE: Final = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]*:[^\r\n]{0,8192}?) ("
    + _ADDRESS
    + rb") ([0-9]{8,17}) ([^\r\n]{0,2048}?) ?([0-9]{1,15})[ \t]*\r?\n"
)
_ARC_START: Final = re.compile(
    rb"(?:\A|\n)(?=[A-Za-z][A-Za-z0-9+.-]*:[^\r\n]{0,8192}? "
    + _ADDRESS
    + rb" [0-9]{12,17} [^\r\n]{0,2048}?[0-9]+[ \t]*\r?\n)"
)
_ARC_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?")


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a record, how many bytes its head has, and its block; ``length`` is None where it does not say it."""

    fields: Headers
    size: int
    length: int | None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one format begins and ends its records. ``longest_start`` is how many bytes tell a beginning, at most."""

    head_of: Callable[[Unpacked], Head | None]
    start: re.Pattern[bytes]
    record_end: bytes
    longest_start: int

    def begins(self, data: bytes) -> bool:
        """Whether a record begins with ``data``."""
        return self.start.match(data) is not None

    def find(self, data: bytes) -> int | None:
        """Where the first record in ``data`` begins; None where none does."""
        match = self.start.search(data)
        return match.end() if match else None


def _warc_head(stream: Unpacked) -> Head | None:
    size = _STEP
    while not (end := _HEAD_END.search(data := stream.look(size))):
        if len(data) < size or size > _HEAD_LIMIT:
            return None
        size *= 2
    if not _VERSION.match(data):
        return None
    fields: list[tuple[str, str]] = []
    lines = data[: end.start()].split(b"\n")[1:]
    if any(_VERSION.match(line + b"\n") for line in lines):
        return None  # The head was torn, and another one follows.
    for line in lines:
        text = _text(line.rstrip(b"\r"))
        if text[:1] in {" ", "\t"} and fields:
            name, value = fields.pop()
            fields.append((name, f"{value} {text.strip()}"))
        elif ":" in text:
            name, _, value = text.partition(":")
            fields.append((name.strip(), value.strip()))
    kind = (first_header(tuple(fields), "WARC-Type") or "").lower()
    named = tuple((name, kind if name.lower() == "warc-type" else value) for name, value in fields)
    stated = first_header(named, "Content-Length") or ""
    return Head(named, end.end(), int(stated) if _LENGTH.fullmatch(stated) else None)


def _arc_head(stream: Unpacked) -> Head | None:
    matched = _ARC_LINE.match(stream.look(_LONGEST_ARC_LINE))
    if matched is None:
        return None
    url, address, date, about, length = (_text(part) for part in matched.groups())
    size = matched.end()
    is_http = stream.look(size + 5)[size:].startswith(b"HTTP/")
    media_type = about.split(" ")[0].rstrip(";")
    fields: Headers = (
        ("WARC-Type", "warcinfo" if url.startswith("filedesc:") else "response" if is_http else "resource"),
        ("WARC-Target-URI", url),
        ("WARC-Date", _arc_date(date)),
        *((("WARC-IP-Address", address),) if address not in {"-", "0.0.0.0"} else ()),  # noqa: S104 - no address that is bound
        ("Content-Type", "application/http; msgtype=response" if is_http else media_type),
    )
    return Head(fields, size, int(length))


def _arc_date(digits: str) -> str:
    parts = _ARC_TIME.match(digits)
    year, month, day, *clock = parts.groups("00") if parts else ("",) * 6
    return f"{year}-{month}-{day}T{':'.join(clock)}Z"


def _text(raw: bytes) -> str:
    """A line of a head; octets that are no UTF-8 are escaped as they are, for they stand in addresses (RFC 3986 section 2.5)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else quote_from_bytes(bytes([byte])) for byte in raw)


_LONGEST_ARC_LINE: Final = 10_500
WARC: Final = Dialect(_warc_head, _WARC_START, RECORD_END, 256)
ARC: Final = Dialect(_arc_head, _ARC_START, b"\n", _LONGEST_ARC_LINE)
