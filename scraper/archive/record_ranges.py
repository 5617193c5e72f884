"""Where in a WARC file the records stand that are read of it, packed on disk: there may be any number of them."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from scraper.errors import StopError

# The first byte of a record, how many it has (0 where that is unknown), and how many its URL has, which stands behind.
_HEAD: Final = struct.Struct("<QQI")
# A URL of an index may hold a lone surrogate.
_CODING: Final = ("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class RecordRange:
    """Where an index says that a record stands: its first byte, how many bytes it has, where that is known, and its URL.

    ``url`` is one, or, where the index has no more, the key under which a URL is sorted (``com,example)/path``).
    """

    offset: int
    length: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class RecordRanges:
    """The records of one file, in order: the bytes of the file at ``path`` from ``begin`` to before ``end``; ``digest`` is that of these."""

    path: Path
    begin: int
    end: int
    digest: str

    def __iter__(self) -> Iterator[RecordRange]:
        """Each of them, read as it comes.

        Raises:
            StopError: the file at ``path`` is no longer there, or not whole.
        """
        try:
            with self.path.open("rb") as file:
                at = file.seek(self.begin)
                while at < self.end:
                    offset, length, size = _HEAD.unpack(_read_exactly(file, _HEAD.size))
                    yield RecordRange(offset, length or None, _read_exactly(file, size).decode(*_CODING))
                    at += _HEAD.size + size
        except (OSError, EOFError) as error:
            message = f"{self.path}, which says what is read of the files, cannot be read: {error}. Run the same command again."
            raise StopError(message) from error


def write_ranges(file: BinaryIO, path: Path, ranges: Iterable[RecordRange]) -> RecordRanges:
    """Write the records of one file, in order, to the end of ``file``, which will lie at ``path``."""
    begin, digest = file.tell(), sha256()
    end = begin
    for each in ranges:
        url = each.url.encode(*_CODING)
        packed = _HEAD.pack(each.offset, each.length or 0, len(url)) + url
        digest.update(packed)
        end += file.write(packed)
    return RecordRanges(path, begin, end, digest.hexdigest())


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError("it ends too early")
    return data
