"""The WARC files in a WACZ (WACZ 1.1.1 section 5.1), or in any other ZIP file, unpacked for the time being."""

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scraper.errors import SkippableError
from scraper.jobs.imports.bounds import Allowance
from scraper.jobs.imports.zip_members import TROUBLE, member_path, opened_zip, trust_local_name

_PIECE: Final = 1 << 20
_WARC: Final = re.compile(r"\.w?arc(?:\.gz|\.zst)?", re.IGNORECASE)
_DESCRIPTION: Final = "datapackage.json"


def is_warc_name(path: str) -> bool:
    """Whether a member of this name is a WARC or ARC file."""
    return _WARC.search(path) is not None


def is_wacz(paths: Iterable[str]) -> bool:
    """Whether a ZIP file with these members is a WACZ: what else is in it is no page."""
    return any(path == _DESCRIPTION or (path.startswith("archive/") and is_warc_name(path)) for path in paths)


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
            except TROUBLE as error:
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
