"""How much is taken out of what packs it: a page has its limit, and so has what a file unpacks to beside what it is packed."""

import io
from collections.abc import Callable
from typing import Final

from scraper.archive.unpacked import BrokenError, Unpacked
from scraper.errors import SkippableError
from scraper.jobs.imports.file_kind import FileKind
from scraper.model.coding import packed_as

LONGEST_PAGE: Final = 64 << 20
"""Bytes of a page; a longer one is too costly to parse."""

MOST_UNPACKED: Final = 250
"""How many times its packed size a file may unpack to: pages pack to a tenth, and what packs to a thousandth is no page."""

LONGEST_CONTAINER: Final = 256 << 20
"""Bytes of a file such as MHTML or HAR, that holds a page with all that belongs to it."""

MOST_MEMBERS: Final = 500_000
"""Members of one archive file; one that has more is unpacked by whoever imports it, and imported as a folder."""

# What is always allowed: so small a bomb does no harm, and a page of blanks may pack very well.
_FREE_PAGE: Final = 4 << 20
_FREE_FILE: Final = 256 << 20
_PIECE: Final = 1 << 16

Read = Callable[[int], bytes]
"""Gives the next bytes, at most so many; fewer, and none, only at the end.

Raises SkippableError where there is no going on.
"""


def read_up_to(read: Read, count: int) -> bytes:
    """The next ``count`` bytes, fewer only at the end."""
    pieces: list[bytes] = []
    while count > 0 and (piece := read(min(count, _PIECE))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def limit_of(kind: FileKind) -> int:
    """How many bytes a file of a ``kind`` may have, unpacked."""
    return LONGEST_PAGE if kind in {FileKind.HTML, FileKind.TEXT} else LONGEST_CONTAINER


def too_large(name: str, limit: int) -> SkippableError:
    """The error for a file that has more than ``limit`` bytes."""
    return SkippableError(
        f"{name} is larger than {limit >> 20} MB, where no page of a post is. It is not read."
    )


def bomb(name: str) -> SkippableError:
    """The error for a file that unpacks to more than files of pages do."""
    return SkippableError(
        f"{name} unpacks to more than {MOST_UNPACKED} times its size, as no pages do. It is not read any further."
    )


def unpacked(packed: bytes, name: str, limit: int) -> bytes:
    """What is packed in ``packed`` with gzip or zstd, or ``packed`` itself.

    Raises:
        SkippableError: it is damaged, or larger than ``limit`` or than what is packed so well.
    """
    if packed_as(packed) is None:
        return packed
    stream = Unpacked(io.BytesIO(packed))
    allowed = min(limit, most_of_page(len(packed)))
    try:
        body = read_up_to(stream.take, allowed + 1)
    except BrokenError as error:
        raise SkippableError(f"{name} does not unpack to its end: {error}. Get it again.") from error
    if len(body) > allowed:
        raise too_large(name, limit) if allowed == limit else bomb(name)
    return body


def too_many_members(name: str) -> SkippableError:
    """The error for an archive file that has more members than are read."""
    return SkippableError(f"{name} has too many members to be read. Unpack it, and import the folder.")


def most_of_page(packed: int) -> int:
    """How many bytes one page of ``packed`` bytes may unpack to."""
    return max(_FREE_PAGE, MOST_UNPACKED * packed)


class Allowance:
    """What all members of one file may unpack to together; ``packed`` is the size of the file on disk."""

    def __init__(self, name: str, packed: int) -> None:
        self._name = name
        self._left = _FREE_FILE + MOST_UNPACKED * packed

    def spend(self, count: int) -> None:
        """Take ``count`` unpacked bytes off.

        Raises:
            RestLostError: that is more than there may be.
        """
        self._left -= count
        if self._left < 0:
            raise RestLostError(str(bomb(self._name)))


class RestLostError(SkippableError):
    """A file with others in it cannot be read any further, or is not; what stands before was given."""
