"""WARC files written anew in a swap: records that do not change byte for byte, all others as an edit has them."""

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from scraper.archive.disk import explained
from scraper.archive.files import WARC_FOLDER, closed_path
from scraper.archive.index import Index
from scraper.archive.members import Damage, Member, read_at, scan
from scraper.archive.state import State
from scraper.archive.swap import Swap
from scraper.archive.warc import parse_member
from scraper.errors import StopError

Edit = Callable[[Member], bytes | None]
"""The member that takes the place of another; None where that stays as it is, empty where it goes."""


@dataclass(slots=True)
class Drafts:
    """Redacted records, each as a gzip member, until the files that they belong to are written."""

    _file: BinaryIO
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _end: int = 0

    def keep(self, record_id: str, member: bytes) -> None:
        """Keep what takes the place of a record."""
        self._file.seek(self._end)
        self._file.write(member)
        self._places[record_id] = self._end, len(member)
        self._end += len(member)

    def take(self, record_id: str) -> bytes:
        """What takes the place of a record."""
        offset, length = self._places[record_id]
        self._file.seek(offset)
        return self._file.read(length)


@contextmanager
def drafts_in(swap: Swap) -> Iterator[Drafts]:
    """Drafts on the archive's disk, in a file without a name.

    Raises:
        StopError: the medium refused.
    """
    folder = swap.path(WARC_FOLDER, "").parent
    with explained(folder), tempfile.TemporaryFile(dir=folder) as file:
        yield Drafts(file)


def rewrite_warc(
    swap: Swap,
    name: str,
    edit: Edit,
    dropped: Collection[int],
    state: State,
    renamed: Mapping[str, str],
) -> None:
    """Write one file anew, and make its rows in ``state`` say what it holds; it goes where no record of it stays.

    Damaged stretches stay as they are, but for those that are ``dropped``, by their offsets.

    Raises:
        StopError: the medium refused, or what was written does not read as it should; nothing was changed.
    """
    source, target = closed_path(swap.archive, name), swap.path(WARC_FOLDER, name)
    index = Index(state)
    for place in index.places(name):
        if place.record_id in renamed:
            state.execute(
                "UPDATE visit_captures SET record_id = ? WHERE record_id = ?",
                renamed[place.record_id],
                place.record_id,
            )
    index.drop_file(name)
    kept = end = 0
    digest = hashlib.sha256()
    with explained(target), swap.disk.open_to_append(target) as file:
        for member in scan(source):
            octets = read_at(source, member.offset, member.length)
            if isinstance(member, Damage):
                octets = b"" if member.offset in dropped else octets
            else:
                new = edit(member)
                octets = octets if new is None else new
                if octets:
                    kept += member.record.type != "warcinfo"
                    index.add(name, _placed(member, end, new))
            swap.disk.append(file, octets)
            digest.update(octets)
            end += len(octets)
        swap.disk.sync(file)
    if not kept:
        target.unlink()
        swap.remove(f"{WARC_FOLDER}/{name}")
        index.drop_file(name)
        return
    with target.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != digest.digest():
            raise StopError(
                f"{target} does not read as it was written, so nothing was changed. Look at the disk."
            )


def salvaged(octets: bytes) -> bytes:
    """What still inflates of a damaged stretch, and the stretch itself."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    inflated = bytearray()
    try:
        for at in range(0, len(octets), 256):
            inflated += inflater.decompress(octets[at : at + 256])
    except zlib.error:
        pass
    return bytes(inflated) + octets


def _placed(member: Member, offset: int, new: bytes | None) -> Member:
    if new is None:
        return Member(offset, member.length, member.sha256, member.record)
    return Member(offset, len(new), hashlib.sha256(new).hexdigest(), parse_member(new))
