"""A file that lies elsewhere, read as if it lay here: onwards in one pass, or in the parts that are asked for."""

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Generator, Sequence
from time import sleep
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from scraper.errors import RetryableError, SkippableError
from scraper.model.url import without_credentials

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_Answer = TypeVar("_Answer")
Extent = tuple[int, int]
"""The bytes from the first number to before the second."""

BUFFER: Final = 1 << 17
"""Bytes of such a file that are held, so that a step back within them asks for nothing."""

# What is wanted ahead is read up to, where it is so near that asking for it anew would take longer.
_NEAR: Final = 1 << 17
_FIRST_WINDOW: Final = 1 << 18
_WIDER: Final = 4
# A reading that went on for so long goes on to the end.
_LONGEST_WINDOW: Final = 1 << 24
# Seconds before asking again; a reading that came on by so many bytes since it broke off has all of them before it.
_WAITS: Final = (0.0, 1.0, 4.0, 15.0)
_LONGEST_WAIT: Final = 120.0
_PROGRESS: Final = 1 << 16
_SECRET: Final = re.compile(
    r"(?<=[?&;])([^=&;#]*(?:signature|sig|token|secret|credential|passw|pwd|auth|access_?key|api_?key|policy|jwt)[^=&;#]*=)[^&;#]+",
    re.IGNORECASE,
)

_USERINFO: Final = re.compile(r"//([^/?#]+)@")


class LostError(Exception):
    """What was asked for did not come, or not to its end; it may after ``wait`` seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Store(Protocol):
    """Where a file lies."""

    location: str

    def size(self) -> int | None:
        """How many bytes the file has; None where nobody says it.

        Raises:
            LostError: there was no answer.
            SkippableError: there is no such file, or it is not given.
        """

    def identity(self) -> str:
        """What changes when the file does. Raises as ``size``."""

    def pieces(self, start: int, end: int | None) -> Generator[bytes, None, None]:
        """The bytes from ``start`` to before ``end``, or to the end; fewer only where the file has no more. Raises as ``size``."""


class RemoteFile(io.RawIOBase):
    """The bytes of a file in a store; a reading that breaks off goes on at the byte where it did.

    Where ``extents`` are given, in order, what is asked for in one of them is asked for to its end.

    Raises, while it is read:
        SkippableError: it cannot be read.
        RetryableError: it cannot be read for now, or not to its end.
    """

    def __init__(self, store: Store, extents: Sequence[Extent] = ()) -> None:
        self._store = store
        self._extents = extents
        self._patience = Patience(store.location)
        self._at = 0
        # The piece in hand, and where it begins; behind it come ``_pieces``, up to ``_end`` or to the end of the file.
        self._piece = b""
        self._piece_at = 0
        self._pieces: Generator[bytes, None, None] | None = None
        self._end: int | None = None
        self._window = 0
        self._is_broken = False
        self._size: int | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte stands."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte; nothing is asked for before it is read, but where the file ends for going there."""
        if whence == io.SEEK_END:
            size = self._patience.through(self._store.size)
            if size is None:
                raise SkippableError(
                    f"{self._store.location} cannot be read: its server does not say how long it is. Download it, and name the file."
                )
            offset += size
        elif whence == io.SEEK_CUR:
            offset += self._at
        self._at = max(0, offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """The next bytes, at least one before the end of the file."""
        room = memoryview(buffer).cast("B")
        if self._size is not None and self._at >= self._size:
            return 0
        if not self._piece_at <= self._at <= self._piece_at + len(self._piece) + _NEAR:
            self._let_go()
        while not self._piece_at <= self._at < self._piece_at + len(self._piece):
            if self._pieces is None:
                self._ask()
            elif not self._go_on():
                return 0
        part = memoryview(self._piece)[self._at - self._piece_at :][: len(room)]
        room[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Let go of the connection."""
        self._let_go()
        super().close()

    def _ask(self) -> None:
        """Ask for what begins at the byte that is wanted."""
        if not self._is_broken:
            self._end = self._end_of_window(self._at)
        self._is_broken = False
        self._piece, self._piece_at = b"", self._at
        self._pieces = self._store.pieces(self._at, self._end)

    def _go_on(self) -> bool:
        """Take the next piece in hand, or find that it has to be asked for; False at the end of the file."""
        at = self._piece_at + len(self._piece)
        try:
            piece = next(self._pieces or iter(()), b"")
        except LostError as error:
            self._let_go()
            self._is_broken = True
            self._patience.bear(error, at)
            return True
        if piece:
            self._piece, self._piece_at = piece, at
            return True
        self._let_go()
        if self._end is not None and at >= self._end:
            return True
        self._size = at
        return False

    def _end_of_window(self, at: int) -> int | None:
        """Up to where is asked for: all of an extent, all of a file that is read from its beginning, of any other place little at first."""
        index = bisect_right(self._extents, at, key=lambda extent: extent[0]) - 1
        if index >= 0 and at < self._extents[index][1]:
            return self._extents[index][1]
        if at == 0 and not self._extents:
            return None
        goes_on = at == self._end
        self._window = self._window * _WIDER if goes_on and self._window else _FIRST_WINDOW
        return at + self._window if self._window <= _LONGEST_WINDOW else None

    def _let_go(self) -> None:
        if self._pieces is not None:
            self._pieces.close()
            self._pieces = None


class Patience:
    """How often a store is asked again, and when that is enough."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._broken = 0
        self._broken_at = 0

    def bear(self, error: LostError, at: int) -> None:
        """Wait as long as is right before the byte ``at`` is asked for again.

        Raises:
            RetryableError: it was asked for often enough.
        """
        if at >= self._broken_at + _PROGRESS:
            self._broken = 0
        self._broken_at = at
        if self._broken == len(_WAITS):
            where = f"it broke off at byte {at}" if at else "nothing of it came"
            raise RetryableError(
                f"{self._location} cannot be read: {where}, after {self._broken + 1} tries ({error}). Run the same command again later."
            ) from error
        sleep(min(max(_WAITS[self._broken], error.wait), _LONGEST_WAIT))
        self._broken += 1

    def through(self, ask: Callable[[], _Answer]) -> _Answer:
        """What ``ask`` gives, asked again where it is lost. Raises as ``bear``, and as ``ask``."""
        while True:
            try:
                return ask()
            except LostError as error:
                self.bear(error, 0)


def without_secrets(text: str, address: str) -> str:
    """A sentence of somebody else's about what lies at an address, without what opens it."""
    userinfo = _USERINFO.search(address)
    text = text.replace(address, public_address(address))
    return text.replace(userinfo[1], "...") if userinfo else text


def public_address(address: str) -> str:
    """An address as people may be told of it: without user, password, and what opens a door in its query."""
    return _SECRET.sub(r"\1...", without_credentials(address))
