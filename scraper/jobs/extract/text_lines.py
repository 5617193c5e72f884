"""The lines of a list or an index that somebody else made: plain, or packed by gzip, and of any length."""

import gzip
from collections.abc import Iterator
from typing import IO, Final, cast

_GZIP: Final = b"\x1f\x8b"


def lines_of(file: IO[bytes], longest: int) -> Iterator[bytes]:
    """Each line with its end; of one that has ``longest`` bytes or more the first ``longest``, so that nobody takes it for whole.

    Raises, while it is read, what the medium and gzip do: OSError, EOFError, zlib.error.
    """
    head = file.read(len(_GZIP))
    file.seek(0)
    stream = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if head == _GZIP else file
    while line := stream.readline(longest):
        yield line
        while len(line) == longest and not line.endswith(b"\n"):
            line = stream.readline(longest)
