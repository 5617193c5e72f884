"""Somebody else's WARC or ARC file: its responses and resources, bytes as they stand, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scraper.archive.asking import asked_in, links_of
from scraper.archive.compose import REFERS_TO, ForeignRecord, Origin, Reference, memento_in
from scraper.archive.foreign_records import FOREIGN_LIMIT, ForeignProblem, PlacedRecord, read_records
from scraper.archive.message import read_message
from scraper.archive.replay import asserted, capture_time, truncation_of
from scraper.archive.unpacked import Position
from scraper.archive.warc import WarcRecord, labelled_digest, parse_date, payload_digest, unbracketed
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError, UnreadableError
from scraper.model.url import without_credentials

_OF_EXCHANGES: Final = frozenset({"request", "response", "resource", "revisit", "metadata"})
_OF_PAGES: Final = frozenset({"request", "response", "resource", "revisit", "continuation"})
# Some writers state one of an answer 304, which has no payload that it could be of (WARC 1.1 section 5.9).
_DIGESTS_OF_NOTHING: Final = frozenset({labelled_digest(b"").lower(), payload_digest(b"")})


def _any_url(_: str) -> bool:
    return True


def _say_nothing(_: str, __: datetime | None) -> None:
    return


def read_foreign(
    warc: WarcFile,
    block_limit: int = FOREIGN_LIMIT,
    start: Position | None = None,
    wanted: Callable[[str], bool] = _any_url,
    passed_over: Callable[[str, datetime | None], None] = _say_nothing,
) -> Iterator[ForeignRecord | ForeignProblem]:
    """The responses, revisits and resources of a WARC or ARC file, each with its request, and every problem on the way.

    Reading begins at ``start``, the ``position`` of a record that was given before, or at the beginning. Records of
    URLs that are not ``wanted`` are passed over unread, and ``passed_over`` is told the URL and the time of each that is no request; so are
    warcinfo, metadata and all that hold no page, of which nothing is told.
    Records larger than ``block_limit`` bytes and segments are problems.

    Raises:
        SkippableError: the file cannot be read, is empty, or is no WARC file.
        RetryableError: it lies far away and cannot be had for now, or not to its end.
    """
    pairing = _Pairing()
    choice = _Choice(wanted, passed_over)
    for item in read_records(warc, choice.takes, block_limit, start):
        if isinstance(item, ForeignProblem):
            yield from pairing.flush()
            yield item
        elif not choice.takes(item.record):
            choice.tell(item.record)
        elif item.record.type == "continuation":
            yield from pairing.flush()
            where = f"{warc.location}: the record at {item.position}"
            yield ForeignProblem(f"{where} was left out: a continuation record says nothing by itself.")
        else:
            yield from pairing.give(item, warc)
    yield from pairing.flush()


def read_heads(warc: WarcFile) -> Iterator[PlacedRecord]:
    """The requests and metadata records, whole, and the responses, resources and revisits, without their blocks, of a WARC or ARC file.

    What is wrong with the file is passed over without a word: ``read_foreign`` says it.

    Raises:
        UnreadableError: its medium does not give it, or not to its end.
        RetryableError: as ``read_foreign``.
    """
    try:
        for item in read_records(warc, _tells_of_request):
            if isinstance(item, PlacedRecord) and item.record.type in _OF_EXCHANGES:
                yield item
    except UnreadableError:
        raise
    except SkippableError:
        return


def _tells_of_request(record: WarcRecord) -> bool:
    return record.type in {"request", "metadata"}


def reference_of(record: WarcRecord) -> Reference | None:
    """What a revisit refers to; None for any other record."""
    if record.type != "revisit":
        return None
    record_id, url = record.get(REFERS_TO), record.get("WARC-Refers-To-Target-URI")
    reference = Reference(
        profile=record.get("WARC-Profile") or "",
        record_id=unbracketed(record_id) if record_id else None,
        url=unbracketed(url) if url else None,
        date=parse_date(record.get("WARC-Refers-To-Date") or ""),
        digest=record.get("WARC-Payload-Digest"),
    )
    is_of_nothing = (reference.digest or "").lower() in _DIGESTS_OF_NOTHING
    return replace(reference, digest=None) if reference.is_not_modified and is_of_nothing else reference


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which records of pages are wanted, by their URLs, and who is told of the others."""

    wanted: Callable[[str], bool]
    passed_over: Callable[[str, datetime | None], None]

    def takes(self, record: WarcRecord) -> bool:
        return _is_of_page(record) and self.wanted(_url_of(record))

    def tell(self, record: WarcRecord) -> None:
        if _is_of_page(record) and record.type != "request":
            self.passed_over(_url_of(record), capture_time(record).at)


class _Pairing:
    """Brings a response together with its request, whichever of the two comes first."""

    def __init__(self) -> None:
        self._request: tuple[WarcRecord, Position] | None = None
        self._response: tuple[WarcRecord, ForeignRecord] | None = None

    def give(self, placed: PlacedRecord, warc: WarcFile) -> Iterator[ForeignRecord | ForeignProblem]:
        record, position = placed.record, placed.position
        if record.type == "request":
            if self._response and are_concurrent(record, self._response[0]):
                self._response = (self._response[0], replace(self._response[1], request=record.block))
                yield from self.flush()
            else:
                yield from self.flush()
                self._request = (record, position)
            return
        request = self._request
        yield from self.flush()
        foreign = _foreign(record, position, warc)
        if isinstance(foreign, ForeignProblem):
            yield foreign
        elif request and are_concurrent(request[0], record):
            yield replace(foreign, request=request[0].block, position=request[1])
        else:
            self._response = (record, foreign)

    def flush(self) -> Iterator[ForeignRecord]:
        waiting = self._response
        self._request = self._response = None
        if waiting:
            yield waiting[1]


def are_concurrent(one: WarcRecord, other: WarcRecord) -> bool:
    """Whether one of two records names the other as of the same exchange (WARC 1.1 section 5.7)."""
    return one.record_id in _concurrent_to(other) or other.record_id in _concurrent_to(one)


def _concurrent_to(record: WarcRecord) -> list[str]:
    return [unbracketed(value) for name, value in record.fields if name.lower() == "warc-concurrent-to"]


def _foreign(record: WarcRecord, position: Position, warc: WarcFile) -> ForeignRecord | ForeignProblem:
    url = without_credentials(_url_of(record))
    content_type = record.get("Content-Type") or ""
    asked = asked_in(record)
    # What goes on in a continuation record is cut off here (WARC 1.1 section 7).
    is_segment = record.get("WARC-Segment-Number") is not None
    payload = record.block
    if record.type == "response" or (record.type == "revisit" and record.block):
        try:
            payload = read_message(record.block).payload
        except ValueError as error:
            what = f"{warc.location}: the {record.type} {record.record_id} of {url} was left out: {error}."
            return ForeignProblem(what)
    return ForeignRecord(
        url=url,
        is_response=record.type != "resource",
        block=record.block,
        content_type=content_type,
        time=asserted(capture_time(record)),
        payload_digest="" if record.type == "revisit" else payload_digest(payload),
        refers=reference_of(record),
        origin=Origin(warc.name, record.get("WARC-Record-ID"), record.get("WARC-Date")),
        memento=memento_in(record),
        truncated=truncation_of(record) or ("unspecified" if is_segment else None),
        server_address=record.get("WARC-IP-Address"),
        method=asked.method,
        asked_with=asked.personal,
        links=links_of(record),
        position=position,
    )


def _is_of_page(record: WarcRecord) -> bool:
    return record.type in _OF_PAGES and _is_page(_url_of(record))


def _url_of(record: WarcRecord) -> str:
    return unbracketed(record.get("WARC-Target-URI") or "")


def _is_page(url: str) -> bool:
    """Whether a record of this URL is about something on the web: DNS answers and other schemes are not."""
    return url.lower().startswith(("http://", "https://"))
