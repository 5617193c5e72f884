"""The WARC 1.1 format: one record as one gzip member, there and back.

Source: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import base64
import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scraper.errors import SkippableError
from scraper.model.exchange import Headers, first_header

VERSION: Final = "WARC/1.1"
RECORD_LIMIT: Final = 256 << 20
"""Bytes that no record exceeds, header and block together, before compression."""

COMPRESSION_LEVEL: Final = 6
_GZIP: Final = 16 + zlib.MAX_WBITS
RECORD_END: Final = b"\r\n\r\n"
_ADDED_LATER: Final = frozenset({"warc-block-digest", "content-length"})


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record: its named fields in order, and its block as it stands."""

    fields: Headers
    block: bytes

    def get(self, name: str) -> str | None:
        """The value of a named field, the name in any case; None where it is missing."""
        return first_header(self.fields, name)

    @property
    def type(self) -> str:
        """The WARC-Type; empty where there is none."""
        return self.get("WARC-Type") or ""

    @property
    def record_id(self) -> str:
        """The WARC-Record-ID without its angle brackets; empty where there is none."""
        return unbracketed(self.get("WARC-Record-ID") or "")


def build_member(record: WarcRecord) -> bytes:
    """The record as a gzip member. Version line, Content-Length and WARC-Block-Digest are added.

    Raises:
        SkippableError: the record exceeds ``RECORD_LIMIT``.
        ValueError: a field has a line break, which would end it early.
    """
    fields = (
        *record.fields,
        ("WARC-Block-Digest", labelled_digest(record.block)),
        ("Content-Length", str(len(record.block))),
    )
    head = VERSION.encode() + b"\r\n" + format_fields(fields) + b"\r\n"
    size = len(head) + len(record.block) + len(RECORD_END)
    if size > RECORD_LIMIT:
        target = record.get("WARC-Target-URI")
        raise SkippableError(
            f"{target} is too large to keep: {size} bytes, where {RECORD_LIMIT} are the limit."
        )
    return gzip.compress(head + record.block + RECORD_END, compresslevel=COMPRESSION_LEVEL, mtime=0)


def without_sums(record: WarcRecord) -> WarcRecord:
    """The record without the fields that are reckoned when it is written."""
    return WarcRecord(
        tuple(field for field in record.fields if field[0].lower() not in _ADDED_LATER), record.block
    )


def parse_member(member: bytes) -> WarcRecord:
    """The record in one whole gzip member, its length and block digest verified.

    Raises:
        ValueError: the member is cut, damaged or no WARC record; the message says in which way.
    """
    inflater = zlib.decompressobj(_GZIP)
    try:
        data = inflater.decompress(member)
    except zlib.error as error:
        raise ValueError(f"it does not decompress ({error})") from error
    if not inflater.eof or inflater.unused_data:
        raise ValueError("it is not one whole gzip member")
    return parse_record(data)


def parse_record(data: bytes) -> WarcRecord:
    """The record in these uncompressed bytes, its length and block digest verified.

    Raises:
        ValueError: as ``parse_member`` has it.
    """
    head, blank, rest = data.partition(RECORD_END)
    version, _, lines = head.partition(b"\r\n")
    if not blank or version != VERSION.encode():
        raise ValueError(f"it does not begin with the header of a {VERSION} record")
    record = WarcRecord(parse_fields(lines), rest[: -len(RECORD_END)])
    if record.get("Content-Length") != str(len(record.block)) or not rest.endswith(RECORD_END):
        raise ValueError("its Content-Length disagrees with its block")
    if record.get("WARC-Block-Digest") != labelled_digest(record.block):
        raise ValueError("its block does not have the WARC-Block-Digest it states")
    return record


def format_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """Fields as ``application/warc-fields``: a line each, UTF-8.

    Raises:
        ValueError: a name or a value has a line break.
    """
    lines = [f"{name}: {value}" for name, value in fields]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("A WARC field cannot hold a line break.")
    return "".join(line + "\r\n" for line in lines).encode()


def parse_fields(data: bytes) -> Headers:
    """The fields in ``application/warc-fields``; lines without a colon are passed over."""
    lines = data.decode("utf-8", "replace").split("\r\n")
    parted = (line.partition(":") for line in lines)
    return tuple((name, value.strip(" \t")) for name, colon, value in parted if colon)


def labelled_digest(data: bytes) -> str:
    """``sha1:<base32>``, the form of digest that every WARC tool verifies (section 5.8)."""
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    return "sha1:" + base64.b32encode(digest).decode()


def payload_digest(payload: bytes) -> str:
    """``sha256:<hex>``, under which captures are compared."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def bracketed(identifier: str) -> str:
    """An identifier as WARC writes it: between angle brackets."""
    return f"<{identifier}>"


def unbracketed(text: str) -> str:
    """An identifier without the angle brackets that WARC puts around it."""
    return text.strip().removeprefix("<").removesuffix(">")


def format_date(moment: datetime) -> str:
    """A WARC-Date in UTC with microseconds (section 5.4 allows them from 1.1 on)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_date(text: str) -> datetime | None:
    """The moment of a WARC-Date in UTC; None where it is not one."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
