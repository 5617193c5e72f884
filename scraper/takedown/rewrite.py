"""WARC files written anew in a swap: records that do not change byte for byte, all others as an edit has them."""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from scraper.archive.disk import explained
from scraper.archive.files import WARC_FOLDER, closed_path
from scraper.archive.index import Index
from scraper.archive.members import Damage, Member, read_at, scan
from scraper.archive.state import State
from scraper.archive.swap import Swap
from scraper.archive.warc import WarcRecord, build_member, without_sums
from scraper.errors import StopError

Edit = Callable[[WarcRecord], WarcRecord | None]
"""The record as it is to be: the same object where nothing changes, None where it goes."""


def rewrite_warc(swap: Swap, name: str, edit: Edit, is_suspect: Callable[[bytes], bool]) -> Path | None:
    """Write the file anew; None where no record of it stays.

    Damaged stretches stay as they are, unless what can be read of them ``is_suspect``.

    Raises:
        StopError: the medium refused, or what was written does not read as it should.
    """
    source, target = closed_path(swap.archive, name), swap.path(WARC_FOLDER, name)
    kept = 0
    with explained(target), swap.disk.open_to_append(target) as file:
        for member in scan(source):
            octets = read_at(source, member.offset, member.length)
            if isinstance(member, Damage):
                octets = b"" if is_suspect(octets) else octets
            else:
                record = edit(member.record)
                if record is None:
                    continue
                kept += record.type != "warcinfo"
                octets = octets if record is member.record else build_member(without_sums(record))
            swap.disk.append(file, octets)
        swap.disk.sync(file)
    if not kept:
        target.unlink()
        swap.remove(f"{WARC_FOLDER}/{name}")
        return None
    return target


def reindex(state: State, name: str, written: Path | None, renamed: Mapping[str, str]) -> None:
    """Make the rows of one file say what it holds now; ``written`` is None where it is gone."""
    index = Index(state)
    before = [place.record_id for place in index.places(name)]
    for record_id in before:
        if record_id in renamed:
            state.execute(
                "UPDATE visit_captures SET record_id = ? WHERE record_id = ?", renamed[record_id], record_id
            )
    index.drop_file(name)
    for member in scan(written) if written else ():
        if isinstance(member, Member):
            index.add(name, member)


def require_readable(path: Path, damaged_before: int) -> None:
    """Raise StopError where a file that was written anew has damage that the one before had not."""
    damaged = sum(isinstance(member, Damage) for member in scan(path))
    if damaged > damaged_before:
        raise StopError(f"{path} does not read as it was written, so nothing was changed. Look at the disk.")


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
