"""The records of somebody else's WARC or ARC file one after the other, and a sentence for whatever is none.

Damage is stepped over: reading goes on at the next record that can be told, and what lies between is said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from scraper.archive.cdxj import is_of
from scraper.archive.foreign_heads import ARC, BOM, WARC, Dialect
from scraper.archive.record_ranges import RecordRange
from scraper.archive.unpacked import BrokenError, Position, Unpacked
from scraper.archive.warc import WarcRecord, unbracketed
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.model.url import without_credentials

FOREIGN_LIMIT: Final = 128 << 20

_MARK: Final = b"WARC/"
_WINDOW: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ForeignProblem:
    """Something of a file that cannot be used; ``what`` is a sentence that names the file and the place."""

    what: str


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record and where it begins; its block is empty where it was not asked for."""

    position: Position
    record: WarcRecord


@dataclass(frozen=True, slots=True)
class _Damage:
    """What is wrong, and where the search for the next record begins: ``resume``, or after the member at ``broken``."""

    what: str
    resume: Position | None = None
    broken: int | None = None


def read_records(
    warc: WarcFile,
    takes: Callable[[WarcRecord], bool],
    block_limit: int = FOREIGN_LIMIT,
    start: Position | None = None,
) -> Iterator[PlacedRecord | ForeignProblem]:
    """The records from ``start``, which is the position of one of them, or from the beginning.

    ``takes`` says of the head of a record whether its block is read; one of more than ``block_limit`` bytes is a problem.

    Raises:
        SkippableError: the file cannot be read, or has no record.
        RetryableError: it lies far away and cannot be had for now, or not to its end.
    """
    try:
        ranges = warc.ranges if start is None else None
        with replace(warc, ranges=ranges).open() as file:
            if ranges is None:
                stream = Unpacked(file, start or Position(0))
                yield from _Reading(warc, stream, takes, block_limit).records()
                return
            for place in ranges:
                end = place.offset + place.length if place.length else None
                stream = Unpacked(_Beginning(file, end) if end else file, Position(place.offset))
                yield from _Reading(warc, stream, takes, block_limit).records_at(place)
    except OSError as error:
        raise warc.unreadable(error) from error


class _Reading:
    """One reading of one file."""

    def __init__(
        self, warc: WarcFile, stream: Unpacked, takes: Callable[[WarcRecord], bool], block_limit: int
    ) -> None:
        self._location = warc.location
        self._stream = stream
        self._takes = takes
        self._limit = block_limit
        self._dialect = _dialect_of(stream)

    def records_at(self, place: RecordRange) -> Iterator[PlacedRecord | ForeignProblem]:
        """The record that an index has at a place; what else is there is a problem.

        Where several records are packed as one, it is the first answer of them that is of the URL.
        """
        other: str | None = None
        is_there = False
        while not isinstance(item := self._next(), _Damage | None):
            if isinstance(item, ForeignProblem):
                yield item
                return
            url = unbracketed(item.record.get("WARC-Target-URI") or "")
            if not place.url or is_of(place.url, url):
                is_there = True
                yield item
                if item.record.type != "request":
                    return
            else:
                other = other or without_credentials(url) or "no URL"
            if self._stream.position.member != place.offset:
                break
        if is_there:
            return
        if other:
            reason = f"the record there is of {other}"
        else:
            reason = item.what if isinstance(item, _Damage) else "the file ends before that"
        what = f"a record of {without_credentials(place.url)}" if place.url else "a record"
        yield ForeignProblem(
            f"{self._location}: the index has {what} at byte {place.offset}, where it cannot be had: {reason}."
        )

    def records(self) -> Iterator[PlacedRecord | ForeignProblem]:
        has_record = False
        reason = "it is empty"
        while (item := self._next()) is not None:
            if not isinstance(item, _Damage):
                has_record = True
                yield item
                continue
            reason = item.what
            goes_on = self._find_next(item)
            if not (has_record or goes_on) and self._stream.assume_packed():
                goes_on = self._find_next(_Damage(reason, broken=0))
            if not (has_record or goes_on):
                break
            then = (
                f"reading goes on at {self._stream.position}" if goes_on else "nothing behind it can be read"
            )
            yield ForeignProblem(f"{self._location}: {reason}; {then}.")
            if not goes_on:
                return
        if not has_record:
            raise SkippableError(f"{self._location} holds no WARC record: {reason}.")

    def _next(self) -> PlacedRecord | ForeignProblem | _Damage | None:
        """The next record, what is in its place, or None at the end."""
        stream = self._stream
        try:
            stream.skip_padding()
            if not stream.look(1):
                return None
            stream.turn_packed()
            return self._record(stream.position)
        except BrokenError as error:
            word = "cut off" if error.is_cut else "damaged"
            return _Damage(f"it is {word} at byte {error.at} ({error})", broken=error.at)

    def _record(self, position: Position) -> PlacedRecord | ForeignProblem | _Damage:
        stream = self._stream
        head = self._dialect.head_of(stream)
        if head is None:
            if stream.look(len(_MARK)).upper() == _MARK:
                return _Damage(
                    f"the record at {position} has no whole header: it was cut off or damaged there"
                )
            return _Damage(f"no record begins at {position}")
        record = WarcRecord(head.fields, b"")
        stream.skip(head.size)
        behind = stream.position
        if head.length is None:
            return _Damage(f"the record at {position} does not say how long it is (Content-Length)", behind)
        is_taken = self._takes(record)
        is_too_large = is_taken and head.length > self._limit
        if is_taken and not is_too_large:
            record = replace(record, block=stream.take(head.length))
            size = len(record.block)
        else:
            size = stream.skip(head.length)
        if size != head.length:
            return _Damage(
                f"the record at {position} was cut off: {size} of its {head.length} bytes are there", behind
            )
        if not self._ends_here():
            return _Damage(
                f"the record at {position} does not end where its length of {head.length} bytes says", behind
            )
        if is_too_large:
            what = f"{head.length} bytes, where {self._limit} are the limit"
            return ForeignProblem(
                f"{self._location}: the record at {position} was left out: it is too large ({what})."
            )
        return PlacedRecord(position, record)

    def _ends_here(self) -> bool:
        """Whether a record ends here: its end stands here, the file's, or the next record.

        Raises:
            BrokenError: the member that holds the end of the record turns out to be damaged.
        """
        stream = self._stream
        member = stream.position.member
        try:
            has_end = stream.look(len(self._dialect.record_end)) == self._dialect.record_end
            stream.skip_padding()
            following = stream.look(self._dialect.longest_start)
        except BrokenError as error:
            if error.at == member and not error.is_cut:
                raise
            return True
        return has_end or not following or self._dialect.begins(following)

    def _find_next(self, damage: _Damage) -> bool:
        """Go to the next record behind the damage; False where none follows."""
        broken = damage.broken
        try:
            if broken is None:
                if damage.resume is None:
                    self._stream.skip(1)
                else:
                    self._stream.seek(damage.resume)
                return self._search()
        except BrokenError as error:
            broken = error.at
        while self._stream.resume_after(broken):
            try:
                return self._search()
            except BrokenError as error:
                broken = max(error.at, broken + 1)
        return False

    def _search(self) -> bool:
        stream, longest = self._stream, self._dialect.longest_start
        while piece := stream.look(_WINDOW):
            begin = self._dialect.find(piece)
            if begin is not None:
                stream.skip(begin)
                return True
            stream.skip(len(piece) - longest if len(piece) > longest else len(piece))
        return False


class _Beginning:
    """A file as if it ended before the byte ``end``."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file = file
        self._end = end

    def seek(self, offset: int, /) -> int:
        return self._file.seek(offset)

    def read(self, count: int, /) -> bytes:
        return self._file.read(min(count, max(0, self._end - self._file.tell())))


def _dialect_of(stream: Unpacked) -> Dialect:
    try:
        if stream.look(len(BOM)) == BOM:
            stream.skip(len(BOM))
        stream.skip_padding()
        return ARC if ARC.begins(stream.look(ARC.longest_start)) else WARC
    except BrokenError:
        return WARC
