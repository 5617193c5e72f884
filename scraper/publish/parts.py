"""Files to be uploaded, in parts that go side by side, after each of which whoever watches is told."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

# What is uploaded side by side, after which whoever watches is told: so many files, or as many as come to so many bytes.
_SIDE_BY_SIDE: Final = 8
_PART_BYTES: Final = 32_000_000


class Upload(Protocol):
    """A file to be uploaded: where it lies, and the path it gets."""

    @property
    def path(self) -> str:
        """Its path in the repository."""

    @property
    def source(self) -> Path:
        """Where it lies on this machine."""

    @property
    def size(self) -> int:
        """Its size in bytes."""


def side_by_side(files: Iterable[Upload]) -> Iterator[list[Upload]]:
    """The files in their order, in parts that are uploaded at once."""
    part: list[Upload] = []
    for file in files:
        part.append(file)
        if len(part) == _SIDE_BY_SIDE or sum(each.size for each in part) >= _PART_BYTES:
            yield part
            part = []
    if part:
        yield part
