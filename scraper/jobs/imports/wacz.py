"""The WARC files in a WACZ (WACZ 1.1.1 section 5.1), or in any other ZIP file, unpacked for the time being."""

import re
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zlib import error as ZlibError  # noqa: N812 - it is an exception class

from scraper.errors import SkippableError

_PIECE: Final = 1 << 20
_WARC: Final = re.compile(r"\.w?arc(?:\.gz|\.zst)?", re.IGNORECASE)
_TROUBLE: Final = (
    OSError,
    zipfile.BadZipFile,
    ZlibError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    struct.error,
)
# Where a local file header has its flags, and its name with the length of that (APPNOTE.TXT section 4.3.7).
_LOCAL: Final = struct.Struct("<6xH18xH2x")
_IS_UTF8: Final = 0x800


@contextmanager
def unpacked_wacz(path: Path) -> Iterator[tuple[list[Path], list[str]]]:
    """The WARC files in ``path``, and a sentence for each that cannot be unpacked, or not to its end.

    Raises:
        SkippableError: it is no ZIP file that can be read, or has no WARC file.
    """
    with tempfile.TemporaryDirectory(prefix="postkeep-") as folder:
        try:
            package = zipfile.ZipFile(path)
        except _TROUBLE as error:
            raise SkippableError(f"{path} cannot be unpacked as a WACZ file: {error}.") from error
        with package:
            entries = [
                entry for entry in package.infolist() if _WARC.search(_name(entry)) and not entry.is_dir()
            ]
            if not entries:
                raise SkippableError(
                    f"{path} is a ZIP file without WARC files in archive/, so it is no WACZ."
                )
            warcs: list[Path] = []
            problems: list[str] = []
            for number, entry in enumerate(entries):
                target = Path(folder, f"{number}.warc")
                try:
                    _unpack(package, entry, target)
                except _TROUBLE as error:
                    problems.append(f"{path}: {_name(entry)} in it cannot be unpacked to its end: {error}.")
                if target.is_file() and target.stat().st_size:
                    warcs.append(target)
        yield warcs, problems


def _name(entry: zipfile.ZipInfo) -> str:
    """The name with slashes, as section 4.4.17 wants it and tools of Windows did not always write it."""
    return entry.filename.replace("\\", "/").rpartition("/")[2]


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    _trust_local_name(package, entry)
    with package.open(entry) as source, target.open("wb") as file:
        while piece := source.read(_PIECE):
            file.write(piece)


def _trust_local_name(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Let the local header spell the entry's name otherwise than the directory does, where only slashes differ."""
    file = package.fp
    if file is None:
        return
    file.seek(entry.header_offset)
    flags, length = _LOCAL.unpack(file.read(_LOCAL.size))
    local = file.read(length).decode("utf-8" if flags & _IS_UTF8 else "cp437", "replace")
    if local.replace("\\", "/") == entry.orig_filename.replace("\\", "/"):
        entry.orig_filename = local
