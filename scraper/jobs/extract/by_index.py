"""Which records of WARC files are read, by what indexes of them say: CDX and CDXJ choose first, and nothing else is asked for."""

import io
import re
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Final, NoReturn

from scraper.archive.cdx import CdxLines, IndexBlock, IndexedRecord, host_of_key, is_index_name, plain_host
from scraper.archive.record_ranges import RecordRange
from scraper.archive.warc_file import WarcFile, extents_of
from scraper.errors import RetryableError, SkippableError, UsageError
from scraper.jobs.extract.chosen_records import ChosenRecords
from scraper.jobs.extract.indexed_files import IndexedFiles
from scraper.jobs.extract.inputs import Inputs
from scraper.jobs.extract.path_lists import below, is_path_list, is_pattern, matches_of, paths_in
from scraper.jobs.extract.text_lines import lines_of
from scraper.jobs.imports.selection import Selection, is_within
from scraper.jobs.imports.walk import is_folder
from scraper.jobs.scratch import Scratch
from scraper.model.outcome import Item
from scraper.model.url import host_of

_LONGEST_LINE: Final = 1 << 20
_STATUS: Final = re.compile(r"[1-5](?:\d\d|xx)", re.IGNORECASE)
# Tools turn the numbers of an address around, or do not.
_ADDRESS: Final = re.compile(r"\d\Z|\]")
_TROUBLE: Final = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class IndexSelection:
    """Which records of an index are read; empty parts choose everything.

    ``statuses`` are such as 200 or 2xx, ``media_types`` patterns such as ``text/html`` or ``text/*``, either of what the server said
    or of what was found. Revisits, of which an index knows neither, are chosen by the rest.
    """

    selection: Selection = field(default_factory=Selection)
    statuses: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    # The chosen hosts without www, as keys have them, and where keys of these stand in an index.
    _hosts: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())
    _stretches: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        """Raise UsageError for what is no status."""
        for status in self.statuses:
            if not _STATUS.fullmatch(status):
                raise UsageError(
                    f"--status {status} is no status of HTTP. Write one such as 200, or 2xx for all that begin so."
                )
        hosts = frozenset(plain_host(host) for host in self.selection.hosts)
        object.__setattr__(self, "_hosts", hosts)
        object.__setattr__(self, "_stretches", _stretches(hosts))

    def takes(self, record: IndexedRecord) -> bool:
        """Whether a record is chosen."""
        if not self._takes_url(record) or not self.selection.has_time(record.at):
            return False
        if record.is_revisit:
            return True
        return self._takes_status(record.status) and self._takes_type(record.media_types)

    def takes_key(self, key: str) -> bool:
        """Whether a record under a key may be chosen, as far as its host tells."""
        if not self._hosts:
            return True
        host = host_of_key(key)
        return host is None or is_within(host, self._hosts)

    def may_hold(self, first: str, next_first: str | None) -> bool:
        """Whether between two keys of an index in order there may be one of a chosen host."""
        if not self._stretches:
            return True
        if next_first is None:
            return first < self._stretches[-1][1]
        nearest = bisect_right(self._stretches, next_first, key=lambda stretch: stretch[0]) - 1
        return nearest >= 0 and first < self._stretches[nearest][1]

    def _takes_url(self, record: IndexedRecord) -> bool:
        if record.url != record.key:
            return bool(host_of(record.url)) and self.selection.has_url(record.url)
        host = host_of_key(record.key)
        if host is None:
            return False
        path = record.key.partition(")")[2] if ")" in record.key else f"/{record.key.partition('/')[2]}"
        # A key does not tell the scheme, and whether the host has www before it.
        return any(
            self.selection.has_url(f"{scheme}://{www}{host}{path}")
            for scheme in ("https", "http")
            for www in ("", "www.")
        )

    def _takes_status(self, status: int | None) -> bool:
        stated = str(status or "")
        return not self.statuses or any(
            stated == each or (each[1:].lower() == "xx" and stated[:1] == each[0]) for each in self.statuses
        )

    def _takes_type(self, media_types: Sequence[str]) -> bool:
        return not self.media_types or any(
            fnmatchcase(each.partition(";")[0].strip(), pattern.lower())
            for pattern in self.media_types
            for each in media_types
        )


def chosen_by_cdx(cdx: Sequence[str], named: Sequence[str], chosen: IndexSelection) -> Inputs:
    """The files that the indexes at these paths and URLs name, each with the records that are chosen of it.

    ``named`` is where the files lie: files, WACZ files, folders, or URLs below which they are looked for; where nothing is named, that is
    the folder of each index. Of what a chosen revisit refers to, what the indexes have is chosen too. Lines that are none of an index,
    files that cannot be found, and indexes that cannot be read are items.

    Raises:
        UsageError: a URL has a scheme that nothing installed reads.
    """
    files = IndexedFiles(named)
    records = ChosenRecords()
    reading = _Indexes(cdx, files.base, chosen)
    for record, index in reading.records():
        if chosen.takes(record):
            records.add(record, index)
    unread = reading.items
    if records.lacks_originals():
        again = _Indexes(cdx, files.base, chosen)
        for record, index in again.records():
            records.add_original(record, index)
        unread |= again.items
    warcs, items = records.files(files.file)
    items |= unread
    if not warcs and not items:
        reason = f"None of the {reading.count:,} captures that it has is chosen. Choose others with --host, --match, --since, --until, --status and --mime."
        items = {Item(", ".join(sorted(cdx)), "failed", reason=reason)}
    ordered = sorted(items, key=lambda item: (item.target, item.reason or ""))
    return Inputs(warcs, (*files.items, *ordered), records)


class _Indexes:
    """The indexes that somebody names. ``count`` is how many captures were read, ``items`` what could not be."""

    def __init__(self, named: Sequence[str], base: str | None, chosen: IndexSelection) -> None:
        self.count = 0
        self.items: set[Item] = set()
        self._chosen = chosen
        indexes: dict[str, WarcFile] = {}
        for text in sorted(set(named)):
            try:
                for path in _paths_of(text, base):
                    index = WarcFile.named(path)
                    indexes.setdefault(str(Path(index.address).absolute()) if index.is_local else path, index)
            except (RetryableError, SkippableError) as error:
                self._fail(WarcFile.named(text.removeprefix("@")), str(error))
        # What leads to parts of an index is read before that, of which the other parts are not read then.
        self._indexes = sorted(indexes.values(), key=lambda index: (not _leads(index), index.location))
        self._parts: set[str] = set()

    def records(self) -> Iterator[tuple[IndexedRecord, WarcFile]]:
        """Each capture, with the index that has it."""
        for index in self._indexes:
            if index.address in self._parts:
                continue
            try:
                yield from self._records_of(index)
            except (RetryableError, SkippableError) as error:
                self._fail(index, str(error))
            except _TROUBLE as error:
                self._fail(index, f"{index.location} cannot be read to its end: {error}. Get it again.")

    def _records_of(self, index: WarcFile) -> Iterator[tuple[IndexedRecord, WarcFile]]:
        blocks = _Blocks(self._chosen)
        with index.open() as file:
            for each in self._entries(index, file):
                if isinstance(each, IndexBlock):
                    blocks.add(each)
                else:
                    yield each, index
        for name in blocks.parts():
            yield from self._records_of_part(index, name, blocks)

    def _records_of_part(
        self, index: WarcFile, name: str, blocks: "_Blocks"
    ) -> Iterator[tuple[IndexedRecord, WarcFile]]:
        """The captures in the chosen stretches of a compressed index that lies beside what leads to it."""
        part = WarcFile.named(below(index.address.rpartition("/")[0], name.rpartition("/")[2]))
        self._parts.add(part.address)
        extents = extents_of(blocks.ranges(name))
        if not extents:
            return
        with part.parts(extents) as file:
            for each in blocks.ranges(name):
                file.seek(each.offset)
                block = io.BytesIO(file.read(each.length or 0))
                for record in self._entries(part, block, at=f"the part at byte {each.offset}, "):
                    if isinstance(record, IndexedRecord):
                        yield record, part

    def _entries(
        self, index: WarcFile, file: IO[bytes], at: str = ""
    ) -> Iterator[IndexedRecord | IndexBlock]:
        """What the lines of a file say; how many say nothing that can be understood is noted."""
        lines, bad, first = CdxLines(self._chosen.takes_key), 0, ""
        for number, line in enumerate(lines_of(file, _LONGEST_LINE), 1):
            try:
                entry = (
                    lines.read(line.decode("utf-8", "replace")) if len(line) < _LONGEST_LINE else _too_long()
                )
            except ValueError as error:
                bad += 1
                first = first or f"{at}line {number}: {error}"
                continue
            if entry is not None:
                self.count += isinstance(entry, IndexedRecord)
                yield entry
        self.count += lines.passed_over
        if bad:
            self._fail(index, f"{bad:,} lines of {index.location} are none of an index (the first, {first}).")

    def _fail(self, index: WarcFile, reason: str) -> None:
        self.items.add(Item(index.location, "failed", reason=reason))


class _Blocks:
    """The stretches of a compressed index that may hold what is chosen: on disk, as of a month of the web there are a million."""

    def __init__(self, chosen: IndexSelection) -> None:
        self._chosen = chosen
        self._scratch = Scratch("CREATE TABLE blocks (part, at, length)")
        self._numbers: dict[str, int] = {}
        self._last: IndexBlock | None = None

    def add(self, block: IndexBlock) -> None:
        """Take in the next stretch of the index; what it begins with bounds the one before."""
        self._settle(block.key)
        self._last = block

    def parts(self) -> list[str]:
        """The files that stretches lie in, by name; all have been taken in."""
        self._settle(None)
        self._scratch.execute("CREATE INDEX blocks_by_part ON blocks (part, at)")
        return sorted(self._numbers)

    def ranges(self, name: str) -> Iterator[RecordRange]:
        """The chosen stretches in a file, in order."""
        rows = "SELECT at, length FROM blocks WHERE part = ? ORDER BY at, rowid"
        return (RecordRange(at, length) for at, length in self._scratch.rows(rows, self._numbers[name]))

    def _settle(self, next_key: str | None) -> None:
        block, self._last = self._last, None
        if block is None:
            return
        number = self._numbers.setdefault(block.file, len(self._numbers))
        if self._chosen.may_hold(block.key, next_key):
            self._scratch.execute("INSERT INTO blocks VALUES (?, ?, ?)", number, block.offset, block.length)


def _too_long() -> NoReturn:
    raise ValueError(f"it is longer than {_LONGEST_LINE:,} bytes")


def _paths_of(text: str, base: str | None) -> Iterator[str]:
    """The indexes that one text names: a list of them, a pattern, or a file.

    Raises:
        SkippableError: it names none, or a folder.
        RetryableError: it cannot be read for now.
    """
    if text.startswith("@") or is_path_list(text):
        listing = WarcFile.named(text.removeprefix("@"))
        yield from filter(is_index_name, paths_in(listing, base if listing.is_local else None))
        return
    named = WarcFile.named(text)
    if not named.is_local:
        yield text
    elif is_folder(Path(named.address)):
        raise SkippableError(
            f"{named.location} is a folder. Name the indexes in it, such as {named.location.rstrip('/')}/*.cdxj"
        )
    elif is_pattern(named.address):
        yield from filter(is_index_name, map(str, matches_of(named.address)))
    else:
        yield text


def _leads(index: WarcFile) -> bool:
    return index.name.lower().endswith((".idx", ".idx.gz"))


def _stretches(hosts: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Between which keys those of hosts and of what is below them lie, in order and apart; some of other hosts lie among them.

    None where one is an address, whose numbers tools turn around or do not.
    """
    if any(map(_ADDRESS.search, hosts)):
        return ()
    merged: list[tuple[str, str]] = []
    for key in sorted(",".join(reversed(host.split("."))) for host in hosts):
        begin, end = f"{key})", f"{key};"
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)
