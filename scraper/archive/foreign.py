"""Somebody else's WARC file: its responses and resources, bytes as they stand, and what is wrong with it.

Reads WARC 1.0 and 1.1, plain or compressed, with FastWARC. Its HTTP parsing stays off: that raises on chunk
extensions, and ends silently where framing and bytes disagree.
"""

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from fastwarc.warc import ArchiveIterator
from fastwarc.warc import WarcRecord as FastwarcRecord

from scraper.archive.compose import REFERS_TO, ForeignRecord, Origin, Reference, memento_in
from scraper.archive.message import read_message
from scraper.archive.replay import capture_time, truncation_of
from scraper.archive.warc import RECORD_END, WarcRecord, parse_date, payload_digest, unbracketed
from scraper.errors import SkippableError
from scraper.model.url import without_credentials

FOREIGN_LIMIT: Final = 128 << 20
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS
_STEP: Final = 1 << 16
_OF_PAGES: Final = frozenset({"request", "response", "resource", "revisit", "continuation"})


@dataclass(frozen=True, slots=True)
class ForeignProblem:
    """Something of a file that cannot be used; ``what`` is a sentence that names the file and the place.

    ``ends_file`` says that the file is cut or damaged there and gives nothing more.
    """

    what: str
    ends_file: bool = False


def _any_url(_: str) -> bool:
    return True


def _say_nothing(_: str) -> None:
    return


def read_foreign(
    path: Path,
    block_limit: int = FOREIGN_LIMIT,
    start: int = 0,
    wanted: Callable[[str], bool] = _any_url,
    passed_over: Callable[[str], None] = _say_nothing,
) -> Iterator[ForeignRecord | ForeignProblem]:
    """The responses, revisits and resources of a WARC file, each with its request, and every problem on the way.

    Reading begins at the byte ``start``, which is 0 or the ``offset`` of a record that was given before. Records of
    URLs that are not ``wanted`` are passed over unread, and ``passed_over`` is told the URL of each that is no request; so are
    warcinfo, metadata and all that hold no page, of which nothing is told.
    Records larger than ``block_limit`` bytes and segments are problems.

    Raises:
        SkippableError: the file cannot be read, is empty, or is no WARC file.
    """
    pairing = _Pairing()
    choice = _Choice(wanted, passed_over)
    for offset, record in _records(path, block_limit, start, choice):
        if isinstance(record, WarcRecord):
            yield from pairing.give(record, offset, path)
        else:
            yield from pairing.flush()
            yield record
    yield from pairing.flush()


def read_heads(path: Path) -> Iterator[tuple[int, WarcRecord]]:
    """The responses and revisits of a WARC file with the byte where each begins, their blocks left out.

    What is wrong with the file ends it without a word: ``read_foreign`` says it.
    """
    with suppress(OSError), path.open("rb") as file:
        for raw in ArchiveIterator(file, parse_http=False):
            record = WarcRecord(tuple(raw.headers.items()), b"")
            if record.type in {"response", "revisit"}:
                yield raw.stream_pos, record


def reference_of(record: WarcRecord) -> Reference | None:
    """What a revisit refers to; None for any other record."""
    if record.type != "revisit":
        return None
    record_id, url = record.get(REFERS_TO), record.get("WARC-Refers-To-Target-URI")
    return Reference(
        profile=record.get("WARC-Profile") or "",
        record_id=unbracketed(record_id) if record_id else None,
        url=unbracketed(url) if url else None,
        date=parse_date(record.get("WARC-Refers-To-Date") or ""),
        digest=record.get("WARC-Payload-Digest"),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which records of pages are wanted, by their URLs, and who is told of the others."""

    wanted: Callable[[str], bool]
    passed_over: Callable[[str], None]


class _Pairing:
    """Brings a response together with its request, whichever of the two comes first."""

    def __init__(self) -> None:
        self._request: tuple[WarcRecord, int] | None = None
        self._response: tuple[WarcRecord, ForeignRecord] | None = None

    def give(self, record: WarcRecord, offset: int, path: Path) -> Iterator[ForeignRecord | ForeignProblem]:
        if record.type == "request":
            if self._response and _concurrent(record, self._response[0]):
                self._response = (self._response[0], replace(self._response[1], request=record.block))
                yield from self.flush()
            else:
                yield from self.flush()
                self._request = (record, offset)
            return
        request = self._request
        yield from self.flush()
        foreign = _foreign(record, offset, path)
        if isinstance(foreign, ForeignProblem):
            yield foreign
        elif request and _concurrent(request[0], record):
            yield replace(foreign, request=request[0].block, offset=request[1])
        else:
            self._response = (record, foreign)

    def flush(self) -> Iterator[ForeignRecord]:
        waiting = self._response
        self._request = self._response = None
        if waiting:
            yield waiting[1]


def _concurrent(one: WarcRecord, other: WarcRecord) -> bool:
    return one.record_id in _concurrent_to(other) or other.record_id in _concurrent_to(one)


def _concurrent_to(record: WarcRecord) -> list[str]:
    return [unbracketed(value) for name, value in record.fields if name.lower() == "warc-concurrent-to"]


def _foreign(record: WarcRecord, offset: int, path: Path) -> ForeignRecord | ForeignProblem:
    url = without_credentials(unbracketed(record.get("WARC-Target-URI") or ""))
    content_type = record.get("Content-Type") or ""
    payload = record.block
    if record.type == "response" or (record.type == "revisit" and record.block):
        try:
            payload = read_message(record.block).payload
        except ValueError as error:
            what = f"{path}: the {record.type} {record.record_id} of {url} was left out: {error}."
            return ForeignProblem(what)
    return ForeignRecord(
        url=url,
        is_response=record.type != "resource",
        block=record.block,
        content_type=content_type,
        time=capture_time(record),
        payload_digest="" if record.type == "revisit" else payload_digest(payload),
        refers=reference_of(record),
        origin=Origin(path.name, record.get("WARC-Record-ID"), record.get("WARC-Date")),
        memento=memento_in(record),
        truncated=truncation_of(record),
        server_address=record.get("WARC-IP-Address"),
        offset=offset,
    )


def _records(
    path: Path, block_limit: int, start: int, choice: _Choice
) -> Iterator[tuple[int, WarcRecord | ForeignProblem]]:
    """The records of pages with where each begins, whole ones alone."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise SkippableError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        file.seek(start)
        last = None
        try:
            for raw in ArchiveIterator(file, parse_http=False):
                record = _whole(raw, path, block_limit, choice)
                last = raw.stream_pos
                if record is not None:
                    yield last, record
                if isinstance(record, ForeignProblem) and record.ends_file:
                    return
        except OSError as error:
            if last is None:
                raise SkippableError(
                    f"{path} is no WARC file, or damaged from its beginning ({error})."
                ) from error
            what = f"{path} is damaged after the record at byte {last} ({error}); what follows was not read."
            yield last, ForeignProblem(what, ends_file=True)
            return
        if last is None:
            raise SkippableError(f"{path} holds no WARC record.")
        if _ends_torn(file, last):
            yield last, ForeignProblem(f"{path} was cut off: its last record is not whole.", ends_file=True)


def _whole(
    raw: FastwarcRecord, path: Path, block_limit: int, choice: _Choice
) -> WarcRecord | ForeignProblem | None:
    """The record in full, why it cannot be used, or None where it holds no page or none that is wanted.

    FastWARC gives what is left of a record that was cut as a short one, without an error.
    """
    record = WarcRecord(tuple(raw.headers.items()), b"")
    where = f"{path}: the record at byte {raw.stream_pos}"
    if not (record.get("Content-Length") or "").isdecimal():
        what = f"{where} has no whole header: the file was cut off or damaged there."
        return ForeignProblem(what, ends_file=True)
    url = unbracketed(record.get("WARC-Target-URI") or "")
    if not (record.type in _OF_PAGES and _is_page(url)):
        return None
    if not choice.wanted(url):
        if record.type != "request":
            choice.passed_over(url)
        return None
    if record.type == "continuation":
        return ForeignProblem(f"{where} was left out: a continuation record says nothing by itself.")
    if raw.content_length > block_limit:
        size = f"{raw.content_length} bytes, where {block_limit} are the limit"
        return ForeignProblem(f"{where} was left out: it is too large ({size}).")
    block = raw.reader.read(raw.content_length)
    if len(block) != raw.content_length:
        what = f"{where} was cut off: {len(block)} of its {raw.content_length} bytes are there."
        return ForeignProblem(what, ends_file=True)
    return replace(record, block=block)


def _is_page(url: str) -> bool:
    """Whether a record of this URL is about something on the web: DNS answers and other schemes are not."""
    return url.lower().startswith(("http://", "https://"))


def _ends_torn(file: BinaryIO, last: int) -> bool:
    """Whether the file ends within its last record; FastWARC passes over a tail too short to hold one."""
    file.seek(0)
    if file.read(2) != _GZIP_MAGIC:
        file.seek(max(last, file.seek(0, os.SEEK_END) - len(RECORD_END)))
        return file.read() != RECORD_END
    file.seek(last)
    inflater, torn = zlib.decompressobj(_GZIP), False
    try:
        while piece := file.read(_STEP):
            while piece:
                inflater.decompress(piece)
                torn, piece = not inflater.eof, inflater.unused_data
                if not torn:
                    inflater = zlib.decompressobj(_GZIP)
    except zlib.error:
        return True
    return torn
