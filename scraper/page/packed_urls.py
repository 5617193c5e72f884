"""Many URLs in little memory: a sitemap has up to 50,000, and most letters of one are those of the one before."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final, overload

# So many are unpacked at once, and fewer in all are kept as they are.
_AT_ONCE: Final = 1000
# A URL may hold a lone surrogate, and never white space.
_CODING: Final = ("utf-8", "surrogatepass")
_BETWEEN: Final = "\n"
_DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class PackedUrls(Sequence[str]):
    """URLs in their order, a thousand to a block."""

    _blocks: tuple[bytes, ...]
    _count: int

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            yield from _unpacked(block)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return tuple(self)[index]
        block, at = divmod(range(self._count)[index], _AT_ONCE)
        return _unpacked(self._blocks[block])[at]


class DistinctUrls:
    """Collects URLs, each once, in the order in which they first come."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._last: list[str] = []
        # Of each a digest that no two share by accident.
        self._seen: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, url: str) -> None:
        """Take in a URL."""
        digest = blake2b(url.encode(*_CODING), digest_size=_DIGEST).digest()
        if digest not in self._seen:
            self._seen.add(digest)
            self._last.append(url)
            if len(self._last) == _AT_ONCE:
                self._blocks.append(_packed(self._last))
                self._last = []

    def urls(self) -> Sequence[str]:
        """What was collected, packed where it is much."""
        if not self._blocks:
            return tuple(self._last)
        last = [_packed(self._last)] if self._last else []
        return PackedUrls((*self._blocks, *last), len(self))


def packed_urls(urls: Iterable[str]) -> Sequence[str]:
    """The URLs, each as often as it comes, packed where they are many."""
    rest = iter(urls)
    few = tuple(islice(rest, _AT_ONCE))
    if len(few) < _AT_ONCE:
        return few
    blocks, count = [_packed(few)], len(few)
    while more := tuple(islice(rest, _AT_ONCE)):
        blocks.append(_packed(more))
        count += len(more)
    return PackedUrls(tuple(blocks), count)


def _packed(urls: Iterable[str]) -> bytes:
    return zlib.compress(_BETWEEN.join(urls).encode(*_CODING), level=1)


def _unpacked(block: bytes) -> list[str]:
    return zlib.decompress(block).decode(*_CODING).split(_BETWEEN)
