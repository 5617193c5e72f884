"""A shard: what the visits in one WARC file say, on their way to the rows of posts, as a Parquet file.

Its row groups are of one bucket of posts each, so that whoever merges a bucket reads of every shard what it holds of that and no more.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from scraper.errors import UnreadableError
from scraper.model.capture import Capture, CapturedAtBasis, Visit
from scraper.reading.read_visit import Unread
from scraper.records.reading import Departure, Reading
from scraper.records.stored_rows import address_digest, packed, unpacked

BUCKETS: Final = 32
"""How many parts the posts are merged in, by a hash of their ids."""

NO_BUCKET: Final = BUCKETS
"""The bucket of visits of which only the readings of others can tell which post they are of."""

_BYTES_OF_GROUPS: Final = 16 << 20
_PAGE_BYTES: Final = 16
_SCHEMA: Final = pa.schema(
    [
        ("bucket", pa.int32()),
        ("post_id", pa.string()),
        ("ordinal", pa.int64()),
        ("pages", pa.binary()),
        ("visit", pa.binary()),
    ]
)


class _StoredReading(msgspec.Struct, frozen=True, tag="reading"):
    rows: bytes
    captured_at: datetime | None
    is_cut: bool
    left_out: int
    address: bytes
    former: dict[str, frozenset[str]]
    called: dict[str, frozenset[str]]


class _StoredUnread(msgspec.Struct, frozen=True, tag="unread"):
    site: str | None
    post_id: str | None
    reason: str
    address: bytes
    captured_at: datetime | None
    basis: CapturedAtBasis
    departure: Departure | None


_DECODER: Final = msgspec.msgpack.Decoder(_StoredReading | _StoredUnread)


@dataclass(frozen=True, slots=True)
class ReadVisit:
    """What one visit says. ``ordinal`` is its place among those of its file.

    ``address`` is the digest of the URL that it was made for: URLs may name people. ``pages`` stand for the URL of its post with the URL, time and payload of each of its captures, the one it was made for first.
    """

    ordinal: int
    pages: tuple[bytes, ...]
    address: bytes
    visit: Visit
    result: Reading | Unread

    @classmethod
    def of(cls, visit: Visit, result: Reading | Unread) -> Self:
        """What a visit says, of which the captures are without their bodies."""
        pages = tuple(_page(visit.url, each) for each in visit.captures)
        return cls(visit.sequence, pages, address_digest(visit.url), visit, result)

    @property
    def bucket(self) -> int:
        """The bucket that its post is merged in."""
        return NO_BUCKET if self.result.post_id is None else bucket_of(self.result.post_id)

    @property
    def captured_at(self) -> datetime | None:
        """When the capture that it was made for was made, in UTC; None where that is unknown."""
        return self.result.captured_at if isinstance(self.result, Reading) else self.result.visit.captured_at

    def numbered(self, visit_id: str, sequence: int) -> "ReadVisit":
        """The same visit under the id and number that it has among those of all files."""
        visit = replace(self.visit, visit_id=visit_id, sequence=sequence)
        if isinstance(self.result, Reading):
            return replace(
                self, visit=visit, result=replace(self.result, visit_id=visit_id, sequence=sequence)
            )
        departure = self.result.departure
        if departure:
            departure = replace(departure, visit_id=visit_id, sequence=sequence)
        return replace(self, visit=visit, result=replace(self.result, visit=visit, departure=departure))


def _page(post_url: str, capture: Capture) -> bytes:
    at = capture.captured_at.isoformat() if capture.captured_at else ""
    text = f"{post_url}\n{capture.url}\n{at}\n{capture.payload_digest}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_PAGE_BYTES]


def bucket_of(post_id: str) -> int:
    """The bucket of a post, the same on every machine."""
    return int.from_bytes(hashlib.sha256(post_id.encode()).digest()[:4], "big") % BUCKETS


class ShardWriter:
    """Writes the visits of one file to ``path``, a context manager; so many bytes of them are in memory at most."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="none")
        self._visits: list[tuple[int, str | None, int, bytes, bytes]] = []
        self._size = 0
        self.buckets: set[int] = set()

    def add(self, read: ReadVisit) -> None:
        """Add what one visit says."""
        stored = msgspec.msgpack.encode(_stored(read))
        self._visits.append((read.bucket, read.result.post_id, read.ordinal, b"".join(read.pages), stored))
        self._size += len(stored)
        if self._size >= _BYTES_OF_GROUPS:
            self._flush()

    def _flush(self) -> None:
        for bucket in sorted({visit[0] for visit in self._visits}):
            self.buckets.add(bucket)
            rows = [visit for visit in self._visits if visit[0] == bucket]
            columns = [
                pa.array(column, field.type)
                for column, field in zip(zip(*rows, strict=True), _SCHEMA, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA), row_group_size=len(rows))
        self._visits, self._size = [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            # What was written is worth nothing, and the disk may be full.
            with suppress(OSError):
                self._writer.close()
            return
        self._flush()
        self._writer.close()


def read_shard(path: Path, bucket: int | None = None) -> Iterator[ReadVisit]:
    """The visits of one bucket of a shard, or of all, in the order of their ordinals within each row group.

    Raises:
        UnreadableError: it is damaged, or another version of postkeep wrote it.
        OSError: the medium does not give it.
    """
    try:
        with pq.ParquetFile(path) as shard:
            for number in range(shard.num_row_groups):
                if bucket in {None, shard.metadata.row_group(number).column(0).statistics.min}:
                    yield from _read_visits(shard.read_row_group(number, use_threads=False).to_pylist())
    except (pa.ArrowException, msgspec.MsgspecError, zstandard.ZstdError) as error:
        message = f"{path} cannot be understood: {error}. The next extraction reads its file again."
        raise UnreadableError(message) from error


def _read_visits(rows: Sequence[dict[str, Any]]) -> Iterator[ReadVisit]:
    for row in rows:
        pages = row["pages"]
        each = tuple(pages[at : at + _PAGE_BYTES] for at in range(0, len(pages), _PAGE_BYTES))
        yield _read(_DECODER.decode(row["visit"]), row["post_id"], row["ordinal"], each)


def _stored(read: ReadVisit) -> _StoredReading | _StoredUnread:
    result = read.result
    if isinstance(result, Reading):
        return _StoredReading(
            rows=packed(result.post, result.comments),
            captured_at=result.captured_at,
            is_cut=result.is_cut,
            left_out=result.left_out,
            address=result.address,
            former=dict(result.former),
            called=dict(result.called),
        )
    first = read.visit.captures[0]
    return _StoredUnread(
        site=result.site,
        post_id=result.post_id,
        reason=result.reason,
        address=read.address,
        captured_at=first.captured_at,
        basis=first.captured_at_basis,
        departure=result.departure,
    )


def _read(
    stored: _StoredReading | _StoredUnread, post_id: str | None, ordinal: int, pages: tuple[bytes, ...]
) -> ReadVisit:
    if isinstance(stored, _StoredReading):
        post, comments = unpacked(stored.rows)
        reading = Reading(
            post_id=post["post_id"],
            visit_id="",
            sequence=ordinal,
            captured_at=stored.captured_at,
            post=post,
            comments=comments,
            is_cut=stored.is_cut,
            left_out=stored.left_out,
            address=stored.address,
            former=stored.former,
            called=stored.called,
        )
        return ReadVisit(ordinal, pages, stored.address, Visit("", ordinal, ""), reading)
    first = Capture("", "", None, (), b"", stored.captured_at, stored.basis, "")
    visit = Visit("", ordinal, "", (first,))
    unread = Unread(visit, stored.site, post_id, stored.reason, departure=stored.departure)
    return ReadVisit(ordinal, pages, stored.address, visit, unread)
