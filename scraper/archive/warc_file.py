"""A WARC or ARC file wherever it lies, as what reads it takes it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from scraper.errors import SkippableError


@dataclass(frozen=True, slots=True)
class WarcFile:
    """One WARC or ARC file. ``location`` is how people are told of it, and holds no credentials; ``address`` leads to it."""

    location: str
    address: str = field(repr=False)

    @classmethod
    def at(cls, path: Path) -> Self:
        """The file at a path of this machine."""
        return cls(str(path), str(path))

    @property
    def name(self) -> str:
        """The last part of its path."""
        return Path(self.address).name

    def open(self) -> BinaryIO:
        """The file's bytes from its beginning; they can be sought in.

        Raises:
            SkippableError: it is not there, or cannot be read.
        """
        try:
            return Path(self.address).open("rb")
        except (OSError, ValueError) as error:
            raise self.unreadable(error) from error

    def identity(self) -> str:
        """What changes when the file does: its size, and when it was written.

        Raises:
            SkippableError: as ``open``.
        """
        try:
            status = Path(self.address).stat()
        except (OSError, ValueError) as error:
            raise self.unreadable(error) from error
        return f"{status.st_size} {status.st_mtime_ns}"

    def unreadable(self, error: Exception) -> SkippableError:
        """The error for a file that its medium does not give."""
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return SkippableError(f"{self.location} cannot be read: {reason}.")
