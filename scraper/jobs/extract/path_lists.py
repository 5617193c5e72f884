"""Many files named at once: by a pattern, or by a list of one path or URL a line, as Common Crawl has them (``warc.paths.gz``)."""

import glob
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from scraper.archive.foreign_heads import BOM
from scraper.archive.warc_file import WarcFile, is_url, url_parts
from scraper.errors import SkippableError
from scraper.jobs.extract.text_lines import lines_of

_NAME: Final = re.compile(r"\.paths(?:\.gz)?\Z", re.IGNORECASE)
_LONGEST_LINE: Final = 1 << 14
# What stands in a path of a URL as it is (RFC 3986 section 3.3); an escape is taken for one.
_SAFE: Final = "/%:@!$&'()*+,;=~"


def is_path_list(text: str) -> bool:
    """Whether a path or URL is that of a list, by its name."""
    return _NAME.search(text.partition("?")[0] if is_url(text) else text) is not None


def is_pattern(text: str) -> bool:
    """Whether a path of this machine is a pattern (``*``, ``?``, ``[…]``, ``**``), and that of no file."""
    return glob.has_magic(text) and not os.path.lexists(text)


def matches_of(pattern: str) -> list[Path]:
    """The files and folders that a pattern of paths matches, in order; ``**`` goes through no links.

    Raises:
        SkippableError: there are none, or it is no pattern.
    """
    parts = Path(pattern).parts
    first = next((number for number, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    try:
        matches = sorted(set(Path(*parts[:first]).glob(str(Path(*parts[first:])))), key=os.fsencode)
    except (OSError, ValueError, NotImplementedError) as error:
        raise SkippableError(f"{pattern} cannot be looked for: {error}.") from error
    if not matches:
        raise SkippableError(f"{pattern} matches no file.")
    return matches


def paths_in(listing: WarcFile, base: str | None) -> Iterator[str]:
    """The paths and URLs of a list, each as it is found from here; empty lines and those that begin with # are none.

    Raises:
        SkippableError: it cannot be read, not to its end, holds what is no path, or lies elsewhere and names files of this machine.
        RetryableError: it cannot be read for now.
    """
    with listing.open() as file:
        for number, line in enumerate(_lines(file, listing), 1):
            path = line.strip()
            if not path or path.startswith("#"):
                continue
            if "\0" in path:
                raise SkippableError(
                    f"{listing.location}: line {number} is no path. A list has one path or URL a line."
                )
            yield _from_here(path, listing, base)


def _lines(file: IO[bytes], listing: WarcFile) -> Iterator[str]:
    try:
        for line in lines_of(file, _LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise SkippableError(
                    f"{listing.location} is no list of files: it has a line longer than {_LONGEST_LINE:,} bytes."
                )
            yield line.removeprefix(BOM).decode("utf-8", "surrogateescape")
    except (OSError, EOFError, zlib.error) as error:
        raise SkippableError(
            f"{listing.location} cannot be read to its end: {error}. Get it again."
        ) from error


def _from_here(path: str, listing: WarcFile, base: str | None) -> str:
    named = WarcFile.named(path)
    if not listing.is_local and named.is_local and (is_url(path) or path.startswith("/")):
        raise SkippableError(
            f"{listing.location} names {path}, a file of this machine, which a list that lies elsewhere has no business to do."
        )
    if is_url(path) or path.startswith("/"):
        return path
    return below(base or _folder_of(listing, path), path)


def below(folder: str, path: str) -> str:
    """A path, or a URL, below a folder of this machine, or below a URL."""
    return f"{folder.rstrip('/')}/{quote(path, safe=_SAFE) if is_url(folder) else path}"


def _folder_of(listing: WarcFile, path: str) -> str:
    """Where the paths of a list begin: in its own folder, or where its own path has the folder with which theirs begin."""
    if listing.is_local:
        return str(Path(listing.location).parent)
    parts = url_parts(listing.address)
    first = f"/{path.partition('/')[0]}/"
    folder = parts.path.partition(first)[0] if first in parts.path else parts.path.rpartition("/")[0]
    return parts._replace(path=folder, query="", fragment="").geturl()
