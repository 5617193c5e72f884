"""The WARC files in a WACZ (WACZ 1.1.1 section 5.1), or in any other ZIP file: where they lie, or unpacked for the time being."""

import re
import stat
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from scraper.archive.warc_file import ZIP_TROUBLE, WarcFile, ZipMember
from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import Allowance
from scraper.jobs.imports.other_files import OtherFile, OtherFileError
from scraper.jobs.imports.saved_page import NotTaken
from scraper.jobs.imports.zip_members import (
    IS_ENCRYPTED,
    member_path,
    opened_zip,
    trust_local_name,
    zip_in,
)

_PIECE: Final = 1 << 20
_WARC: Final = re.compile(r"\.w?arc(?:\.gz|\.zst)?", re.IGNORECASE)
_DESCRIPTION: Final = "datapackage.json"
_PACKAGE: Final = ".wacz"
_WITHOUT_WARC: Final = OtherFile(
    "a ZIP file without WARC files in it",
    remedy="`postkeep import` takes pages in ZIP files into an archive.",
)
# What begins a member, with the lengths of its name and of its extra field behind which its bytes stand (APPNOTE.TXT section 4.3.7).
_LOCAL: Final = struct.Struct("<4s22xHH")
_LOCAL_MAGIC: Final = b"PK\x03\x04"


def is_warc_name(path: str) -> bool:
    """Whether a member of this name is a WARC or ARC file."""
    return _WARC.search(path) is not None


def is_wacz(paths: Iterable[str]) -> bool:
    """Whether a ZIP file with these members is a WACZ: what else is in it is no page."""
    return any(path == _DESCRIPTION or (path.startswith("archive/") and is_warc_name(path)) for path in paths)


def warcs_within(package: WarcFile) -> Iterator[WarcFile | NotTaken]:
    """The WARC files in a ZIP file, to be read where they lie, and those that cannot be, with the reason.

    Raises:
        OtherFileError: it has no WARC file.
        SkippableError: it is no ZIP file that can be read.
        RetryableError: it lies far away and cannot be had for now.
    """
    with package.open() as file, zip_in(file, package.location) as opened:
        # Of two members of one name whoever unpacks the file has the later one.
        entries = {
            member_path(entry): entry
            for entry in opened.infolist()
            if not entry.is_dir() and (is_warc_name(member_path(entry)) or _is_package(member_path(entry)))
        }
        if not any(map(is_warc_name, entries)):
            raise OtherFileError(package.location, _WITHOUT_WARC)
        for path, entry in sorted(entries.items()):
            name = f"{package.location}:{path}"
            if _is_package(path):
                reason = f"{name} is a WACZ file within another, which is not read there. Unpack {package.location}."
                yield NotTaken(name, "failed", reason)
            elif entry.flag_bits & IS_ENCRYPTED:
                reason = f"{name} is encrypted. Unpack the file with its password, and name the folder."
                yield NotTaken(name, "failed", reason)
            elif stat.S_ISLNK(entry.external_attr >> 16):
                yield NotTaken(name, "failed", f"{name} is a link, which is not followed.")
            else:
                try:
                    yield package.of_member(_member(cast("IO[bytes]", file), path, entry))
                except ValueError as error:
                    yield NotTaken(name, "failed", f"{name} cannot be read: {error}. Get the file again.")


def _is_package(path: str) -> bool:
    return path.lower().endswith(_PACKAGE)


def _member(file: IO[bytes], path: str, entry: zipfile.ZipInfo) -> ZipMember:
    """A member as it is found again.

    Raises:
        ValueError: its header is none.
    """
    content = f"{entry.CRC:08x} {entry.file_size}"
    if entry.compress_type != zipfile.ZIP_STORED:
        return ZipMember(path, entry.header_offset, content, None)
    file.seek(entry.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MAGIC):
        raise ValueError(f"no file begins at byte {entry.header_offset}, where the directory has it")
    _, name, extra = _LOCAL.unpack(head)
    begin = entry.header_offset + _LOCAL.size + name + extra
    return ZipMember(path, entry.header_offset, content, (begin, begin + entry.file_size))


@contextmanager
def unpacked_wacz(path: Path) -> Iterator[tuple[list[Path], list[str]]]:
    """The WARC files in ``path``, and a sentence for each that cannot be unpacked, or not to its end.

    Raises:
        SkippableError: it is no ZIP file that can be read, or has no WARC file.
    """
    with tempfile.TemporaryDirectory(prefix="postkeep-") as folder, opened_zip(path) as package:
        entries = [
            entry for entry in package.infolist() if is_warc_name(member_path(entry)) and not entry.is_dir()
        ]
        if not entries:
            raise SkippableError(f"{path} is a WACZ file without WARC files in archive/.")
        allowance = Allowance(str(path), path.stat().st_size)
        warcs: list[Path] = []
        problems: list[str] = []
        for number, entry in enumerate(entries):
            target = Path(folder, f"{number}.warc")
            try:
                _unpack(package, entry, target, allowance)
            except ZIP_TROUBLE as error:
                name = member_path(entry).rpartition("/")[2]
                problems.append(f"{path}: {name} in it cannot be unpacked to its end: {error}.")
            except SkippableError as error:
                problems.append(str(error))
            if target.is_file() and target.stat().st_size:
                warcs.append(target)
        yield warcs, problems


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, allowance: Allowance) -> None:
    trust_local_name(package, entry)
    with package.open(entry) as source, target.open("wb") as file:
        while piece := source.read(_PIECE):
            allowance.spend(len(piece))
            file.write(piece)
