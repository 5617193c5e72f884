"""Which records of which files an index chooses: on disk, since of a month of a crawl of the web they are many millions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from scraper.archive.cdx import IndexedRecord
from scraper.archive.record_ranges import RecordRange, write_ranges
from scraper.archive.warc_file import WarcFile
from scraper.errors import SkippableError
from scraper.jobs.scratch import Scratch
from scraper.model.outcome import Item

_NO_DIGEST: Final = frozenset({"", "-"})
_TABLES: Final = """
CREATE TABLE records (source, at, length, url, digest, is_revisit);
CREATE TABLE sources (source INTEGER PRIMARY KEY, warc);
CREATE TABLE lacking (digest PRIMARY KEY) WITHOUT ROWID;
"""
_LACKING: Final = (
    "INSERT INTO lacking SELECT digest FROM records WHERE is_revisit = 1 AND digest IS NOT NULL "
    "EXCEPT SELECT digest FROM records WHERE is_revisit = 0"
)
_BY_FILE: Final = (
    "SELECT warc, at, length, url FROM records JOIN sources USING (source) WHERE warc IS NOT NULL "
    "ORDER BY warc, at, records.rowid"
)
_OF_NO_FILE: Final = "SELECT source, COUNT(DISTINCT at) FROM records JOIN sources USING (source) WHERE warc IS NULL GROUP BY source"


class ChosenRecords:
    """The chosen records, by the name that an index has for their file and by the folder of that index.

    Every method raises StopError where there is no room on disk.
    """

    def __init__(self) -> None:
        self._scratch = Scratch(_TABLES)
        self._sources: dict[tuple[str, str], int] = {}
        # By the number of a source, an index that names it.
        self._indexes: list[WarcFile] = []
        self._has_revisits = False
        self._files: tuple[WarcFile, ...] = ()

    def add(self, record: IndexedRecord, index: WarcFile) -> None:
        """Note a record that is chosen."""
        key = (record.file, index.address.rpartition("/")[0])
        source = self._sources.setdefault(key, len(self._indexes))
        if source == len(self._indexes):
            self._indexes.append(index)
        digest = None if record.digest in _NO_DIGEST else record.digest
        self._has_revisits |= record.is_revisit
        self._scratch.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)",
            source, record.offset, record.length, record.url, digest, int(record.is_revisit),
        )  # fmt: skip

    def lacks_originals(self) -> bool:
        """Whether a revisit among them refers to what none of them has; those that ``add_original`` is handed may have it."""
        return self._has_revisits and self._scratch.execute(_LACKING)

    def add_original(self, record: IndexedRecord, index: WarcFile) -> None:
        """Note a record if a chosen revisit may refer to it, and no other was found."""
        if not record.is_revisit and self._scratch.execute(
            "DELETE FROM lacking WHERE digest = ?", record.digest
        ):
            self.add(record, index)

    def files(self, find: Callable[[str, WarcFile], WarcFile]) -> tuple[tuple[WarcFile, ...], set[Item]]:
        """The files that ``find`` has by the names that indexes have for them, in order; and items for what it does not find."""
        warcs: dict[int, WarcFile] = {}
        missing: dict[int, tuple[str, SkippableError]] = {}
        for (name, _), source in self._sources.items():
            try:
                warcs[source] = find(name, self._indexes[source])
            except SkippableError as error:
                missing[source] = (name, error)
        self._files = tuple(sorted(set(warcs.values()), key=lambda warc: (warc.location, warc.address)))
        numbers = {warc: number for number, warc in enumerate(self._files)}
        for source in range(len(self._indexes)):
            number = numbers[warcs[source]] if source in warcs else None
            self._scratch.execute("INSERT INTO sources VALUES (?, ?)", source, number)
        counts = self._scratch.rows(_OF_NO_FILE) if missing else ()
        return self._files, {_left_out(count, *missing[source]) for source, count in counts}

    def write(self, path: Path) -> tuple[WarcFile, ...]:
        """Write where the records stand to ``path``, after their files were found; gives the files, each with what is read of it."""
        draft = path.with_suffix(".part")
        files: list[WarcFile] = []
        with draft.open("wb") as file:
            for number, rows in groupby(self._scratch.rows(_BY_FILE), key=itemgetter(0)):
                ranges = write_ranges(file, path, _ranges_of(rows))
                files.append(replace(self._files[number], ranges=ranges))
        draft.replace(path)
        return tuple(files)


def _left_out(count: int, name: str, error: SkippableError) -> Item:
    return Item(name, "failed", reason=f"Chosen captures that are left out: {count:,}. {error}")


def _ranges_of(rows: Iterator[tuple[Any, ...]]) -> Iterator[RecordRange]:
    """The records of one file; of several at one place, the last that came."""
    for at, alike in groupby(rows, key=itemgetter(1)):
        *_, (_, _, length, url) = alike
        yield RecordRange(at, length, url)
